/// An exact positive weight.
struct ExactWeight: Hashable, Sendable {
    var numerator: UInt64
    var denominator: UInt64 = 1

    init(_ numerator: UInt64, over denominator: UInt64 = 1) {
        self.numerator = numerator
        self.denominator = max(1, denominator)
    }

    var value: Double { Double(numerator) / Double(denominator) }
}

/// Earliest deadline first (rule book, section 15): an entry of weight w has deadlines 1/w, 2/w, 3/w, … The smallest is next, ties in
/// the order of insertion. Deadlines are fractions and are compared exactly.
struct DeadlineQueue: Sendable {
    private struct Entry {
        let index: Int32
        /// The deadline is `turns / weight`.
        var turns: UInt64
        var order: UInt64
    }

    private let weights: [ExactWeight]
    private var heap: [Entry] = []
    private var order: UInt64 = 0

    /// So many picks are gone through one by one: then ties come out as after real picks.
    private static let exactPicks: UInt64 = 1024

    /// `skipped` picks are taken as done before the first one: a random number in Envoy.
    init(_ weights: [ExactWeight], skipping skipped: UInt64 = 0) {
        self.weights = weights
        var done: UInt64 = 0
        for (index, weight) in weights.enumerated() where weight.numerator > 0 {
            heap.append(Entry(index: Int32(index), turns: 1, order: order))
            order += 1
        }
        if skipped > Self.exactPicks { done = jump(over: skipped) }
        for position in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(position) }
        while done < skipped, !heap.isEmpty {
            _ = next()
            done += 1
        }
    }

    /// Takes nearly `skipped` picks at once, each entry's share of them; gives how many.
    private mutating func jump(over skipped: UInt64) -> UInt64 {
        let total = weights.reduce(0) { $0 + $1.value }
        guard total > 0 else { return 0 }
        var done: UInt64 = 0
        for place in heap.indices {
            let weight = weights[Int(heap[place].index)].value
            var turns = UInt64(Double(skipped) * (weight + 1e-13) / total)
            if turns > 0, Double(turns) / weight >= Double(skipped) / total { turns -= 1 }
            done += turns
            heap[place].turns = turns + 1
        }
        // Who was picked last was put back last.
        heap.sort {
            let left = Double($0.turns - 1) / weights[Int($0.index)].value
            let right = Double($1.turns - 1) / weights[Int($1.index)].value
            return (left, $0.order) < (right, $1.order)
        }
        for place in heap.indices { heap[place].order = UInt64(place) }
        return done
    }

    var isEmpty: Bool { heap.isEmpty }

    /// The place of the entry whose turn it is; -1 when there are none.
    mutating func next() -> Int {
        guard let first = heap.first else { return -1 }
        heap[0].turns = first.turns &+ 1
        heap[0].order = order
        order += 1
        sink(0)
        return Int(first.index)
    }

    private func isBefore(_ left: Entry, _ right: Entry) -> Bool {
        let leftWeight = weights[Int(left.index)]
        let rightWeight = weights[Int(right.index)]
        let one = UInt128(left.turns) * UInt128(leftWeight.denominator) &* UInt128(rightWeight.numerator)
        let other = UInt128(right.turns) * UInt128(rightWeight.denominator) &* UInt128(leftWeight.numerator)
        return one == other ? left.order < right.order : one < other
    }

    private mutating func sink(_ start: Int) {
        var position = start
        while true {
            var least = position
            for child in [2 * position + 1, 2 * position + 2] where child < heap.count {
                if isBefore(heap[child], heap[least]) { least = child }
            }
            if least == position { return }
            heap.swapAt(least, position)
            position = least
        }
    }
}

/// The same with weights that change: those of least request, evaluated whenever a host is put back.
struct ChangingDeadlineQueue: Sendable {
    private var deadlines: [Double]
    private var orders: [UInt64]
    private var order: UInt64

    init(_ weights: [Double]) {
        deadlines = weights.map { 1 / $0 }
        orders = weights.indices.map { UInt64($0) }
        order = UInt64(weights.count)
    }

    /// The place of the entry whose turn it is; `weight` is asked for its weight from now on.
    mutating func next(weight: (Int) -> Double) -> Int {
        var best = -1
        for index in deadlines.indices {
            if best < 0 {
                best = index
                continue
            }
            // Deadlines are sums of fractions: what differs in the last bits only is a tie.
            let difference = deadlines[index] - deadlines[best]
            let slack = 1e-12 * max(1, deadlines[best])
            if difference < -slack || (difference <= slack && orders[index] < orders[best]) { best = index }
        }
        guard best >= 0 else { return -1 }
        deadlines[best] += 1 / max(weight(best), .leastNormalMagnitude)
        orders[best] = order
        order += 1
        return best
    }
}

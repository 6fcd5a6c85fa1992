/// All that a request's random value can lead to. The values fall into classes that decide alike; each is decided once.
enum RandomClasses {
    struct Outcome {
        /// A value of the class.
        let random: UInt64
        let share: Double
        let decision: Decision
        let request: RequestHead
    }

    /// Residues modulo `modulus`, as ranges.
    private struct Class {
        var modulus: UInt64
        var ranges: [Range<UInt64>]

        var share: Double { Double(ranges.reduce(0) { $0 + UInt64($1.count) }) / Double(modulus) }
    }

    /// More classes than these are not told apart, and a modulus beyond this is taken as independent of the others.
    private static let limit = 4096
    private static let largestModulus: UInt64 = 1 << 22

    static func explore(
        _ decide: (_ random: UInt64, _ explanation: inout Explanation) -> (Decision, RequestHead)
    ) -> [Outcome] {
        var open = [Class(modulus: 1, ranges: [0..<1])]
        var outcomes: [Outcome] = []
        while let next = open.popLast() {
            guard let random = next.ranges.first?.lowerBound else { continue }
            var explanation = Explanation()
            let (decision, request) = decide(random, &explanation)
            let split = explanation.splits.lazy.compactMap { parts(of: next, by: $0) }.first
            if let split, open.count + outcomes.count < limit {
                open.append(contentsOf: split.reversed())
            } else {
                outcomes.append(Outcome(random: random, share: next.share, decision: decision, request: request))
            }
        }
        return outcomes
    }

    /// The class cut at the bounds of a split; `nil` when it lies in one part already.
    private static func parts(of whole: Class, by split: (modulus: UInt64, bounds: [UInt64])) -> [Class]? {
        guard split.modulus > 1 else { return nil }
        var bounds = Set(split.bounds.filter { $0 > 0 && $0 < split.modulus })
        if bounds.isEmpty { return nil }
        bounds.insert(0)
        let starts = bounds.sorted()
        let divisor = greatestCommonDivisor(whole.modulus, split.modulus)
        let (common, overflow) = (whole.modulus / divisor).multipliedReportingOverflow(by: split.modulus)
        guard !overflow, common <= largestModulus else { return nil }
        var pieces = [Class](repeating: Class(modulus: common, ranges: []), count: starts.count)
        for repeatIndex in 0..<(common / whole.modulus) {
            for range in whole.ranges {
                var position = repeatIndex * whole.modulus + range.lowerBound
                let end = repeatIndex * whole.modulus + range.upperBound
                while position < end {
                    let residue = position % split.modulus
                    let part = (starts.firstIndex { $0 > residue } ?? starts.count) - 1
                    let stop = part + 1 < starts.count ? starts[part + 1] : split.modulus
                    let upper = min(end, position + (stop - residue))
                    if let last = pieces[part].ranges.last, last.upperBound == position {
                        pieces[part].ranges[pieces[part].ranges.count - 1] = last.lowerBound..<upper
                    } else {
                        pieces[part].ranges.append(position..<upper)
                    }
                    position = upper
                }
            }
        }
        let filled = pieces.filter { !$0.ranges.isEmpty }
        return filled.count > 1 ? filled : nil
    }

    private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return max(1, left)
    }
}

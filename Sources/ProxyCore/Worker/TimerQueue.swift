/// The times at which connections want to be looked at, earliest first. An entry is a hint: whoever is woken looks at its own
/// deadlines, so moving a deadline back costs nothing.
struct TimerQueue {
    private struct Entry {
        var time: UInt64
        var connection: ProxyConnection
    }

    private var heap: [Entry] = []
    /// Nothing is kept longer than this, so that closed connections are let go.
    private static let longest: UInt64 = 30_000_000_000
    private static let shortest: UInt64 = 500_000

    var next: UInt64? { heap.first?.time }

    /// Sees to it that the connection is looked at by its next deadline.
    mutating func schedule(_ connection: ProxyConnection, now: UInt64) {
        guard !connection.isClosing else { return }
        let deadline = connection.nextDeadline(now: now)
        guard deadline != .max else { return }
        // Never now: whoever is woken and does not move its deadline must not hold up the others.
        let time = max(min(deadline, now.addingCapped(Self.longest)), now.addingCapped(Self.shortest))
        guard time < connection.wakeAt else { return }
        connection.wakeAt = time
        push(Entry(time: time, connection: connection))
    }

    /// The next connection whose time has come.
    mutating func popDue(now: UInt64) -> ProxyConnection? {
        while let first = heap.first, first.time <= now {
            pop()
            // An entry that an earlier one overtook says nothing.
            guard first.connection.wakeAt == first.time else { continue }
            first.connection.wakeAt = .max
            if !first.connection.isClosed { return first.connection }
        }
        return nil
    }

    private mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].time < heap[parent].time else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].time < heap[least].time { least = child }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

import Synchronization

/// How many connections are open, over all event loops.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int = 128) { self.limit = limit }

    /// Counts one more, unless there are too many.
    func opened() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        count.subtract(1, ordering: .relaxed)
        return false
    }

    func closed() { count.subtract(1, ordering: .relaxed) }
}

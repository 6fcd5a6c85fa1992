import CLinux
import Glibc

/// What a poller watches: told when its descriptor can be read or written again.
class Pollable {
    func ready(_ events: PollEvents) {}
}

struct PollEvents: OptionSet, Sendable {
    let rawValue: UInt32

    /// There may be something to read, or the end of it.
    static let input = PollEvents(
        rawValue: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
    /// The peer has ended its side: what is left is to be read up to the end.
    static let end = PollEvents(rawValue: EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
    static let output = PollEvents(rawValue: EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)

    func contains(anyOf other: PollEvents) -> Bool { !isDisjoint(with: other) }
}

/// The descriptors of one thread, watched by epoll for changes (edge-triggered): a descriptor costs one system call in its life,
/// where a level-triggered one is looked at again with every wait.
final class Poller {
    private struct Place {
        /// Held by the poller; called without being held once more for each event.
        var owner: Unmanaged<Pollable>?
        /// Tells a descriptor from an earlier one with the same number, of which events may still be on their way.
        var generation: UInt32 = 0
    }

    private let descriptor: CInt
    /// At the descriptors' own numbers.
    private var places: [Place] = []
    /// Owners of descriptors that were closed in this turn, which may still be in the middle of a call.
    private var leaving: [Pollable] = []
    private var events: [epoll_event]

    /// One wait brings at most so much. What a turn of the loop brings is answered together, so this bounds the time that the
    /// first of many has to wait for the last.
    private static let most = 256

    init() throws {
        descriptor = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw ServeError("epoll: \(String(cString: strerror(errno)))") }
        events = Array(repeating: epoll_event(), count: Self.most)
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Watches a descriptor, which the poller owns from now on.
    func add(_ watched: CInt, _ owner: Pollable) {
        let index = Int(watched)
        while places.count <= index { places.append(Place()) }
        places[index].owner = .passRetained(owner)
        places[index].generation &+= 1
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        event.data.u64 = UInt64(places[index].generation) << 32 | UInt64(UInt32(bitPattern: watched))
        // It can only fail for want of kernel memory: the socket is then as one that never becomes ready.
        _ = epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event)
    }

    /// Closes a descriptor. Events of it that were already taken are not delivered.
    func close(_ watched: CInt) {
        let index = Int(watched)
        guard places.indices.contains(index), let owner = places[index].owner.take() else { return }
        leaving.append(owner.takeRetainedValue())
        _ = Glibc.close(watched)
    }

    func closeAll() {
        for index in places.indices { close(CInt(index)) }
        leaving.removeAll()
    }

    /// Waits for at most so many milliseconds (-1: for ever), then tells the owners of all descriptors that are ready.
    @discardableResult
    func wait(milliseconds: CInt, whenAwake: () -> Void) -> Int {
        if !leaving.isEmpty { leaving.removeAll(keepingCapacity: true) }
        let count = Int(epoll_wait(descriptor, &events, CInt(Self.most), milliseconds))
        whenAwake()
        guard count > 0 else { return 0 }
        for index in 0..<count {
            let event = events[index]
            let watched = Int(UInt32(truncatingIfNeeded: event.data.u64))
            guard watched < places.count, places[watched].generation == UInt32(event.data.u64 >> 32) else { continue }
            places[watched].owner?._withUnsafeGuaranteedRef { $0.ready(PollEvents(rawValue: event.events)) }
        }
        return count
    }
}

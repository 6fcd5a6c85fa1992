import CNCurses
import Dispatch
import Glibc
import Synchronization
package import TerminalUI

/// Reads keys and signals on a queue of its own and hands them over in batches. It reads no further before the last
/// batch was dealt with, so that a flood of input costs no memory and another program can borrow the terminal.
package final class EventSource: Sendable {
    private let waiting = Mutex<[TerminalEvent]>([])
    private let released = DispatchSemaphore(value: 0)
    private let keys: [[UInt8]: Key]

    init(keys: [[UInt8]: Key]) { self.keys = keys }

    /// Begins to read; `notify` is called on another thread whenever `take` has something.
    package func start(notify: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "meshtop.terminal").async { [self] in read(notify) }
    }

    /// What came in since the last time. When there is something, `release` must follow.
    package func take() -> [TerminalEvent] {
        waiting.withLock { events in
            let taken = events
            events = []
            return taken
        }
    }

    /// The events taken are dealt with: goes on reading.
    package func release() { released.signal() }

    private func read(_ notify: @Sendable () -> Void) {
        var decoder = InputDecoder(extra: keys)
        var isOpen = true
        while isOpen {
            var descriptors = [
                pollfd(fd: cn_signal_pipe(), events: Int16(POLLIN), revents: 0),
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&descriptors, 2, decoder.isWaiting ? 40 : -1)
            var events: [TerminalEvent] = []
            if ready < 0 {
                if errno == EINTR { continue }
                break
            }
            if ready == 0 { events += decoder.flush() }
            if descriptors[0].revents != 0 { events += EventSource.signals() }
            if descriptors[1].revents != 0 {
                if let bytes = EventSource.input() {
                    events += decoder.decode(bytes)
                } else {
                    events.append(.hangup)
                    isOpen = false
                }
            }
            guard !events.isEmpty else { continue }
            waiting.withLock { $0 += events }
            notify()
            released.wait()
        }
    }

    /// The bytes that can be read now; `nil` when there is no terminal any more.
    private static func input() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return [] }
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    private static func signals() -> [TerminalEvent] {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(cn_signal_pipe(), &buffer, buffer.count)
        guard count > 0 else { return [] }
        var events: [TerminalEvent] = []
        var isResized = false
        for byte in buffer.prefix(count) {
            switch Int32(byte) {
            case SIGWINCH: isResized = true
            case SIGTSTP: events.append(.suspend)
            case SIGCONT: events.append(.resumed)
            case let number: events.append(.terminate(number))
            }
        }
        // The size itself is asked for when the event is handled: it may change again until then.
        if isResized { events.append(.resize(Size(0, 0))) }
        return events
    }
}

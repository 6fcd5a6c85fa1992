@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Tells that something may have changed in some folders: inotify, with nothing behind it but "look again".
final class ChangeWatcher: Sendable {
    private struct State {
        var isPending = false
        var waiter: CheckedContinuation<Bool, Never>?
        /// Tells one wait from the next, so that an old timer does not end a new wait.
        var turn = 0
        var writes = WriteTracker()
    }

    private let descriptor: Int32
    private let source: (any DispatchSourceRead)?
    private let state = Mutex(State())

    /// Without inotify (no descriptor left) all waits end by their time.
    init() {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else {
            source = nil
            return
        }
        let descriptor = descriptor
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor)
        self.source = source
        source.setEventHandler { [weak self] in
            if self?.drain() == true { self?.tell(true) }
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    deinit { source?.cancel() }

    /// Watches a folder. A failure (too many watches) is no harm: the store looks from time to time anyway.
    func add(_ folder: String) {
        guard descriptor >= 0 else { return }
        let mask =
            IN_CREATE | IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ATTRIB
        let watch = inotify_add_watch(descriptor, folder, UInt32(mask) | UInt32(IN_ONLYDIR))
        if watch >= 0 { state.withLock { $0.writes.add(folder, descriptor: watch) } }
    }

    /// How a file stands at this very moment; `nil` without inotify.
    func state(of file: WriteTracker.File) -> WriteTracker.State? {
        guard descriptor >= 0 else { return nil }
        if drain() { tell(true) }
        return state.withLock { $0.writes.state(of: file) }
    }

    /// Waits until nothing has happened for a moment, but not longer than a limit: changes come in swarms.
    func settle(quiet: Duration, limit: Duration) async {
        let clock = ContinuousClock()
        let end = clock.now + limit
        repeat {
            state.withLock { $0.isPending = false }
            try? await Task.sleep(for: quiet)
            _ = drain()
        } while state.withLock({ $0.isPending }) && clock.now < end && !Task.isCancelled
        state.withLock { $0.isPending = false }
    }

    /// Waits until something may have changed (`true`), the time is over, or the task is cancelled (`false`).
    func wait(upTo time: Duration) async -> Bool {
        let turn = state.withLock { state in
            state.turn += 1
            return state.turn
        }
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in self?.tell(false, turn: turn) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state -> Bool? in
                    if state.isPending {
                        state.isPending = false
                        return true
                    }
                    if Task.isCancelled || state.turn != turn { return false }
                    state.waiter = continuation
                    return nil
                }
                if let isOver { continuation.resume(returning: isOver) }
            }
        } onCancel: {
            tell(false, turn: turn)
        }
    }

    private func tell(_ isChange: Bool, turn: Int? = nil) {
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if let turn, turn != state.turn { return nil }
            guard let waiter = state.waiter else {
                // A timer that ends before its wait has begun ends it as it begins.
                if isChange { state.isPending = true } else { state.turn += 1 }
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: isChange)
    }

    /// Takes all events; says whether one of them can matter.
    private func drain() -> Bool {
        state.withLock { state in
            var matters = false
            withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: MemoryLayout<inotify_event>.alignment) {
                buffer in
                while true {
                    let count = read(descriptor, buffer.baseAddress, buffer.count)
                    if count <= 0 { return }
                    var offset = 0
                    while offset + MemoryLayout<inotify_event>.size <= count {
                        let event = buffer.load(fromByteOffset: offset, as: inotify_event.self)
                        let start = offset + MemoryLayout<inotify_event>.size
                        offset = start + Int(event.len)
                        let bytes = buffer[start..<min(offset, count)].prefix { $0 != 0 }
                        if state.writes.take(event, name: String(decoding: bytes, as: UTF8.self)) { matters = true }
                    }
                }
            }
            if matters, state.waiter == nil { state.isPending = true }
            return matters
        }
    }
}

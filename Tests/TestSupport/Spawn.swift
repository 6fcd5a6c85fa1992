import Glibc
import Synchronization

/// A program that has ended, and what it wrote.
package struct Finished: Sendable {
    /// The exit status; 128 plus the signal for one that a signal ended.
    package let status: Int32
    package let output: String
    package let errors: String
    /// Whether it had to be killed because its time was up.
    package let timedOut: Bool
}

/// Runs a program to its end and gives what it wrote. The name is looked up in `PATH`; `input` is its standard input.
///
/// Not Foundation's `Process`, which hands down the signals that Swift's threads block and hangs on daemons. With
/// `environment`, those variables are set besides the test's own.
package func spawn(
    _ arguments: [String], input: String = "", environment: [String: String] = [:], folder: String? = nil,
    timeout seconds: Double = 30
) throws -> Finished {
    let process = try ChildProcess(arguments, environment: environment, folder: folder, pipesInput: true)
    process.write(input)
    process.closeInput()
    return process.finish(timeout: seconds)
}

/// A program that runs beside the test. It is killed when the last reference goes.
package final class ChildProcess: @unchecked Sendable {
    package let identifier: Int32
    private let input: Int32
    private let output: Int32
    private let errors: Int32
    private var isInputOpen: Bool
    private var status: Int32?
    private var outputBytes: [UInt8] = []
    private var errorBytes: [UInt8] = []

    package init(
        _ arguments: [String], environment: [String: String] = [:], folder: String? = nil, pipesInput: Bool = false
    ) throws {
        guard let name = arguments.first else { throw FileProblem("run", "nothing") }
        // In a folder: through a shell, since not every C library can change it while spawning.
        let arguments = folder.map { ["sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + arguments } ?? arguments
        let pipes = try pipesAndDescriptors.withLock { _ in try [makePipe(), makePipe(), makePipe()] }
        let (inputRead, inputWrite) = pipes[0]
        let (outputRead, outputWrite) = pipes[1]
        let (errorRead, errorWrite) = pipes[2]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inputRead, 0)
        posix_spawn_file_actions_adddup2(&actions, outputWrite, 1)
        posix_spawn_file_actions_adddup2(&actions, errorWrite, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var variables = Self.variables(environment).map { strdup($0) } + [nil]
        defer { for variable in variables { free(variable) } }
        var child: Int32 = 0
        let problem = pipesAndDescriptors.withLock { _ in
            posix_spawnp(&child, arguments.first ?? name, &actions, &attributes, &words, &variables)
        }
        for end in [inputRead, outputWrite, errorWrite] { close(end) }
        guard problem == 0 else {
            for end in [inputWrite, outputRead, errorRead] { close(end) }
            errno = problem
            throw FileProblem("run", name)
        }
        identifier = child
        (input, output, errors) = (inputWrite, outputRead, errorRead)
        isInputOpen = true
        if !pipesInput { closeInput() }
    }

    deinit {
        if status == nil {
            kill(identifier, SIGKILL)
            _ = wait(blocking: true)
        }
        closeInput()
        close(output)
        close(errors)
    }

    /// Writes to the program's standard input; what it does not take any more is dropped.
    package func write(_ text: String) {
        signal(SIGPIPE, SIG_IGN)
        var rest = Array(text.utf8)[...]
        while isInputOpen, !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
            if count <= 0 { break }
            rest = rest.dropFirst(count)
        }
    }

    package func closeInput() {
        guard isInputOpen else { return }
        isInputOpen = false
        close(input)
    }

    package func send(_ number: Int32) { if status == nil { kill(identifier, number) } }

    /// Reads what the program writes until `text` has come on one of its two streams; `false` if it ends or the time
    /// does before.
    package func waitForOutput(_ text: String, timeout seconds: Double = 30) -> Bool {
        let wanted = Array(text.utf8)
        let deadline = now() + seconds
        while !contains(outputBytes, wanted), !contains(errorBytes, wanted) {
            if !readMore(until: deadline) { return contains(outputBytes, wanted) || contains(errorBytes, wanted) }
        }
        return true
    }

    /// Waits for the end of the program; kills it when its time is up.
    package func finish(timeout seconds: Double = 30) -> Finished {
        let deadline = now() + seconds
        while readMore(until: deadline) {}
        var timedOut = false
        while wait(blocking: false) == nil {
            if now() > deadline {
                timedOut = true
                kill(identifier, SIGKILL)
                _ = wait(blocking: true)
            } else {
                usleep(1000)
            }
        }
        return Finished(
            status: status ?? -1, output: String(decoding: outputBytes, as: UTF8.self),
            errors: String(decoding: errorBytes, as: UTF8.self), timedOut: timedOut)
    }

    /// `false` at the end of both streams, or of the time.
    private func readMore(until deadline: Double) -> Bool {
        var polls = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
        polls.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0))
        let left = deadline - now()
        guard left > 0, poll(&polls, 2, Int32(min(left * 1000, 1e6).rounded(.up))) > 0 else { return false }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var hasRead = false
        for (index, entry) in polls.enumerated() where entry.revents != 0 {
            let count = read(entry.fd, &chunk, chunk.count)
            if count <= 0 { continue }
            hasRead = true
            if index == 0 { outputBytes += chunk[..<count] } else { errorBytes += chunk[..<count] }
        }
        // One stream may be at its end while the other is silent: then poll returns at once, so wait a little.
        if !hasRead, polls.contains(where: { $0.revents == 0 }) {
            usleep(1000)
            return wait(blocking: false) == nil
        }
        return hasRead
    }

    private func wait(blocking: Bool) -> Int32? {
        if let status { return status }
        var raw: Int32 = 0
        guard waitpid(identifier, &raw, blocking ? 0 : WNOHANG) == identifier else { return nil }
        status = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
        return status
    }

    private static func variables(_ additions: [String: String]) -> [String] {
        var variables: [String] = []
        var entry = environ
        while let variable = entry.pointee {
            let text = String(cString: variable)
            let name = text.prefix { $0 != "=" }
            if additions[String(name)] == nil { variables.append(text) }
            entry += 1
        }
        return variables + additions.map { "\($0.key)=\($0.value)" }
    }
}

/// Held while descriptors are made and while a child is: it must not get another child's pipes.
private let pipesAndDescriptors = Mutex<Void>(())

private func makePipe() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw FileProblem("make", "a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}

private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
    guard let first = wanted.first else { return true }
    var start = 0
    while let found = bytes[start...].firstIndex(of: first) {
        if bytes[found...].starts(with: wanted) { return true }
        start = found + 1
    }
    return false
}

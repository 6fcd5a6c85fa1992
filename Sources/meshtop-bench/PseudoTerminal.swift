import Glibc

/// A program in a terminal of its own, whose output is searched for texts.
final class PseudoTerminal {
    private let master: Int32
    private let child: pid_t
    /// What came since the last text that was waited for.
    private var output: [UInt8] = []

    init(_ words: [String], columns: UInt16, rows: UInt16) throws {
        // The numbers are Linux's requests TIOCSPTLCK, TIOCGPTN and TIOCSWINSZ, which Swift does not see.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (locked, number): (Int32, Int32) = (0, 0)
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw BenchError("there is no terminal")
        }
        let name = "/dev/pts/\(number)"
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, 0x5414, &size)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // In a session of its own the first terminal that is opened is the controlling one.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | 0x80)
        let environment = ["TERM=xterm-256color", "LANG=C.UTF-8", "HOME=/nonexistent", "PATH=/usr/bin:/bin"]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var child = pid_t()
        guard posix_spawnp(&child, words[0], &actions, &attributes, &arguments, &variables) == 0 else {
            throw BenchError("cannot run \(words[0])")
        }
        self.child = child
    }

    func type(_ text: String) { _ = write(master, text, text.utf8.count) }

    /// Waits until the text is in the output.
    func wait(for text: String, seconds: Double) throws {
        let wanted = Array(text.utf8)
        let end = Clock.milliseconds + seconds * 1000
        var searched = 0
        while true {
            if let place = find(wanted, from: searched) {
                output.removeSubrange(..<(place + wanted.count))
                return
            }
            searched = max(0, output.count - wanted.count)
            let left = end - Clock.milliseconds
            guard left > 0 else { throw BenchError("\(text) did not come") }
            read(upTo: left)
        }
    }

    /// Takes what comes in a while, and forgets it.
    func drain(seconds: Double) {
        let end = Clock.milliseconds + seconds * 1000
        while Clock.milliseconds < end { read(upTo: end - Clock.milliseconds) }
        output = []
    }

    private func find(_ wanted: [UInt8], from start: Int) -> Int? {
        guard output.count >= wanted.count else { return nil }
        for place in max(0, start)...(output.count - wanted.count)
        where output[place] == wanted[0] && output[place..<place + wanted.count].elementsEqual(wanted) {
            return place
        }
        return nil
    }

    private func read(upTo milliseconds: Double) {
        var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, Int32(max(1, milliseconds))) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(master, &buffer, buffer.count)
        if count > 0 { output += buffer[..<count] } else { usleep(1000) }
    }

    /// User and system time of the program in milliseconds.
    var processorTime: Double {
        let fields =
            (FileText.read("/proc/\(child)/stat") ?? "").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) * 1000 / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    var residentMemory: Int { memory("VmRSS:") }
    var peakMemory: Int { memory("VmHWM:") }

    private func memory(_ name: String) -> Int {
        let line = (FileText.read("/proc/\(child)/status") ?? "").split(separator: "\n").first { $0.hasPrefix(name) }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }

    func end() {
        kill(child, SIGTERM)
        var status: Int32 = 0
        for _ in 0..<200 where waitpid(child, &status, WNOHANG) == 0 {
            drain(seconds: 0.01)
        }
        kill(child, SIGKILL)
        close(master)
    }
}

/// Files without a size, as the kernel's are.
enum FileText {
    static func read(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

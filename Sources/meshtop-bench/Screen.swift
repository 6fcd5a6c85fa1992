import ArgumentParser
import Glibc

struct Screen: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How long the real program takes from the change of a file to the changed cell on its screen.")

    @Argument(help: "A folder of manifests as `generate` writes them; a copy of it is changed.")
    var path: String

    @Option(help: "The program.")
    var meshtop = ".build/release/meshtop"

    @Option(help: "How many changes are made.")
    var rounds = 15

    @Flag(help: "Run no embedded proxy.")
    var noProxy = false

    func run() throws {
        let folder = try ChangedFolder(copying: path)
        defer { folder.remove() }
        let plain = folder.plainParse
        let started = Clock.milliseconds
        let terminal = try PseudoTerminal(
            [meshtop, folder.path, "--ascii"] + (noProxy ? ["--no-proxy"] : []), columns: 120, rows: 36)
        defer { terminal.end() }
        try terminal.wait(for: "Store", seconds: 60)
        let opened = Clock.milliseconds - started
        // The routes, of which the first is that of the object that is changed.
        terminal.type("3")
        try terminal.wait(for: folder.token, seconds: 20)
        // The embedded proxy and the findings come after the screen.
        terminal.drain(seconds: 6)
        var times: [Double] = []
        var work: [Double] = []
        for round in 0..<rounds {
            let token = folder.nextToken(round)
            let before = terminal.processorTime
            let start = try folder.change(to: token)
            try terminal.wait(for: token, seconds: 20)
            times.append(Clock.milliseconds - start)
            work.append(terminal.processorTime - before)
            // Not always at the same moment of the program's other doings.
            terminal.drain(seconds: 1.2 + Double(round % 7) * 0.13)
        }
        times.sort()
        work.sort()
        func text(_ value: Double) -> String { "\(Int(value)).\(Int(value * 10) % 10)" }
        print("\(folder.bytes) bytes; libyaml's event loop over them: \(text(plain)) ms")
        print("first full screen after \(text(opened)) ms, \(text(opened / plain)) x")
        let (middle, last) = (times[times.count / 2], times.last ?? 0)
        print(
            "from the rename of a file to the changed cell, \(rounds) times: median \(text(middle)) ms, ",
            terminator: "")
        print("\(text(middle / plain)) x; most \(text(last)) ms, \(text(last / plain)) x; least \(text(times[0])) ms")
        print("processor time until then: median \(text(work[work.count / 2])) ms")
        print("resident memory: \(terminal.residentMemory >> 20) MiB now, \(terminal.peakMemory >> 20) MiB at most")
    }
}

enum Clock {
    static var milliseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }
}

/// A copy of a generated mesh in which the path of a route is changed: that of the host that comes first by name.
final class ChangedFolder {
    let path: String
    private(set) var bytes = 0
    /// Libyaml's time for all files, in milliseconds.
    private(set) var plainParse = 0.0
    /// What the screen shows of the route now.
    private(set) var token = ""
    private var file = ""
    private var text = ""

    init(copying source: String) throws {
        path = "/tmp/meshtop-bench.\(getpid())"
        mkdir(path, 0o700)
        var first = ""
        for name in Self.names(in: source) {
            guard let content = FileBytes.read("\(source)/\(name)") else { continue }
            bytes += content.count
            let started = Clock.milliseconds
            _ = PlainParse.countEvents(content)
            plainParse += Clock.milliseconds - started
            try Self.write(content, to: "\(path)/\(name)")
            let text = String(decoding: content, as: UTF8.self)
            for line in text.split(separator: "\n") where line.hasPrefix("  - ") && line.hasSuffix(".example.com") {
                let host = String(line.dropFirst(4))
                guard first.isEmpty || host < first else { continue }
                (first, file, self.text) = (host, "\(path)/\(name)", text)
            }
        }
        guard !first.isEmpty else { throw BenchError("\(source) is no generated mesh") }
        // The first path behind the host.
        var isBehind = false
        for line in self.text.split(separator: "\n") {
            if line == "  - \(first)" { isBehind = true }
            guard isBehind, let word = line.split(separator: " ").last, word.hasPrefix("/") else { continue }
            token = String(word)
            return
        }
        throw BenchError("\(first) has no route with a path")
    }

    /// Another path, in which no character stands where it stood in the one before.
    func nextToken(_ round: Int) -> String {
        let letter: Character = round % 2 == 0 ? "q" : "z"
        let digits = String(round % 10)
        return "/" + String(repeating: letter, count: 6) + (round % 2 == 0 ? digits + "x" : "y" + digits)
    }

    /// Moves a changed file over the old one; the time at which it was moved, in milliseconds.
    func change(to new: String) throws -> Double {
        var parts = text.split(separator: token, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw BenchError("\(token) is not in \(file)") }
        // The prefix of the same route, too.
        parts[1] = Substring(parts[1])
        text = parts[0] + new + parts[1]
        token = new
        try Self.write(Array(text.utf8), to: "\(path)/.new")
        let start = Clock.milliseconds
        guard rename("\(path)/.new", file) == 0 else { throw BenchError("cannot rename") }
        return start
    }

    func remove() {
        for name in Self.names(in: path) { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "wbe") else { throw BenchError("cannot write \(path)") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw BenchError("cannot write \(path)") }
    }
}

import Analysis
import ArgumentParser
import Documents
import EnvoyModel
import Glibc
import ManifestStore
import MeshModel
import TrafficEngine
import Translation

struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What each part takes, as a ratio to libyaml's event loop over the same bytes in the same run.",
        discussion: """
            Parts are counted in milliseconds of processor time, so that other programs on the machine count for little. The
            first screens are those of the program itself, in a terminal, by the clock on the wall.
            """)

    @Argument(help: "A file or folder of manifests.")
    var path: String

    @Option(help: "The program whose first screen is waited for (default: meshtop beside this one).")
    var meshtop: String?

    func run() async throws {
        let store = ManifestStore(sources: [ManifestSource(path: path)])
        var stopwatch = Stopwatch()
        let revision = await store.load()
        let loading = stopwatch.lap()
        // The files that the store found, so that all measure the same bytes.
        let files = revision.files.compactMap { file in FileBytes.read(file.path).map { (file.path, $0) } }
        let size = files.reduce(0) { $0 + $1.1.count }
        guard size > 0 else { throw BenchError("\(path) has no manifests") }
        print("\(revision.snapshot.resources.count) objects, \(size) bytes, \(files.count) files")

        stopwatch.restart()
        let events = files.reduce(0) { $0 + PlainParse.countEvents($1.1) }
        let plain = stopwatch.lap()
        report("libyaml's event loop (\(events) events)", plain, to: plain)
        var documents = 0
        for (path, bytes) in files { documents += DocumentReader.read(bytes, file: path).documents.count }
        report("documents with places, one core", stopwatch.lap(), to: plain)
        report("load into the store, all cores together", loading, to: plain)

        stopwatch.restart()
        let findings = Analyzer.findings(in: revision.snapshot)
        report("analysis (\(findings.count) findings)", stopwatch.lap(), to: plain)
        let translation = MeshTranslation(revision.snapshot)
        report("index of the translation", stopwatch.lap(), to: plain)
        guard
            let proxy = revision.snapshot.proxies.first(where: { $0.type == .gateway })
                ?? revision.snapshot.proxies.first
        else { throw BenchError("\(path) has no proxy") }
        stopwatch.restart()
        let configuration = translation.configuration(for: proxy).complete
        report("translation for \(proxy.id)", stopwatch.lap(), to: plain)
        let compiled = CompiledSnapshot(configuration)
        report("compilation (\(compiled.clusters.count) clusters)", stopwatch.lap(), to: plain)
        var sidecar = ProxyNode(name: "sidecar", type: .sidecar, namespace: "default")
        sidecar.ipAddresses = ["10.255.0.1"]
        stopwatch.restart()
        let count = translation.configuration(for: sidecar).xds.clusters.count
        report("translation for a sidecar (\(count) clusters)", stopwatch.lap(), to: plain)
        print("peak resident memory: \(Self.memory(Self.peakMemory, of: size))")
        try firstScreen(["-f", path], shows: proxy.name, size: size, plain: plain)
        try await measureDump(configuration, shows: proxy.name)
    }

    /// The proxy's configuration as an Envoy's `/config_dump`, with the endpoints, read again.
    private func measureDump(_ configuration: XDSSnapshot, shows name: String) async throws {
        let file = "/tmp/meshtop-bench-\(getpid()).json"
        try FileBytes.write(Array(configuration.configDump(includesEndpoints: true).text(indent: 1).utf8), to: file)
        defer { unlink(file) }
        guard let bytes = FileBytes.read(file) else { throw BenchError("\(file) cannot be read again") }
        print("\na config dump of \(bytes.count) bytes")
        var stopwatch = Stopwatch()
        let root = JSONReader.read(bytes, file: file).documents.first?.root
        let plain = stopwatch.lap()
        report("nodes with places, one core", plain, to: plain)
        guard let root else { throw BenchError("the dump is not JSON") }
        let read = await XDSSnapshot(configDump: root)
        report("messages (\(read.clusters.count) clusters)", stopwatch.lap(), to: plain)
        _ = CompiledSnapshot(read)
        report("compilation", stopwatch.lap(), to: plain)
        try firstScreen(["--config-dump", file], shows: name, size: bytes.count, plain: plain)
    }

    /// From the start of the program to its first full screen.
    private func firstScreen(_ arguments: [String], shows text: String, size: Int, plain: Double) throws {
        let program = meshtop ?? FileBytes.beside("meshtop")
        guard access(program, X_OK) == 0 else {
            print("no first screen: \(program) is not built")
            return
        }
        let started = Clock.milliseconds
        let terminal = try PseudoTerminal([program] + arguments, columns: 120, rows: 36)
        defer { terminal.end() }
        try terminal.wait(for: text, seconds: 60)
        report("meshtop to its first screen", Clock.milliseconds - started, to: plain)
        print("  resident until then: \(Self.memory(terminal.peakMemory, of: size))")
    }

    private static func memory(_ bytes: Int, of size: Int) -> String {
        "\(bytes >> 20) MiB, \(ratio(Double(bytes), Double(size))) of the bytes"
    }

    private func report(_ what: String, _ time: Double, to plain: Double) {
        let padding = String(repeating: " ", count: max(1, 62 - what.count))
        print("\(what)\(padding)\(Self.ratio(time, plain))  \(Int(time)) ms")
    }

    private static func ratio(_ value: Double, _ base: Double) -> String {
        let hundredths = base > 0 ? Int((value / base * 100).rounded()) : 0
        let tail = hundredths % 100
        return "\(hundredths / 100).\(tail < 10 ? "0" : "")\(tail) x"
    }

    private static var peakMemory: Int {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }
}

/// Times one thing after the other, in milliseconds of processor time.
struct Stopwatch {
    private var started = Self.now

    mutating func restart() { started = Self.now }

    mutating func lap() -> Double {
        let now = Self.now
        defer { started = now }
        return now - started
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }
}

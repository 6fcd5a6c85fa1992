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
        abstract: "What each part takes, as a ratio to libyaml's event loop over the same bytes in the same run.")

    @Argument(help: "A file or folder of manifests.")
    var path: String

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
        report("load into the store, all cores", loading, to: plain)

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
        print("peak resident memory: \(Self.peakMemory >> 20) MiB, \(Self.ratio(Self.peakMemory, size)) of the bytes")
    }

    private func report(_ what: String, _ time: Duration, to plain: Duration) {
        let padding = String(repeating: " ", count: max(1, 58 - what.count))
        let milliseconds = "\(Int(time / .milliseconds(1)))"
        print("\(what)\(padding)\(Self.ratio(time / .milliseconds(1), plain / .milliseconds(1)))  \(milliseconds) ms")
    }

    private static func ratio(_ value: some BinaryInteger, _ base: some BinaryInteger) -> String {
        ratio(Double(value), Double(base))
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

/// Times one thing after the other.
struct Stopwatch {
    private let clock = ContinuousClock()
    private var started = ContinuousClock().now

    mutating func restart() { started = clock.now }

    mutating func lap() -> Duration {
        let now = clock.now
        defer { started = now }
        return started.duration(to: now)
    }
}

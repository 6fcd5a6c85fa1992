import ArgumentParser
import Documents
import EnvoyModel
import Glibc
import ManifestStore
import MeshModel
import Translation

struct Translate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How long the translation for one proxy takes, by the clock and in processor time of all cores.",
        discussion: """
            The first round is what a command pays that starts, loads the mesh and asks for one proxy; the others are what it
            takes again in a process that is warm. Each round begins with nothing of the one before.
            """)

    @Argument(help: "A file or folder of manifests.")
    var path: String

    @Option(help: "How often each is done.")
    var rounds = 5

    @Option(help: "Only what has this in its name: index, gateway, sidecar.")
    var only = ""

    func run() async throws {
        let snapshot = await ManifestStore(sources: [ManifestSource(path: path)]).load().snapshot
        guard let gateway = snapshot.proxies.first(where: { $0.type == .gateway }) else {
            throw BenchError("\(path) has no gateway")
        }
        var sidecar = ProxyNode(name: "sidecar", type: .sidecar, namespace: "default")
        sidecar.ipAddresses = ["10.255.0.1"]
        let translation = measure("index", first: MeshTranslation(snapshot)) { MeshTranslation(snapshot) }
        for (name, proxy) in [("gateway", gateway), ("sidecar", sidecar)] where name.contains(only) {
            _ = measure(name, first: translation.configuration(for: proxy)) { translation.configuration(for: proxy) }
        }
    }

    private func measure<Result>(_ name: String, first: @autoclosure () -> Result, again: () -> Result) -> Result {
        var times: [(clock: Double, cores: Double)] = []
        func timed(_ work: () -> Result) -> Result {
            let clock = Clock.milliseconds
            var stopwatch = Stopwatch()
            let result = work()
            times.append((Clock.milliseconds - clock, stopwatch.lap()))
            return result
        }
        let result = timed(first)
        if name.contains(only) { for _ in 1..<max(1, rounds) { _ = timed(again) } }
        let rest = times.dropFirst()
        func text(_ value: Double) -> String { "\(Int(value)).\(Int(value * 10) % 10)" }
        func median(_ values: [Double]) -> String { values.isEmpty ? "–" : text(values.sorted()[values.count / 2]) }
        print(
            "\(name): first \(text(times[0].clock)) ms (\(text(times[0].cores)) ms of all cores), again"
                + " \(median(rest.map(\.clock))) ms (\(median(rest.map(\.cores))) ms)")
        return result
    }
}

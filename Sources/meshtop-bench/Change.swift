import ArgumentParser
import Documents
import EnvoyModel
import Glibc
import ManifestStore
import MeshModel
import TrafficEngine
import Translation

struct Change: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What a change of one object costs, step by step, in milliseconds of one core (median).")

    @Argument(help: "A folder of manifests as `generate` writes them; nothing in it is changed.")
    var path: String

    @Option(help: "How often each change is made.")
    var rounds = 7

    @Option(help: "Only changes whose name contains this.")
    var only = ""

    func run() async throws {
        let revision = await ManifestStore(sources: [ManifestSource(path: path)]).load()
        guard let place = revision.files.indices.dropFirst(revision.files.count / 2).first,
            let bytes = FileBytes.read(revision.files[place].path)
        else { throw BenchError("\(path) has no manifests") }
        let text = ManifestText(String(decoding: bytes, as: UTF8.self))
        print(
            "\(revision.snapshot.resources.count) objects, \(revision.files.count) files, this one \(bytes.count) bytes"
        )
        print(Self.row("", ["file", "snapshot", "index", "proxy", "compiled", "total"]))
        for edit in ManifestEdit.all where only.isEmpty || edit.name.contains(only) {
            var state = State(revision, place: place)
            var times: [[Double]] = []
            for round in 0..<rounds {
                guard let edited = edit.apply(text, round) else { break }
                let steps = state.take(Array(edited.text.utf8))
                times.append(steps + [steps.reduce(0, +)])
            }
            guard let count = times.first?.count else { continue }
            let medians = (0..<count).map { step in times.map { $0[step] }.sorted()[times.count / 2] }
            print(Self.row(edit.name, medians.map { "\(Int($0)).\(Int($0 * 10) % 10)" }))
        }
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(1, width - text.count))
        }
        return name + padded(name, 34) + cells.map { padded($0, 10) + $0 }.joined()
    }

    /// What is kept from one revision to the next.
    private struct State {
        private let place: Int
        private var files: [ManifestFile]
        private var series = SnapshotSeries()
        private var translation: MeshTranslation
        private var configuration: ProxyConfiguration?
        private var compiled: CompiledSnapshot?

        init(_ revision: Revision, place: Int) {
            self.place = place
            files = revision.files.map(\.manifests)
            let snapshot = series.next(files: files).0
            translation = MeshTranslation(snapshot)
            configuration = Self.gateway(snapshot).map { translation.configuration(for: $0) }
            compiled = configuration.map { CompiledSnapshot($0.complete) }
        }

        private static func gateway(_ snapshot: MeshSnapshot) -> ProxyNode? {
            snapshot.proxies.first { $0.type == .gateway } ?? snapshot.proxies.first
        }

        /// Milliseconds that this thread has worked: other programs on the machine do not count.
        private static var cpuTime: Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
        }

        /// Takes the file over; the milliseconds of each step.
        mutating func take(_ bytes: [UInt8]) -> [Double] {
            var last = Self.cpuTime
            var times: [Double] = []
            func lap() {
                let now = Self.cpuTime
                times.append(now - last)
                last = now
            }
            let path = files[place].path
            files[place] = ManifestFile.read(
                path: path, documents: DocumentReader.read(bytes, file: path).documents)
            lap()
            let snapshot = series.next(files: files).0
            lap()
            translation = MeshTranslation(snapshot, previous: translation)
            lap()
            let before = configuration
            configuration = Self.gateway(snapshot).map { translation.configuration(for: $0, previous: before) }
            lap()
            compiled = configuration.map { CompiledSnapshot($0.complete) }
            lap()
            return times
        }
    }
}

import ArgumentParser
import Documents
import ManifestStore

struct Parse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Documents with places beside libyaml's event loop over the same bytes, in turns on one core.")

    @Argument(help: "A file or folder of manifests.")
    var path: String

    @Option(help: "How often each is done.")
    var rounds = 9

    func run() async throws {
        let revision = await ManifestStore(sources: [ManifestSource(path: path)]).load()
        let files = revision.files.compactMap { file in FileBytes.read(file.path).map { (file.path, $0) } }
        guard !files.isEmpty else { throw BenchError("\(path) has no manifests") }
        var times: [(plain: Double, documents: Double)] = []
        for _ in 0..<max(1, rounds) {
            var stopwatch = Stopwatch()
            for (_, bytes) in files { _ = PlainParse.countEvents(bytes) }
            let plain = stopwatch.lap()
            for (path, bytes) in files { _ = DocumentReader.read(bytes, file: path) }
            times.append((plain, stopwatch.lap()))
        }
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        let ratio = Int(median(times.map { $0.documents / $0.plain }) * 100)
        print(
            "\(files.reduce(0) { $0 + $1.1.count }) bytes: libyaml's event loop \(Int(median(times.map(\.plain)))) ms,"
                + " documents with places \(Int(median(times.map(\.documents)))) ms, \(ratio) % of it")
    }
}

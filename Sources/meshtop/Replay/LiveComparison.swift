import Documents
import EnvoyModel
import Presentation
import ProxyCore
import ProxyRuntime
import TrafficEngine

/// `meshtop curl --live`: the same bytes through the embedded proxy, prediction and observation side by side.
struct LiveComparison {
    private let result: LineReplay.Result
    private let proxy: LoadedConfiguration.Proxy
    private let count: Int

    init(_ result: LineReplay.Result, _ proxy: LoadedConfiguration.Proxy, count: Int) {
        self.result = result
        self.proxy = proxy
        self.count = min(count, 100_000)
    }

    /// The text, and whether status and destination are as predicted.
    func run() async throws -> (String, isEqual: Bool) {
        guard let hop = result.answer.trace?.hops.first, let listener = hop.listener else {
            return ("not sent: the prediction ends before a listener\n", true)
        }
        var options = ServeOptions()
        options.endpoints = .httpbin
        options.tapCapacity = max(1024, count)
        let server = ProxyServer(options: options)
        do {
            try await server.start([ServedProxy(name: proxy.name, snapshot: proxy.snapshot)])
        } catch let error as ServeError {
            throw InputError(error.description)
        }
        let binding = await server.bindings.first { $0.proxy == proxy.name && $0.name == listener.name }
        guard let bound = binding?.bound else {
            await server.stop(drain: .zero)
            return ("not sent: the embedded proxy does not serve listener \(listener.name)\n", true)
        }
        let observed = send(to: bound)
        let records = await tap(server)
        await server.stop(drain: .zero)
        let status = observed.first.flatMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
        let text = count > 1 ? distribution(records) : sideBySide(observed, bound)
        let clusters = Set(hop.candidates.map(\.cluster))
        let isEqual =
            status == result.answer.status
            && records.allSatisfy { $0.cluster.isEmpty || clusters.isEmpty || clusters.contains($0.cluster) }
        return (text + (isEqual ? "as predicted\n" : "NOT as predicted\n"), isEqual)
    }

    /// The head of the last answer.
    private func send(to bound: String) -> [String] {
        let request = SampleRequest(result.transfer, bound: bound)
        var connection: PlainConnection?
        var lines: [String] = []
        for _ in 0..<count {
            connection = connection ?? PlainConnection(to: bound)
            let answer = connection?.exchange(request.bytes, isHead: request.isHead)
            lines = answer?.lines ?? ["the connection was closed"]
            if answer?.isKept != true { connection = nil }
        }
        return lines
    }

    /// A request is in the tap a moment after its answer is here.
    private func tap(_ server: ProxyServer) async -> [TapRecord] {
        var records: [TapRecord] = []
        var cursor = TapCursor()
        for _ in 0..<50 {
            let batch = await server.tap(since: cursor)
            records += batch.records
            cursor = batch.cursor
            if records.count >= count { break }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return records
    }

    private func sideBySide(_ observed: [String], _ bound: String) -> String {
        let predicted = result.answer.head.split(whereSeparator: \.isNewline).map(String.init)
        let left = ["PREDICTED"] + predicted
        let right = ["OBSERVED at \(bound)"] + observed
        let width = left.map(\.count).max() ?? 0
        return (0..<max(left.count, right.count)).map { index in
            let start = index < left.count ? left[index].sanitizedForTerminal : ""
            let end = index < right.count ? right[index].sanitizedForTerminal : ""
            return (start + String(repeating: " ", count: max(2, width + 2 - start.count)) + end)
        }.joined(separator: "\n") + "\n"
    }

    private func distribution(_ records: [TapRecord]) -> String {
        guard let trace = result.answer.trace else { return "" }
        var observed: [String: Int] = [:]
        for record in records { observed[record.endpoint, default: 0] += 1 }
        return DistributionText(trace, count: count, observed: observed).text
    }
}

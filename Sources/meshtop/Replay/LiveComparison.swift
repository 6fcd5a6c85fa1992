import Documents
import EnvoyModel
import MeshModel
import Paths
import Presentation
import ProxyCore
import ProxyRuntime
import TrafficEngine

/// `meshtop curl --live`: the same bytes through the embedded proxy, prediction and observation side by side. Every gateway on the
/// way runs, so that the request goes through the same ones as in the prediction. What a load balancer in front would hand on is sent
/// as it would arrive; hops that are not run are named.
struct LiveComparison {
    private let result: LineReplay.Result
    private let proxies: [ServedProxy]
    private let count: Int

    init(_ result: LineReplay.Result, _ loaded: LoadedConfiguration, count: Int) {
        self.result = result
        self.count = min(count, 100_000)
        proxies = Self.proxies(of: result, loaded)
    }

    /// The proxies of the way; for the first one the name is the prediction's.
    private static func proxies(of result: LineReplay.Result, _ loaded: LoadedConfiguration) -> [ServedProxy] {
        guard loaded.mesh != nil, let trace = result.answer.trace else {
            return result.destination.map { destination in
                let proxy = loaded.configuration(for: destination.proxy)
                return [ServedProxy(name: proxy.name, snapshot: proxy.snapshot)]
            } ?? []
        }
        var nodes: [ProxyNode] = []
        for (index, hop) in trace.hops.enumerated() {
            let found =
                (index == 0 ? result.destination?.proxy : nil)
                ?? loaded.proxies.first { $0.id == hop.proxy && $0.cluster == hop.clusterName }
            guard let found, index == 0 || found.type == .gateway, !nodes.contains(found) else { continue }
            nodes.append(found)
        }
        return loaded.served(nodes)
    }

    /// The text, and whether status and destination are as predicted.
    func run() async throws -> (String, isEqual: Bool) {
        guard let hop = result.answer.trace?.hops.first, let listener = hop.listener, let first = proxies.first else {
            return ("not sent: the prediction ends before a listener\n", true)
        }
        if let arrival = result.path?.arrivals[0], arrival.transport != .plaintext {
            return (
                "not sent: \(arrival.transport.words) arrives at \(hop.proxy), and the embedded proxy has no keys\n",
                true
            )
        }
        if front != nil, result.path?.arrivals[0]?.mode == .inbound {
            return ("not sent: \(front?.name ?? "") sends to the workload itself; no gateway is on the way\n", true)
        }
        var options = ServeOptions()
        options.endpoints = .httpbin
        options.tapCapacity = max(1024, count)
        let server = ProxyServer(options: options)
        do {
            try await server.start(proxies)
        } catch let error as ServeError {
            throw InputError(error.description)
        }
        let binding = await server.bindings.first { $0.proxy == first.name && $0.name == listener.name }
        guard let bound = binding?.bound else {
            await server.stop(drain: .zero)
            return ("not sent: the embedded proxy does not serve listener \(listener.name)\n", true)
        }
        let observed = send(to: bound)
        let records = await tap(server)
        await server.stop(drain: .zero)
        let status = observed.first.flatMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
        let own = records.filter { $0.proxy == first.name }
        let text = (count > 1 ? distribution(own) : sideBySide(observed, bound) + way(records)) + predictedOnly
        let clusters = Set(hop.candidates.map(\.cluster))
        let isEqual =
            status == result.answer.status
            && own.allSatisfy { $0.cluster.isEmpty || clusters.isEmpty || clusters.contains($0.cluster) }
            && (count > 1 || endpoints(records) == predictedEndpoints)
        return (text + (isEqual ? "as predicted\n" : "NOT as predicted\n"), isEqual)
    }

    /// A load balancer for HTTP that stands in front of the first proxy.
    private var front: PathHop? {
        result.path?.hops.prefix { $0.traceIndex == nil }.last { $0.kind == .cloudLoadBalancer || $0.kind == .ingress }
    }

    /// The hops that nothing runs: their part is the prediction's.
    private var predictedOnly: String {
        let names = (result.path?.hops ?? []).compactMap { hop -> String? in
            switch hop.kind {
            case .client, .endpoint, .outside, .loop: return nil
            case .gateway, .sidecar:
                guard let index = hop.traceIndex, let proxy = result.answer.trace?.hops[index].proxy,
                    !proxies.contains(where: { $0.name == proxy || $0.name.hasPrefix(proxy + "@") })
                else { return nil }
                return "\(hop.kind.rawValue) \(hop.name)"
                    + (hop.arrives?.transport == .mtls ? " (mTLS)" : "")
            case .cloudLoadBalancer, .networkLoadBalancer, .ingress, .node: return hop.name
            }
        }
        return names.isEmpty
            ? "" : "not run, predicted only: \(names.joined(separator: ", "))".sanitizedForTerminal + "\n"
    }

    /// Of several gateways: the endpoint that each sent to.
    private var predictedEndpoints: [String]? {
        guard proxies.count > 1, let trace = result.answer.trace else { return nil }
        return trace.hops.prefix(proxies.count).compactMap { $0.host?.address }
    }

    private func endpoints(_ records: [TapRecord]) -> [String]? {
        guard proxies.count > 1 else { return nil }
        return proxies.compactMap { proxy in records.first { $0.proxy == proxy.name }?.endpoint }
    }

    /// The gateways that the request really went through.
    private func way(_ records: [TapRecord]) -> String {
        guard proxies.count > 1 else { return "" }
        return proxies.compactMap { proxy in records.first { $0.proxy == proxy.name } }.map {
            "through \($0.proxy): \($0.cluster) -> \($0.endpoint)".sanitizedForTerminal + "\n"
        }.joined()
    }

    /// The head of the last answer.
    private func send(to bound: String) -> [String] {
        var request = SampleRequest(result.transfer, bound: bound)
        if front != nil, let arrival = result.path?.arrivals[0] { request = SampleRequest(arrival, bound: bound) }
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
            if records.count >= count * proxies.count { break }
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

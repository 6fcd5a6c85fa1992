import CurlCommand
import Documents
import EnvoyModel
import Glibc
import MeshModel
import Paths
import Presentation
import ProxyCore
import TrafficEngine

/// What `meshtop curl` was told besides the line.
struct ReplaySettings {
    var mode: ConnectionAttempt.Mode?
    /// `--from`.
    var caller: Caller?
    var transport: ConnectionAttempt.Transport?
    var proxy: String?
    /// The value that random choices are decided by; `nil`: the likeliest outcome.
    var random: UInt64?

    enum Caller {
        case outside
        case address(String)
        case pod(String)
    }
}

/// Replays the transfers of a curl line against a configuration.
struct LineReplay {
    let loaded: LoadedConfiguration
    let simulator: HopSimulator
    let settings: ReplaySettings

    /// One transfer with its answer; `-L` gives several.
    struct Result {
        var transfer: CurlTransfer
        var destination: ReplayDestination?
        var answer: CurlAnswer
    }

    /// `simulator`: one that is there already, with the configurations that it has compiled.
    init(_ loaded: LoadedConfiguration, _ settings: ReplaySettings, simulator: HopSimulator? = nil) {
        self.loaded = loaded
        self.settings = settings
        self.simulator = simulator ?? HopSimulator(loaded)
    }

    /// Environment, files and the manifests' own values of a line.
    static func context(_ mesh: MeshSnapshot?) -> ReplayContext {
        let variables = mesh.map { MeshVariables($0) }
        return ReplayContext(
            variable: { name in
                if let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty { return value }
                return variables?.value(name)
            },
            output: { variables?.output($0) },
            file: { try? FileInput.bytes($0) })
    }

    // MARK: One transfer

    /// The answers of a transfer and of the redirects that it follows; `count` is how often it is sent in a row.
    func run(
        _ transfer: CurlTransfer, caller: CurlInvocation.Caller?, id: String, count: Int = 1
    ) throws -> [Result] {
        var results: [Result] = []
        var next: CurlTransfer? = transfer
        while let current = next {
            var result = try runOnce(
                current, caller: caller, id: results.isEmpty ? id : "\(id).\(results.count)", count: count)
            result.answer.redirectCount = results.count
            next = nil
            if let response = result.answer.trace?.response, let status = response.status,
                let location = response.headers.first(where: { $0.name.lowercased() == "location" })?.value
            {
                if results.count < current.redirects.most,
                    let following = try? current.redirected(status: status, location: location)
                {
                    next = following
                } else if !current.redirects.follows {
                    var probe = current
                    probe.redirects.follows = true
                    result.answer.redirectAddress =
                        (try? probe.redirected(status: status, location: location))?.request.url.description
                }
            }
            results.append(result)
        }
        return results
    }

    private func runOnce(
        _ transfer: CurlTransfer, caller: CurlInvocation.Caller?, id: String, count: Int
    ) throws -> Result {
        let proxy: LoadedConfiguration.Proxy
        var destination: ReplayDestination
        do {
            (proxy, destination) = try find(transfer, caller)
        } catch let problem as UnreachableDestination {
            return Result(
                transfer: transfer, destination: nil,
                answer: CurlAnswer(transfer: transfer, trace: nil, problem: problem))
        }
        if case .address(let address) = settings.caller { destination.sourceIP = address }
        var request = SyntheticRequest(transfer, at: destination, id: id)
        if let transport = settings.transport { request.transport = transport }
        request.count = count
        request.random = settings.random
        var trace = simulator.trace(request, at: proxy)
        var body = Array((trace.response?.body ?? "").utf8)
        if let response = workloadResponse(trace) {
            // The endpoint's own answer, put through the same proxy: header changes on the way back apply to it.
            request.upstreamResponse.status = response.status
            request.upstreamResponse.headers = response.headers.map { SyntheticRequest.Header($0.name, $0.value) }
            if response.status >= 200, response.status != 204, response.status != 304 {
                request.upstreamResponse.headers.append(
                    SyntheticRequest.Header("content-length", "\(response.body.count)"))
            }
            trace = simulator.trace(request, at: proxy)
            if trace.response?.status == response.status, trace.response?.details == "via_upstream" {
                body = response.body
                trace.response?.body = String(decoding: body, as: UTF8.self)
            } else {
                body = Array((trace.response?.body ?? "").utf8)
            }
        }
        var answer = CurlAnswer(transfer: transfer, trace: trace, body: body)
        answer.date = String(decoding: Timestamp.httpDate(seconds: Int64(time(nil))), as: UTF8.self)
        return Result(transfer: transfer, destination: destination, answer: answer)
    }

    /// What the workload behind the last hop answers, by the same code as the embedded proxy's workloads.
    private func workloadResponse(_ trace: TrafficTrace) -> WorkloadResponse? {
        guard let hop = trace.hops.last, let host = trace.hops.last(where: { $0.host != nil })?.host,
            trace.response?.details == "via_upstream",
            let upstream = hop.upstreamRequest ?? trace.hops.first?.upstreamRequest
        else { return nil }
        var request = WorkloadRequest()
        request.method = upstream.method
        request.path = upstream.path
        request.authority = upstream.authority ?? ""
        request.headers = upstream.headers.filter { $0.name.lowercased() != "host" }.map {
            WorkloadRequest.Field($0.name.lowercased(), $0.value)
        }
        request.body = Array((upstream.body ?? trace.request.body ?? "").utf8)
        let responder = WorkloadResponder(kind: .httpbin, identity: host.value.workload, endpoint: host.address)
        return responder.respond(to: request)
    }

    // MARK: Where it goes

    private func find(
        _ transfer: CurlTransfer, _ caller: CurlInvocation.Caller?
    ) throws -> (LoadedConfiguration.Proxy, ReplayDestination) {
        let connection = transfer.request.connection
        let host = connection.addresses.first ?? connection.host
        guard let mesh = loaded.mesh else {
            let proxy = try loaded.proxy(named: nil)
            let destination = ReplayDestination(
                proxy: ProxyNode(name: proxy.name, type: .gateway, namespace: ""), mode: settings.mode ?? .gateway,
                address: "127.0.0.1", port: UInt16(exactly: connection.port) ?? 0,
                sourceIP: DestinationResolver.outsideAddress,
                way: [ReplayDestination.Part("\(host):\(connection.port) is taken for the proxy's own address")])
            return (proxy, destination)
        }
        if let mode = settings.mode { return try overridden(mode, host: host, port: connection.port) }
        let chosen = try settings.proxy.map { try loaded.node(named: $0) } ?? described
        let pod = try callerProxy(caller) ?? (chosen?.type == .sidecar ? chosen : nil)
        let resolver = DestinationResolver(mesh, proxies: loaded.proxies)
        let destination = try resolver.destination(host: host, port: connection.port, chosen: chosen, caller: pod)
        return (loaded.configuration(for: destination.proxy), destination)
    }

    /// The proxy of `--proxy-file` comes first and has no workload in the store.
    private var described: ProxyNode? {
        guard let first = loaded.proxies.first, !(loaded.mesh?.proxies.contains { $0.id == first.id } ?? true) else {
            return nil
        }
        return first
    }

    private func callerProxy(_ caller: CurlInvocation.Caller?) throws -> ProxyNode? {
        if case .outside = settings.caller { return nil }
        if case .address = settings.caller { return nil }
        if case .pod(let name) = settings.caller { return try loaded.node(named: name) }
        guard let caller, caller.isPod else { return nil }
        let name = caller.name.split(separator: "/").last.map(String.init) ?? caller.name
        return try? loaded.node(named: "\(name).\(caller.namespace ?? "default")")
    }

    private func overridden(
        _ mode: ConnectionAttempt.Mode, host: String, port: Int
    ) throws -> (LoadedConfiguration.Proxy, ReplayDestination) {
        var name = settings.proxy
        if name == nil, case .pod(let pod) = settings.caller { name = pod }
        let node = try described ?? loaded.node(named: name)
        guard let number = UInt16(exactly: port) else {
            throw UnreachableDestination(message: "there is no port \(port)")
        }
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        let address = mode == .inbound ? node.ipAddresses.first ?? "127.0.0.1" : isAddress ? host : "198.51.100.1"
        let destination = ReplayDestination(
            proxy: node, mode: mode, address: address, port: number, sourceIP: DestinationResolver.outsideAddress,
            way: [ReplayDestination.Part("\(mode.rawValue) at \(node.id), as --mode says")])
        return (loaded.configuration(for: node), destination)
    }
}

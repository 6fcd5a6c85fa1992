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
        /// Every hop of it; `nil` where it leads nowhere.
        var path: RequestPath?
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

    /// What stands behind `--`, read. One word with blanks in it is a line of shell text, in front of which the word curl may be missing.
    static func script(_ words: [String], _ context: ReplayContext) throws(CurlError) -> CurlScript {
        guard words.count == 1, let line = words.first, line.contains(where: \.isWhitespace) else {
            return try CurlScript.parse(words: words, context: context)
        }
        let isBare = line.hasPrefix("-") || line.hasPrefix("http://") || line.hasPrefix("https://")
        return try CurlScript.parse(isBare ? "curl " + line : line, context: context)
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
        let request = request(transfer, id: id, count: count)
        do {
            let (path, destination) = try follow(request, transfer, caller)
            var answer = CurlAnswer(
                transfer: transfer, trace: path.trace, body: Array((path.trace.response?.body ?? "").utf8))
            answer.date = String(decoding: Timestamp.httpDate(seconds: Int64(time(nil))), as: UTF8.self)
            return Result(transfer: transfer, destination: destination, path: path, answer: answer)
        } catch let problem as UnreachableDestination {
            return Result(
                transfer: transfer, destination: nil, path: nil,
                answer: CurlAnswer(transfer: transfer, trace: nil, problem: problem))
        }
    }

    private func request(_ transfer: CurlTransfer, id: String, count: Int = 1) -> SyntheticRequest {
        var request = SyntheticRequest(transfer, id: id)
        request.sourceIP = DestinationResolver.outsideAddress
        if case .address(let address) = settings.caller { request.sourceIP = address }
        if let transport = settings.transport { request.transport = transport }
        request.count = count
        request.random = settings.random
        return request
    }

    /// The same request from everywhere; `nil` where an Envoy's own configuration is looked at.
    func callers(_ transfer: CurlTransfer) throws -> CallerMatrix? {
        guard let tracer = simulator.tracer else { return nil }
        let connection = transfer.request.connection
        return tracer.callers(
            of: request(transfer, id: "1"), host: connection.addresses.first ?? connection.host, port: connection.port,
            chosen: try settings.proxy.map { try loaded.node(named: $0) } ?? described, application: answer)
    }

    /// The way of a request, and the proxy that it arrives at where that is the first on it.
    private func follow(
        _ request: SyntheticRequest, _ transfer: CurlTransfer, _ caller: CurlInvocation.Caller?
    ) throws -> (RequestPath, ReplayDestination?) {
        let connection = transfer.request.connection
        let host = connection.addresses.first ?? connection.host
        if let mesh = loaded.mesh, let tracer = simulator.tracer, settings.mode == nil {
            let chosen = try settings.proxy.map { try loaded.node(named: $0) } ?? described
            return try tracer.trace(
                request, host: host, port: connection.port, caller: try self.caller(caller, chosen, mesh),
                chosen: chosen,
                application: answer)
        }
        let (proxy, destination) = try find(host, connection.port)
        var request = request
        request.mode = destination.mode
        request.address = destination.address
        request.port = destination.port
        return (simulator.path(request, at: proxy, application: answer), destination)
    }

    /// What the workload at an endpoint answers, by the same code as the embedded proxy's workloads.
    private func answer(_ upstream: SyntheticRequest, _ endpoint: PathEndpoint) -> TraceResponse? {
        guard upstream.application != .tcp else { return nil }
        var request = WorkloadRequest()
        request.method = upstream.method
        request.path = upstream.path
        request.authority = upstream.authority ?? ""
        request.headers = upstream.headers.filter { $0.name.lowercased() != "host" }.map {
            WorkloadRequest.Field($0.name.lowercased(), $0.value)
        }
        request.body = Array((upstream.body ?? "").utf8)
        let responder = WorkloadResponder(kind: .httpbin, identity: endpoint.workload, endpoint: endpoint.address)
        let response = responder.respond(to: request)
        var answer = TraceResponse()
        answer.status = response.status
        answer.details = "via_upstream"
        answer.headers = response.headers.map { SyntheticRequest.Header($0.name, $0.value) }
        if response.status >= 200, response.status != 204, response.status != 304 {
            answer.headers.append(SyntheticRequest.Header("content-length", "\(response.body.count)"))
        }
        answer.body = String(decoding: response.body, as: UTF8.self)
        return answer
    }

    // MARK: Where it goes

    /// Where `--mode` says, or the only proxy there is.
    private func find(_ host: String, _ port: Int) throws -> (LoadedConfiguration.Proxy, ReplayDestination) {
        if loaded.mesh != nil { return try overridden(settings.mode ?? .gateway, host: host, port: port) }
        let proxy = try loaded.proxy(named: nil)
        let destination = ReplayDestination(
            proxy: ProxyNode(name: proxy.name, type: .gateway, namespace: ""), mode: settings.mode ?? .gateway,
            address: "127.0.0.1", port: UInt16(exactly: port) ?? 0, sourceIP: DestinationResolver.outsideAddress,
            way: [ReplayDestination.Part("\(host):\(port) is taken for the proxy's own address")])
        return (proxy, destination)
    }

    /// The proxy of `--proxy-file` comes first and has no workload in the store.
    private var described: ProxyNode? {
        guard let first = loaded.proxies.first, !(loaded.mesh?.proxies.contains { $0.id == first.id } ?? true) else {
            return nil
        }
        return first
    }

    private func caller(
        _ caller: CurlInvocation.Caller?, _ chosen: ProxyNode?, _ mesh: MeshSnapshot
    ) throws -> PathCaller {
        switch settings.caller {
        case .outside, .address: return .outside
        case .pod(let name):
            if let pod = plainPod(name, mesh) { return .plainPod(pod) }
            return .pod(try loaded.node(named: name))
        case nil: break
        }
        if let caller, caller.isPod {
            let name = caller.name.split(separator: "/").last.map(String.init) ?? caller.name
            let full = "\(name).\(caller.namespace ?? "default")"
            if let node = try? loaded.node(named: full) { return .pod(node) }
            if let pod = plainPod(full, mesh) { return .plainPod(pod) }
        }
        return chosen.flatMap { $0.type == .sidecar ? .pod($0) : nil } ?? .outside
    }

    /// A Pod, or a Pod of a workload, that has no sidecar.
    private func plainPod(_ name: String, _ mesh: MeshSnapshot) -> Pod? {
        let found = mesh.pods.first { pod in
            [pod.name, pod.workload?.name].contains {
                $0.map { "\($0).\(pod.namespace)" == name || $0 == name } ?? false
            }
        }
        guard let found, !mesh.hasSidecar(found) else { return nil }
        let isProxy = loaded.proxies.contains {
            $0.namespace == found.namespace && ($0.pod == found.namespacedName || $0.name == found.workload?.name)
        }
        return isProxy ? nil : found
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

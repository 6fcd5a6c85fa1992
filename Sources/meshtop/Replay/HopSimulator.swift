import Documents
import EnvoyModel
import MeshModel
import Presentation
import TrafficEngine

/// Follows a request from its first proxy to the application: the endpoint's own sidecar is a hop too.
final class HopSimulator {
    private let loaded: LoadedConfiguration
    private var compiled: [String: CompiledSnapshot] = [:]
    private lazy var sidecars: [String: ProxyNode] = {
        var table: [String: ProxyNode] = [:]
        for proxy in loaded.proxies where proxy.type == .sidecar {
            for address in proxy.ipAddresses where table[address] == nil { table[address] = proxy }
        }
        return table
    }()

    init(_ loaded: LoadedConfiguration) { self.loaded = loaded }

    func snapshot(of proxy: LoadedConfiguration.Proxy) -> CompiledSnapshot {
        if let found = compiled[proxy.name] { return found }
        let made = CompiledSnapshot(proxy.snapshot)
        compiled[proxy.name] = made
        return made
    }

    private func snapshot(of node: ProxyNode) -> CompiledSnapshot {
        compiled[node.id] ?? snapshot(of: loaded.configuration(for: node))
    }

    func trace(_ request: SyntheticRequest, at proxy: LoadedConfiguration.Proxy) -> TrafficTrace {
        var trace = simulate(request, with: snapshot(of: proxy), proxy: proxy.name)
        if let node = proxy.node {
            for index in trace.hops.indices { trace.hops[index].clusterName = node.cluster }
        }
        follow(&trace, from: proxy)
        return trace
    }

    private func follow(_ trace: inout TrafficTrace, from proxy: LoadedConfiguration.Proxy) {
        guard request(trace).mode != .inbound, let hop = trace.hops.last, let host = hop.host,
            let address = host.socketAddressParts, let sidecar = sidecars[address.ip], sidecar.id != proxy.name
        else { return }
        var next = hop.upstreamRequest ?? request(trace)
        next.mode = .inbound
        next.address = address.ip
        next.port = address.port
        next.sourceIP = proxy.node?.ipAddresses.first ?? "127.0.0.1"
        next.transport = ConnectionAttempt.Transport(rawValue: hop.upstreamTransport ?? "") ?? .plaintext
        next.upstreamResponse = request(trace).upstreamResponse
        next.count = 1
        if next.transport == .mtls {
            // What Istio's sidecars offer each other.
            next.alpn =
                next.application == .http2
                ? ["istio-http/1.1", "istio", "istio-h2", "h2"] : ["istio-http/1.1", "istio-peer-exchange", "istio"]
            next.serverName = hop.clusterReference.map { "outbound_." + Self.serverName($0) } ?? ""
        }
        let configuration = snapshot(of: sidecar)
        // Nothing is caught on its way in: the application gets the connection itself.
        guard configuration.listener(named: "virtualInbound") != nil else { return }
        let inner = simulate(next, with: configuration, proxy: sidecar.id)
        trace.hops += inner.hops
        if let index = trace.hops.indices.last { trace.hops[index].clusterName = sidecar.cluster }
        if inner.error != nil, inner.response == nil {
            // The sidecar ends the connection: the proxy before it sees no answer.
            var response = TraceResponse()
            response.status = 503
            response.flags = "UC"
            response.details = "upstream_reset_before_response_started{connection_termination}"
            response.headers = trace.response?.headers ?? []
            trace.response = response
        } else if let response = inner.response, response.details != "via_upstream", !response.details.isEmpty,
            response.status != nil
        {
            trace.response?.status = response.status
            trace.response?.body = response.body
        }
    }

    private func request(_ trace: TrafficTrace) -> SyntheticRequest { trace.request }

    /// `8000_._.httpbin.default.svc…` for `outbound|8000||httpbin.default.svc…`.
    private static func serverName(_ cluster: String) -> String {
        let pieces = cluster.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 4 else { return cluster }
        return "\(pieces[1])_.\(pieces[2])_.\(pieces[3])"
    }
}

extension CompiledHost {
    /// The address without brackets, and the port.
    fileprivate var socketAddressParts: (ip: String, port: UInt16)? {
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
            return nil
        }
        return (address[..<colon].filter { $0 != "[" && $0 != "]" }, port)
    }
}

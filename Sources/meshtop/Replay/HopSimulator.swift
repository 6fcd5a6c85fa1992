import Documents
import EnvoyModel
import MeshModel
import Paths
import TrafficEngine
import Translation

/// Follows requests through the proxies of a configuration, each compiled once.
final class HopSimulator {
    private let loaded: LoadedConfiguration
    private var compiled: [String: CompiledSnapshot] = [:]
    /// `nil` where an Envoy's own configuration is looked at: nothing is known around it.
    private(set) lazy var tracer: PathTracer? = loaded.mesh.map { mesh in
        PathTracer(mesh, proxies: loaded.proxies) { [unowned self] in snapshot(of: $0, entered: $1) }
    }

    init(_ loaded: LoadedConfiguration) { self.loaded = loaded }

    func snapshot(of proxy: LoadedConfiguration.Proxy) -> CompiledSnapshot {
        let key = proxy.node.map(LoadedConfiguration.key) ?? proxy.name
        if let found = compiled[key] { return found }
        let made = CompiledSnapshot(proxy.snapshot)
        compiled[key] = made
        return made
    }

    private func snapshot(of node: ProxyNode, entered mode: ConnectionAttempt.Mode) -> CompiledSnapshot {
        let key = LoadedConfiguration.key(of: node)
        if let found = compiled[key] { return found }
        // Where a request ends at a sidecar, what that sidecar knows of ten thousand other services is of no use.
        guard mode == .inbound, node.type == .sidecar, let translation = loaded.translation, loaded.known[key] == nil
        else { return snapshot(of: loaded.configuration(for: node)) }
        let inbound = "inbound of " + key
        if let found = compiled[inbound] { return found }
        let made = CompiledSnapshot(translation.inboundConfiguration(for: node))
        compiled[inbound] = made
        return made
    }

    func trace(_ request: SyntheticRequest, at proxy: LoadedConfiguration.Proxy) -> TrafficTrace {
        path(request, at: proxy).trace
    }

    /// The way from a proxy to the application: the endpoint's own sidecar is a hop too, and so are other clusters' gateways.
    func path(
        _ request: SyntheticRequest, at proxy: LoadedConfiguration.Proxy, application: PathTracer.Application? = nil
    ) -> RequestPath {
        guard let tracer, let node = proxy.node, let mesh = loaded.mesh else {
            return alone(request, proxy, application)
        }
        let request = ClientCertificates(mesh: mesh).judged(request, by: proxy.snapshot, of: node)
        return tracer.trace(request, at: node, application: application)
    }

    /// One proxy and its endpoint.
    private func alone(
        _ request: SyntheticRequest, _ proxy: LoadedConfiguration.Proxy, _ application: PathTracer.Application?
    ) -> RequestPath {
        var trace = simulate(request, with: snapshot(of: proxy), proxy: proxy.name)
        if let hop = trace.hops.first, let host = hop.host, hop.routeConfiguration != nil,
            let answer = application?(
                hop.upstreamRequest ?? request, PathEndpoint(address: host.address, workload: host.value.workload))
        {
            var again = request
            again.count = 1
            again.upstreamResponse.status = answer.status ?? 200
            again.upstreamResponse.headers = answer.headers
            trace.response = simulate(again, with: snapshot(of: proxy), proxy: proxy.name).response
            trace.response?.body = answer.body
        }
        return RequestPath(trace: trace)
    }
}

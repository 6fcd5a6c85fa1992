package import MeshModel

extension MeshTranslation {
    /// How many routes the Gateways of a proxy give it, without working them out: those of a VirtualService count once for each
    /// Gateway that it names, whether a server's hosts take them or not.
    package func boundRoutes(of proxy: ProxyNode) -> Int {
        let context = ProxyContext(index: index(for: proxy), proxy: proxy)
        let keys = Set(MergedGateway(context).gateways.map { "\($0.namespace)/\($0.name)" })
        return keys.reduce(0) { sum, key in
            let bound = context.index.virtualServices.virtualServices(for: proxy.namespace, gateway: key)
            return sum + bound.reduce(0) { $0 + $1.object.http.count + $1.object.tls.count + $1.object.tcp.count }
        }
    }

    /// The gateway with the most routes: of equals, and where none has any, the first. `nil` without a gateway.
    package func busiestGateway(of proxies: [ProxyNode]) -> ProxyNode? {
        let gateways = proxies.filter { $0.type == .gateway }
        guard gateways.count > 1 else { return gateways.first }
        var best: (proxy: ProxyNode, routes: Int)?
        for gateway in gateways {
            let routes = boundRoutes(of: gateway)
            if best.map({ routes > $0.routes }) ?? true { best = (gateway, routes) }
        }
        return best?.proxy
    }
}

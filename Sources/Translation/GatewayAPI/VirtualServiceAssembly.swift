import Documents
import MeshModel

/// VirtualServices of HTTPRoutes and GRPCRoutes: one for each gateway and host, in which all routes for it are joined
/// (18.4.5, 18.4.6).
struct VirtualServiceAssembly {
    private struct Key: Hashable {
        let text: String
        let gateway: String
        let host: String
    }

    private struct Joined {
        let first: ObjectMeta
        var routes: [VirtualService.HTTPRoute] = []
        var parents: Set<String> = []
        var sources: [SourceReference] = []
    }

    private var keys: [Key] = []
    private var joined: [Key: Joined] = [:]

    mutating func add(
        _ routes: [VirtualService.HTTPRoute], of route: HTTPLikeRoute, to parent: AttachedParent
    ) {
        guard !routes.isEmpty else { return }
        let hosts = parent.isMesh ? parent.meshHosts : route.hostnames.isEmpty ? ["*"] : route.hostnames
        for host in hosts where parent.takes(host: host) {
            let port = parent.port.map { "/\($0)" } ?? ""
            let text = parent.isMesh ? "\(route.meta.namespace)\(port)/\(host)" : "\(parent.gateway)/\(host)"
            let key = Key(text: text, gateway: parent.gateway, host: host)
            if joined[key] == nil {
                keys.append(key)
                joined[key] = Joined(first: route.meta)
            }
            joined[key]?.routes += routes.map { $0.limited(to: parent.port) }
            joined[key]?.parents.insert("\(route.kind.rawValue)/\(route.meta.name).\(route.meta.namespace)")
            joined[key]?.sources.append(
                SourceReference(
                    kind: route.kind.rawValue, namespace: route.meta.namespace, name: route.meta.name,
                    location: route.meta.location))
        }
    }

    var virtualServices: [VirtualService] {
        keys.compactMap { key in
            guard let joined = joined[key] else { return nil }
            var meta = ObjectMeta(
                name: key.text.replacingSlashes, namespace: joined.first.namespace,
                apiVersion: "networking.istio.io/v1",
                location: joined.first.location)
            meta.creationTime = joined.first.creationTime
            meta.cluster = joined.first.cluster
            meta.annotations = [
                "internal.istio.io/route-semantics": "gateway",
                "internal.istio.io/parents": joined.parents.sorted().joined(separator: ","),
            ]
            var service = VirtualService(meta: meta)
            service.hosts = [key.host]
            service.gateways = [key.gateway]
            service.http = RoutePrecedence.sorted(joined.routes)
            service.semantics = .gateway
            service.sources = joined.sources
            return service
        }
    }
}

extension String {
    fileprivate var replacingSlashes: String { String(map { $0 == "/" ? "~" : $0 }) }
}

extension VirtualService.HTTPRoute {
    /// The route for one port of a service.
    fileprivate func limited(to port: Int?) -> Self {
        guard let port else { return self }
        var route = self
        if route.match.isEmpty { route.match = [VirtualService.HTTPMatch()] }
        for index in route.match.indices { route.match[index].port = port }
        return route
    }
}

import Documents
import MeshModel

/// The Sidecar of a proxy and what it lets it see (istiod: `ConvertToSidecarScope`).
struct SidecarSelection {
    let sidecar: Sidecar?
    let egress: [EgressScope]
    /// Of all egress listeners, and what VirtualServices point to.
    let services: [Service]

    init(index: TranslationIndex, proxy: ProxyNode) {
        let namespace = proxy.namespace
        let sidecar = Self.sidecar(of: proxy, index: index)
        self.sidecar = sidecar
        var listeners = sidecar?.egress ?? []
        if listeners.isEmpty {
            var everything = Sidecar.EgressListener()
            everything.hosts = ["*/*"]
            listeners = [everything]
        }
        egress = listeners.map { EgressScope($0, namespace: namespace, index: index) }
        var union = Union()
        for scope in egress {
            for service in scope.services { union.add(service) }
        }
        for scope in egress {
            for item in scope.virtualServices {
                Self.addDestinations(of: item.object, proxy: proxy, index: index, to: &union)
            }
        }
        services = union.services
    }

    /// istiod: `getSidecarScope`.
    private static func sidecar(of proxy: ProxyNode, index: TranslationIndex) -> Sidecar? {
        let own = index.sidecars[proxy.namespace] ?? []
        if let found = own.first(where: { $0.workloadSelector?.isContained(in: proxy.labels) ?? false }) {
            return found
        }
        return own.first { $0.workloadSelector == nil }
            ?? index.sidecars[index.meshConfig.rootNamespace]?.first { $0.workloadSelector == nil }
    }

    // MARK: Joining

    private struct Union {
        private(set) var services: [Service] = []
        private var positions: [String: Int] = [:]

        func service(_ hostname: String) -> Service? { positions[hostname].map { services[$0] } }

        /// istiod: `addService`.
        mutating func add(_ service: Service) {
            guard let position = positions[service.hostname] else {
                positions[service.hostname] = services.count
                services.append(service)
                return
            }
            let known = services[position]
            if known.isKubernetes != service.isKubernetes {
                if service.isKubernetes { services[position] = service }
                return
            }
            let missing = service.ports.filter { known.port($0.number) == nil }
            guard !missing.isEmpty, known.namespace == service.namespace, known.resolution == service.resolution,
                known.labels == service.labels, known.selector == service.selector,
                known.exportTo == service.exportTo
            else { return }
            services[position] = known.changed { $0.ports += missing }
        }
    }

    // MARK: Destinations of VirtualServices

    private static func addDestinations(
        of object: VirtualService, proxy: ProxyNode, index: TranslationIndex, to union: inout Union
    ) {
        var order: [String] = []
        // An empty set is all ports.
        var ports: [String: Set<Int>] = [:]
        for destination in object.destinations(for: proxy.metadataNamespace) {
            if ports[destination.host] == nil {
                order.append(destination.host)
                ports[destination.host] = destination.port.map { [$0] } ?? []
            } else if let port = destination.port {
                if ports[destination.host]?.isEmpty == false { ports[destination.host]?.insert(port) }
            } else {
                ports[destination.host] = []
            }
        }
        for host in order {
            guard let service = index.bestService(host, for: proxy.namespace) else { continue }
            let wanted = ports[host] ?? []
            if wanted.isEmpty {
                union.add(service)
                continue
            }
            let own = service.ports.filter { wanted.contains($0.number) }
            guard !own.isEmpty else { continue }
            union.add(own.count == service.ports.count ? service : service.changed { $0.ports = own })
        }
    }
}

extension TranslationIndex {
    /// The service of a host that a namespace would use (istiod: `pickBestService`).
    func bestService(_ host: String, for namespace: String) -> Service? {
        if let own = registry.service(host, namespace: namespace), registry.isVisible(own, from: namespace) {
            return own
        }
        let visible = registry.services(host).filter { registry.isVisible($0, from: namespace) }
        return visible.first(where: \.isKubernetes) ?? visible.first
    }
}

extension VirtualService {
    /// Everything it sends requests to; rules for other namespaces alone are left out.
    func destinations(for namespace: String) -> [Destination] {
        var result: [Destination] = []
        for rule in http {
            let isElsewhere =
                !rule.match.isEmpty
                && rule.match.allSatisfy { !$0.sourceNamespace.isEmpty && $0.sourceNamespace != namespace }
            if isElsewhere { continue }
            result += rule.route.map(\.destination)
            if let mirror = rule.mirror { result.append(mirror) }
            result += rule.mirrors.map(\.destination)
        }
        result += tcp.flatMap { $0.route.map(\.destination) }
        result += tls.flatMap { $0.route.map(\.destination) }
        return result
    }
}

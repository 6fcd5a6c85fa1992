import CurlCommand
import Documents
import MeshModel
import TrafficEngine
import Translation

/// The objects that may have to do with a request: by the host that it asks for, by where it is meant to go, and by what those
/// refer to. Nearest first, so many of each kind.
struct RelevantObjects {
    private let snapshot: MeshSnapshot
    private let hosts: [String]
    private let goal: Goal
    private let proxy: ProxyNode

    /// The Gateways that select the proxy, `namespace/name`.
    private let proxyGateways: Set<String>

    private(set) var virtualServices: [VirtualService] = []
    private(set) var routes: [AnyRoute] = []
    private(set) var gateways: [IstioGateway] = []
    private(set) var kubernetesGateways: [KubernetesGateway] = []
    private(set) var services: [Service] = []
    private(set) var destinationRules: [DestinationRule] = []
    private(set) var serviceEntries: [ServiceEntry] = []

    init(_ snapshot: MeshSnapshot, hosts: [String], goal: Goal, proxy: ProxyNode) {
        self.snapshot = snapshot
        self.hosts = hosts
        self.goal = goal
        self.proxy = proxy
        let selecting = snapshot.gateways.filter { gateway in
            (gateway.selector ?? [:]).allSatisfy { proxy.labels[$0.key] == $0.value }
        }
        proxyGateways = Set(selecting.map { "\($0.namespace)/\($0.name)" })
    }

    mutating func search(from trace: TrafficTrace) {
        let used = Set(trace.hops.flatMap(\.sources).map { "\($0.kind)/\($0.namespace)/\($0.name)" })
        let wanted = goal.service?.host
        virtualServices = ranked(snapshot.virtualServices) { object in
            let isUsed = used.contains("VirtualService/\(object.namespace)/\(object.name)")
            var score = Self.score(
                object.hosts.map { HostName.expanded($0, namespace: object.namespace, domain: domain) }, hosts)
            // A delegate has no hosts of its own.
            if object.hosts.isEmpty { score = 6 }
            if let wanted,
                object.destinationUses.contains(where: { leads($0.destination.host, object.namespace, to: wanted) })
            {
                score = min(score ?? 8, score == nil ? 8 : 0)
            }
            if isUsed { score = 0 }
            // Nothing says that it was meant, but it is one of the gateway's own.
            return score ?? (isOfProxy(object) ? 20 : nil)
        }
        routes = ranked(AnyRoute.all(in: snapshot)) { route in
            if used.contains("\(route.kind)/\(route.namespace)/\(route.name)") { return 0 }
            let score = route.hostnames.isEmpty ? 1 : Self.score(route.hostnames, hosts)
            let leads = route.backends.contains {
                "\($0.reference.name).\($0.reference.namespace ?? route.namespace).svc.\(snapshot.options.domain)"
                    == wanted
            }
            if leads { return min(score ?? 6, 6) }
            return score ?? (isOfProxy(route) ? 20 : nil)
        }
        findGateways()
        findServices(wanted)
    }

    private var domain: String { snapshot.options.effectiveIstioDomain }

    private func leads(_ host: String, _ namespace: String, to wanted: String) -> Bool {
        HostName.expanded(host, namespace: namespace, domain: domain) == wanted
    }

    private func isOfProxy(_ object: VirtualService) -> Bool {
        guard proxy.type == .gateway else { return false }
        return object.gateways.contains {
            proxyGateways.contains(HostName.gatewayName($0, namespace: object.namespace))
        }
    }

    private func isOfProxy(_ route: AnyRoute) -> Bool {
        guard let name = proxy.labels["gateway.networking.k8s.io/gateway-name"] else { return false }
        return route.parentRefs.contains { $0.name == name && $0.namespace ?? route.namespace == proxy.namespace }
    }

    private mutating func findGateways() {
        let named = Set(
            virtualServices.flatMap { object in
                object.gateways.map { HostName.gatewayName($0, namespace: object.namespace) }
            })
        let names = Set(named.compactMap { $0.split(separator: "/").last.map(String.init) })
        gateways = ranked(snapshot.gateways) { gateway in
            let isNamed = named.contains("\(gateway.namespace)/\(gateway.name)")
            let selects = (gateway.selector ?? [:]).allSatisfy { proxy.labels[$0.key] == $0.value }
            if isNamed { return selects ? 0 : 1 }
            if selects, proxy.type == .gateway { return 2 }
            return names.contains(gateway.name) ? 3 : nil
        }
        let parents = Set(
            routes.flatMap { route in route.parentRefs.map { "\($0.namespace ?? route.namespace)/\($0.name)" } })
        kubernetesGateways = ranked(snapshot.kubernetesGateways) { gateway in
            let isProxy = proxy.labels["gateway.networking.k8s.io/gateway-name"] == gateway.name
            if isProxy, proxy.namespace == gateway.namespace { return 0 }
            return parents.contains("\(gateway.namespace)/\(gateway.name)") ? 1 : nil
        }
    }

    private mutating func findServices(_ wanted: String?) {
        var targets = Set<String>()
        if let wanted { targets.insert(wanted) }
        for object in virtualServices {
            for use in object.destinationUses {
                targets.insert(HostName.expanded(use.destination.host, namespace: object.namespace, domain: domain))
            }
        }
        for route in routes {
            for backend in route.backends {
                let namespace = backend.reference.namespace ?? route.namespace
                targets.insert("\(backend.reference.name).\(namespace).svc.\(snapshot.options.domain)")
            }
        }
        targets.formUnion(hosts)
        services = ranked(snapshot.services) { service in
            let full = "\(service.name).\(service.namespace).svc.\(snapshot.options.domain)"
            if full == wanted { return 0 }
            if targets.contains(full) { return 1 }
            return proxy.type == .gateway
                && (service.selector?.allSatisfy { proxy.labels[$0.key] == $0.value } ?? false) ? 4 : nil
        }
        destinationRules = ranked(snapshot.destinationRules) { rule in
            let host = HostName.expanded(rule.host, namespace: rule.namespace, domain: domain)
            if targets.contains(where: { HostName.matches(host, $0) }) { return 0 }
            return targets.compactMap { Near.distance(host, $0) }.min()
        }
        serviceEntries = ranked(snapshot.serviceEntries) { entry in
            Self.score(entry.hosts, Array(targets))
        }
    }

    /// How near the hosts of an object are to what is asked for; `nil`: they have nothing to do with it.
    static func score(_ names: [String], _ hosts: [String]) -> Int? {
        var best: Int?
        for name in names {
            for host in hosts {
                if HostName.matches(name, host) { return 0 }
                if let distance = Near.distance(name, host) { best = min(best ?? .max, distance) }
            }
        }
        return best
    }

    private func ranked<Object>(_ objects: [Object], _ score: (Object) -> Int?) -> [Object] {
        let scored = objects.enumerated().compactMap { index, object in score(object).map { ($0, index, object) } }
        return scored.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(RepairContext.limit).map(\.2)
    }
}

/// Names that may have been mistyped.
enum Near {
    /// The edits between two names, when they are few enough for one to be the other mistyped.
    static func distance(_ left: String, _ right: String) -> Int? {
        let limit = max(2, max(left.utf8.count, right.utf8.count) / 4)
        guard abs(left.utf8.count - right.utf8.count) <= limit else { return nil }
        // `shop-12` is not `shop-13` mistyped.
        if left != right, left.filter({ !$0.isNumber }) == right.filter({ !$0.isNumber }) { return nil }
        // What is equal at both ends needs no counting; typing errors leave little between them.
        let (a, b) = (Array(left.utf8), Array(right.utf8))
        var start = 0
        while start < a.count, start < b.count, a[start] == b[start] { start += 1 }
        var end = 0
        while end < a.count - start, end < b.count - start, a[a.count - 1 - end] == b[b.count - 1 - end] { end += 1 }
        guard max(a.count, b.count) - start - end <= 4 * limit else { return nil }
        let distance = EditDistance.between(
            String(decoding: a[start..<a.count - end], as: UTF8.self),
            String(decoding: b[start..<b.count - end], as: UTF8.self))
        return distance <= limit ? distance : nil
    }

    /// The names that are nearest to one, the name itself left out.
    static func names(_ name: String, among names: some Sequence<String>, limit: Int = 3) -> [String] {
        var seen: Set<String> = [name]
        return names.filter { seen.insert($0).inserted }
            .map { (EditDistance.between(name, $0), $0) }
            .sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1 < $1.1 }
            .prefix(limit).map(\.1)
    }
}

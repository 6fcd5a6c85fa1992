import MeshModel

/// The snapshot with the look-ups that analyzers share.
struct AnalysisContext: Sendable {
    let snapshot: MeshSnapshot
    /// Seconds since 1970; `nil`: nothing is judged by its age.
    let now: Int64?
    private let services: [String: Service]
    /// By exact host.
    private let entries: [String: [ServiceEntry]]
    /// Hosts of ServiceEntries that begin with `*`, without the star.
    private let wildcardEntries: [(tail: String, entry: ServiceEntry)]
    private let gateways: [NamespacedName: IstioGateway]
    private let virtualServices: [NamespacedName: VirtualService]
    private let describedHosts: Set<String>
    private let rulesByHost: [String: [DestinationRule]]
    private let wildcardRules: [DestinationRule]
    private let resourcesByKind: [String: [Resource]]
    private let kubernetesGateways: [NamespacedName: KubernetesGateway]
    private let loadedNamespaces: Set<String>
    private let workloadNamespaces: [[String: String]: Set<String>]

    init(_ snapshot: MeshSnapshot, now: Int64?) {
        self.snapshot = snapshot
        self.now = now
        let domain = snapshot.options.domain
        services = Dictionary(
            snapshot.services.map { ("\($0.name).\($0.namespace).svc.\(domain)", $0) },
            uniquingKeysWith: { first, _ in first })
        var entries: [String: [ServiceEntry]] = [:]
        var wildcards: [(tail: String, entry: ServiceEntry)] = []
        for entry in snapshot.serviceEntries {
            for host in entry.hosts {
                if host.hasPrefix("*") { wildcards.append((String(host.dropFirst()), entry)) }
                entries[host, default: []].append(entry)
            }
        }
        self.entries = entries
        wildcardEntries = wildcards
        gateways = Dictionary(
            snapshot.gateways.map { ($0.namespacedName, $0) }, uniquingKeysWith: { first, _ in first })
        virtualServices = Dictionary(
            snapshot.virtualServices.map { ($0.namespacedName, $0) }, uniquingKeysWith: { first, _ in first })
        describedHosts = Set(snapshot.serviceDescriptions.map(\.hostname))
        var rules: [String: [DestinationRule]] = [:]
        for rule in snapshot.destinationRules {
            rules[Self.expanded(rule.host, in: rule.namespace, snapshot), default: []].append(rule)
        }
        rulesByHost = rules
        resourcesByKind = Dictionary(grouping: snapshot.resources, by: \.kindName)
        kubernetesGateways = Dictionary(
            snapshot.kubernetesGateways.map { ($0.namespacedName, $0) }, uniquingKeysWith: { first, _ in first })
        workloadNamespaces = Dictionary(
            Set(snapshot.gateways.compactMap(\.selector)).map { ($0, Self.namespaces(ofWorkloadsWith: $0, snapshot)) }
        ) { first, _ in first }
        loadedNamespaces = Set(snapshot.resources.lazy.filter { $0.kindName != "Namespace" }.map(\.meta.namespace))
        wildcardRules = snapshot.destinationRules.filter { $0.host.hasPrefix("*") }
    }

    /// A short name of an Istio object in full (1.7).
    func expanded(_ host: String, in namespace: String) -> String { Self.expanded(host, in: namespace, snapshot) }

    private static func expanded(_ host: String, in namespace: String, _ snapshot: MeshSnapshot) -> String {
        if host.isEmpty || host.contains(".") || host.contains(":") || host == "*" { return host }
        let domain = snapshot.options.effectiveIstioDomain
        return domain.isEmpty ? "\(host).\(namespace)" : "\(host).\(namespace).svc.\(domain)"
    }

    func service(_ host: String) -> Service? { services[host] }

    /// The first ServiceEntry of exactly this host.
    func serviceEntry(_ host: String) -> ServiceEntry? { entries[host]?.first }

    /// The ports that ServiceEntries, one or several, give a host.
    func ports(ofServiceEntry host: String) -> [Int] { (entries[host] ?? []).flatMap { $0.ports.map(\.number) } }

    /// The namespaces that a host is exported to, where it is known and hidden from all of these; `nil` where one of them sees it.
    func exports(ofHidden host: String, from namespaces: Set<String>) -> [String]? {
        var scopes: [String] = []
        if let service = services[host] {
            let written = service.meta.annotations["networking.istio.io/exportTo"]
                .map { $0.split(separator: ",").map { $0.filter { $0 != " " } } }
            scopes += scope(of: written ?? [], in: service.namespace)
        }
        for entry in entries[host] ?? [] { scopes += scope(of: entry.exportTo, in: entry.namespace) }
        guard !scopes.isEmpty, !scopes.contains("*"), namespaces.isDisjoint(with: scopes) else { return nil }
        return Set(scopes).sorted()
    }

    private func scope(of exportTo: [String], in namespace: String) -> [String] {
        (exportTo.isEmpty ? snapshot.meshConfig.defaultServiceExportTo : exportTo).map { $0 == "." ? namespace : $0 }
    }

    /// Whether the mesh knows the host, wildcards of ServiceEntries included.
    func knows(_ host: String) -> Bool {
        if services[host] != nil || entries[host] != nil || describedHosts.contains(host) { return true }
        if host.hasPrefix("*") {
            let tail = host.dropFirst()
            return services.keys.contains { $0.hasSuffix(tail) } || entries.keys.contains { $0.hasSuffix(tail) }
        }
        return wildcardEntries.contains { host.count > $0.tail.count && host.hasSuffix($0.tail) }
    }

    /// The known host that is written most like this one.
    func nearestHost(to host: String) -> String? {
        // A distance for every host costs too much in a big mesh, and its best guess would be chance.
        guard services.count <= 2000 else { return nil }
        return (Array(services.keys) + Array(entries.keys))
            .map { (name: $0, distance: editDistance($0, host)) }
            .filter { $0.distance <= max(2, host.utf8.count / 6) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// The objects of a kind whose API group is this one or a sub-group of it, in the order of the manifests.
    func resources(_ kind: String, group: String) -> [Resource] {
        resourcesByKind[kind, default: []].filter { resource in
            let apiGroup = resource.apiVersion.prefix { $0 != "/" }
            return resource.apiVersion.contains("/") ? apiGroup == group : group.isEmpty
        }
    }

    var kubernetesGatewayNames: [NamespacedName] { kubernetesGateways.keys.sorted() }

    /// Whether anything of a namespace is loaded.
    func isLoaded(namespace: String) -> Bool { loadedNamespaces.contains(namespace) }

    /// Where the manifests have workloads with these labels.
    func namespaces(ofWorkloadsWith selector: [String: String]) -> Set<String> {
        if let known = workloadNamespaces[selector] { return known }
        return Self.namespaces(ofWorkloadsWith: selector, snapshot)
    }

    private static func namespaces(ofWorkloadsWith selector: [String: String], _ snapshot: MeshSnapshot) -> Set<String>
    {
        Set(
            snapshot.pods.lazy.filter { $0.meta.location != nil && selector.isContained(in: $0.meta.labels) }
                .map(\.namespace))
    }

    func kubernetesGateway(_ name: NamespacedName) -> KubernetesGateway? { kubernetesGateways[name] }

    func virtualService(_ name: NamespacedName) -> VirtualService? { virtualServices[name] }

    func gateway(_ name: NamespacedName) -> IstioGateway? { gateways[name] }

    var gatewayNames: [NamespacedName] { gateways.keys.sorted() }

    /// Rules for exactly this host.
    func rules(for host: String) -> [DestinationRule] { rulesByHost[host] ?? [] }

    /// Rules whose wildcard host covers this one.
    func wildcardRules(for host: String) -> [DestinationRule] {
        wildcardRules.filter { host.hasSuffix($0.host.dropFirst()) }
    }
}

/// Levenshtein's distance over bytes.
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let above = row[j + 1]
            row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
            diagonal = above
        }
    }
    return row[right.count]
}

import CurlCommand
import Documents
import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

/// What the repairs look at: the request, what became of it, and the objects that may have to do with it, nearest first.
package struct RepairContext {
    let state: MeshState
    let attempt: Attempt
    let goal: Goal
    let proxy: ProxyNode
    let request: SyntheticRequest
    /// The host that is asked for, in small letters without a port, and its longer names.
    let hosts: [String]
    /// The path without its query.
    let path: String
    let virtualServices: [VirtualService]
    let gateways: [IstioGateway]
    let routes: [AnyRoute]
    let kubernetesGateways: [KubernetesGateway]
    let services: [Service]
    let destinationRules: [DestinationRule]
    let serviceEntries: [ServiceEntry]
    private let resources: ResourceIndex

    var snapshot: MeshSnapshot { state.snapshot }
    var outcome: Outcome { attempt.outcome }
    var hop: TraceHop? { attempt.trace?.hops.first }
    var host: String { hosts.first ?? "" }
    /// The port that the proxy was asked at.
    var port: Int { Int(request.port) }
    var isGateway: Bool { proxy.type == .gateway }

    /// So many objects of a kind are looked at.
    static let limit = 10

    init?(_ attempt: Attempt, goal: Goal, in state: MeshState) {
        guard let proxy = attempt.proxy, let trace = attempt.trace else { return nil }
        self.state = state
        self.attempt = attempt
        self.goal = goal
        self.proxy = proxy
        request = trace.request
        let snapshot = state.snapshot
        hosts = Self.hosts(trace.request, proxy, snapshot)
        path = String(trace.request.path.prefix { $0 != "?" })
        resources = ResourceIndex(snapshot)
        var finder = RelevantObjects(snapshot, hosts: hosts, goal: goal, proxy: proxy)
        finder.search(from: trace)
        virtualServices = finder.virtualServices
        routes = finder.routes
        gateways = finder.gateways
        kubernetesGateways = finder.kubernetesGateways
        services = finder.services
        destinationRules = finder.destinationRules
        serviceEntries = finder.serviceEntries
    }

    private static func hosts(_ request: SyntheticRequest, _ proxy: ProxyNode, _ snapshot: MeshSnapshot) -> [String] {
        var names: [String] = []
        let host = (request.authority ?? "").withoutPort.lowercased()
        for name in [host, request.serverName.lowercased()] where !name.isEmpty && !names.contains(name) {
            names.append(name)
            let full = Goal.fullHost(name, namespace: proxy.namespace, in: snapshot)
            if !names.contains(full),
                snapshot.services.contains(where: { full.hasPrefix("\($0.name).\($0.namespace).") })
            {
                names.append(full)
            }
        }
        if let service = snapshot.services.first(where: { $0.clusterIP == request.address && !$0.isHeadless }) {
            let name = "\(service.name).\(service.namespace).svc.\(snapshot.options.domain)"
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Whether a host of an object covers the one that is asked for.
    func covers(_ host: String, namespace: String = "") -> Bool {
        let full = expanded(host, namespace: namespace).lowercased()
        return hosts.contains { HostName.matches(full, $0) }
    }

    func expanded(_ host: String, namespace: String) -> String {
        HostName.expanded(host, namespace: namespace, domain: snapshot.options.effectiveIstioDomain)
    }

    /// Of the names that the request gives, the one that looks most like this.
    func askedHost(like name: String) -> String {
        hosts.min { EditDistance.between($0, name) < EditDistance.between($1, name) } ?? host
    }

    // MARK: Proposing

    func resource(_ object: some MeshObject) -> Resource? { resources[object] }

    /// A change of one value of an object.
    func change(
        _ object: some MeshObject, _ edit: ValueEdit, _ reason: String, others: [SourceReference] = [],
        penalty: Int = 0
    ) -> Proposal? {
        changes([(object, edit)], reason, others: others, penalty: penalty)
    }

    /// Changes that only help together.
    func changes(
        _ edits: [(any MeshObject, ValueEdit)], _ reason: String, others: [SourceReference] = [], penalty: Int = 0
    ) -> Proposal? {
        var made: [ObjectEdit] = []
        for (object, edit) in edits {
            guard let resource = resources[object] else { return nil }
            // A list that is not there cannot lose anything, and a value that is there already is no change.
            if case .set(let path, let value) = edit, resource.node.at(path)?.json == value { return nil }
            made.append(ObjectEdit(resource, edit))
        }
        return made.isEmpty ? nil : Proposal(made, reason: reason, others: others, penalty: penalty)
    }

    /// A new object in the file of another one.
    func creation(
        of json: JSON, beside object: some MeshObject, _ reason: String, others: [SourceReference] = []
    ) -> Proposal? {
        resources[object].map {
            Proposal([ObjectEdit(creating: json, beside: $0)], reason: reason, others: others)
        }
    }
}

/// The manifest of an object.
struct ResourceIndex {
    private var table: [String: Resource] = [:]

    init(_ snapshot: MeshSnapshot) {
        for resource in snapshot.resources where resource.object != nil && !Self.isWorkload(resource.kindName) {
            table[Self.key(resource.apiVersion, resource.kindName, resource.meta)] = resource
        }
    }

    private static func isWorkload(_ kind: String) -> Bool {
        ["Pod", "EndpointSlice", "Secret", "ConfigMap", "Node"].contains(kind)
    }

    private static func key(_ apiVersion: String, _ kind: String, _ meta: ObjectMeta) -> String {
        "\(apiVersion.prefix { $0 != "/" })/\(kind)/\(meta.namespace)/\(meta.name)/\(meta.cluster)"
    }

    subscript(_ object: any MeshObject) -> Resource? {
        let kind = (object as? Workload)?.kind.rawValue ?? type(of: object).kindName
        return table[Self.key(object.meta.apiVersion, kind, object.meta)]
    }
}

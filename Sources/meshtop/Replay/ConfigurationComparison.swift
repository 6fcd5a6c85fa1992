import BehaviourDiff
import Documents
import EnvoyModel
import MeshModel
import Paths
import Presentation
import TrafficEngine

/// Compares two loaded configurations proxy by proxy.
struct ConfigurationComparison {
    let before: LoadedConfiguration
    let after: LoadedConfiguration
    var options = ProxyComparison.Options()
    var maxSidecars = 64

    init(_ before: LoadedConfiguration, _ after: LoadedConfiguration) {
        self.before = before
        self.after = after
    }

    /// What stays the same when a proxy's Pod is made anew: names of Pods do not.
    private struct Workload: Hashable, Comparable {
        let type: ProxyNode.NodeType
        let namespace, name, cluster: String

        init(_ node: ProxyNode) {
            type = node.type
            namespace = node.namespace
            name = node.workload ?? node.name
            cluster = node.cluster
        }

        var id: String { "\(name).\(namespace)" }

        static func < (left: Self, right: Self) -> Bool {
            (left.type == .gateway ? 0 : 1, left.namespace, left.name, left.cluster)
                < (right.type == .gateway ? 0 : 1, right.namespace, right.name, right.cluster)
        }
    }

    /// `proxy`: only this one; `nil` is all.
    func report(proxy: String?) throws -> BehaviourDiffReport {
        if before.envoy != nil || after.envoy != nil {
            return single(try before.proxy(named: proxy), try after.proxy(named: proxy))
        }
        if let proxy {
            let (old, new) = (try? before.node(named: proxy), try? after.node(named: proxy))
            if old == nil, new == nil { _ = try after.node(named: proxy) }
            return report(
                [(old ?? new, old, new)].compactMap { item in item.0.map { ($0, item.1, item.2) } }, notes: [])
        }
        var nodes: [Workload: (ProxyNode?, ProxyNode?)] = [:]
        for node in before.proxies where nodes[Workload(node)] == nil { nodes[Workload(node)] = (node, nil) }
        for node in after.proxies where nodes[Workload(node)]?.1 == nil {
            nodes[Workload(node), default: (nil, nil)].1 = node
        }
        var notes: [String] = []
        var chosen: [(ProxyNode, ProxyNode?, ProxyNode?)] = []
        var sidecars = 0
        for (_, pair) in nodes.sorted(by: { $0.key < $1.key }) {
            guard let node = pair.1 ?? pair.0 else { continue }
            if node.type == .sidecar {
                sidecars += 1
                if sidecars > maxSidecars { continue }
            }
            chosen.append((node, pair.0, pair.1))
        }
        if sidecars > maxSidecars {
            notes.append(
                "\(sidecars - maxSidecars) of \(sidecars) workloads' sidecars were not compared: "
                    + "choose one with --proxy, or raise --max-sidecars")
        }
        return report(chosen, notes: notes)
    }

    private func single(_ old: LoadedConfiguration.Proxy, _ new: LoadedConfiguration.Proxy) -> BehaviourDiffReport {
        var report = BehaviourDiffReport { request, _ in request.commandLine(entrance: nil) }
        let comparison = ProxyComparison(
            old: CompiledSnapshot(old.snapshot), new: CompiledSnapshot(new.snapshot),
            modes: [.gateway, .outbound, .inbound], options: options)
        report.proxies = [.init(name: new.name, presence: .both, comparison: comparison)]
        return report
    }

    private func report(
        _ nodes: [(node: ProxyNode, old: ProxyNode?, new: ProxyNode?)], notes: [String]
    ) -> BehaviourDiffReport {
        let lines = WitnessLines(after.mesh ?? before.mesh, nodes.map(\.node))
        var report = BehaviourDiffReport { request, proxy in lines.line(request, proxy) }
        report.notes = notes
        var places: [ComparisonSignature: Int] = [:]
        for (node, old, new) in nodes {
            guard let old, let new else {
                report.proxies.append(.init(name: node.id, presence: new == nil ? .removed : .added))
                continue
            }
            var options = options
            options.address = new.ipAddresses.first { $0.contains(".") } ?? options.address
            let comparison = ProxyComparison(
                old: CompiledSnapshot(before.configuration(for: old).snapshot),
                new: CompiledSnapshot(after.configuration(for: new).snapshot),
                modes: node.type == .gateway ? [.gateway] : [.outbound, .inbound], options: options)
            let signature = ComparisonSignature(node, comparison)
            if !comparison.isEmpty, let place = places[signature] {
                report.proxies[place].alike.append(node.id)
            } else {
                places[signature] = report.proxies.count
                report.proxies.append(.init(name: node.id, presence: .both, comparison: comparison))
            }
        }
        return report
    }
}

/// Sidecars whose outbound requests change in the same way are told once.
private struct ComparisonSignature: Hashable {
    private let type: ProxyNode.NodeType
    private let changes: [Change]

    private struct Change: Hashable {
        let request: SyntheticRequest
        let before, after: Outcome
    }

    init(_ node: ProxyNode, _ comparison: ProxyComparison) {
        type = node.type
        changes = comparison.changes.map { Change(request: $0.witness, before: $0.before, after: $0.after) }
    }
}

/// Writes witnesses as lines that reach a proxy.
private struct WitnessLines: Sendable {
    private let resolver: DestinationResolver?
    private let nodes: [String: ProxyNode]

    init(_ mesh: MeshSnapshot?, _ nodes: [ProxyNode]) {
        resolver = mesh.map { DestinationResolver($0, proxies: $0.proxies) }
        self.nodes = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
    }

    func line(_ request: SyntheticRequest, _ proxy: String) -> String {
        guard let node = nodes[proxy] else { return request.commandLine(entrance: nil) }
        let entrance = node.type == .gateway ? resolver?.entrance(of: node, port: request.port) : nil
        return request.commandLine(
            entrance: entrance, caller: node.pod ?? NamespacedName(namespace: node.namespace, name: node.name))
    }
}

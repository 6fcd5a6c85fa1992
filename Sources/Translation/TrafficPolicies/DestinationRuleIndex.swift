import Documents
import MeshModel

/// All DestinationRules, by who may see them and for which host (istiod: `destinationRuleIndex`).
struct DestinationRuleIndex: Sendable {
    private struct Pool: Sendable {
        var hosts = HostIndex<[EffectiveDestinationRule]>()
    }

    private let rootNamespace: String
    private let local: [String: Pool]
    private let exported: [String: Pool]
    private let rootLocal: Pool

    /// The rules have their short host names expanded already.
    init(_ rules: [DestinationRule], meshConfig: MeshConfig, enhancedMerge: Bool) {
        typealias Builder = [String: [DestinationRuleMerge]]
        rootNamespace = meshConfig.rootNamespace
        var local: [String: Builder] = [:]
        var exported: [String: Builder] = [:]
        var rootLocal: Builder = [:]
        func add(_ rule: DestinationRule, _ exportTo: Set<String>, _ builder: inout Builder) {
            DestinationRuleMerge.add(
                rule, exportTo: exportTo, to: &builder[rule.host, default: []], enhanced: enhancedMerge)
        }
        let defaults = Set(meshConfig.defaultDestinationRuleExportTo)
        let ordered = rules.stableSorted { left, right in
            let selects = (left.workloadSelector != nil, right.workloadSelector != nil)
            return selects.0 != selects.1 ? selects.0 : ObjectMeta.isOlder(left.meta, right.meta)
        }
        for rule in ordered {
            let namespace = rule.namespace
            var exportTo = Set(rule.exportTo)
            // One with a selector is about workloads of its own namespace only.
            if rule.workloadSelector != nil { exportTo = ["."] }
            let isPrivate =
                exportTo.isEmpty
                ? defaults.contains(".") : exportTo == ["."] || exportTo == [namespace]
            if exportTo.isEmpty || !exportTo.isDisjoint(with: ["*", ".", namespace]) {
                add(rule, exportTo, &local[namespace, default: [:]])
            }
            if !isPrivate {
                let resolved = Set(exportTo.map { $0 == "." ? namespace : $0 })
                add(rule, resolved, &exported[namespace, default: [:]])
            } else if namespace == rootNamespace {
                add(rule, exportTo, &rootLocal)
            }
        }
        func pool(_ builder: Builder) -> Pool {
            var pool = Pool()
            for (host, entries) in builder { pool.hosts[host] = entries.map(\.result) }
            return pool
        }
        self.local = local.mapValues(pool)
        self.exported = exported.mapValues(pool)
        self.rootLocal = pool(rootLocal)
    }

    /// The rules for a service as seen from a namespace (istiod: `PushContext.destinationRule`).
    func rules(for host: String, serviceNamespace: String, from namespace: String) -> [EffectiveDestinationRule] {
        if namespace != rootNamespace {
            if let found = local[namespace]?.hosts.mostSpecific(host) { return found.value }
        } else if let found = rootLocal.hosts.mostSpecific(host) {
            return found.value
        }
        for owner in [serviceNamespace, rootNamespace] {
            guard let found = exported[owner]?.hosts.mostSpecific(host) else { continue }
            let visible = found.value.filter { $0.isVisible(from: namespace) }
            if !visible.isEmpty { return visible }
        }
        return []
    }

    /// The one rule of these that counts for a proxy (istiod: `SidecarScope.DestinationRule`).
    static func choose(
        _ rules: [EffectiveDestinationRule], namespace: String, labels: [String: String]?
    ) -> EffectiveDestinationRule? {
        if let labels,
            let own = rules.first(where: {
                $0.rule.namespace == namespace && ($0.rule.workloadSelector?.isContained(in: labels) ?? false)
            })
        {
            return own
        }
        return rules.last { $0.rule.workloadSelector == nil }
    }
}

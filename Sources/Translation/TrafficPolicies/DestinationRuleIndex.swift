import Documents
import MeshModel

/// All DestinationRules, by who may see them and for which host (istiod: `destinationRuleIndex`).
final class DestinationRuleIndex: Sendable {
    private struct Pool: Sendable {
        var hosts = HostIndex<[EffectiveDestinationRule]>()
    }

    private let rootNamespace: String
    private let local: [String: Pool]
    private let exported: [String: Pool]
    private let rootLocal: Pool
    private let prepared: MemoizedMap<DestinationRule, PreparedDestinationRule>

    /// The index of rules in Istio's order, `previous` itself when they are the same. `domain` is that of short host names;
    /// `previous` was made with the same configuration.
    static func of(
        _ rules: [DestinationRule], meshConfig: MeshConfig, domain: String, enhancedMerge: Bool,
        previous: DestinationRuleIndex?
    ) -> DestinationRuleIndex {
        let defaults = Set(meshConfig.defaultDestinationRuleExportTo)
        var prepared = previous?.prepared ?? MemoizedMap()
        prepared.update(to: rules, key: \.namespacedName) {
            PreparedDestinationRule(
                $0, domain: domain, defaultExportTo: defaults, rootNamespace: meshConfig.rootNamespace)
        }
        if let previous, prepared.difference == .none { return previous }
        return DestinationRuleIndex(prepared, rootNamespace: meshConfig.rootNamespace, enhancedMerge: enhancedMerge)
    }

    private init(
        _ prepared: MemoizedMap<DestinationRule, PreparedDestinationRule>, rootNamespace: String, enhancedMerge: Bool
    ) {
        self.prepared = prepared
        self.rootNamespace = rootNamespace
        var groups = Groups(enhancedMerge: enhancedMerge)
        for rule in prepared.outputs where rule.rule.workloadSelector != nil { groups.add(rule) }
        for rule in prepared.outputs where rule.rule.workloadSelector == nil { groups.add(rule) }
        (local, exported, rootLocal) = groups.pools
    }

    /// Rules of one namespace and host, in the order in which they are merged.
    private struct Groups {
        struct Key: Hashable {
            let namespace: String
            let host: String
        }

        let enhancedMerge: Bool
        private var groups: [Key: [PreparedDestinationRule]] = [:]

        init(enhancedMerge: Bool) { self.enhancedMerge = enhancedMerge }

        mutating func add(_ rule: PreparedDestinationRule) {
            groups[Key(namespace: rule.rule.namespace, host: rule.rule.host), default: []].append(rule)
        }

        var pools: (local: [String: Pool], exported: [String: Pool], rootLocal: Pool) {
            var (local, exported, rootLocal) = ([String: Pool](), [String: Pool](), Pool())
            for (key, rules) in groups {
                if let found = effective(rules, \.local) {
                    local[key.namespace, default: Pool()].hosts[key.host] = found
                }
                if let found = effective(rules, \.exported) {
                    exported[key.namespace, default: Pool()].hosts[key.host] = found
                }
                if let found = effective(rules, \.rootLocal) { rootLocal.hosts[key.host] = found }
            }
            return (local, exported, rootLocal)
        }

        /// The rules of a group that are seen in one way, merged; `nil` where none is.
        private func effective(
            _ rules: [PreparedDestinationRule], _ part: KeyPath<PreparedDestinationRule, EffectiveDestinationRule?>
        ) -> [EffectiveDestinationRule]? {
            let seen = rules.compactMap { $0[keyPath: part] }
            if seen.count < 2 { return seen.isEmpty ? nil : seen }
            var entries: [DestinationRuleMerge] = []
            for rule in seen {
                DestinationRuleMerge.add(rule.rule, exportTo: rule.exportTo, to: &entries, enhanced: enhancedMerge)
            }
            return entries.map(\.result)
        }
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

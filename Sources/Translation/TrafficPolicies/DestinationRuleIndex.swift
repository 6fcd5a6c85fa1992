import Documents
import MeshModel

/// All DestinationRules, by who may see them and for which host (istiod: `destinationRuleIndex`).
final class DestinationRuleIndex: Sendable {
    private struct Pool: Sendable {
        var hosts = HostIndex<[EffectiveDestinationRule]>()
    }

    private let groups: Groups
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
        if let previous, prepared.isUnchanged { return previous }
        var groups = Groups(rootNamespace: meshConfig.rootNamespace, enhancedMerge: enhancedMerge)
        if let previous {
            let difference = ListDifference(previous.prepared.outputs, prepared.outputs)
            if !difference.isReordered {
                groups = previous.groups
                groups.change(Set((difference.gone + difference.come).map(Groups.Key.init)), to: prepared.outputs)
                return DestinationRuleIndex(prepared, groups)
            }
        }
        groups.fill(prepared.outputs)
        return DestinationRuleIndex(prepared, groups)
    }

    private init(_ prepared: MemoizedMap<DestinationRule, PreparedDestinationRule>, _ groups: Groups) {
        self.prepared = prepared
        self.groups = groups
    }

    /// The hosts whose rules differ from those of another state; `nil` when it may be any.
    func changedHosts(since previous: DestinationRuleIndex) -> Set<String>? {
        if previous === self { return [] }
        let difference = ListDifference(previous.prepared.outputs, prepared.outputs)
        let hosts = Set((difference.gone + difference.come).map(\.host))
        return difference.isReordered || hosts.contains { HostName.isWildcard($0) } ? nil : hosts
    }

    /// Rules of one namespace and host merged, for each way in which they are seen.
    private struct Groups: Sendable {
        struct Key: Hashable {
            let namespace: String
            let host: String

            init(_ rule: PreparedDestinationRule) {
                namespace = rule.namespace
                host = rule.host
            }
        }

        let rootNamespace: String
        let enhancedMerge: Bool
        private(set) var local: [String: Pool] = [:]
        private(set) var exported: [String: Pool] = [:]
        private(set) var rootLocal = Pool()

        init(rootNamespace: String, enhancedMerge: Bool) {
            self.rootNamespace = rootNamespace
            self.enhancedMerge = enhancedMerge
        }

        mutating func fill(_ rules: [PreparedDestinationRule]) {
            var groups: [Key: [PreparedDestinationRule]] = Dictionary(minimumCapacity: rules.count)
            for rule in rules { groups[Key(rule), default: []].append(rule) }
            for (key, rules) in groups { set(key, rules) }
        }

        /// Merges some groups anew.
        mutating func change(_ keys: Set<Key>, to rules: [PreparedDestinationRule]) {
            let hosts = Set(keys.map(\.host))
            var groups: [Key: [PreparedDestinationRule]] = [:]
            for rule in rules where hosts.contains(rule.host) { groups[Key(rule), default: []].append(rule) }
            for key in keys { set(key, groups[key] ?? []) }
        }

        private mutating func set(_ key: Key, _ rules: [PreparedDestinationRule]) {
            // Rules for some workloads come first.
            let ordered =
                rules.contains(where: \.selectsWorkloads)
                ? rules.filter(\.selectsWorkloads) + rules.filter { !$0.selectsWorkloads } : rules
            local[key.namespace, default: Pool()].hosts[key.host] = effective(ordered.compactMap(\.local))
            exported[key.namespace, default: Pool()].hosts[key.host] = effective(ordered.compactMap(\.exported))
            if key.namespace == rootNamespace {
                rootLocal.hosts[key.host] = effective(ordered.compactMap(\.rootLocal))
            }
        }

        private func effective(_ rules: [EffectiveDestinationRule]) -> [EffectiveDestinationRule]? {
            if rules.count < 2 { return rules.isEmpty ? nil : rules }
            var entries: [DestinationRuleMerge] = []
            for rule in rules {
                DestinationRuleMerge.add(rule.rule, exportTo: rule.exportTo, to: &entries, enhanced: enhancedMerge)
            }
            return entries.map(\.result)
        }
    }

    /// The rules for a service as seen from a namespace (istiod: `PushContext.destinationRule`).
    func rules(for host: String, serviceNamespace: String, from namespace: String) -> [EffectiveDestinationRule] {
        let rootNamespace = groups.rootNamespace
        if namespace != rootNamespace {
            if let found = groups.local[namespace]?.hosts.mostSpecific(host) { return found.value }
        } else if let found = groups.rootLocal.hosts.mostSpecific(host) {
            return found.value
        }
        for owner in [serviceNamespace, rootNamespace] {
            guard let found = groups.exported[owner]?.hosts.mostSpecific(host) else { continue }
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

import Documents
import MeshModel

/// A DestinationRule with its full host name, and what it is by itself to those who see it.
final class PreparedDestinationRule: Sendable {
    let rule: DestinationRule
    let host: String
    let namespace: String
    let selectsWorkloads: Bool
    /// In its own namespace.
    let local: EffectiveDestinationRule?
    /// In those that it is exported to.
    let exported: EffectiveDestinationRule?
    /// To proxies of the root namespace, when it is there and exported to nobody.
    let rootLocal: EffectiveDestinationRule?

    init(_ object: DestinationRule, domain: String, defaultExportTo: Set<String>, rootNamespace: String) {
        var rule = object
        rule.host = HostName.expanded(rule.host, namespace: rule.namespace, domain: domain)
        self.rule = rule
        let namespace = rule.namespace
        host = rule.host
        self.namespace = namespace
        selectsWorkloads = rule.workloadSelector != nil
        var exportTo = Set(rule.exportTo)
        // One with a selector is about workloads of its own namespace only.
        if rule.workloadSelector != nil { exportTo = ["."] }
        let isPrivate =
            exportTo.isEmpty ? defaultExportTo.contains(".") : exportTo == ["."] || exportTo == [namespace]
        let own = DestinationRuleMerge(rule, exportTo: exportTo).result
        local = exportTo.isEmpty || !exportTo.isDisjoint(with: ["*", ".", namespace]) ? own : nil
        rootLocal = isPrivate && namespace == rootNamespace ? own : nil
        let resolved = Set(exportTo.map { $0 == "." ? namespace : $0 })
        exported =
            isPrivate ? nil : resolved == exportTo ? own : DestinationRuleMerge(rule, exportTo: resolved).result
    }
}

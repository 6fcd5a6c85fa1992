import Documents
import MeshModel

/// DestinationRules of one host and visibility as one rule (istiod: `ConsolidatedDestRule`).
final class EffectiveDestinationRule: Sendable {
    let rule: DestinationRule
    let exportTo: Set<String>
    /// The objects it was merged from, oldest first.
    let sources: [SourceReference]
    /// The object that each subset came from, index by index.
    let subsetSources: [SourceReference]
    /// Whether any of its policies balances by a hash of the request.
    let hasConsistentHash: Bool
    /// The path of the object, as clusters name it.
    let configPath: JSON

    init(rule: DestinationRule, exportTo: Set<String>, sources: [SourceReference], subsetSources: [SourceReference]) {
        self.rule = rule
        self.exportTo = exportTo
        self.sources = sources
        self.subsetSources = subsetSources
        configPath = .string(ConfigPath.path(of: rule.meta, resource: "destination-rule"))
        hasConsistentHash = ([rule.trafficPolicy] + rule.subsets.map(\.trafficPolicy)).contains { policy in
            policy?.loadBalancer?.consistentHash != nil
                || policy?.portLevelSettings.contains { $0.loadBalancer?.consistentHash != nil } ?? false
        }
    }

    func isVisible(from namespace: String) -> Bool {
        exportTo.isEmpty || exportTo.contains("*") || exportTo.contains(namespace)
    }
}

/// One rule while others are merged into it.
struct DestinationRuleMerge {
    private var rule: DestinationRule
    private let exportTo: Set<String>
    private var sources: [SourceReference]
    private var subsetSources: [SourceReference]

    init(_ rule: DestinationRule, exportTo: Set<String>) {
        self.rule = rule
        self.exportTo = exportTo
        sources = [rule.sourceReference]
        subsetSources = rule.subsets.map { rule.sourceReference(at: $0.location) }
    }

    var result: EffectiveDestinationRule {
        EffectiveDestinationRule(rule: rule, exportTo: exportTo, sources: sources, subsetSources: subsetSources)
    }

    /// Adds a younger rule of the same host to the list, as istiod's `mergeDestinationRule` does: subsets of new names join
    /// every entry whose visibility allows it, the oldest policy stays.
    static func add(
        _ rule: DestinationRule, exportTo: Set<String>, to entries: inout [DestinationRuleMerge], enhanced: Bool
    ) {
        var isOwnEntry = true
        for index in entries.indices {
            let entry = entries[index]
            let bothSelect = rule.workloadSelector != nil && entry.rule.workloadSelector != nil
            let selectorsAgree = rule.workloadSelector == entry.rule.workloadSelector
            let visibilityFits =
                !enhanced || exportTo == entry.exportTo
                || (!entry.exportTo.isEmpty && exportTo.isSuperset(of: entry.exportTo))
            guard visibilityFits, !(bothSelect && !selectorsAgree) else {
                isOwnEntry = true
                continue
            }
            let noneSelects = rule.workloadSelector == nil && entry.rule.workloadSelector == nil
            isOwnEntry = !((enhanced && exportTo == entry.exportTo) || noneSelects || (bothSelect && selectorsAgree))
            if !enhanced { isOwnEntry = !(noneSelects || (bothSelect && selectorsAgree)) }
            entries[index].merge(rule)
        }
        if entries.isEmpty || isOwnEntry { entries.append(DestinationRuleMerge(rule, exportTo: exportTo)) }
    }

    private mutating func merge(_ other: DestinationRule) {
        if rule.isFromGatewayAPI, !other.isFromGatewayAPI {
            // A user's rule keeps the last word although it is younger.
            let policies = rule.trafficPolicy
            let old = self
            rule.trafficPolicy = other.trafficPolicy
            rule.isFromGatewayAPI = false
            rule.meta = other.meta
            sources = [other.sourceReference] + old.sources
            fill(policies)
        } else {
            sources.append(other.sourceReference)
            if other.isFromGatewayAPI {
                fill(other.trafficPolicy)
            } else if rule.trafficPolicy == nil {
                rule.trafficPolicy = other.trafficPolicy
            }
        }
        let known = Set(rule.subsets.map(\.name))
        for subset in other.subsets where !known.contains(subset.name) {
            rule.subsets.append(subset)
            subsetSources.append(other.sourceReference(at: subset.location))
        }
    }

    /// Takes over what is unset, block by block.
    private mutating func fill(_ policy: TrafficPolicy?) {
        guard let policy else { return }
        guard var own = rule.trafficPolicy else {
            rule.trafficPolicy = policy
            return
        }
        own.loadBalancer = own.loadBalancer ?? policy.loadBalancer
        own.connectionPool = own.connectionPool ?? policy.connectionPool
        own.outlierDetection = own.outlierDetection ?? policy.outlierDetection
        own.tls = own.tls ?? policy.tls
        own.proxyProtocol = own.proxyProtocol ?? policy.proxyProtocol
        own.retryBudget = own.retryBudget ?? policy.retryBudget
        for port in policy.portLevelSettings {
            if let index = own.portLevelSettings.firstIndex(where: { $0.port == port.port }) {
                own.portLevelSettings[index].tls = own.portLevelSettings[index].tls ?? port.tls
            } else {
                own.portLevelSettings.append(port)
            }
        }
        rule.trafficPolicy = own
    }
}

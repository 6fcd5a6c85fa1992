import Documents
import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

extension Clinic {
    private var reference: ClusterName? { context.hop?.clusterReference.flatMap(ClusterName.init) }

    /// 503 NC.
    var missingClusterCauses: [Diagnosis.Cause] {
        guard let reference else { return [] }
        let host = reference.host
        let service = context.service(named: host)
        let isKnown = context.serviceHosts.contains(host)
        let ports = context.ports(of: host)
        var causes: [Diagnosis.Cause] = []
        if !reference.subset.isEmpty { causes += subsetCauses(reference) }
        causes.append(
            Diagnosis.Cause(
                "the service does not exist", !isKnown,
                isKnown ? "\(host) is known" : "nothing is called \(host)\(nearName(host))",
                at: service?.sourceReference))
        causes.append(
            Diagnosis.Cause(
                "the port is not the Service's", isKnown && !ports.contains(reference.port),
                "port \(reference.port) was asked, \(host) has \(ports.isEmpty ? "none" : ports.map { "\($0)" }.listed)",
                at: service?.sourceReference))
        let exported = service?.meta.annotations["networking.istio.io/exportTo"]
        let isHidden =
            exported.map {
                !context.isVisible($0.split(separator: ",").map(String.init), from: service?.namespace ?? "")
            } ?? false
        causes.append(
            Diagnosis.Cause(
                "the Service is not exported to this proxy", isHidden,
                exported.map { "exportTo is \($0)" } ?? "it has no exportTo", at: service?.sourceReference))
        return causes
    }

    private func nearName(_ host: String) -> String {
        Near.names(host, among: context.serviceHosts.lazy.filter { Near.distance($0, host) != nil }, limit: 1).first
            .map { "; there is \($0)" } ?? ""
    }

    /// Which rules were looked at for the host, in the order of the look-up, and what became of each.
    private func subsetCauses(_ reference: ClusterName) -> [Diagnosis.Cause] {
        let rules = context.snapshot.destinationRules.filter {
            HostName.matches(context.expanded($0.host, namespace: $0.namespace), reference.host)
        }
        let service = context.service(named: reference.host)?.namespace ?? ""
        let order = [context.proxy.namespace, service, context.snapshot.meshConfig.rootNamespace]
        let searched = rules.filter { order.contains($0.namespace) }
        let outside = rules.filter {
            !order.contains($0.namespace) && $0.subsets.contains { $0.name == reference.subset }
        }
        let winner = order.lazy.compactMap { namespace in searched.first { $0.namespace == namespace } }.first
        let losing = searched.filter { rule in
            rule.namespace != winner?.namespace && rule.subsets.contains { $0.name == reference.subset }
        }
        let known = searched.flatMap { $0.subsets.map(\.name) }
        return [
            Diagnosis.Cause(
                "no DestinationRule defines the subset", !known.contains(reference.subset) && outside.isEmpty,
                known.isEmpty
                    ? "no rule for \(reference.host) is in \(Set(order).filter { !$0.isEmpty }.sorted().listed)"
                    : "subset \(reference.subset) is asked for; known: \(known.listed)",
                at: winner?.sourceReference),
            Diagnosis.Cause(
                "the DestinationRule is in a namespace that is not searched", !outside.isEmpty,
                outside.isEmpty
                    ? "searched: client \(order[0]), service \(order[1]), root \(order[2])"
                    : "\(outside.map { "\($0.namespacedName)" }.listed) is in none of client \(order[0]), service \(order[1]), root \(order[2])",
                at: outside.first?.sourceReference),
            Diagnosis.Cause(
                "a rule of the caller's namespace replaces the one with the subset", !losing.isEmpty && winner != nil,
                losing.isEmpty
                    ? "no other rule has it"
                    : "\(winner.map { "\($0.namespacedName)" } ?? "") wins over \(losing.map { "\($0.namespacedName)" }.listed)",
                at: losing.first?.sourceReference),
        ]
    }

    /// 503 UH.
    var emptyClusterCauses: [Diagnosis.Cause] {
        guard let reference else { return [] }
        guard let service = context.service(named: reference.host) else { return entryCauses(reference) }
        let pods = context.snapshot.pods(inNamespace: service.namespace, selectedBy: service.selector ?? [:])
        let ready = pods.filter { $0.isReady != false }
        let selector = (service.selector ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.listed
        var causes: [Diagnosis.Cause] = []
        if !reference.subset.isEmpty {
            let rule = context.destinationRules.first { $0.subsets.contains { $0.name == reference.subset } }
            let labels = rule?.subsets.first { $0.name == reference.subset }?.labels ?? [:]
            let fitting = pods.filter { pod in labels.allSatisfy { pod.meta.labels[$0.key] == $0.value } }
            causes.append(
                Diagnosis.Cause(
                    "the labels of the subset are on no Pod", fitting.isEmpty && !pods.isEmpty,
                    "\(labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.listed): \(fitting.count) of \(pods.count) Pods",
                    at: rule?.sourceReference))
        }
        causes.append(
            Diagnosis.Cause(
                "the selector of the Service finds no Pod", pods.isEmpty, "\(selector): \(pods.count) Pods",
                at: service.sourceReference))
        causes.append(
            Diagnosis.Cause(
                "no Pod is ready", !pods.isEmpty && ready.isEmpty, "\(ready.count) of \(pods.count) ready",
                at: service.sourceReference))
        let rules = context.destinationRules.filter {
            !($0.trafficPolicy?.loadBalancer?.localityLbSetting?.distribute.isEmpty ?? true)
        }
        causes.append(
            Diagnosis.Cause(
                "distribute leaves the locality of the endpoints out", !rules.isEmpty && !ready.isEmpty,
                rules.isEmpty
                    ? "no DestinationRule has distribute"
                    : "\(rules.map { "\($0.namespacedName)" }.listed) names some localities only",
                at: rules.first?.sourceReference))
        return causes
    }

    private func entryCauses(_ reference: ClusterName) -> [Diagnosis.Cause] {
        guard let entry = context.snapshot.serviceEntries.first(where: { $0.hosts.contains(reference.host) }) else {
            return []
        }
        return [
            Diagnosis.Cause(
                "the ServiceEntry has no endpoints", entry.endpoints.isEmpty && entry.resolution == .static,
                "resolution \(entry.resolution.rawValue), \(entry.endpoints.count) endpoints", at: entry.sourceReference
            ),
            Diagnosis.Cause(
                "its workloadSelector finds nothing", entry.workloadSelector != nil,
                entry.workloadSelector.map { "\($0.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.listed)" }
                    ?? "it has none",
                at: entry.sourceReference),
        ]
    }

    /// 200, past all rules, or refused for that.
    var passThroughCauses: [Diagnosis.Cause] {
        let service = context.hosts.lazy.compactMap { context.service(named: $0) }.first
        let sidecars = context.snapshot.sidecars.filter { sidecar in
            sidecar.namespace == context.proxy.namespace
                && (sidecar.workloadSelector ?? [:]).allSatisfy { context.proxy.labels[$0.key] == $0.value }
        }
        let listed = sidecars.flatMap { $0.egress.flatMap(\.hosts) }
        let isListed =
            listed.isEmpty
            || listed.contains { entry in
                let parts = entry.split(separator: "/", maxSplits: 1).map(String.init)
                let isNamespace =
                    parts[0] == "*" || parts[0] == service?.namespace
                    || parts[0] == "." && service?.namespace == context.proxy.namespace
                return isNamespace && (parts.count < 2 || context.covers(parts[1]))
            }
        let ports = service?.ports.map(\.port) ?? []
        return [
            Diagnosis.Cause(
                "a Sidecar hides the service from its caller", service != nil && !isListed,
                sidecars.isEmpty
                    ? "no Sidecar applies" : "\(sidecars.map { "\($0.namespacedName)" }.listed) lists \(listed.listed)",
                at: sidecars.first?.sourceReference),
            Diagnosis.Cause(
                "the service has no such port", service != nil && !ports.contains(context.port),
                service.map { "port \(context.port); \($0.namespacedName) has \(ports.map { "\($0)" }.listed)" }
                    ?? "no service",
                at: service?.sourceReference),
            Diagnosis.Cause(
                "nothing in the mesh has this host", service == nil && !context.serviceHosts.contains(context.host),
                service == nil
                    ? "\(context.host) is no Service and no ServiceEntry"
                    : "it is \(service.map { "\($0.namespacedName)" } ?? "")"),
        ]
    }
}

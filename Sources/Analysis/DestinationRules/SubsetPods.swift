import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `destinationrule.SubsetSelectPodAnalyzer`: a rule's host is a service, its subsets select endpoints of it.
    static let subsetPods = Analyzer(
        name: "destinationrule.SubsetSelectPodAnalyzer", codes: ["IST0173", "IST0174"]
    ) { context in
        let analyzer = "destinationrule.SubsetSelectPodAnalyzer"
        var findings: [Finding] = []
        for rule in context.snapshot.destinationRules where !rule.isFromGatewayAPI {
            let host = context.expanded(rule.host, in: rule.namespace)
            guard context.knows(host) else {
                let nearest = context.nearestHost(to: host).map { "the nearest name is \"\($0)\"" }
                findings.append(
                    Finding(
                        .warning, "IST0174", about: rule, analyzer: analyzer, at: rule.hostLocation, hint: nearest,
                        "The host \(rule.host) defined in the DestinationRule does not match any services in the mesh.")
                )
                continue
            }
            let subsets = rule.subsets.filter { !$0.labels.isEmpty }
            guard !subsets.isEmpty, let endpoints = context.endpoints(of: host) else { continue }
            for subset in subsets where !endpoints.contains(where: { $0.canHave(subset.labels) }) {
                findings.append(
                    Finding(
                        .error, "IST0173", about: rule, analyzer: analyzer, at: subset.location,
                        hint: hint(for: subset.labels, among: endpoints),
                        "The Subset \(subset.name) defined in the DestinationRule does not select any pods."
                            + " Which may lead to 503 UH (NoHealthyUpstream)."))
            }
        }
        return findings
    }

    /// The values that the endpoints have of a label that none of them has as it is wanted.
    private static func hint(for wanted: [String: String], among endpoints: [LabelledEndpoint]) -> String? {
        for (key, value) in wanted.sorted(by: { $0.key < $1.key })
        where !endpoints.contains(where: { $0.canHave([key: value]) }) {
            let values = Set(endpoints.compactMap { $0.labels[key] }).sorted()
            return values.isEmpty
                ? "no endpoint has the label \(key)" : "of \(key) there are \(values.joined(separator: ", "))"
        }
        return nil
    }
}

/// What a subset's labels are compared with: an endpoint's own labels and those that say where it is.
private struct LabelledEndpoint {
    var labels: [String: String]
    /// Labels that the endpoint may have, with a value that the files do not tell.
    var unknown: Set<String> = []

    /// Where Istio knows an endpoint to be; a part without a name gives no label.
    private static let localityKeys = [
        "topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone",
    ]
    /// Places that only a cluster knows.
    private static let clusterKeys: Set<String> = [
        "topology.istio.io/cluster", "topology.istio.io/network", "kubernetes.io/hostname",
    ]

    init(labels: [String: String], locality: String?) {
        self.labels = labels
        unknown = Self.clusterKeys
        guard let locality else {
            unknown.formUnion(Self.localityKeys)
            return
        }
        for (key, part) in zip(Self.localityKeys, locality.split(separator: "/", omittingEmptySubsequences: false))
        where !part.isEmpty {
            self.labels[key] = String(part)
        }
    }

    func canHave(_ wanted: [String: String]) -> Bool {
        wanted.allSatisfy { key, value in
            labels[key].map { $0 == value } ?? (unknown.contains(key) && !value.isEmpty)
        }
    }
}

extension AnalysisContext {
    /// The endpoints behind a host; `nil` where labels play no part, or nothing in the files says which endpoints there are.
    fileprivate func endpoints(of host: String) -> [LabelledEndpoint]? {
        if let service = service(host) {
            guard let selector = service.selector, !selector.isEmpty else { return nil }
            return selected(by: selector, in: service.namespace)
        }
        guard let entry = serviceEntry(host), entry.resolution != .none else { return nil }
        if let selector = entry.workloadSelector {
            return selector.isEmpty ? nil : selected(by: selector, in: entry.namespace)
        }
        // Without endpoints the host's own name is the one endpoint, and has no labels.
        if entry.endpoints.isEmpty { return [LabelledEndpoint(labels: [:], locality: "")] }
        return entry.endpoints.map { LabelledEndpoint(labels: $0.labels, locality: $0.locality) }
    }

    private func selected(by selector: [String: String], in namespace: String) -> [LabelledEndpoint] {
        let pods = snapshot.pods(inNamespace: namespace, selectedBy: selector).map { pod in
            let locality = snapshot.locality(of: pod)
            let isKnown = !locality.isEmpty || pod.spec.nodeName.flatMap { snapshot.node($0) } != nil
            return LabelledEndpoint(labels: pod.meta.labels, locality: isKnown ? locality : nil)
        }
        let entries = snapshot.workloadEntries(inNamespace: namespace)
            .filter { selector.isContained(in: $0.spec.labels) }
            .map { LabelledEndpoint(labels: $0.spec.labels, locality: $0.spec.locality) }
        return pods + entries
    }
}

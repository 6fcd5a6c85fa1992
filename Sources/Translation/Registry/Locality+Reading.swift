import Documents
import EnvoyModel

extension Locality {
    /// `region/zone/subzone`, each may be missing.
    init(path: some StringProtocol) {
        let parts = String(path).split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map {
            String($0)
        }
        self.init(
            region: parts.first ?? "", zone: parts.count > 1 ? parts[1] : "", subZone: parts.count > 2 ? parts[2] : "")
    }

    /// The locality in a workload's labels, where dots stand for slashes (istiod: `GetLocalityLabelOrDefault`).
    init?(labels: [String: String]) {
        guard let text = labels["topology.istio.io/locality"] ?? labels["istio-locality"], !text.isEmpty else {
            return nil
        }
        self.init(path: text.contains("/") ? text : text.replacing(".", with: "/"))
    }

    /// A Node's place.
    init(nodeLabels labels: [String: String]) {
        self.init(
            region: labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? "",
            zone: labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? "",
            subZone: labels["topology.istio.io/subzone"] ?? "")
    }

    var isEmpty: Bool { region.isEmpty && zone.isEmpty && subZone.isEmpty }

    /// `region/zone/subzone` without empty ends: by what localities are grouped and ordered.
    var path: String {
        if zone.isEmpty { return region }
        return subZone.isEmpty ? "\(region)/\(zone)" : "\(region)/\(zone)/\(subZone)"
    }
}

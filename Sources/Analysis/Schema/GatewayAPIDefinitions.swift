import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `k8sgateway.CRDVersionAnalyzer`: the definitions of Gateway API are ones that this Istio reads; of older ones it leaves all
    /// objects alone.
    static let gatewayAPIDefinitions = Analyzer(
        name: "k8sgateway.CRDVersionAnalyzer", codes: ["IST0176"]
    ) { context in
        context.resources("CustomResourceDefinition", group: "apiextensions.k8s.io").compactMap { definition in
            let name = definition.meta.name
            let key = "gateway.networking.k8s.io/bundle-version"
            guard let least = oldest[name], let written = definition.meta.annotations[key],
                let version = numbers(of: written), version.lexicographicallyPrecedes(least)
            else { return nil }
            let wanted = least.map(String.init).joined(separator: ".")
            return Finding(
                .warning, "IST0176", about: definition, analyzer: "k8sgateway.CRDVersionAnalyzer",
                at: definition.node.at("metadata", "annotations", key)?.location,
                hint: "apply the definitions of Gateway API \(wanted) or newer",
                "Gateway API CRD \(name) has version \(written), below the minimum \(wanted): its objects are ignored")
        }
    }

    private static let oldest = [
        "grpcroutes.gateway.networking.k8s.io": [1, 1, 0],
        "backendtlspolicies.gateway.networking.k8s.io": [1, 4, 0],
        "tlsroutes.gateway.networking.k8s.io": [1, 5, 0],
    ]

    /// `v1.2.3`, a pre-release for the release that it leads to; `nil` for what is no version.
    private static func numbers(of text: String) -> [Int]? {
        let bare = (text.hasPrefix("v") ? text.dropFirst() : text[...]).prefix { $0 != "-" && $0 != "+" }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, !parts.contains(nil) else { return nil }
        return parts.compactMap { $0 }
    }
}

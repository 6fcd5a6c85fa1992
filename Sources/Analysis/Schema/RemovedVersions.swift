import Documents
import MeshModel

extension Analyzer {
    /// MT0201: an API version that no supported Kubernetes, Gateway API or Istio serves any more: the object never gets into a cluster.
    static let removedVersions = Analyzer(name: "meshtop.RemovedVersions", codes: ["MT0201"]) { context in
        context.snapshot.resources.compactMap { resource in
            guard let removal = removals.first(where: { $0.concerns(resource) }) else { return nil }
            return Finding(
                .error, "MT0201", about: resource, analyzer: nil,
                at: resource.node["apiVersion"]?.location ?? resource.meta.location,
                hint: removal.instead.map { "use \($0)" },
                "\(resource.kindName) of \(resource.apiVersion) was removed in \(removal.removedIn)")
        }
    }

    private struct Removal {
        let apiVersion: String
        /// Empty: all kinds of the version.
        let kinds: Set<String>
        let removedIn: String
        let instead: String?

        init(_ apiVersion: String, _ kinds: String, _ removedIn: String, use instead: String?) {
            self.apiVersion = apiVersion
            self.kinds = Set(kinds.split(separator: " ").map(String.init))
            self.removedIn = removedIn
            self.instead = instead
        }

        func concerns(_ resource: Resource) -> Bool {
            resource.apiVersion == apiVersion && (kinds.isEmpty || kinds.contains(resource.kindName))
        }
    }

    /// Kubernetes' deprecated API migration guide; Gateway API's and Istio's release notes.
    private static let removals: [Removal] = [
        Removal("extensions/v1beta1", "Ingress", "Kubernetes 1.22", use: "networking.k8s.io/v1"),
        Removal("extensions/v1beta1", "Deployment DaemonSet ReplicaSet", "Kubernetes 1.16", use: "apps/v1"),
        Removal("extensions/v1beta1", "NetworkPolicy", "Kubernetes 1.16", use: "networking.k8s.io/v1"),
        Removal("apps/v1beta1", "", "Kubernetes 1.16", use: "apps/v1"),
        Removal("apps/v1beta2", "", "Kubernetes 1.16", use: "apps/v1"),
        Removal("networking.k8s.io/v1beta1", "Ingress IngressClass", "Kubernetes 1.22", use: "networking.k8s.io/v1"),
        Removal("apiextensions.k8s.io/v1beta1", "", "Kubernetes 1.22", use: "apiextensions.k8s.io/v1"),
        Removal("admissionregistration.k8s.io/v1beta1", "", "Kubernetes 1.22", use: "admissionregistration.k8s.io/v1"),
        Removal("rbac.authorization.k8s.io/v1beta1", "", "Kubernetes 1.22", use: "rbac.authorization.k8s.io/v1"),
        Removal("policy/v1beta1", "PodDisruptionBudget", "Kubernetes 1.25", use: "policy/v1"),
        Removal("policy/v1beta1", "PodSecurityPolicy", "Kubernetes 1.25", use: nil),
        Removal("batch/v1beta1", "", "Kubernetes 1.25", use: "batch/v1"),
        Removal("discovery.k8s.io/v1beta1", "", "Kubernetes 1.25", use: "discovery.k8s.io/v1"),
        Removal("autoscaling/v2beta1", "", "Kubernetes 1.25", use: "autoscaling/v2"),
        Removal("autoscaling/v2beta2", "", "Kubernetes 1.26", use: "autoscaling/v2"),
        Removal("networking.x-k8s.io/v1alpha1", "", "Gateway API 0.5", use: "gateway.networking.k8s.io/v1"),
        Removal(
            "gateway.networking.k8s.io/v1alpha2", "GatewayClass Gateway HTTPRoute", "Gateway API 1.0",
            use: "gateway.networking.k8s.io/v1"),
        Removal(
            "gateway.networking.k8s.io/v1alpha2", "GRPCRoute", "Gateway API 1.2", use: "gateway.networking.k8s.io/v1"),
        Removal(
            "gateway.networking.k8s.io/v1alpha2", "ReferenceGrant", "Gateway API 1.2",
            use: "gateway.networking.k8s.io/v1beta1"),
        Removal("authentication.istio.io/v1alpha1", "", "Istio 1.6", use: "security.istio.io/v1, PeerAuthentication"),
        Removal("rbac.istio.io/v1alpha1", "", "Istio 1.6", use: "security.istio.io/v1, AuthorizationPolicy"),
        Removal("config.istio.io/v1alpha2", "", "Istio 1.8", use: nil),
    ]
}

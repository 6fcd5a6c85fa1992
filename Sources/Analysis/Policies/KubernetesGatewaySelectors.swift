import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `k8sgateway.SelectorAnalyzer`: policies for a Gateway API Gateway name it, not its Pods.
    static let kubernetesGatewaySelectors = Analyzer(
        name: "k8sgateway.SelectorAnalyzer", codes: ["IST0166"]
    ) { context in
        let kinds = [
            ("RequestAuthentication", "security.istio.io"), ("AuthorizationPolicy", "security.istio.io"),
            ("Telemetry", "telemetry.istio.io"), ("WasmPlugin", "extensions.istio.io"),
        ]
        let label = "gateway.networking.k8s.io/gateway-name"
        return kinds.flatMap { context.resources($0.0, group: $0.1) }.compactMap { policy in
            guard let selector = policy.node.at("spec", "selector", "matchLabels"), let labels = selector.stringMap,
                !labels.isEmpty, policy.node.at("spec", "targetRef") == nil,
                policy.node.at("spec", "targetRefs") == nil
            else { return nil }
            let pods = context.snapshot.pods(inNamespace: policy.meta.namespace, selectedBy: labels)
            guard pods.contains(where: { $0.meta.labels[label] != nil }) else { return nil }
            return Finding(
                .warning, "IST0166", about: policy, analyzer: "k8sgateway.SelectorAnalyzer", at: selector.location,
                hint: "name the Gateway in targetRefs",
                "Ineffective selector on Kubernetes Gateway \(labels[label] ?? ""). Use the TargetRef field instead.")
        }
    }
}

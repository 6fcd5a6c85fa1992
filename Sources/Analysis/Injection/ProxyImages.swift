import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `injection.ImageAnalyzer`: Pods run the proxy image that injection would give them now.
    static let proxyImages = Analyzer(name: "injection.ImageAnalyzer", codes: ["IST0158"]) { context in
        var findings: [Finding] = []
        for namespace in context.snapshot.namespaces where context.injects(into: namespace.name) {
            guard namespace.meta.location != nil, !context.isSystemNamespace(namespace.name) else { continue }
            let revision = namespace.meta.labels["istio.io/rev"] ?? "default"
            guard let wanted = image(in: context, revision: revision) else { continue }
            let stale = context.snapshot.pods(inNamespace: namespace.name).filter { pod in
                guard !pod.isStandIn, pod.meta.annotations["sidecar.istio.io/proxyImage"] == nil else { return false }
                return (pod.spec.containers + pod.spec.initContainers)
                    .contains { $0.name == "istio-proxy" && $0.image != wanted }
            }
            guard !stale.isEmpty else { continue }
            findings.append(
                Finding(
                    .warning, "IST0158", about: namespace, analyzer: "injection.ImageAnalyzer",
                    hint: "restart them: injection gives \(wanted) now",
                    "The Istio proxy images of the pods running in the namespace do not match the image defined in the"
                        + " injection configuration (pod names: \(stale.map(\.name).joined(separator: " ")))."))
        }
        return findings
    }

    private static func image(in context: AnalysisContext, revision: String) -> String? {
        guard let global = context.injectorValues(revision: revision)?.at("global"),
            let name = global.at("proxy", "image")?.text
        else { return nil }
        if name.contains("/") { return name }
        guard let hub = global.at("hub")?.text, let tag = global.at("tag")?.text else { return nil }
        let settings = context.snapshot.meshConfig.raw.object?["defaultConfig"]?.object?["image"]?.object
        let type = settings?["imageType"]?.string ?? ""
        let suffix = type.isEmpty || type == "default" ? "" : "-\(type)"
        return "\(hub)/\(name):\(tag)\(suffix)"
    }
}

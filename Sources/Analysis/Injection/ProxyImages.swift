import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `injection.ImageAnalyzer`: Pods run the proxy image that injection would give them now.
    static let proxyImages = Analyzer(name: "injection.ImageAnalyzer", codes: ["IST0158"]) { context in
        var findings: [Finding] = []
        for namespace in context.snapshot.namespaces where context.injects(into: namespace.name) {
            guard namespace.meta.location != nil, !context.isSystemNamespace(namespace.name) else { continue }
            let revision = namespace.meta.labels["istio.io/rev"] ?? "default"
            guard let global = context.injectorValues(revision: revision)?.at("global") else { continue }
            let stale = context.snapshot.pods(inNamespace: namespace.name).filter { pod in
                guard !pod.isStandIn, pod.meta.annotations["sidecar.istio.io/proxyImage"] == nil,
                    let wanted = images(of: global, type: imageType(for: pod, in: context))
                else { return false }
                return (pod.spec.containers + pod.spec.initContainers)
                    .contains { $0.name == "istio-proxy" && !wanted.contains($0.image) }
            }
            guard !stale.isEmpty else { continue }
            findings.append(
                Finding(
                    .warning, "IST0158", about: namespace, analyzer: "injection.ImageAnalyzer",
                    hint: "restart them: injection gives another image now",
                    "The Istio proxy images of the pods running in the namespace do not match the image defined in the"
                        + " injection configuration (pod names: \(stale.map(\.name).joined(separator: " ")))."))
        }
        return findings
    }

    /// The image of the injector's values, and the same release in the variant that the Pod is to have: what counts is the release.
    private static func images(of global: Node, type: String) -> [String]? {
        guard let name = global.at("proxy", "image")?.text else { return nil }
        let plain: String
        if name.contains("/") {
            plain = name
        } else {
            guard let hub = global.at("hub")?.text, let tag = global.at("tag")?.text else { return nil }
            plain = "\(hub)/\(name):\(tag)"
        }
        return type.isEmpty || type == "default" ? [plain] : [plain, "\(plain)-\(type)"]
    }

    /// The Pod's own word, then a ProxyConfig that selects it, its namespace's, the mesh's, and the mesh configuration.
    private static func imageType(for pod: Pod, in context: AnalysisContext) -> String {
        if let own = pod.meta.annotations["proxy.istio.io/config"],
            let type = DocumentReader.read(own, file: pod.name).documents.first?.root.at("image", "imageType")?.text
        {
            return type
        }
        let root = context.snapshot.meshConfig.rootNamespace
        var ranked: [(rank: Int, type: String)] = []
        for config in context.resources("ProxyConfig", group: "networking.istio.io") {
            guard let type = config.node.at("spec", "image", "imageType")?.text else { continue }
            let labels = config.node.at("spec", "selector", "matchLabels")?.stringMap ?? [:]
            if config.meta.namespace == pod.namespace, labels.isContained(in: pod.meta.labels) {
                ranked.append((labels.isEmpty ? 1 : 0, type))
            } else if config.meta.namespace == root, labels.isEmpty {
                ranked.append((2, type))
            }
        }
        if let best = ranked.min(by: { $0.rank < $1.rank }) { return best.type }
        let settings = context.snapshot.meshConfig.raw.object?["defaultConfig"]?.object?["image"]?.object
        return settings?["imageType"]?.string ?? ""
    }
}

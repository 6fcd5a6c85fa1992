import Documents
import MeshModel

extension AnalysisContext {
    /// The injector's values (`global`, `sidecarInjectorWebhook`), read of its ConfigMap for a revision.
    func injectorValues(revision: String = "default") -> Node? {
        let name = "istio-sidecar-injector" + (revision == "default" ? "" : "-\(revision)")
        guard let map = snapshot.configMap(name, namespace: snapshot.meshConfig.rootNamespace),
            let text = map.data["values"]
        else { return nil }
        return DocumentReader.read(text, file: map.meta.location?.file ?? name).documents.first?.root
    }

    var injectsByDefault: Bool {
        injectorValues()?.at("sidecarInjectorWebhook", "enableNamespacesByDefault")?.bool ?? false
    }

    /// Whether a namespace's labels ask for sidecars.
    func injects(into namespace: String) -> Bool {
        guard let labels = snapshot.namespace(namespace)?.meta.labels else { return false }
        if let wish = labels["istio-injection"] { return wish == "enabled" }
        return labels["istio.io/rev"] != nil
    }

    func isSystemNamespace(_ name: String) -> Bool {
        name == snapshot.meshConfig.rootNamespace || name.hasPrefix("kube-") || name == "local-path-storage"
    }
}

extension Analyzer {
    /// istioctl's `injection.Analyzer`: namespaces say how their Pods join the mesh, and Pods have their sidecar.
    static let namespaceInjection = Analyzer(
        name: "injection.Analyzer", codes: ["IST0102", "IST0103", "IST0123", "IST0148"]
    ) { context in
        let analyzer = "injection.Analyzer"
        let byDefault = context.injectsByDefault
        var enabled: Set<String> = []
        var findings: [Finding] = []
        for namespace in context.snapshot.namespaces where namespace.meta.location != nil {
            guard !context.isSystemNamespace(namespace.name) else { continue }
            let labels = namespace.meta.labels
            let wish = labels["istio-injection"]
            guard wish != "disabled" else { continue }
            let isAmbient = labels["istio.io/dataplane-mode"] == "ambient"
            let ways = [wish != nil, labels["istio.io/rev"] != nil, isAmbient].filter { $0 }.count
            if ways > 1 {
                findings.append(
                    Finding(
                        .warning, "IST0123", about: namespace, analyzer: analyzer,
                        hint: "keep one of istio-injection, istio.io/rev, istio.io/dataplane-mode",
                        "The namespace has more than one label that decides about injection."))
            }
            if wish != nil || labels["istio.io/rev"] != nil || (byDefault && ways == 0) {
                enabled.insert(namespace.name)
            }
            guard ways == 0 else { continue }
            findings.append(
                byDefault
                    ? Finding(
                        .info, "IST0148", about: namespace, analyzer: analyzer,
                        "is enabled for Istio injection, as Istio is configured to enable injection by default.")
                    : Finding(
                        .info, "IST0102", about: namespace, analyzer: analyzer,
                        hint: "kubectl label namespace \(namespace.name) istio-injection=enabled, or =disabled",
                        "The namespace is not enabled for Istio injection."))
        }
        for pod in context.snapshot.pods where !pod.isStandIn && enabled.contains(pod.namespace) {
            let key = "sidecar.istio.io/inject"
            guard !pod.spec.hostNetwork, (pod.meta.labels[key] ?? pod.meta.annotations[key]) != "false",
                !(pod.spec.containers + pod.spec.initContainers).contains(where: { $0.name == "istio-proxy" })
            else { continue }
            findings.append(
                Finding(
                    .warning, "IST0103", about: pod, analyzer: analyzer,
                    hint: "delete the Pod, so that it is made again with a sidecar",
                    "The pod \(pod.name) is missing the Istio proxy."))
        }
        return findings
    }
}

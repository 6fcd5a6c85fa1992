import Documents
import MeshModel

extension TutorialPlayer {
    /// Installs into a cluster; `nil` is the only one. The first that a page names takes the place of what was there unasked.
    mutating func install(_ installation: IstioInstallation, into cluster: String? = nil) {
        if let cluster, !state.cluster.objects.contains(where: { $0.resource.meta.cluster == cluster }) {
            let unasked = [EmptyCluster.file, state.installation.file]
            for resource in state.cluster.resources(where: { resource in
                resource.meta.cluster == ManifestFile.defaultCluster
                    && unasked.contains(resource.meta.location?.file ?? "")
            }) {
                state.cluster.remove(resource)
            }
            _ = state.cluster.apply(EmptyCluster.manifest, file: EmptyCluster.file, cluster: cluster)
        }
        // What an installation before has made and this one does not is pruned.
        let kept = Set(
            ManifestText(installation.manifest, file: installation.file, line: 1).read().resources.map(\.identity))
        let pruned = state.cluster.resources { resource in
            resource.meta.location?.file.hasPrefix("istioctl install") == true && !kept.contains(resource.identity)
                && resource.meta.cluster == cluster ?? ManifestFile.defaultCluster
        }
        for resource in pruned { state.cluster.remove(resource) }
        _ = state.cluster.apply(installation.manifest, file: installation.file, cluster: cluster)
        state.installation = installation
        state.isChecked = false
    }

    mutating func istioctl(_ words: [String], _ location: SourceLocation) -> Prediction {
        var words = words[...]
        guard let verb = words.popFirst() else { return .refused("istioctl without a verb") }
        switch verb {
        case "install", "upgrade": return install(words)
        case "manifest" where words.first == "apply": return install(words.dropFirst())
        case "proxy-config", "pc":
            applyPending(for: "istioctl")
            check()
            return oracle.proxyConfig(Array(words), in: state.cluster.snapshot.mesh)
        case "analyze":
            applyPending(for: "istioctl")
            check()
            return analysis()
        case "kube-inject", "version", "verify-install", "dashboard", "operator", "profile", "tag", "remote-clusters",
            "x",
            "experimental", "proxy-status", "ps", "precheck", "create-remote-secret", "uninstall", "validate":
            return .refused("istioctl \(verb) needs a running cluster")
        default: return .refused("istioctl \(verb) is not known to play")
        }
    }

    private mutating func install(_ words: ArraySlice<String>) -> Prediction {
        // Each installation says all it wants: what is not set is as the profile has it.
        var installation = IstioInstallation(isIstio1_9: settings.isIstio1_9)
        var rest = words
        var notes: [Diagnostic] = []
        var context = state.context
        while let word = rest.popFirst() {
            switch word {
            case "--set", "-s":
                if let text = rest.popFirst() { installation.set(text) }
            case "-f", "--filename":
                guard let path = rest.popFirst() else { break }
                for text in files.texts(of: path) ?? [] {
                    for document in DocumentReader.read(text.text, file: text.file).documents {
                        installation.read(document.root)
                    }
                }
            case let text where text.hasPrefix("--set="): installation.set(String(text.dropFirst(6)))
            case "--context": context = rest.popFirst()
            case let text where text.hasPrefix("--context="): context = String(text.dropFirst(10))
            default: break
            }
        }
        for text in installation.ignored {
            notes.append(
                Diagnostic(.info, "--set \(text) has no part in what is computed here", at: steps.last?.location))
        }
        install(installation, into: context?.isEmpty == true ? nil : context)
        var prediction = Prediction(lines: installation.output)
        prediction.notes = notes
        prediction.effects = [
            "profile \(installation.profile): "
                + (installation.hasIngressGateway
                    ? "istio-ingressgateway is a Service of type \(installation.serviceType)" : "no ingress gateway")
        ]
        return prediction
    }

    /// `istioctl analyze`: the findings, as istioctl writes them.
    private func analysis() -> Prediction {
        let found = oracle.findings(in: state.cluster.snapshot.mesh).filter { $0.code?.hasPrefix("IST") == true }
        guard !found.isEmpty else {
            return Prediction(lines: ["✔ No validation issues found when analyzing namespace: \(state.namespace)."])
        }
        return Prediction(
            lines: found.map { finding in
                let level =
                    switch finding.severity {
                    case .error: "Error"
                    case .warning: "Warning"
                    case .info: "Info"
                    }
                return "\(level) [\(finding.code ?? "")] \(finding.message)"
            })
    }
}

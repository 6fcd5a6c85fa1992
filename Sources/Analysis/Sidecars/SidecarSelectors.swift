import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `sidecar.SelectorAnalyzer`: Sidecars select Pods that have sidecars, and no two the same one.
    static let sidecarSelectors = Analyzer(
        name: "sidecar.SelectorAnalyzer", codes: ["IST0101", "IST0110", "IST0111", "IST0167"]
    ) { context in
        let analyzer = "sidecar.SelectorAnalyzer"
        let sidecars = context.snapshot.sidecars
        var findings: [Finding] = []
        func report(_ severity: Diagnostic.Severity, _ code: String, _ sidecar: Sidecar, _ message: String) {
            findings.append(Finding(severity, code, about: sidecar, analyzer: analyzer, message))
        }
        for (position, problem) in selectionFindings(
            sidecars.map { ($0.namespacedName, $0.workloadSelector) }, in: context)
        {
            let sidecar = sidecars[position]
            switch problem {
            case .nothing(let labels):
                report(.error, "IST0101", sidecar, "Referenced selector not found: \"\(words(labels))\"")
            case .shared(let others, let pod):
                report(
                    .error, "IST0110", sidecar,
                    "The Sidecars [\(others)] in namespace \"\(sidecar.namespace)\" select the same workload pod"
                        + " \"\(pod)\", which can lead to undefined behavior.")
            }
        }
        let unselective = sidecars.filter { ($0.workloadSelector ?? [:]).isEmpty }
        for (namespace, same) in Dictionary(grouping: unselective, by: \.namespace) where same.count > 1 {
            for sidecar in same {
                report(
                    .error, "IST0111", sidecar,
                    "The Sidecars [\(same.map(\.name).joined(separator: " "))] in namespace \"\(namespace)\" have no"
                        + " workload selector, which can lead to undefined behavior.")
            }
        }
        for sidecar in sidecars where isAmbient(sidecar, in: context) {
            report(
                .warning, "IST0167", sidecar,
                "The Sidecar has no impact: it is for workloads with sidecars, and these are in ambient mode.")
        }
        return findings
    }

    private static func isAmbient(_ sidecar: Sidecar, in context: AnalysisContext) -> Bool {
        if let labels = sidecar.workloadSelector, !labels.isEmpty {
            return context.snapshot.pods(inNamespace: sidecar.namespace, selectedBy: labels)
                .contains { $0.meta.annotations["ambient.istio.io/redirection"] == "enabled" }
        }
        guard let labels = context.snapshot.namespace(sidecar.namespace)?.meta.labels else { return false }
        return labels["istio.io/dataplane-mode"] == "ambient" && labels["istio-injection"] == nil
            && labels["istio.io/rev"] == nil
    }
}

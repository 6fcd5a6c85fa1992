import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `telemetry.SelectorAnalyzer`: Telemetries select Pods, and no two the same one.
    static let telemetrySelectors = Analyzer(
        name: "telemetry.SelectorAnalyzer", codes: ["IST0101", "IST0159"]
    ) { context in
        let analyzer = "telemetry.SelectorAnalyzer"
        let telemetries = context.resources("Telemetry", group: "telemetry.istio.io")
        return selectionFindings(
            telemetries.map { ($0.meta.namespacedName, $0.node.at("spec", "selector", "matchLabels")?.stringMap) },
            in: context
        ).map { position, problem in
            let telemetry = telemetries[position]
            let place = telemetry.node.at("spec", "selector")?.location
            switch problem {
            case .nothing(let labels):
                return Finding(
                    .error, "IST0101", about: telemetry, analyzer: analyzer, at: place,
                    "Referenced selector not found: \"\(words(labels))\"")
            case .shared(let others, let pods):
                return Finding(
                    .error, "IST0159", about: telemetry, analyzer: analyzer, at: place,
                    "The Telemetries [\(others)] in namespace \"\(telemetry.meta.namespace)\" select the same workload"
                        + " pod \"\(pods)\", which can lead to undefined behavior.")
            }
        }
    }

    /// istioctl's `telemetry.DefaultSelectorAnalyzer`: a namespace has one Telemetry without a selector.
    static let telemetryDefaults = Analyzer(
        name: "telemetry.DefaultSelectorAnalyzer", codes: ["IST0160"]
    ) { context in
        let all = context.resources("Telemetry", group: "telemetry.istio.io").filter { telemetry in
            let spec = telemetry.node.at("spec")
            return spec?.at("selector") == nil && spec?.at("targetRef") == nil && spec?.at("targetRefs") == nil
        }
        return Dictionary(grouping: all, by: \.meta.namespace).filter { $0.value.count > 1 }.flatMap {
            namespace, same in
            same.map { telemetry in
                Finding(
                    .error, "IST0160", about: telemetry, analyzer: "telemetry.DefaultSelectorAnalyzer",
                    "The Telemetries [\(same.map(\.meta.name).joined(separator: " "))] in namespace \"\(namespace)\" have"
                        + " no workload selector, which can lead to undefined behavior.")
            }
        }
    }

    /// istioctl's `telemetry.ProviderAnalyzer`: access logging names a provider, or the mesh has a default one.
    static let telemetryProviders = Analyzer(name: "telemetry.ProviderAnalyzer", codes: ["IST0157"]) { context in
        let defaults = context.snapshot.meshConfig.raw.object?["defaultProviders"]?.object?["accessLogging"]?.array
        guard (defaults ?? []).isEmpty else { return [] }
        return context.resources("Telemetry", group: "telemetry.istio.io").compactMap { telemetry in
            let sections = telemetry.node.at("spec", "accessLogging")?.list ?? []
            guard let bare = sections.first(where: { ($0.at("providers")?.list ?? []).isEmpty }) else { return nil }
            return Finding(
                .warning, "IST0157", about: telemetry, analyzer: "telemetry.ProviderAnalyzer", at: bare.location,
                "The Telemetry \(telemetry.meta.name) in namespace \"\(telemetry.meta.namespace)\" with empty providers"
                    + " will be ignored.")
        }
    }

    /// istioctl's `telemetry.LightstepAnalyzer`: tracing goes to a provider that will stay.
    static let lightstep = Analyzer(name: "telemetry.LightstepAnalyzer", codes: ["IST0002"]) { context in
        let providers = context.snapshot.meshConfig.raw.object?["extensionProviders"]?.array ?? []
        let names = Set(
            providers.compactMap { provider -> String? in
                provider.object?["lightstep"] == nil ? nil : provider.object?["name"]?.string
            })
        guard !names.isEmpty else { return [] }
        return context.resources("Telemetry", group: "telemetry.istio.io").compactMap { telemetry in
            let used = (telemetry.node.at("spec", "tracing")?.list ?? []).flatMap { $0.at("providers")?.list ?? [] }
                .first { names.contains($0.at("name")?.text ?? "") }
            return used.map {
                Finding(
                    .warning, "IST0002", about: telemetry, analyzer: "telemetry.LightstepAnalyzer", at: $0.location,
                    hint: "send traces to Lightstep with an OpenTelemetry provider",
                    "Deprecated: The Lightstep provider is deprecated")
            }
        }
    }

    /// What is wrong with a workload selector.
    enum SelectionProblem {
        case nothing([String: String])
        case shared(others: String, pods: String)
    }

    /// Selectors that take no Pod, and Pods that several take; positions are those of the list.
    static func selectionFindings(
        _ selectors: [(name: NamespacedName, labels: [String: String]?)], in context: AnalysisContext
    ) -> [(Int, SelectionProblem)] {
        var problems: [(Int, SelectionProblem)] = []
        var takers: [NamespacedName: [Int]] = [:]
        var taken: [Int: [NamespacedName]] = [:]
        for (position, selector) in selectors.enumerated() {
            guard let labels = selector.labels, !labels.isEmpty else { continue }
            let pods = context.snapshot.pods(inNamespace: selector.name.namespace, selectedBy: labels)
            if pods.isEmpty { problems.append((position, .nothing(labels))) }
            taken[position] = pods.map(\.namespacedName)
            for pod in pods { takers[pod.namespacedName, default: []].append(position) }
        }
        for (position, pods) in taken.sorted(by: { $0.key < $1.key }) {
            let shared = pods.filter { (takers[$0]?.count ?? 0) > 1 }
            guard let first = shared.first, let all = takers[first] else { continue }
            problems.append(
                (
                    position,
                    .shared(
                        others: all.map { selectors[$0].name.name }.joined(separator: " "),
                        pods: first.name)
                ))
        }
        return problems
    }
}

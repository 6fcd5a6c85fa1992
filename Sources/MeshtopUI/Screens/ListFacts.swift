import Documents
import EnvoyModel
import TerminalUI

/// What is said about the row under the cursor.
extension AppModel {
    /// The manifest behind it, and the words; `nil` where no row is selected.
    var selectedDetail: (source: SourceReference?, lines: [TextLine])? {
        switch screen {
        case .listeners: listeners.selected.map { ($0.source, facts(of: $0)) }
        case .routes: routes.selected.map { ($0.source, facts(of: $0)) }
        case .clusters: clusters.selected.map { ($0.source, facts(of: $0)) }
        case .endpoints:
            endpoints.selected.map { item in
                (view.snapshot.clusters.first { $0.name == item.cluster }?.sources.first, facts(of: item))
            }
        case .problems:
            findings.selected.map { item in
                let source = item.location.map { SourceReference(kind: "", namespace: "", name: "", location: $0) }
                return (source, facts(of: item))
            }
        case .overview, .lb, .simulator, .path, .tap, .store: nil
        }
    }

    /// What to do where there is nothing to say anything about.
    var emptyLines: [TextLine] {
        if filters[screen]?.isEmpty == false {
            return [[Span("esc", .key), Span(" shows everything again", .textDim)]]
        }
        if isNarrowedTo != nil {
            return [[Span("nothing is left of it here; ", .textDim), Span("esc", .key), Span(" goes back", .textDim)]]
        }
        switch screen {
        case .problems where view.isAnalysing: return []
        case .problems where !hasManifests:
            return [
                TextLine("An Envoy's own configuration: problems are looked for in manifests.", .textDim),
                TextLine("meshtop FOLDER opens some.", .textDim),
            ]
        case .problems:
            return [
                TextLine("Nothing to put right in these manifests.", .ok),
                [
                    Span("7", .key), Span(" asks where a request goes, ", .textDim), Span("W", .key),
                    Span(" there why not somewhere else.", .textDim),
                ],
            ]
        case .listeners, .routes:
            return [
                TextLine("No Gateway that selects this proxy has a server for it.", .textDim),
                [
                    Span("P", .key), Span(" chooses another proxy, ", .textDim), Span("9", .key),
                    Span(" says what is wrong.", .textDim),
                ],
            ]
        case .endpoints:
            return [TextLine("Requests to it get 503 UH: no Pod is selected, or none is ready.", .textDim)]
        default: return [TextLine("Nothing here.", .textDim)]
        }
    }

    private var isNarrowedTo: String? { namespace ?? scope.object }

    private func facts(of item: ListenerItem) -> [TextLine] {
        var facts: [TextLine] = [
            fact("listener", item.name, .name), fact("listens on", item.address + ":\(item.port)"),
            fact("match", item.match), fact("leads to", item.destination),
            fact("TLS", item.isTLS ? "ends here" : "none, plain text", item.isTLS ? .tls : .text),
        ]
        if !item.bound.isEmpty { facts.append(fact("served at", item.bound, .live)) }
        if let listener = view.snapshot.listeners.first(where: { $0.name == item.name }) {
            facts.append(fact("chains", "\(listener.filterChains.count)"))
            facts += trafficLines(of: listener)
        }
        return facts
    }

    private func facts(of item: RouteItem) -> [TextLine] {
        var lines = item.sentences.enumerated().map { index, line in
            TextLine(line, index == 0 ? .name : .text)
        }
        lines.append("")
        if item.siblings > 1 {
            lines.append(fact("order", "\(item.position + 1) of \(item.siblings) in \(item.virtualHost)"))
        }
        return lines + witnessLines(of: item)
    }

    private func facts(of item: ClusterItem) -> [TextLine] {
        var lines: [TextLine] = [
            fact("cluster", item.id, .name),
            fact("balancing", item.cluster.lbPolicy.word), fact("discovery", item.cluster.type.name),
            fact("endpoints", item.health, item.healthRole),
            fact("upstream", item.tls == "plain" ? "plain text" : item.tls),
        ]
        if let timeout = item.cluster.connectTimeout { lines.append(fact("connect", Words.duration(timeout))) }
        if let outlier = item.cluster.outlierDetection {
            let errors = outlier.consecutive5xx.map(String.init) ?? "5"
            lines.append(
                fact("outliers", "ejected after \(errors) errors, at most \(outlier.maxEjectionPercent ?? 10) %"))
        }
        if let limits = item.cluster.circuitBreakers.default, let connections = limits.maxConnections,
            connections < 4_294_967_295
        {
            lines.append(fact("limits", "\(connections) connections"))
        }
        return lines + trafficLines(of: item)
    }

    private func facts(of item: EndpointItem) -> [TextLine] {
        var lines: [TextLine] = [
            fact("endpoint", item.address, .name),
            fact("status", item.stateText, item.isEjected ? .error : item.health.role),
            fact("cluster", item.cluster), fact("locality", item.locality.isEmpty ? "unknown" : item.locality),
            fact("priority", "P\(item.priority), weight \(item.weight)"),
        ]
        if let predicted = item.predicted {
            lines.append(fact("predicted", "\(Words.fixed(predicted * 100)) % of the cluster's requests", .predicted))
        }
        if let workload = item.workload {
            lines.append(fact("workload", "\(workload.namespace)/\(item.workloadText)"))
            if workload.isStandIn { lines.append(fact("", "no Pod in the manifests: meshtop stands in for it", .warn)) }
        }
        return lines + trafficLines(of: item)
    }

    private func facts(of item: Finding) -> [TextLine] {
        let heading = item.code.isEmpty ? item.severity.rawValue : "\(item.severity.rawValue) \(item.code)"
        var lines = [TextLine(heading, item.role)]
        if !item.object.isEmpty { lines.append(TextLine(item.object, .name)) }
        lines.append(TextLine(item.message, .text))
        if !item.hint.isEmpty { lines += ["", [Span("next  ", .textDim), Span(item.hint, .info)]] }
        lines += [
            "",
            [
                Span("x", .key), Span(" tries changes that put it right, ", .textDim), Span("t", .key),
                Span(" a request that it is about", .textDim),
            ],
        ]
        return lines
    }
}

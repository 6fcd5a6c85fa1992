import Documents
import EnvoyModel
import TrafficEngine

/// What to say when the route is right and its cluster is missing or empty.
struct ClusterAdvice {
    private(set) var lines: [ExplanationLine] = []

    init?(_ trace: TrafficTrace, _ hop: TraceHop) {
        guard let name = hop.clusterReference, let flags = trace.response?.flags else { return nil }
        // `outbound|80|v2|reviews.default.svc.cluster.local`
        let pieces = name.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 4 else { return nil }
        let (port, subset, host) = (pieces[1], pieces[2], pieces[3])
        let route = hop.route?.sources.first
        let rule = hop.cluster?.sources.first { $0.kind == "DestinationRule" }
        switch flags {
        case "NC" where !subset.isEmpty:
            add("why", "no DestinationRule that this proxy sees defines subset \"\(subset)\" of \(host)", route)
            add("manifest", "add the subset, or name one that is there")
        case "NC":
            add("why", "this proxy knows no Service \(host) with port \(port)", route)
            add(
                "manifest", "mind the port of the Service (not of its Pods), the namespace of short names, and exportTo"
            )
        case "UH" where !subset.isEmpty:
            add(
                "why", "the cluster exists and is empty: no Pod of the Service has the labels of subset \"\(subset)\"",
                rule)
        case "UH":
            add(
                "why", "the cluster exists and is empty: the selector of \(host) finds no Pod that is ready",
                hop.cluster?.sources.first)
        default: return nil
        }
    }

    private mutating func add(_ label: String, _ text: String, _ source: SourceReference? = nil) {
        let padded = label + String(repeating: " ", count: max(1, 10 - label.count))
        lines.append(
            ExplanationLine(
                .advice, [ExplanationSpan(padded, .label), ExplanationSpan(text.sanitizedForTerminal)], source: source))
    }
}

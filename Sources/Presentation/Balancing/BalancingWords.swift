import Documents
import EnvoyModel
import TrafficEngine

/// What decides among the endpoints of one hop, in lines: the hash and its input, localities and whether they count.
struct BalancingWords {
    private(set) var lines: [ExplanationLine] = []

    /// `request`: as it arrives at the hop; `client`: the address of who made it.
    init(_ hop: TraceHop, _ request: SyntheticRequest, client: String) {
        guard let cluster = hop.cluster, let host = hop.host, hop.listener?.name != "virtualInbound" else { return }
        let rule = cluster.sources.first { $0.kind == "DestinationRule" }
        if cluster.lbPolicy.isHashing { hash(hop, host, request, rule, client) }
        localities(hop, cluster, rule)
    }

    private mutating func add(_ text: String, isBad: Bool = false, _ source: SourceReference? = nil) {
        lines.append(
            ExplanationLine(
                .detail, indent: 3, [ExplanationSpan(text.sanitizedForTerminal, isBad ? .bad : .plain)], source: source)
        )
    }

    // MARK: Hashing

    private mutating func hash(
        _ hop: TraceHop, _ host: CompiledHost, _ request: SyntheticRequest, _ rule: SourceReference?,
        _ client: String
    ) {
        guard case .route(let action)? = hop.route?.action else {
            if hop.routeConfiguration == nil {
                add("hash: of a connection, not of a request: headers and cookies do not count", rule)
            }
            return
        }
        let inputs = HashInput.inputs(of: action, request)
        guard !inputs.isEmpty else {
            add(
                "hash: the route has no hash policy, so that each request goes where chance says [MT0130]", isBad: true,
                rule)
            return
        }
        for input in inputs {
            switch input.value {
            case .given(let value):
                add(
                    "hash: \(input.what) is \"\(value)\": it decides for \(host.address), until endpoints come or go",
                    rule)
                if input.what == "the source address", request.sourceIP != client {
                    add(
                        "hash: that is not the client's own address: who comes through the same node or proxy gets the same endpoint [MT0130]",
                        isBad: true, rule)
                }
                return
            case .made:
                add("hash: \(input.what) is not in the request: a new one is made, and decides from then on", rule)
                return
            case .missing: add("hash: \(input.what) is not in the request", isBad: inputs.count == 1, rule)
            }
        }
        add("hash: no key: the endpoint is chosen by chance for each request [MT0130]", isBad: true, rule)
    }

    // MARK: Localities

    private mutating func localities(_ hop: TraceHop, _ cluster: Cluster, _ rule: SourceReference?) {
        let hosts = hop.candidates.compactMap { $0.cluster == cluster.name ? $0.host : nil }
        let all = Set(hosts.map(\.locality))
        guard all.count > 1 || hosts.contains(where: { $0.priority > 0 }) || (hop.host.map { $0.priority > 0 } ?? false)
        else { return }
        let priorities = Set(hosts.map(\.priority))
        if cluster.common.locality == .localityWeighted {
            add("locality: weighted, as the rule distributes; localities that it does not name get nothing", rule)
        } else if priorities.count > 1 || hosts.contains(where: { $0.priority > 0 }) {
            add("locality: by priority, nearest first; the next one takes over what the first cannot", rule)
        } else if cluster.outlierDetection == nil {
            add(
                "locality is ignored: no outlierDetection "
                    + (rule.map { "in DestinationRule \($0.namespace)/\($0.name)" }
                        ?? "in any DestinationRule of the host"),
                rule)
        }
    }
}

extension Cluster.LBPolicy {
    /// Whether a hash chooses.
    package var isHashing: Bool {
        switch self {
        case .ringHash, .maglev: true
        default: false
        }
    }
}

package import Documents
import EnvoyModel
import TrafficEngine

/// One request as everybody sees it who might make it: from outside by each way in, from a Pod with a sidecar and from one
/// without in each namespace.
package struct CallerMatrix: Sendable {
    package struct Row: Sendable {
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case outside
            case meshPod = "mesh Pod"
            case plainPod = "plain Pod"
        }

        package var kind: Kind
        /// `outside`, or `NAME.NAMESPACE` of the Pod.
        package var caller: String
        /// No manifest has such a Pod: it stands for any.
        package var isAssumed = false
        /// What is dialled, in words: `load balancer of Service …`.
        package var way: String
        /// `host:port` of the connection.
        package var target: String
        /// `nil` where the connection leads nowhere.
        package var path: RequestPath?
        package var problem: UnreachableDestination?

        package init(kind: Kind, caller: String, isAssumed: Bool = false, way: String, target: String) {
            self.kind = kind
            self.caller = caller
            self.isAssumed = isAssumed
            self.way = way
            self.target = target
        }
    }

    package var rows: [Row]
    /// What could not be tried, and why.
    package var notes: [String]

    package init(rows: [Row], notes: [String]) {
        self.rows = rows
        self.notes = notes
    }
}

extension CallerMatrix.Row {
    /// `200`, `404 NR`, `reset`, `refused`.
    package var result: String {
        guard let path else { return "unreachable" }
        if let response = path.trace.response, let status = response.status {
            return response.flags == "-" || response.flags.isEmpty ? "\(status)" : "\(status) \(response.flags)"
        }
        if path.hops.contains(where: { $0.kind == .loop }) { return "loop" }
        return path.trace.error?.rawValue ?? (path.answeredBy == nil ? "refused" : "forwarded")
    }

    /// The cluster that the first proxy of the mesh chose; `nil` where none had a say.
    package var cluster: String? { path?.trace.hops.first { $0.listener?.name != "virtualInbound" }?.clusterReference }

    /// The route's object, where a rule had a say.
    package var rule: SourceReference? {
        path?.trace.hops.lazy.compactMap { $0.route?.sources.first }.first {
            $0.kind == "VirtualService" || $0.kind == "HTTPRoute"
        }
    }

    /// How the connection arrives at the last workload: `mtls`, `plaintext`, `tls`.
    package var transport: String? {
        guard let path else { return nil }
        return path.hops.last { $0.kind == .sidecar || $0.kind == .endpoint || $0.kind == .outside }.flatMap { hop in
            let inbound = path.hops.last { $0.kind == .sidecar && $0.traceIndex != nil }
            return (hop.kind == .endpoint ? inbound ?? hop : hop).arrives?.transport.rawValue
        }
    }

    /// The first thing that is not as it should be.
    package var firstProblem: PathFact? {
        path?.problems.first { $0.verdict == .bad } ?? path?.problems.first { $0.code != "MT0310" }
    }
}

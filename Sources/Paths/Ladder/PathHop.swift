package import Documents
package import TrafficEngine

/// One rung of the ladder: who has the request, how it arrived, what is done with it.
package struct PathHop: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case client
        /// A cloud's load balancer for HTTP.
        case cloudLoadBalancer = "cloud load balancer"
        /// A load balancer for connections.
        case networkLoadBalancer = "network load balancer"
        /// kube-proxy on a node: node ports and Service addresses.
        case node
        /// An ingress controller in the cluster that is not Istio's.
        case ingress
        case gateway
        case sidecar
        case endpoint
        /// An address that is in no cluster.
        case outside
        /// The request comes to a proxy that it has been at before.
        case loop
    }

    /// What happens to the client's TLS.
    package enum TLS: String, Hashable, Sendable {
        case none = "plaintext"
        case ends = "TLS ends here"
        case endsMutual = "mTLS ends here"
        case passes = "TLS passes through"
        /// TLS arrives where none is understood, or the other way round.
        case refused = "refused"
    }

    package var kind: Kind
    package var name: String
    /// The cluster that it is in; empty outside of all.
    package var cluster = ""
    /// Where the connection arrives, `ip:port`; empty where that is not known.
    package var address = ""
    /// The ports that the connection goes through on its way to the next hop, the first one included.
    package var ports: [PathPort] = []
    package var tls = TLS.none
    /// The request as it arrives.
    package var arrives: SyntheticRequest?
    /// The transport to the next hop; `nil` where there is none.
    package var sends: ConnectionAttempt.Transport?
    /// Headers that the hop adds, changes or takes away on the way in.
    package var changes: [HeaderChange] = []
    package var server = ServerHeader.untouched
    package var facts: [PathFact] = []
    package var source: SourceReference?
    /// The place of its part in `RequestPath.trace.hops`.
    package var traceIndex: Int?

    package init(_ kind: Kind, _ name: String, cluster: String = "", source: SourceReference? = nil) {
        self.kind = kind
        self.name = name
        self.cluster = cluster
        self.source = source
    }

    package mutating func note(_ text: String, _ source: SourceReference? = nil) {
        facts.append(PathFact(.note, text, source: source))
    }

    package mutating func warn(_ text: String, _ source: SourceReference? = nil, code: String? = nil) {
        facts.append(PathFact(.warning, text, source: source, code: code))
    }

    package mutating func fail(_ text: String, _ source: SourceReference? = nil, code: String? = nil) {
        facts.append(PathFact(.bad, text, source: source, code: code))
    }
}

/// A number in the chain of ports, with the word for it.
package struct PathPort: Hashable, Sendable {
    /// `port`, `node port`, `target port`, `listener`.
    package var name: String
    package var number: Int
    package var source: SourceReference?

    package init(_ name: String, _ number: Int, source: SourceReference? = nil) {
        self.name = name
        self.number = number
        self.source = source
    }
}

/// Something that is true of a hop, with the manifest that makes it so.
package struct PathFact: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable { case note, good, warning, bad }

    package var verdict: Verdict
    package var text: String
    package var source: SourceReference?
    /// meshtop's code of the finding, where it is one.
    package var code: String?

    package init(_ verdict: Verdict, _ text: String, source: SourceReference? = nil, code: String? = nil) {
        self.verdict = verdict
        self.text = text
        self.source = source
        self.code = code
    }
}

/// A header as a hop leaves it; without a value it is taken away.
package struct HeaderChange: Hashable, Sendable {
    package var name: String
    package var before: String?
    package var after: String?

    package init(_ name: String, from before: String?, to after: String?) {
        self.name = name
        self.before = before
        self.after = after
    }
}

/// What a hop does to the `server` header of the answer.
package enum ServerHeader: Hashable, Sendable {
    case untouched
    case overwrites(String)
    case removes
}

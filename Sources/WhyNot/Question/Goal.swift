import EnvoyModel
package import MeshModel
import TrafficEngine

/// Where the request is meant to go.
package enum Goal: Hashable, Sendable {
    /// To some endpoint, or an answer that a route gives on purpose.
    case anywhere
    case status(Int)
    /// To a cluster by its full name; with `needsEndpoint` also to an endpoint of it.
    case cluster(String, needsEndpoint: Bool)
    /// To a service, perhaps to one of its ports or subsets.
    case service(host: String, port: Int?, subset: String?)

    /// Reads `--want`: `503`, `outbound|9080|v1|reviews.default.svc.cluster.local`, `reviews`, `reviews.shop:9080`,
    /// `reviews.shop/v2`; `nil` for an empty text.
    package init?(_ text: String, namespace: String = "default", in snapshot: MeshSnapshot) {
        guard !text.isEmpty else { return nil }
        if let status = Int(text), (100...599).contains(status) {
            self = .status(status)
            return
        }
        if text.contains("|") || ["PassthroughCluster", "BlackHoleCluster", "InboundPassthroughCluster"].contains(text)
        {
            self = .cluster(text, needsEndpoint: text.contains("|"))
            return
        }
        var host = Substring(text)
        var subset: String?
        var port: Int?
        if let slash = host.firstIndex(of: "/") {
            subset = String(host[host.index(after: slash)...])
            host = host[..<slash]
        }
        if let colon = host.lastIndex(of: ":"), let number = Int(host[host.index(after: colon)...]) {
            port = number
            host = host[..<colon]
        }
        self = .service(
            host: Self.fullHost(String(host), namespace: namespace, in: snapshot), port: port, subset: subset)
    }

    /// The full name of a service that is written short.
    static func fullHost(_ name: String, namespace: String, in snapshot: MeshSnapshot) -> String {
        let domain = snapshot.options.domain
        let pieces = name.split(separator: ".").map(String.init)
        func full(_ name: String, _ namespace: String) -> String { "\(name).\(namespace).svc.\(domain)" }
        switch pieces.count {
        case 1:
            if snapshot.service(name, namespace: namespace) != nil { return full(name, namespace) }
            let found = snapshot.services.filter { $0.name == name }
            return full(name, found.first?.namespace ?? namespace)
        case 2 where snapshot.service(pieces[0], namespace: pieces[1]) != nil: return full(pieces[0], pieces[1])
        case 3 where pieces[2] == "svc": return full(pieces[0], pieces[1])
        default: return name
        }
    }

    /// The service that is meant, where the goal says one.
    package var service: (host: String, port: Int?, subset: String?)? {
        switch self {
        case .service(let host, let port, let subset): return (host, port, subset)
        case .cluster(let name, _):
            guard let parts = ClusterName(name) else { return nil }
            return (parts.host, parts.port, parts.subset.isEmpty ? nil : parts.subset)
        case .anywhere, .status: return nil
        }
    }

    package func isMet(by attempt: Attempt) -> Bool {
        guard let trace = attempt.trace else { return false }
        let outcome = attempt.outcome
        switch self {
        case .status(let status): return trace.response?.status == status
        case .anywhere: return [.arrived, .directResponse, .redirect].contains(outcome)
        case .cluster(let name, let needsEndpoint):
            return trace.error == nil && trace.hops.contains { $0.leads(needsEndpoint: needsEndpoint) { $0 == name } }
        case .service(let host, let port, let subset):
            return trace.error == nil
                && trace.hops.contains {
                    $0.leads(needsEndpoint: true) { name in
                        guard let parts = ClusterName(name) else { return false }
                        return parts.host == host && parts.port == port ?? parts.port
                            && parts.subset == subset ?? parts.subset
                    }
                }
        }
    }

    /// In words: for the line that says what was searched for.
    package var words: String {
        switch self {
        case .anywhere: "to an endpoint"
        case .status(let status): "to an answer \(status)"
        case .cluster(let name, _): "to \(name)"
        case .service(let host, let port, let subset):
            "to \(host)" + (port.map { ":\($0)" } ?? "") + (subset.map { " subset \($0)" } ?? "")
        }
    }
}

extension TraceHop {
    /// Whether one of the ways that the request can take here ends in such a cluster.
    fileprivate func leads(needsEndpoint: Bool, _ isMeant: (String) -> Bool) -> Bool {
        if candidates.contains(where: { $0.share > 0 && isMeant($0.cluster) && $0.host != nil }) { return true }
        guard let name = clusterReference, isMeant(name) else { return false }
        return host != nil || !needsEndpoint && cluster != nil
    }
}

/// The parts of `outbound|9080|v1|reviews.default.svc.cluster.local`.
package struct ClusterName: Hashable, Sendable {
    package let port: Int
    package let subset: String
    package let host: String

    package init?(_ text: String) {
        let pieces = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 4, let port = Int(pieces[1]) else { return nil }
        self.port = port
        subset = pieces[2]
        host = pieces[3]
    }
}

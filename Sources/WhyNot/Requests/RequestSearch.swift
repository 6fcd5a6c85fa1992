import CurlCommand
import EnvoyModel
import MeshModel
import TrafficEngine

/// Tries changes of the request: for every row that leads where it is meant to go, what the request lacks to be taken by it.
struct RequestSearch {
    private let question: WhyNot
    private let attempt: Attempt

    init(_ question: WhyNot, _ attempt: Attempt) {
        self.question = question
        self.attempt = attempt
    }

    /// The smallest changes that lead there, tried.
    var fixes: [RequestFix] {
        guard let proxy = attempt.proxy, let request = attempt.trace?.request else { return [] }
        let snapshot = question.state.compiled(for: proxy)
        var candidates: [(changes: [RequestChange], cost: Int)] = []
        for row in RowIndex(snapshot).rows where mayLead(row, snapshot) {
            guard let changes = row.changes(of: request) else { continue }
            candidates.append((changes, changes.reduce(0) { $0 + $1.cost(on: request) }))
        }
        candidates.sort { $0.cost < $1.cost }
        var fixes: [RequestFix] = []
        var seen: Set<[RequestChange]> = []
        var tried = 0
        for (changes, cost) in candidates where !changes.isEmpty && seen.insert(changes).inserted {
            tried += 1
            guard tried <= question.limits.requests, !question.limits.isOutOfTime() else { break }
            let found = question.requester.attempt(changes, in: question.state)
            guard question.goal.isMet(by: found) else { continue }
            fixes.append(
                RequestFix(changes: changes, text: question.requester.text(changes), attempt: found, cost: cost))
            if fixes.count == question.limits.fixes { break }
        }
        return fixes
    }

    /// Whether a row can be the one that is meant.
    private func mayLead(_ row: Row, _ snapshot: CompiledSnapshot) -> Bool {
        let clusters = row.clusters
        switch question.goal {
        case .status: return true
        case .anywhere:
            if attempt.outcome == .clusterNotFound || attempt.outcome == .noHealthyHost {
                // The route is right and its cluster is not: another one of the same service.
                let host = attempt.trace?.hops.first?.clusterReference.flatMap(ClusterName.init)?.host
                guard clusters.contains(where: { ClusterName($0)?.host == host }) else { return false }
            }
            // Those of services: not the proxy's own health checks, nor what takes everything.
            return clusters.contains { ClusterName($0) != nil && snapshot.cluster(named: $0) != nil }
        case .cluster(let name, _): return clusters.contains(name)
        case .service(let host, let port, let subset):
            return clusters.contains { name in
                guard let parts = ClusterName(name) else { return false }
                return parts.host == host && parts.port == port ?? parts.port && parts.subset == subset ?? parts.subset
            }
        }
    }
}

extension RequestChange {
    /// How far the request is from what it would be.
    func cost(on request: SyntheticRequest) -> Int {
        switch self {
        case .host(let new): 1 + EditDistance.between(request.authority ?? "", new)
        case .path(let new): 1 + min(12, EditDistance.between(String(request.path.prefix { $0 != "?" }), new))
        case .method: 3
        case .header(let name, let value):
            request.headers.first { $0.name.lowercased() == name.lowercased() }
                .map { 1 + EditDistance.between($0.value, value) } ?? 6 + value.count / 4
        case .removeHeader: 3
        case .query(let name, let value): 5 + (name.count + value.count) / 4
        case .port: 5
        case .transport, .certificate: 4
        case .serverName(let new): 2 + EditDistance.between(request.serverName, new)
        case .application: 8
        }
    }
}

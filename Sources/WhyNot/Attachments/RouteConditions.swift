import Documents
import MeshModel
import Translation

/// The conditions that Istio would write to routes, computed from the files: for the sentence why one is not accepted.
struct RouteConditions {
    private var statuses: [String: JSON] = [:]

    init(_ routes: [AnyRoute], in snapshot: MeshSnapshot) {
        // The status of a route does not depend on other routes.
        var reduced = snapshot
        reduced.httpRoutes = routes.compactMap { $0.object as? HTTPRoute }
        reduced.grpcRoutes = routes.compactMap { $0.object as? GRPCRoute }
        reduced.tlsRoutes = routes.compactMap { $0.object as? TLSRoute }
        reduced.tcpRoutes = routes.compactMap { $0.object as? TCPRoute }
        reduced.udpRoutes = []
        for status in gatewayAPIStatuses(of: reduced) where status.kind.hasSuffix("Route") {
            statuses["\(status.kind)/\(status.meta.namespace)/\(status.meta.name)"] = status.status
        }
    }

    /// The first condition that is not as it should be, with its reason; `nil` when all are.
    func failure(of route: AnyRoute) -> String? {
        let status = statuses["\(route.kind)/\(route.namespace)/\(route.name)"]
        let parents = status?["parents"]?.array ?? []
        if parents.isEmpty, !route.parentRefs.isEmpty {
            let names = route.parentRefs.map { "\($0.namespace ?? route.namespace)/\($0.name)" }
            return "its parent \(names.listed) does not exist (NoMatchingParent)"
        }
        var failures: [String] = []
        for parent in parents {
            for condition in parent["conditions"]?.array ?? [] where condition["status"]?.string == "False" {
                let type = condition["type"]?.string ?? ""
                let reason = condition["reason"]?.string ?? ""
                failures.append("\(type) is False, \(reason): \(condition["message"]?.string ?? "")")
            }
        }
        // Accepted by one of its parents is enough, unless a reference is broken.
        let isAccepted = parents.contains { parent in
            (parent["conditions"]?.array ?? []).contains {
                $0["type"]?.string == "Accepted" && $0["status"]?.string == "True"
            }
        }
        return failures.first { !isAccepted || $0.hasPrefix("ResolvedRefs") }
    }
}

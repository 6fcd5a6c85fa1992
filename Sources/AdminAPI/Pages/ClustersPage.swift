import Documents
import EnvoyModel

extension AdminPages {
    /// `/clusters`, as text or JSON.
    func clusters(_ request: AdminRequest) async -> AdminResponse {
        guard let snapshot = await source.snapshot(request.parameter("proxy")) else { return .json([:]) }
        let stats = await currentStats(request)
        let views: [ClusterStatus]
        do throws(AdminError) {
            let filter = try request.parameter("filter").map { pattern throws(AdminError) in try NameFilter(pattern) }
            views = ClusterStatus.all(of: snapshot, hosts: stats.hosts)
                .filter { filter?.isFound(in: $0.cluster.name) ?? true }
        } catch {
            return .badRequest(error.description)
        }
        switch request.parameter("format") ?? "text" {
        case "json": return .json(views.isEmpty ? [:] : ["cluster_statuses": .array(views.map(\.json))])
        case "text": return AdminResponse(body: views.map(\.text).joined())
        case let format: return .badRequest("usage: /clusters?format=text|json, not \(format)\n")
        }
    }
}

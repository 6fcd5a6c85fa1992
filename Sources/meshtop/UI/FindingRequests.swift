import Documents
import EnvoyModel
import MeshModel
import MeshtopUI

/// Requests that a finding is about: those of the rows that its object has made, nearest first, else those that the object is meant
/// for.
struct FindingRequests {
    private let reasons: MeshReasons
    private static let limit = 6

    init(_ reasons: MeshReasons) { self.reasons = reasons }

    func lines(about finding: MeshtopUI.Finding) -> [String] {
        let found = rowLines(about: finding)
        var seen: Set<String> = []
        let all = found.isEmpty ? objectLines(finding.object) : found
        return Array(all.filter { seen.insert($0).inserted }.prefix(Self.limit))
    }

    // MARK: Rows

    private func rowLines(about finding: MeshtopUI.Finding) -> [String] {
        let snapshot = reasons.snapshot
        let clusters = Set(snapshot.clusters.filter { Self.isFrom(finding.object, $0.sources) }.map(\.name))
        let line = finding.location?.line ?? 0
        let rows = RouteItem.items(of: snapshot).lazy.filter { item in
            !item.isInline
                && (Self.isFrom(finding.object, item.route.sources)
                    || item.targets.contains { clusters.contains($0.cluster) })
        }
        let nearest = rows.map { item in
            (item, distance: abs((item.source?.location?.line ?? 0) - line), order: item.order)
        }.sorted { ($0.distance, $0.order) < ($1.distance, $1.order) }.prefix(Self.limit * 2)
        guard !nearest.isEmpty, let node = reasons.node else { return [] }
        let witness = CurlWitness(reasons.loaded, node)
        return nearest.map { item, _, _ in
            let row = witness?.row(table: item.configuration, host: item.virtualHost, position: item.position)
            return row.flatMap { witness?.found($0).line } ?? item.curl
        }
    }

    private static func isFrom(_ object: String, _ sources: [SourceReference]) -> Bool {
        sources.contains { "\($0.kind) \($0.namespace)/\($0.name)" == object || "\($0.kind) \($0.name)" == object }
    }

    // MARK: Objects that have made no row

    private func objectLines(_ object: String) -> [String] {
        guard let mesh = reasons.loaded.mesh else { return [] }
        func isMeant(_ candidate: some MeshObject) -> Bool {
            object == "\(type(of: candidate).kindName) \(candidate.meta.namespace)/\(candidate.meta.name)"
        }
        if let service = mesh.virtualServices.first(where: isMeant) {
            let paths = service.http.flatMap(\.match).compactMap { $0.uri.flatMap(Self.example) }
            return lines(hosts: service.hosts, paths: paths)
        }
        if let route = mesh.httpRoutes.first(where: isMeant) { return lines(hosts: route.hostnames, paths: []) }
        if let gateway = mesh.gateways.first(where: isMeant) {
            let hosts = gateway.servers.flatMap(\.hosts).map { $0.split(separator: "/").last.map(String.init) ?? $0 }
            return lines(hosts: hosts, paths: [])
        }
        return []
    }

    private static func example(_ match: StringMatch) -> String? {
        switch match {
        case .exact(let text), .prefix(let text): text.hasPrefix("/") ? text : nil
        default: nil
        }
    }

    private func lines(hosts: [String], paths: [String]) -> [String] {
        hosts.filter { !$0.contains("*") }.prefix(2).flatMap { host in
            (paths.isEmpty ? ["/"] : paths).prefix(3).map { "curl 'http://\(host)\($0)'" }
        }
    }
}

import EnvoyModel
import TestSupport
import Testing

@testable import MeshtopUI

@Suite("rows of a view") struct ViewRowsTests {
    @Test("after any changes the rows are those of the snapshot from scratch", arguments: 1...30 as ClosedRange<UInt64>)
    func changes(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var snapshot = XDSSnapshot()
        for _ in 0..<12 { Self.change(&snapshot, using: &random) }
        var rows = ViewRows()
        for step in 0..<60 {
            rows.show(snapshot)
            let assignments = snapshot.assignmentsByCluster
            #expect(rows.assignments == assignments, "seed \(seed), step \(step)")
            let clusters = ClusterItem.items(of: snapshot, assignments: assignments)
            #expect(rows.clusters == clusters, "seed \(seed), step \(step)")
            #expect(rows.clusters.map(\.order) == clusters.map(\.order), "seed \(seed), step \(step)")
            let routes = RouteItem.items(of: snapshot)
            #expect(rows.routes == routes, "seed \(seed), step \(step)")
            #expect(rows.routes.map(\.siblings) == routes.map(\.siblings), "seed \(seed), step \(step)")
            #expect(rows.routes.map(\.domains) == routes.map(\.domains), "seed \(seed), step \(step)")
            for _ in 0..<Int.random(in: 0...3, using: &random) { Self.change(&snapshot, using: &random) }
        }
    }

    /// Adds, edits or removes something.
    private static func change(_ snapshot: inout XDSSnapshot, using random: inout SplitMix64) {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        switch number(0...9) {
        case 0, 1:
            var cluster = Cluster(name: "c\(number(0...30))", type: [.eds, .strictDNS, .static][number(0...2)])
            cluster.edsServiceName = number(0...2) == 0 ? "e\(number(0...9))" : ""
            if number(0...9) == 0 || snapshot.clusters.allSatisfy({ $0.name != cluster.name }) {
                snapshot.clusters.append(cluster)
            }
        case 2:
            if let place = snapshot.clusters.indices.randomElement(using: &random) {
                snapshot.clusters[place].connectTimeout = .seconds(number(1...5))
                if snapshot.clusters[place].type != .eds {
                    snapshot.clusters[place].loadAssignment = assignment("own", number(0...4))
                }
            }
        case 3:
            let name = number(0...1) == 0 ? "c\(number(0...30))" : "e\(number(0...9))"
            if number(0...9) == 0 || snapshot.endpoints.allSatisfy({ $0.clusterName != name }) {
                snapshot.endpoints.append(assignment(name, number(0...4)))
            }
        case 4:
            if let place = snapshot.endpoints.indices.randomElement(using: &random) {
                snapshot.endpoints[place] = assignment(snapshot.endpoints[place].clusterName, number(0...4))
            }
        case 5:
            if number(0...3) == 0 {
                snapshot.routes.append(RouteConfiguration(name: "r\(snapshot.routes.count)"))
            } else if let place = snapshot.routes.indices.randomElement(using: &random) {
                let host = VirtualHost(name: "h\(number(0...20))", domains: ["d\(number(0...99))"])
                snapshot.routes[place].virtualHosts.append(host)
            }
        case 6, 7:
            guard let place = snapshot.routes.indices.randomElement(using: &random),
                let host = snapshot.routes[place].virtualHosts.indices.randomElement(using: &random)
            else { return }
            let route = Route(name: "n\(number(0...9))", match: RouteMatch(.prefix("/\(number(0...9))")), action: .none)
            if number(0...1) == 0, !snapshot.routes[place].virtualHosts[host].routes.isEmpty {
                snapshot.routes[place].virtualHosts[host].routes[0] = route
            } else {
                snapshot.routes[place].virtualHosts[host].routes.append(route)
            }
        case 8:
            if let place = snapshot.clusters.indices.randomElement(using: &random), number(0...1) == 0 {
                snapshot.clusters.remove(at: place)
            }
        default:
            if let place = snapshot.endpoints.indices.randomElement(using: &random), number(0...1) == 0 {
                snapshot.endpoints.remove(at: place)
            }
        }
    }

    private static func assignment(_ name: String, _ count: Int) -> ClusterLoadAssignment {
        var assignment = ClusterLoadAssignment(clusterName: name)
        assignment.localities = [
            LocalityLbEndpoints(
                locality: nil,
                endpoints: (0..<count).map { number in
                    var endpoint = LbEndpoint(address: .socket(SocketAddress("10.0.0.\(number)", 80)))
                    endpoint.healthStatus = number % 2 == 0 ? .healthy : .unhealthy
                    return endpoint
                })
        ]
        return assignment
    }
}

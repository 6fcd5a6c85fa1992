package import EnvoyModel

/// One line of `proxy-config eds`: an endpoint as a cluster's load assignment has it.
package struct EDSRow: Hashable, Sendable {
    /// The primary and all additional addresses, ports included.
    package var name: String
    package var status: String
    package var locality: String
    package var cluster: String

    private static let columns: [Column<EDSRow>] = [
        Column("STATUS") { $0.status }, Column("LOCALITY") { $0.locality }, Column("CLUSTER") { $0.cluster },
    ]

    /// `NAME STATUS LOCALITY CLUSTER`.
    package static let table = Table(padding: 5, [Column("NAME") { (row: EDSRow) in row.name }] + columns)
    /// The table inside `all`.
    package static let qualifiedTable = Table(
        padding: 5, [Column("NAME") { (row: EDSRow) in "endpoint/" + row.name }] + columns)

    /// Assignments in the order of their clusters' names, endpoints in their own.
    package static func rows(of assignments: [ClusterLoadAssignment], where query: EndpointQuery = EndpointQuery())
        -> [EDSRow]
    {
        order(of: assignments.map(\.clusterName)).flatMap { index in
            let assignment = assignments[index]
            return assignment.localities.flatMap { locality in
                locality.endpoints.filter { query.matches($0, of: assignment.clusterName) }.map { endpoint in
                    EDSRow(
                        name: endpoint.edsName, status: endpoint.healthStatus.rawValue,
                        locality: locality.locality?.text ?? "", cluster: assignment.clusterName)
                }
            }
        }
    }

    /// The order of clusters in which assignments are printed.
    package static func order(of clusters: [String]) -> [Int] {
        clusters.enumerated().map { (ClusterOrder($0.element), $0.offset) }
            .stablySorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension LbEndpoint {
    var edsName: String {
        ([address?.edsText ?? "unknown"] + additionalAddresses.map(\.edsText)).joined(separator: ",")
    }
}

extension EndpointQuery {
    /// `eds` compares the address as it prints it, with the port.
    func matches(_ endpoint: LbEndpoint, of cluster: String) -> Bool {
        matches(
            address: endpoint.edsName, port: endpoint.address?.port ?? 0, cluster: cluster,
            status: endpoint.healthStatus.rawValue)
    }
}

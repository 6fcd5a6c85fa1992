package import EnvoyModel

/// A cluster name cut into its parts (istiod: `ParseSubsetKey`); `nil` for names that are not of Istio's form.
package struct SubsetKey: Hashable, Sendable {
    package var direction = ""
    package var port = 0
    package var subset = ""
    package var hostname = ""

    package init?(_ name: String) {
        guard name.utf8.count(where: { $0 == UInt8(ascii: "|") }) >= 3 else { return nil }
        let separator = name.hasPrefix("outbound_") || name.hasPrefix("inbound_") ? "_." : "|"
        guard let (direction, afterDirection) = cut(name[...], at: separator) else { return }
        self.direction = String(direction)
        guard let (port, afterPort) = cut(afterDirection, at: separator) else { return }
        self.port = Int(port) ?? 0
        guard let (subset, hostname) = cut(afterPort, at: separator) else { return }
        self.subset = String(subset)
        if cut(hostname, at: separator) == nil { self.hostname = String(hostname) }
    }
}

/// Go's `strings.Cut`, by bytes.
private func cut(_ text: Substring, at separator: String) -> (Substring, Substring)? {
    let bytes = text.utf8
    guard let first = separator.utf8.first else { return nil }
    var index = bytes.startIndex
    while let start = bytes[index...].firstIndex(of: first) {
        if bytes[start...].starts(with: separator.utf8) {
            return (text[..<start], text[bytes.index(start, offsetBy: separator.utf8.count)...])
        }
        index = bytes.index(after: start)
    }
    return nil
}

/// One line of `proxy-config clusters`.
package struct ClusterRow: Hashable, Sendable {
    package var name: String
    package var key: SubsetKey?
    package var type: String
    package var destinationRule: String
    /// Where the cluster stands in the list that the rows were made of.
    package var index: Int

    package init(_ cluster: Cluster, index: Int) {
        name = cluster.name
        key = SubsetKey(cluster.name)
        type = cluster.type.name
        destinationRule = cluster.metadata.istioConfigText
        self.index = index
    }

    private static let columns: [Column<ClusterRow>] = [
        Column("PORT", number: { Double($0.key?.port ?? 0) }, { $0.key.map { String($0.port) } ?? "-" }),
        Column("SUBSET") { row in row.key.map { $0.subset.isEmpty ? "-" : $0.subset } ?? "-" },
        Column("DIRECTION") { $0.key?.direction ?? "-" },
        Column("TYPE") { $0.type },
        Column("DESTINATION RULE") { $0.destinationRule },
    ]

    /// `SERVICE FQDN PORT SUBSET DIRECTION TYPE DESTINATION RULE`.
    package static let table = Table(
        padding: 5, [Column("SERVICE FQDN") { (row: ClusterRow) in row.key?.hostname ?? row.name }] + columns)
    /// The table inside `all`: a name that is not cut has the prefix in both columns.
    package static let qualifiedTable = Table(
        padding: 5,
        [
            Column("NAME") { (row: ClusterRow) in "cluster/" + row.name },
            Column("SERVICE FQDN") { (row: ClusterRow) in row.key?.hostname ?? "cluster/" + row.name },
        ] + columns)

    /// By host name, subset, port and direction.
    package static func rows(of clusters: [Cluster], where query: ClusterQuery = ClusterQuery()) -> [ClusterRow] {
        clusters.enumerated().filter { query.matches($0.element.name) }
            .map { index, cluster in
                let row = ClusterRow(cluster, index: index)
                return (order: ClusterOrder(row.name, row.key), row: row)
            }
            .stablySorted { $0.order < $1.order }.map(\.row)
    }
}

/// The filters of `proxy-config clusters`: all search the whole cluster name.
package struct ClusterQuery: Hashable, Sendable {
    package var fqdn = ""
    package var port = 0
    package var subset = ""
    package var direction = ""

    package init(fqdn: String = "", port: Int = 0, subset: String = "", direction: String = "") {
        self.fqdn = fqdn
        self.port = port
        self.subset = subset
        self.direction = direction
    }

    package func matches(_ name: String) -> Bool {
        name.containsText(fqdn) && name.containsText(subset) && name.containsText(direction)
            && (port == 0 || name.containsText("|\(port)|"))
    }
}

/// What clusters, and endpoint assignments by their cluster, are sorted by.
struct ClusterOrder: Comparable {
    private let hostname: String
    private let subset: String
    private let port: Int
    private let direction: String

    init(_ name: String) { self.init(name, SubsetKey(name)) }

    init(_ name: String, _ key: SubsetKey?) {
        hostname = key?.hostname ?? name
        subset = key?.subset ?? ""
        port = key?.port ?? 0
        direction = key?.direction ?? ""
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.hostname != right.hostname { return left.hostname.precedesBytewise(right.hostname) }
        if left.subset != right.subset { return left.subset.precedesBytewise(right.subset) }
        if left.port != right.port { return left.port < right.port }
        return left.direction.precedesBytewise(right.direction)
    }
}

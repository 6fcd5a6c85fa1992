package import EnvoyModel

/// One line of `proxy-config listeners`: a filter chain of a listener.
package struct ListenerRow: Hashable, Sendable {
    /// The TYPE column.
    package enum Kind: String, Hashable, Sendable {
        case http = "HTTP"
        case tcp = "TCP"
        case httpAndTCP = "HTTP+TCP"
        case unknown = "UNKNOWN"
    }

    package var name: String
    /// The primary address; the additional ones follow it in the table.
    package var address: String
    package var additionalAddresses: [String]
    package var port: UInt16
    package var kind: Kind
    package var match: String
    package var destination: String
    /// Where the listener stands in the list that the rows were made of.
    package var listenerIndex: Int
    /// Where the chain stands in the listener; `filterChains.count` for the default chain, 0 in the table without chains.
    package var chainIndex: Int

    package var addresses: String { ([address] + additionalAddresses).joined(separator: ",") }

    init(_ listener: Listener, index: Int, kind: Kind) {
        name = listener.name
        address = listener.address?.listenerText ?? ""
        additionalAddresses = listener.additionalAddresses.map(\.listenerText)
        port = listener.address?.port ?? 0
        self.kind = kind
        match = ""
        destination = ""
        listenerIndex = index
        chainIndex = 0
    }

    private static let addressColumns: [Column<ListenerRow>] = [
        Column("ADDRESSES") { $0.addresses },
        Column("PORT", number: { Double($0.port) }, { String($0.port) }),
    ]
    private static let chainColumns: [Column<ListenerRow>] = [
        Column("MATCH") { $0.match }, Column("DESTINATION") { $0.destination },
    ]
    private static let nameColumn = Column<ListenerRow>("NAME") { "listener/" + $0.name }

    /// `ADDRESSES PORT MATCH DESTINATION`.
    package static let table = Table(padding: 1, addressColumns + chainColumns)
    /// `--verbose=false`.
    package static let briefTable = Table(padding: 1, addressColumns + [Column("TYPE") { $0.kind.rawValue }])
    /// The table inside `all`.
    package static let qualifiedTable = Table(padding: 1, [nameColumn] + addressColumns + chainColumns)
    /// The brief table inside `all`.
    package static let qualifiedBriefTable = Table(padding: 1, [nameColumn] + briefTable.columns)
    /// As Istio 1.9 printed it: one address.
    package static let istio1_9Table = Table(
        padding: 1, [Column("ADDRESS") { $0.address }] + addressColumns.dropFirst() + chainColumns)
}

/// The filters of `proxy-config listeners`; empty and 0 do not restrict.
package struct ListenerQuery: Hashable, Sendable {
    package var address = ""
    package var port = 0
    package var type = ""

    package init(address: String = "", port: Int = 0, type: String = "") {
        self.address = address
        self.port = port
        self.type = type
    }

    package func matches(_ listener: Listener) -> Bool {
        let row = ListenerRow(listener, index: 0, kind: listener.kind)
        return
            (address.isEmpty || ([row.address] + row.additionalAddresses).contains { $0.equalsIgnoringCase(address) })
            && (port == 0 || Int(row.port) == port)
            && (type.isEmpty || row.kind.rawValue.equalsIgnoringCase(type))
    }
}

extension ListenerRow {
    /// A line per listener, sorted by port, address and type.
    package static func briefRows(of listeners: [Listener], where query: ListenerQuery = ListenerQuery())
        -> [ListenerRow]
    {
        listeners.enumerated().filter { query.matches($0.element) }
            .map { ListenerRow($0.element, index: $0.offset, kind: $0.element.kind) }
            .stablySorted(by: precedes)
    }

    /// A line per filter chain: listeners sorted by port, address and type, the chains of one by destination, descending.
    package static func rows(of listeners: [Listener], where query: ListenerQuery = ListenerQuery()) -> [ListenerRow] {
        briefRows(of: listeners, where: query).flatMap { row in
            listeners[row.listenerIndex].allChains.enumerated().map { index, chain in
                var row = row
                row.match = chain.matchText
                row.destination = chain.destinationText
                row.chainIndex = index
                return row
            }.stablySorted { $1.destination.precedesBytewise($0.destination) }
        }
    }

    private static func precedes(_ left: ListenerRow, _ right: ListenerRow) -> Bool {
        if left.port != right.port { return left.port < right.port }
        if left.address != right.address { return left.address.precedesBytewise(right.address) }
        return left.kind.rawValue.precedesBytewise(right.kind.rawValue)
    }
}

extension Listener {
    /// The chains, the default one last.
    var allChains: [FilterChain] { filterChains + (defaultFilterChain.map { [$0] } ?? []) }

    /// HTTP and TCP by the *names* of the network filters; black holes count for nothing.
    package var kind: ListenerRow.Kind {
        let filters = allChains.flatMap(\.filters)
        let isHTTP = filters.contains { $0.isNamedConnectionManager }
        let isTCP = filters.contains { $0.isNamedTCPProxy && !$0.mentionsBlackHole }
        return switch (isHTTP, isTCP) {
        case (true, true): .httpAndTCP
        case (true, false): .http
        case (false, true): .tcp
        case (false, false): .unknown
        }
    }
}

import Documents
package import EnvoyModel

/// One line of `proxy-config routes`: a route of a virtual host, or a virtual host without routes.
package struct RouteRow: Hashable, Sendable {
    /// The route configuration's name, empty for most inline ones.
    package var name: String
    package var virtualHost: String
    package var domains: String
    package var match: String
    package var virtualService: String
    /// The number of virtual hosts, for `--verbose=false`.
    package var virtualHostCount: Int
    /// Where the route stands among the route configurations the rows were made of; `nil` in the brief table.
    package var place: Place

    package struct Place: Hashable, Sendable {
        package var configuration: Int
        package var virtualHost: Int?
        package var route: Int?
    }

    private static let columns: [Column<RouteRow>] = [
        Column("VHOST NAME") { $0.virtualHost }, Column("DOMAINS") { $0.domains }, Column("MATCH") { $0.match },
        Column("VIRTUAL SERVICE") { $0.virtualService },
    ]
    private static let nameColumn = Column<RouteRow>("NAME") { $0.name }
    private static let qualifiedNameColumn = Column<RouteRow>("NAME") { "route/" + $0.name }
    private static let countColumn = Column<RouteRow>(
        "VIRTUAL HOSTS", number: { Double($0.virtualHostCount) }, { String($0.virtualHostCount) })

    /// `NAME VHOST NAME DOMAINS MATCH VIRTUAL SERVICE`.
    package static let table = Table(padding: 5, [nameColumn] + columns)
    /// `--verbose=false`.
    package static let briefTable = Table(padding: 5, [nameColumn, countColumn])
    /// The table inside `all`.
    package static let qualifiedTable = Table(padding: 5, [qualifiedNameColumn] + columns)
    /// The brief table inside `all`.
    package static let qualifiedBriefTable = Table(padding: 5, [qualifiedNameColumn, countColumn])
    /// As Istio 1.9 printed it, below its note.
    package static let istio1_9Table = Table(padding: 5, [nameColumn] + columns.dropFirst())
    /// The line that Istio 1.9 put above its table.
    package static let istio1_9Note = "NOTE: This output only contains routes loaded via RDS.\n"
}

extension RouteRow {
    /// The order of `proxy-config routes`: neighbours whose names are both numbers are sorted, everything else stays.
    package static func order(of configurations: [RouteConfiguration]) -> [Int] {
        var order: [Int] = []
        var run: [(number: Int, index: Int)] = []
        func endRun() {
            order += run.stablySorted { $0.number < $1.number }.map(\.index)
            run = []
        }
        for (index, configuration) in configurations.enumerated() {
            if let number = Int(configuration.name) {
                run.append((number, index))
            } else {
                endRun()
                order.append(index)
            }
        }
        endRun()
        return order
    }

    /// A line per route configuration with the name, or per any for an empty name.
    package static func briefRows(of configurations: [RouteConfiguration], named name: String = "") -> [RouteRow] {
        let kept = configurations.enumerated().filter { name.isEmpty || $0.element.name == name }
        return order(of: kept.map(\.element)).map { position in
            let (index, configuration) = kept[position]
            return RouteRow(
                name: configuration.name, virtualHost: "", domains: "", match: "", virtualService: "",
                virtualHostCount: configuration.virtualHosts.count, place: Place(configuration: index))
        }
    }

    /// A line per route; routes to the pass-through cluster are left out.
    package static func rows(of configurations: [RouteConfiguration], named name: String = "") -> [RouteRow] {
        briefRows(of: configurations, named: name).flatMap { brief in
            configurations[brief.place.configuration].virtualHosts.enumerated().flatMap { hostIndex, host in
                rows(of: host, index: hostIndex, brief)
            }
        }
    }

    private static func rows(of host: VirtualHost, index: Int, _ brief: RouteRow) -> [RouteRow] {
        var row = brief
        row.virtualHost = host.name
        row.domains = domainsText(host.domains)
        row.place.virtualHost = index
        guard !host.routes.isEmpty else {
            row.match = "/*"
            row.virtualService = "404"
            return [row]
        }
        return host.routes.enumerated().compactMap { routeIndex, route in
            guard route.plainCluster != "PassthroughCluster" else { return nil }
            var row = row
            row.match = route.match.text
            row.virtualService = route.metadata.istioConfigText
            row.place.route = routeIndex
            return row
        }
    }

    /// The DOMAINS column: without ports and the longer spellings of a name that is there, at most two of the rest.
    package static func domainsText(_ domains: [String]) -> String {
        if domains.count <= 1 { return domains.first ?? "" }
        let portless = domains.filter { domain in
            let colons = domain.utf8.count { $0 == UInt8(ascii: ":") }
            return colons == 0 || (colons > 2 && domain.hasSuffix("]"))
        }
        let names = Set(portless)
        let kept = portless.filter { domain in
            ![".svc.cluster.local", ".svc"].contains { suffix in
                domain.hasSuffix(suffix) && names.contains(String(domain.dropLast(suffix.count)))
            }
        }
        let shown = kept.prefix(2).joined(separator: ", ")
        return kept.count > 2 ? shown + " + \(kept.count - 2) more..." : shown
    }
}

extension Metadata {
    /// VIRTUAL SERVICE and DESTINATION RULE: `name.namespace` of the object that `istio.config` names.
    package var istioConfigText: String {
        guard let config = istioConfig else { return "" }
        guard case .string(let path) = config, path.hasPrefix("/apis/networking.istio.io/") else { return "<unknown>" }
        let pieces = path.split(separator: "/", omittingEmptySubsequences: false)
        return pieces.count == 8 ? "\(pieces[7]).\(pieces[5])" : ""
    }
}

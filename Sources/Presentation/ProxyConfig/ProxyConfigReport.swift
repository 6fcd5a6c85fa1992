import Documents
import EnvoyModel

/// What `proxy-config` prints: a text per kind, or istioctl's error.
package struct ProxyConfigReport: Sendable {
    /// Older layouts of the tables.
    package enum Compatibility: String, CaseIterable, Sendable {
        case current
        case istio1_9 = "istio-1.9"
    }

    package var output: OutputFormat
    package var isVerbose = true
    package var compatibility = Compatibility.current
    /// The Service port of a gateway's port, for the names that Istio 1.9 gave to routes.
    package var servicePorts: [UInt16: UInt16] = [:]

    package init(_ output: OutputFormat) { self.output = output }

    // MARK: One kind

    package func listeners(_ dump: ConfigDump, where query: ListenerQuery, qualified: Bool = false)
        throws(ProxyConfigError) -> String
    {
        let listeners = try dump.listeners()
        if listeners.isEmpty && !dump.isComputed { throw ProxyConfigError("no listeners found") }
        guard output == .short else {
            return messages(listeners.filter(query.matches))
        }
        if !isVerbose {
            let table = qualified ? ListenerRow.qualifiedBriefTable : ListenerRow.briefTable
            return table.text(ListenerRow.briefRows(of: listeners, where: query))
        }
        var rows = ListenerRow.rows(of: listeners, where: query)
        if qualified { return ListenerRow.qualifiedTable.text(rows) }
        guard compatibility == .istio1_9 else { return ListenerRow.table.text(rows) }
        for index in rows.indices where rows[index].destination.hasPrefix("Route: ") {
            rows[index].destination = "Route: " + oldRouteName(String(rows[index].destination.dropFirst(7)))
        }
        return ListenerRow.istio1_9Table.text(rows)
    }

    package func routes(_ dump: ConfigDump, named name: String, qualified: Bool = false) throws(ProxyConfigError)
        -> String
    {
        var routes = try dump.routes()
        if routes.isEmpty && !dump.isComputed { throw ProxyConfigError("no routes found") }
        let isOld = compatibility == .istio1_9 && output == .short && !qualified
        if isOld { for index in routes.indices { routes[index].name = oldRouteName(routes[index].name) } }
        guard output == .short else {
            return messages(RouteRow.briefRows(of: routes, named: name).map { routes[$0.place.configuration] })
        }
        if !isVerbose {
            let table = qualified ? RouteRow.qualifiedBriefTable : RouteRow.briefTable
            return table.text(RouteRow.briefRows(of: routes, named: name))
        }
        let rows = RouteRow.rows(of: routes, named: name)
        if isOld { return RouteRow.istio1_9Note + RouteRow.istio1_9Table.text(rows) }
        return (qualified ? RouteRow.qualifiedTable : RouteRow.table).text(rows)
    }

    package func clusters(_ dump: ConfigDump, where query: ClusterQuery, qualified: Bool = false)
        throws(ProxyConfigError) -> String
    {
        let clusters = try dump.clusters()
        if clusters.isEmpty && !dump.isComputed { throw ProxyConfigError("no clusters found") }
        let rows = ClusterRow.rows(of: clusters, where: query)
        guard output == .short else { return messages(rows.map { clusters[$0.index] }) }
        return (qualified ? ClusterRow.qualifiedTable : ClusterRow.table).text(rows)
    }

    package func endpoints(_ hosts: HostStatuses, where query: EndpointQuery) -> String {
        guard output == .short else { return output.text(.array(hosts.messages(where: query))) }
        return EndpointRow.table.text(hosts.rows(where: query))
    }

    package func eds(_ dump: ConfigDump, where query: EndpointQuery, qualified: Bool = false) -> String {
        let assignments = dump.endpoints()
        guard output == .short else {
            let kept = EDSRow.order(of: assignments.map(\.clusterName)).compactMap { index in
                assignments[index].istioctlJSON(where: query)
            }
            return output.text(.array(kept))
        }
        let rows = EDSRow.rows(of: assignments, where: query)
        return (qualified ? EDSRow.qualifiedTable : EDSRow.table).text(rows)
    }

    package func ecds(_ dump: ConfigDump) throws(ProxyConfigError) -> String {
        let filters = try dump.extensionConfigs()
        guard output == .short else { return output.text(filters.isEmpty ? [:] : ["ecdsFilters": .array(filters)]) }
        return ECDSRow.table.text(ECDSRow.rows(of: filters))
    }

    /// `now` is in seconds since 1970.
    package func secrets(_ dump: ConfigDump, now: Int64, qualified: Bool = false) throws(ProxyConfigError) -> String {
        guard output == .short else {
            do throws(ProxyConfigError) {
                return output.text(.object(try dump.message(.secrets)))
            } catch {
                throw ProxyConfigError("sidecar doesn't support secrets: " + error.message)
            }
        }
        let rows = SecretRow.rows(of: try dump.message(.secrets), now: now)
        if rows.isEmpty { return "No active or warming secrets found.\n" }
        return SecretRow.table(for: rows, qualified: qualified).text(rows)
    }

    package func bootstrap(_ dump: ConfigDump) throws(ProxyConfigError) -> String {
        let message = try dump.message(.bootstrap)
        return output == .short ? BootstrapSummary(message).text : output.text(.object(message))
    }

    private func messages(_ messages: [some ProtoMessage]) -> String {
        output.text(.array(messages.map(\.istioctlJSON)))
    }

    /// Istio 1.9 named a gateway's routes by the Service's port, `http.80`, where today's is the Pod's, `http.8080`.
    private func oldRouteName(_ name: String) -> String {
        guard name.hasPrefix("http."), let port = UInt16(name.dropFirst(5)), let old = servicePorts[port] else {
            return name
        }
        return "http.\(old)"
    }
}

extension ClusterLoadAssignment {
    /// The assignment with the endpoints that pass; `nil` when none does. Localities stay, without their endpoints if need be.
    fileprivate func istioctlJSON(where query: EndpointQuery) -> JSON? {
        let kept = localities.map { locality in
            locality.endpoints.map { query.matches($0, of: clusterName) }
        }
        guard kept.contains(where: { $0.contains(true) }) else { return nil }
        guard var object = istioctlJSON.object, let all = object["endpoints"]?.array else { return istioctlJSON }
        object["endpoints"] = .array(
            zip(all, kept).map { locality, kept in
                guard var locality = locality.object, let endpoints = locality["lbEndpoints"]?.array else {
                    return locality
                }
                let passing = zip(endpoints, kept).filter(\.1).map(\.0)
                locality["lbEndpoints"] = passing.isEmpty ? nil : .array(passing)
                return .object(locality)
            })
        return .object(object)
    }
}

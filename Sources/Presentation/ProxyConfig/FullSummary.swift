import Documents

/// The filters of `proxy-config all`, which act on several tables each.
package struct FullSummaryQuery: Hashable, Sendable {
    package var listeners = ListenerQuery()
    package var clusters = ClusterQuery()
    package var endpoints = EndpointQuery()
    package var routeName = ""

    package init() {}
}

extension ProxyConfigReport {
    /// `proxy-config all`: every table with qualified names. A section that is missing ends it, with what was printed so far;
    /// `print` takes each part as soon as it is there.
    package func all(
        _ dump: ConfigDump, where query: FullSummaryQuery, withHeaders: Bool, now: Int64, print: (String) -> Void
    ) throws(ProxyConfigError) {
        switch output {
        case .json:
            print(
                dump.text.isEmpty ? dump.json.text(indent: 2) + "\n" : String(decoding: dump.text, as: UTF8.self) + "\n"
            )
        case .yaml: print(dump.json.yaml)
        case .short:
            func head(_ name: String) { if withHeaders { print("------ \(name) INFO ------\n\n") } }
            head("BOOTSTRAP")
            print(try bootstrap(dump) + "\n")
            head("CLUSTER")
            print(try clusters(dump, where: query.clusters, qualified: true) + "\n")
            head("LISTENER")
            print(try listeners(dump, where: query.listeners, qualified: true) + "\n")
            head("ROUTE")
            print(try routes(dump, named: query.routeName, qualified: true) + "\n")
            head("SECRET")
            print(try secrets(dump, now: now, qualified: true) + "\n")
            head("ENDPOINTS")
            print(eds(dump, where: query.endpoints, qualified: true))
        }
    }
}

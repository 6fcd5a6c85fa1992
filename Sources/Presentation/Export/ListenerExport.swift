import Documents
import EnvoyModel

/// Listeners with their routes inline.
struct ListenerExport {
    private(set) var listeners: [JSON] = []
    private let routes: [String: RouteConfiguration]

    init(_ snapshot: XDSSnapshot, notes: inout EnvoyExport.Notes) {
        routes = Dictionary(snapshot.routes.map { ($0.name, $0) }) { first, _ in first }
        for listener in snapshot.listeners {
            if listener.isInternal {
                notes.add(
                    "listener \"\(listener.name)\"", "is left out, internal listeners need Istio's own extensions")
                continue
            }
            if let exported = exported(listener, notes: &notes) { listeners.append(exported) }
        }
    }

    private func exported(_ listener: Listener, notes: inout EnvoyExport.Notes) -> JSON? {
        var json = listener.envoyJSON
        let owner = "listener \"\(listener.name)\""
        for key in ["filter_chains", "default_filter_chain"] {
            json = json.changing(key) { value in
                guard let chains = value.array else { return chain(value, owner, &notes) }
                return chains.isEmpty ? nil : .array(chains.map { chain($0, owner, &notes) })
            }
        }
        if json["filter_chains"] == nil, json["default_filter_chain"] == nil {
            notes.add(owner, "is left out, it has no filter chains")
            return nil
        }
        if json["filter_chain_matcher"] != nil {
            notes.add(owner, "the filter chain matcher is left out")
            json = json.setting("filter_chain_matcher", nil)
        }
        json = json.changing("listener_filters") { Self.known($0, owner, "listener filter", &notes) }
        return json.changing("access_log") { Self.known($0, owner, "access log", &notes) }
    }

    /// A chain that can be served. One that needs a private key stays for what it matches, which must not fall to
    /// another chain, and ends its connections.
    private func chain(_ chain: JSON, _ owner: String, _ notes: inout EnvoyExport.Notes) -> JSON {
        if let socket = chain["transport_socket"], socket["name"]?.string != "envoy.transport_sockets.raw_buffer" {
            let name = chain["name"]?.string ?? ""
            notes.add(
                owner,
                "filter chain \"\(name)\" ends its connections, it terminates TLS and private keys are not exported")
            return chain.setting("transport_socket", nil).setting("filters", Self.closing)
        }
        return chain.changing("filters") { filters in
            guard let known = Self.known(filters, owner, "network filter", &notes)?.array else { return nil }
            return .array(known.map { connectionManager($0, owner, &notes) })
        }
    }

    /// Goes to a cluster without endpoints.
    private static let closing: JSON = [
        [
            "name": "envoy.filters.network.tcp_proxy",
            "typed_config": [
                "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
                "stat_prefix": "BlackHoleCluster", "cluster": "BlackHoleCluster",
            ],
        ]
    ]

    private func connectionManager(_ filter: JSON, _ owner: String, _ notes: inout EnvoyExport.Notes) -> JSON {
        filter.changing("typed_config") { config in
            guard config["@type"]?.string?.hasSuffix(".HttpConnectionManager") == true else {
                return config.changing("access_log") { Self.known($0, owner, "access log", &notes) }
            }
            var config = config
            if let name = config["rds"]?["route_config_name"]?.string {
                let routes = routes[name]?.envoyJSON ?? ["name": .string(name)]
                config = config.setting("rds", nil).setting("route_config", RouteExport.exported(routes, &notes))
                if self.routes[name] == nil {
                    notes.add(owner, "route configuration \"\(name)\" is not there, every request gets 404")
                }
            } else {
                config = config.changing("route_config") { RouteExport.exported($0, &notes) }
            }
            config = config.changing("http_filters") { Self.known($0, owner, "HTTP filter", &notes) }
            if config["tracing"]?["provider"] != nil {
                notes.add(owner, "tracing is left out")
                config = config.setting("tracing", nil)
            }
            return config.changing("access_log") { Self.known($0, owner, "access log", &notes) }
        }
    }

    /// Those of a list of extensions that every Envoy has and that come with their configuration.
    static func known(_ list: JSON, _ owner: String, _ what: String, _ notes: inout EnvoyExport.Notes) -> JSON? {
        guard let elements = list.array else { return list }
        let kept = elements.filter { element in
            let name = element["name"]?.string ?? ""
            if element["config_discovery"] != nil {
                notes.add(owner, "\(what) \"\(name)\" is left out, its configuration comes from a control plane")
                return false
            }
            if let config = element["typed_config"], !config.isEnvoyExtension {
                notes.add(owner, "\(what) \"\(name)\" is left out, only Istio's Envoy has it")
                return false
            }
            return true
        }
        return kept.isEmpty ? nil : .array(kept)
    }
}

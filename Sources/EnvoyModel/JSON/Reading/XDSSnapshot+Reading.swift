package import Documents

extension XDSSnapshot {
    /// The static resources of a bootstrap.
    package init(bootstrap node: Node) {
        var diagnostics: [Diagnostic] = []
        self.init(bootstrap: node, diagnostics: &diagnostics)
    }

    /// The static resources of a bootstrap; `diagnostics` gets what has the wrong type.
    package init(bootstrap node: Node, diagnostics: inout [Diagnostic]) {
        self.init()
        bootstrap = RawMessage(node)
        let context = ReadingContext()
        readNode(node["node"])
        if let manager = node["cluster_manager"] ?? node["clusterManager"] {
            localClusterName = (manager["local_cluster_name"] ?? manager["localClusterName"])?.text ?? ""
        }
        if let resources = node["static_resources"] ?? node["staticResources"] {
            listeners = resources["listeners"]?.elements.map { Listener($0, context) } ?? []
            clusters = resources["clusters"]?.elements.map { Cluster($0, context) } ?? []
            secrets = resources["secrets"]?.elements.map { Secret($0, isWarming: false) } ?? []
        }
        unmodelled = context.unmodelled
        diagnostics += context.sink.diagnostics
    }

    /// The resources of a `/config_dump`, static and dynamic; of a dynamic one the active version, else the warming one.
    package init(configDump node: Node) {
        var diagnostics: [Diagnostic] = []
        self.init(configDump: node, diagnostics: &diagnostics)
    }

    /// The same; `diagnostics` gets what has the wrong type.
    package init(configDump node: Node, diagnostics: inout [Diagnostic]) {
        self.init()
        let context = ReadingContext()
        for section in node["configs"]?.elements ?? node.elements {
            switch section["@type"]?.text.split(separator: ".").last {
            case "BootstrapConfigDump": readBootstrapSection(section)
            case "ClustersConfigDump":
                clusters = section.resources(
                    ["static_clusters", "dynamic_active_clusters", "dynamic_warming_clusters"], "cluster"
                ).map { Cluster($0, context) }
            case "ListenersConfigDump":
                listeners = section.resources(["static_listeners", "dynamic_listeners"], "listener").map {
                    Listener($0, context)
                }
            case "RoutesConfigDump":
                // Static ones are those that connection managers carry; they are read there.
                routes = section.resources(["dynamic_route_configs"], "route_config").map {
                    RouteConfiguration($0, context)
                }
            case "EndpointsConfigDump":
                endpoints = section.resources(["dynamic_endpoint_configs"], "endpoint_config").map {
                    ClusterLoadAssignment($0, context)
                }
            case "SecretsConfigDump": readSecrets(section)
            default: break
            }
        }
        unmodelled = context.unmodelled
        diagnostics += context.sink.diagnostics
    }

    private mutating func readBootstrapSection(_ section: Node) {
        guard let bootstrap = section["bootstrap"] else { return }
        self.bootstrap = RawMessage(bootstrap)
        readNode(bootstrap["node"])
        if let manager = bootstrap["cluster_manager"] ?? bootstrap["clusterManager"] {
            localClusterName = (manager["local_cluster_name"] ?? manager["localClusterName"])?.text ?? ""
        }
    }

    private mutating func readNode(_ node: Node?) {
        guard let node else { return }
        let place = node["locality"]
        let text = { (names: [String]) -> String in
            names.lazy.compactMap { place?[$0]?.text }.first ?? ""
        }
        self.node = NodeInfo(
            id: node["id"]?.text ?? "", cluster: node["cluster"]?.text ?? "",
            locality: Locality(region: text(["region"]), zone: text(["zone"]), subZone: text(["sub_zone", "subZone"])),
            metadata: node["metadata"]?.json.object ?? JSONObject())
    }

    private mutating func readSecrets(_ section: Node) {
        for (names, isWarming) in [
            (["static_secrets", "dynamic_active_secrets"], false), (["dynamic_warming_secrets"], true),
        ] {
            secrets += section.resources(names, "secret").map { Secret($0, isWarming: isWarming) }
        }
    }
}

extension Node {
    /// The resources of a section of a dump: each entry's `key`, where need be inside its `active_state` or `warming_state`.
    fileprivate func resources(_ lists: [String], _ key: String) -> [Node] {
        lists.flatMap { list -> [Node] in
            let camel = list.lowerCamelCased
            return (self[list] ?? self[camel])?.elements.compactMap { entry in
                let state =
                    entry["active_state"] ?? entry["activeState"] ?? entry["warming_state"] ?? entry["warmingState"]
                    ?? entry
                return state[key] ?? state[key.lowerCamelCased]
            } ?? []
        }
    }
}

extension String {
    fileprivate var lowerCamelCased: String {
        let parts = split(separator: "_")
        return parts.dropFirst().reduce(String(parts.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}

extension Secret {
    /// Of a certificate only the chain is kept.
    init(_ node: Node, isWarming: Bool) {
        let data = { (source: Node?) -> String? in
            if let bytes = (source?["inline_bytes"] ?? source?["inlineBytes"])?.string { return decodedBase64(bytes) }
            return (source?["inline_string"] ?? source?["inlineString"])?.string
        }
        let certificate = node["tls_certificate"] ?? node["tlsCertificate"]
        let validation = node["validation_context"] ?? node["validationContext"]
        let kind: Kind
        if let chain = data(certificate?["certificate_chain"] ?? certificate?["certificateChain"]) {
            kind = .certificate(chainPEM: chain)
        } else if let authority = data(validation?["trusted_ca"] ?? validation?["trustedCa"]) {
            kind = .certificateAuthority(pem: authority)
        } else {
            kind = .other
        }
        self.init(name: node["name"]?.text ?? "", kind: kind, isWarming: isWarming)
    }
}

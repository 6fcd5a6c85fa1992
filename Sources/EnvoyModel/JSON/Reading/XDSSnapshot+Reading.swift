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
    ///
    /// The kinds are read side by side: in a large dump each has tens of megabytes.
    package init(configDump node: Node) async {
        self.init()
        let sections = node["configs"]?.elements ?? node.elements
        /// The last section of a type counts.
        func resources(_ type: String, _ lists: [String], _ key: String) -> [Node] {
            sections.last { $0.isDump(of: type) }?.resources(lists, key) ?? []
        }
        async let clusters = Resources(
            resources(
                "ClustersConfigDump", ["static_clusters", "dynamic_active_clusters", "dynamic_warming_clusters"],
                "cluster"), read: Cluster.init)
        async let listeners = Resources(
            resources("ListenersConfigDump", ["static_listeners", "dynamic_listeners"], "listener"),
            read: Listener.init)
        // Static ones are those that connection managers carry; they are read there.
        async let routes = Resources(
            resources("RoutesConfigDump", ["dynamic_route_configs"], "route_config"), read: RouteConfiguration.init)
        async let endpoints = Resources(
            resources("EndpointsConfigDump", ["dynamic_endpoint_configs"], "endpoint_config"),
            read: ClusterLoadAssignment.init)
        for section in sections {
            if section.isDump(of: "BootstrapConfigDump") { readBootstrapSection(section) }
            if section.isDump(of: "SecretsConfigDump") { readSecrets(section) }
        }
        unmodelled =
            await clusters.unmodelled + endpoints.unmodelled + listeners.unmodelled + routes.unmodelled
        self.clusters = await clusters.values
        self.endpoints = await endpoints.values
        self.listeners = await listeners.values
        self.routes = await routes.values
    }

    /// The resources of one kind, and what of them is not modelled.
    private struct Resources<Value: Sendable>: Sendable {
        let values: [Value]
        let unmodelled: [UnmodelledField]

        init(_ nodes: [Node], read: (Node, ReadingContext) -> Value) {
            let context = ReadingContext()
            values = nodes.map { read($0, context) }
            unmodelled = context.unmodelled
        }
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
    fileprivate func isDump(of type: String) -> Bool { self["@type"]?.text.hasSuffix("." + type) ?? false }

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

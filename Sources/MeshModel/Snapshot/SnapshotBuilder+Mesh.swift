package import Documents

extension SnapshotBuilder {
    /// The mesh's own configuration: files that were named for it, else ConfigMap `istio` of the root namespace.
    mutating func readMeshConfig(_ settings: MeshSnapshot.Settings) {
        let sink = DiagnosticSink()
        let map =
            snapshot.configMaps.first { $0.name == "istio" && $0.namespace == "istio-system" }
            ?? snapshot.configMaps.first { $0.name.hasPrefix("istio-") && $0.data["mesh"] != nil }
            ?? snapshot.configMaps.first { $0.name == "istio" && $0.data["mesh"] != nil }
        if let node = settings.meshConfig ?? map.flatMap({ document("mesh", in: $0) }), !node.isNull {
            snapshot.meshConfig = MeshConfig(node, sink: sink)
        }
        if let node = settings.meshNetworks ?? map.flatMap({ document("meshNetworks", in: $0) }), !node.isNull {
            snapshot.meshNetworks = MeshNetworks(node, sink: sink)
        }
        diagnostics += sink.diagnostics
    }

    /// A YAML document in a ConfigMap's value. Places inside are lines of the value, so they are moved to its file's.
    private mutating func document(_ key: String, in map: ConfigMap) -> Node? {
        guard let text = map.data[key] else { return nil }
        let file = map.dataLocations[key]?.file ?? map.name
        let parsed = DocumentReader.read(text, file: file)
        let offset = map.dataLocations[key]?.line ?? 0
        for diagnostic in parsed.diagnostics {
            let location = diagnostic.location.map {
                SourceLocation(file: file, line: $0.line + offset, column: $0.column)
            }
            diagnostics.append(
                Diagnostic(
                    diagnostic.severity, diagnostic.message, at: location, hint: diagnostic.hint, code: diagnostic.code)
            )
        }
        return parsed.documents.first?.root
    }

    mutating func readServices(_ settings: MeshSnapshot.Settings) {
        guard let node = settings.services, !node.isNull else { return }
        let sink = DiagnosticSink()
        if !node.isSequence {
            sink.error("expected a list of services, found \(node.shortDescription)", at: node.location)
        }
        snapshot.serviceDescriptions = node.elements.map { element in
            var fields = FieldReader(element, type: "service", sink: sink)
            defer { fields.finish() }
            return ServiceDescription(&fields)
        }
        diagnostics += sink.diagnostics
    }
}

extension ProxyNode {
    /// A proxy described by hand (`--proxy-file`): all but `type` may be left out.
    package static func read(_ node: Node, domain: String = "cluster.local") -> (ProxyNode?, [Diagnostic]) {
        let sink = DiagnosticSink()
        var fields = FieldReader(node, type: "proxy", sink: sink)
        let type: NodeType? = fields.enumeration("type")
        if type == nil, !node.hasKey("type") {
            sink.error("a proxy needs a type: gateway or sidecar", at: node.location)
        }
        let namespace = fields.string("namespace") ?? "default"
        var proxy = ProxyNode(name: fields.string("name") ?? "proxy", type: type ?? .sidecar, namespace: namespace)
        proxy.labels = fields.stringMap("labels")
        proxy.ipAddresses = fields.strings("ipAddresses")
        if let ip = fields.string("ip"), proxy.ipAddresses.isEmpty { proxy.ipAddresses = [ip] }
        proxy.dnsDomain = fields.string("dnsDomain") ?? "\(namespace).svc.\(domain)"
        proxy.locality = fields.string("locality") ?? ""
        for entry in fields.entries("metadata") { proxy.metadata[entry.key] = entry.value.json }
        if let config = node[path: "metadata", "PROXY_CONFIG"] {
            proxy.proxyConfig = ProxyConfig().overlaid(by: config, sink: sink)
        }
        proxy.istioVersion = fields.string("istioVersion") ?? ""
        proxy.cluster = proxy.metadata("CLUSTER_ID") ?? proxy.cluster
        proxy.nodeName = proxy.metadata("NODE_NAME")
        proxy.location = node.location
        fields.finish()
        let isBroken = sink.diagnostics.contains { $0.severity == .error }
        return (isBroken ? nil : proxy, sink.diagnostics)
    }
}

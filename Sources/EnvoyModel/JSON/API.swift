package import Documents

extension XDSSnapshot {
    /// The static resources of a bootstrap.
    package init(bootstrap: Node) { self.init() }

    /// The resources of a `/config_dump`.
    package init(configDump: Node) { self.init() }

    /// A `/config_dump` with its sections as Envoy's admin API has them (secrets without private parts).
    /// - Parameter includesEndpoints: `?include_eds`.
    package func configDump(includesEndpoints: Bool = false) -> JSON { .object(JSONObject()) }
}

extension Listener {
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) { self.init(name: "", address: nil) }
    /// In Envoy's proto3 JSON form: snake_case, defaults left out.
    package var json: JSON { .object(JSONObject()) }
}

extension RouteConfiguration {
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) { self.init(name: "") }
    /// In Envoy's proto3 JSON form: snake_case, defaults left out.
    package var json: JSON { .object(JSONObject()) }
}

extension Cluster {
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) { self.init(name: "", type: .static) }
    /// In Envoy's proto3 JSON form: snake_case, defaults left out.
    package var json: JSON { .object(JSONObject()) }
}

extension ClusterLoadAssignment {
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) { self.init(clusterName: "") }
    /// In Envoy's proto3 JSON form: snake_case, defaults left out.
    package var json: JSON { .object(JSONObject()) }
}

extension Secret {
    /// In Envoy's proto3 JSON form: private keys as `[redacted]`.
    package var json: JSON { .object(JSONObject()) }
}

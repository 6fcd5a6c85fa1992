package import Documents

extension XDSSnapshot {
    /// The static resources of a bootstrap.
    package init(bootstrap: Node) { self.init() }

    /// The resources of a `/config_dump`.
    package init(configDump: Node) { self.init() }
}

extension Listener {
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) { self.init(name: "", address: nil) }
}

extension RouteConfiguration {
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) { self.init(name: "") }
}

extension Cluster {
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) { self.init(name: "", type: .static) }
}

extension ClusterLoadAssignment {
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) { self.init(clusterName: "") }
}

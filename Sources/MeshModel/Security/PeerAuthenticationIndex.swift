package import Documents

/// PeerAuthentications by namespace, and the modes that follow from them (istiod: `AuthenticationPolicies`).
package struct PeerAuthenticationIndex: Sendable {
    package typealias Mode = PeerAuthentication.Mode

    private let rootNamespace: String
    /// The oldest without a selector.
    private let byNamespace: [String: PeerAuthentication]
    private let selecting: [String: [PeerAuthentication]]

    package init(_ objects: [PeerAuthentication], rootNamespace: String) {
        self.rootNamespace = rootNamespace
        var byNamespace: [String: PeerAuthentication] = [:]
        var selecting: [String: [PeerAuthentication]] = [:]
        for object in objects.sorted(by: { ObjectMeta.isOlder($0.meta, $1.meta) }) {
            if let selector = object.selector, !selector.isEmpty {
                selecting[object.namespace, default: []].append(object)
            } else if byNamespace[object.namespace] == nil {
                byNamespace[object.namespace] = object
            }
        }
        self.byNamespace = byNamespace
        self.selecting = selecting
    }

    /// The mode of a namespace, workloads left aside: what clients assume (istiod: `GetNamespaceMutualTLSMode`).
    package func mode(namespace: String) -> Mode {
        for owner in [namespace, rootNamespace] {
            if let mode = byNamespace[owner]?.mtls, mode != .unset { return mode }
        }
        return .permissive
    }

    /// The modes of a workload's ports (istiod: `ComposePeerAuthentication`).
    package func policy(namespace: String, labels: [String: String]) -> WorkloadPolicy {
        var mode = Mode.permissive
        var owners: [SourceReference] = []
        for owner in namespace == rootNamespace ? [namespace] : [rootNamespace, namespace] {
            guard let object = byNamespace[owner], let mtls = object.mtls, mtls != .unset else { continue }
            mode = mtls
            owners.insert(object.sourceReference, at: 0)
        }
        var ports: [Int: Mode] = [:]
        // Selectors in the root namespace do not reach into others, and are ignored in it.
        if namespace != rootNamespace,
            let own = selecting[namespace]?.first(where: { $0.selector?.isContained(in: labels) ?? false })
        {
            if let mtls = own.mtls, mtls != .unset { mode = mtls }
            owners.insert(own.sourceReference, at: 0)
            for (port, portMode) in own.portLevelMtls { ports[port] = portMode == .unset ? mode : portMode }
        }
        return WorkloadPolicy(mode: mode, ports: ports, owners: owners)
    }

    package struct WorkloadPolicy: Sendable {
        package let mode: Mode
        /// By container port.
        package let ports: [Int: Mode]
        /// The objects that say so, the most specific first.
        package let owners: [SourceReference]

        package func mode(port: Int) -> Mode { ports[port] ?? mode }
    }
}

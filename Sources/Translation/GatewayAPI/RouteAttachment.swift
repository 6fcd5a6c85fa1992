import Documents
import MeshModel

/// Where a route's configuration goes: a listener of a gateway, or the hosts of a service in the mesh.
struct AttachedParent {
    /// The gateway's name in a VirtualService: `namespace/name`, or `mesh`.
    let gateway: String
    /// `nil` in the mesh.
    let listener: ListenerParent?
    /// Other listeners of the same object.
    let siblings: [ListenerParent]
    /// Hosts of the service, in the mesh.
    let meshHosts: [String]
    /// The port of a mesh parentRef.
    let port: Int?

    var isMesh: Bool { listener == nil }

    /// Whether a host of the route belongs to this listener, and to no more specific one beside it (18.3.4).
    func takes(host: String) -> Bool {
        guard let listener else { return true }
        let own = listener.hostname.isEmpty ? "*" : listener.hostname
        guard HostName.matches(host, own) else { return false }
        guard HostName.isWildcard(own) else { return true }
        return !siblings.contains { other in
            other.sectionName != listener.sectionName && other.port == listener.port
                && other.protocol == listener.protocol && !other.hostname.isEmpty
                && other.hostname.utf8.count >= listener.hostname.utf8.count
                && HostName.isSubset(host, of: other.hostname)
        }
    }
}

/// Finds the parents of routes (18.3).
struct RouteAttachment {
    let context: ConversionContext
    let parents: [ParentKey: [ListenerParent]]

    /// The parents that take the route, by the names of their gateways.
    func parents(
        of references: [ParentReference], kind: RouteKind, namespace: String, hostnames: [String]
    ) -> [AttachedParent] {
        var result: [AttachedParent] = []
        for reference in references {
            let group = reference.group ?? ConversionContext.group
            switch (group, reference.kind ?? "Gateway") {
            case (ConversionContext.group, let parentKind) where parentKind == "Gateway" || parentKind == "ListenerSet":
                let key = ParentKey(
                    kind: parentKind, namespace: reference.namespace ?? namespace, name: reference.name)
                let listeners = parents[key] ?? []
                for listener in listeners
                where attaches(listener, reference, kind: kind, namespace: namespace, hostnames: hostnames) {
                    result.append(
                        AttachedParent(
                            gateway: listener.internalName, listener: listener, siblings: listeners, meshHosts: [],
                            port: nil))
                }
            case ("", "Service"), ("networking.istio.io", "ServiceEntry"):
                let hosts = meshHosts(of: reference, namespace: namespace)
                if hosts.isEmpty { continue }
                result.append(
                    AttachedParent(
                        gateway: "mesh", listener: nil, siblings: [], meshHosts: hosts, port: reference.port))
            default: continue
            }
        }
        return result.enumerated().sorted { left, right in
            (left.element.gateway, left.offset) < (right.element.gateway, right.offset)
        }.map(\.element)
    }

    private func attaches(
        _ listener: ListenerParent, _ reference: ParentReference, kind: RouteKind, namespace: String,
        hostnames: [String]
    ) -> Bool {
        if let port = reference.port, port != listener.port { return false }
        if let section = reference.sectionName, !section.isEmpty, section != listener.sectionName { return false }
        guard listener.kinds.contains(kind), listener.allows(namespace: namespace) else { return false }
        let own = listener.hostname.isEmpty ? "*" : listener.hostname
        return hostnames.isEmpty || hostnames.contains { HostName.matches($0, own) }
    }

    private func meshHosts(of reference: ParentReference, namespace: String) -> [String] {
        let namespace = reference.namespace ?? namespace
        if reference.kind == "ServiceEntry" {
            let entry = context.snapshot.serviceEntries.first {
                $0.name == reference.name && $0.namespace == namespace
            }
            guard let entry, !context.hasForeignWaypoint(entry.meta) else { return [] }
            return entry.hosts
        }
        guard context.hasService(reference.name, namespace: namespace) else { return [] }
        if let service = context.snapshot.service(reference.name, namespace: namespace),
            context.hasForeignWaypoint(service.meta)
        {
            return []
        }
        return [context.serviceHost(reference.name, namespace: namespace)]
    }
}

import Documents
import MeshModel
import Translation

/// What has to be right for a VirtualService to be used by a proxy, checked in the order in which istiod asks.
struct AttachmentChecks {
    private let object: VirtualService
    private let context: RepairContext
    /// The objects on the other side of what failed.
    private(set) var others: [SourceReference] = []

    typealias Failure = (text: String, place: SourceLocation?)

    init(_ object: VirtualService, _ context: RepairContext) {
        self.object = object
        self.context = context
    }

    mutating func firstFailure() -> Failure? {
        if !context.isVisible(object.exportTo, from: object.namespace) {
            return ("exportTo: [\(object.exportTo.listed)] hides it from \(context.proxy.namespace)", nil)
        }
        if object.exportTo.isEmpty, !context.snapshot.meshConfig.defaultVirtualServiceExportTo.isEmpty,
            !context.isVisible(context.snapshot.meshConfig.defaultVirtualServiceExportTo, from: object.namespace)
        {
            return ("defaultVirtualServiceExportTo of the mesh hides it from \(context.proxy.namespace)", nil)
        }
        if let failure = context.isGateway ? gateways() : mesh() { return failure }
        return scope()
    }

    // MARK: At a gateway

    private mutating func gateways() -> Failure? {
        if object.gateways.isEmpty { return ("it has no gateways: for the mesh only", nil) }
        var first: Failure?
        for (index, written) in object.gateways.enumerated() where written != "mesh" {
            let place = object.gatewayLocations.indices.contains(index) ? object.gatewayLocations[index] : nil
            guard let failure = check(written, place) else { return nil }
            if first == nil { first = failure }
        }
        return first ?? ("gateways: [\(object.gateways.listed)] leaves gateways out", object.gatewayLocations.first)
    }

    private mutating func check(_ written: String, _ place: SourceLocation?) -> Failure? {
        let name = HostName.gatewayName(written, namespace: object.namespace)
        guard let gateway = context.snapshot.gateways.first(where: { "\($0.namespace)/\($0.name)" == name }) else {
            let bare = name.split(separator: "/").last.map(String.init) ?? name
            let meant =
                context.snapshot.gateways.first { $0.name == bare }
                ?? context.snapshot.gateways.first { Near.distance($0.name, bare) != nil && context.selectsProxy($0) }
            if let meant { others.append(meant.sourceReference) }
            let hint = meant.map { "; there is \($0.namespacedName)" } ?? ""
            return ("gateways: \"\(written)\" means \(name), which does not exist\(hint)", place)
        }
        if !context.selectsProxy(gateway) {
            others.append(gateway.sourceReference)
            let wanted = (gateway.selector ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return ("the selector of Gateway \(name) (\(wanted.listed)) does not take \(context.proxy.id)", place)
        }
        return servers(of: gateway, place)
    }

    /// A server on this port whose hosts meet those of the object, for its kind of routes.
    private mutating func servers(of gateway: IstioGateway, _ place: SourceLocation?) -> Failure? {
        let ports = context.serverPorts
        let onPort = gateway.servers.filter { $0.port.map { ports.contains($0.number) } ?? false }
        guard !onPort.isEmpty else {
            others.append(gateway.sourceReference)
            let known = gateway.servers.compactMap { $0.port.map { "\($0.number)" } }
            return (
                "Gateway \(gateway.namespacedName) has no server on port \(ports.map { "\($0)" }.listed), only on \(known.listed)",
                place
            )
        }
        let taking = onPort.filter { server in server.hosts.contains { takes($0, of: gateway) } }
        guard let server = taking.first else {
            others.append(gateway.sourceReference(at: onPort.first?.hostLocations.first ?? onPort.first?.location))
            return (
                "the hosts of Gateway \(gateway.namespacedName) (\(onPort.flatMap(\.hosts).listed)) do not cover "
                    + object.hosts.listed, place
            )
        }
        if taking.allSatisfy({ $0.tls?.mode == .passthrough && $0.tls != nil && !$0.isRedirect }), !object.http.isEmpty,
            object.tls.isEmpty
        {
            others.append(gateway.sourceReference(at: server.location))
            return ("Gateway \(gateway.namespacedName) passes TLS through: http routes cannot be used there", place)
        }
        if taking.allSatisfy({ $0.tls == nil || $0.tls?.mode != .passthrough }), object.http.isEmpty,
            object.tcp.isEmpty, !object.tls.isEmpty
        {
            others.append(gateway.sourceReference(at: server.location))
            return ("Gateway \(gateway.namespacedName) ends TLS or has none: tls routes cannot be used there", place)
        }
        return nil
    }

    private func takes(_ entry: String, of gateway: IstioGateway) -> Bool {
        let parts = entry.split(separator: "/", maxSplits: 1).map(String.init)
        let namespace = parts.count > 1 ? parts[0] : "*"
        let host = parts.last ?? entry
        let isOpen =
            namespace == "*" || namespace == object.namespace
            || namespace == "." && object.namespace == gateway.namespace
        return isOpen && object.hosts.contains { HostName.matches($0.lowercased(), host.lowercased()) }
    }

    // MARK: In the mesh

    private mutating func mesh() -> Failure? {
        if !object.gateways.isEmpty, !object.gateways.contains("mesh") {
            return (
                "gateways: [\(object.gateways.listed)] lacks \"mesh\": for gateways only", object.gatewayLocations.first
            )
        }
        let others = context.virtualServices.filter { other in
            other.namespacedName != object.namespacedName && ObjectMeta.isOlder(other.meta, object.meta)
                && other.hosts.contains { host in
                    object.hosts.contains {
                        context.expanded($0, namespace: object.namespace)
                            == context.expanded(host, namespace: other.namespace)
                    }
                }
        }
        if let older = others.first {
            self.others.append(older.sourceReference)
            return (
                "the older VirtualService \(older.namespacedName) has the same host: in the mesh they do not merge", nil
            )
        }
        return nil
    }

    // MARK: Its matches

    /// No match is left for this proxy.
    private func scope() -> Failure? {
        let scopes = object.scopedMatches
        guard !scopes.isEmpty, object.http.allSatisfy({ !$0.match.isEmpty }) else { return nil }
        let ports = context.serverPorts
        if scopes.allSatisfy({ $0.port != 0 && !ports.contains($0.port) }) {
            return (
                "every match wants port \(Set(scopes.map { "\($0.port)" }).sorted().listed), the request comes in at "
                    + ports.map { "\($0)" }.listed, object.http.first?.match.first?.location
            )
        }
        if scopes.allSatisfy({ scope in scope.sourceLabels.contains { context.proxy.labels[$0.key] != $0.value } }) {
            return (
                "every match has sourceLabels that \(context.proxy.id) does not have",
                object.http.first?.match.first?.location
            )
        }
        if scopes.allSatisfy({ !$0.sourceNamespace.isEmpty && $0.sourceNamespace != context.proxy.namespace }) {
            return ("every match is for callers of another namespace", object.http.first?.match.first?.location)
        }
        return nil
    }
}

extension IstioGateway.Server {
    /// Only there to send clients to https.
    fileprivate var isRedirect: Bool { tls?.httpsRedirect ?? false }
}

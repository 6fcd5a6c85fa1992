package import Documents

/// A rule of a TLSRoute, TCPRoute or UDPRoute.
package struct L4RouteRule: Hashable, Sendable {
    package var name = ""
    package var backendRefs: [BackendReference] = []
    package var location: SourceLocation?

    package init() {}
}

/// `gateway.networking.k8s.io` TLSRoute.
package struct TLSRoute: MeshObject, Hashable {
    package static let kindName = "TLSRoute"
    package static var list: WritableKeyPath<MeshSnapshot, [TLSRoute]> { \.tlsRoutes }
    package var meta: ObjectMeta
    package var parentRefs: [ParentReference] = []
    package var hostnames: [String] = []
    package var hostnameLocations: [SourceLocation] = []
    package var rules: [L4RouteRule] = []
    package init(meta: ObjectMeta) { self.meta = meta }
}

/// `gateway.networking.k8s.io` TCPRoute.
package struct TCPRoute: MeshObject, Hashable {
    package static let kindName = "TCPRoute"
    package static var list: WritableKeyPath<MeshSnapshot, [TCPRoute]> { \.tcpRoutes }
    package var meta: ObjectMeta
    package var parentRefs: [ParentReference] = []
    package var rules: [L4RouteRule] = []
    package init(meta: ObjectMeta) { self.meta = meta }
}

/// `gateway.networking.k8s.io` UDPRoute: read, and without effect in Istio.
package struct UDPRoute: MeshObject, Hashable {
    package static let kindName = "UDPRoute"
    package static var list: WritableKeyPath<MeshSnapshot, [UDPRoute]> { \.udpRoutes }
    package var meta: ObjectMeta
    package var parentRefs: [ParentReference] = []
    package var rules: [L4RouteRule] = []
    package init(meta: ObjectMeta) { self.meta = meta }
}

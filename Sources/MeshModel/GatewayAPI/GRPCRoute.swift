package import Documents

/// `gateway.networking.k8s.io` GRPCRoute.
package struct GRPCRoute: MeshObject, Hashable {
    package static let kindName = "GRPCRoute"
    package static var list: WritableKeyPath<MeshSnapshot, [GRPCRoute]> { \.grpcRoutes }

    package var meta: ObjectMeta
    package var parentRefs: [ParentReference] = []
    package var hostnames: [String] = []
    package var hostnameLocations: [SourceLocation] = []
    package var rules: [Rule] = []

    package init(meta: ObjectMeta) { self.meta = meta }

    package struct Rule: Hashable, Sendable {
        package var name = ""
        package var matches: [Match] = []
        package var filters: [RouteFilter] = []
        package var backendRefs: [BackendReference] = []
        package var sessionPersistence: SessionPersistence?
        package var location: SourceLocation?

        package init() {}
    }

    package struct Match: Hashable, Sendable {
        package var method: MethodMatch?
        package var headers: [ValueMatch] = []
        package var location: SourceLocation?

        package init() {}
    }

    package struct MethodMatch: Hashable, Sendable {
        package var type: ValueMatch.MatchType = .exact
        package var service: String?
        package var method: String?

        package init() {}
    }
}

package import Documents

/// `gateway.networking.k8s.io` HTTPRoute. (A VirtualService's is `VirtualService.HTTPRoute`.)
package struct HTTPRoute: MeshObject, Hashable {
    package static let kindName = "HTTPRoute"
    package static var list: WritableKeyPath<MeshSnapshot, [HTTPRoute]> { \.httpRoutes }

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
        package var timeouts: Timeouts?
        package var retry: Retry?
        package var sessionPersistence: SessionPersistence?
        package var location: SourceLocation?

        package init() {}
    }

    package struct Match: Hashable, Sendable {
        package var path: PathMatch?
        package var headers: [ValueMatch] = []
        package var queryParams: [ValueMatch] = []
        package var method: String?
        package var location: SourceLocation?

        package init() {}
    }

    package struct PathMatch: Hashable, Sendable {
        package enum MatchType: String, Hashable, Sendable, CaseIterable {
            case exact = "Exact"
            case pathPrefix = "PathPrefix"
            case regularExpression = "RegularExpression"
        }

        package var type: MatchType = .pathPrefix
        package var value = "/"
        package var location: SourceLocation?

        package init() {}
    }

    package struct Timeouts: Hashable, Sendable {
        package var request: Duration?
        package var backendRequest: Duration?

        package init() {}
    }

    package struct Retry: Hashable, Sendable {
        package var codes: [Int] = []
        package var attempts: Int?
        package var backoff: Duration?

        package init() {}
    }
}

/// A header or query parameter of a route match.
package struct ValueMatch: Hashable, Sendable {
    package enum MatchType: String, Hashable, Sendable, CaseIterable {
        case exact = "Exact"
        case regularExpression = "RegularExpression"
    }

    package var type: MatchType = .exact
    package var name = ""
    package var value = ""
    package var location: SourceLocation?

    package init() {}
}

package struct SessionPersistence: Hashable, Sendable {
    package var sessionName = ""
    /// `Cookie` (default) or `Header`.
    package var type: String?
    package var absoluteTimeout: Duration?
    package var idleTimeout: Duration?
    package var cookieLifetimeType: String?

    package init() {}
}

/// A backend of a route rule.
package struct BackendReference: Hashable, Sendable {
    /// `nil` and empty: core.
    package var group: String?
    /// `nil`: Service.
    package var kind: String?
    package var name = ""
    package var namespace: String?
    package var port: Int?
    /// `nil`: 1.
    package var weight: Int?
    package var filters: [RouteFilter] = []
    package var location: SourceLocation?

    package init() {}
}

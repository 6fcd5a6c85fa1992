package import Documents

/// A filter of an HTTPRoute or GRPCRoute rule or backend.
package struct RouteFilter: Hashable, Sendable {
    package struct HeaderModifier: Hashable, Sendable {
        package struct Header: Hashable, Sendable {
            package var name = ""
            package var value = ""

            package init() {}
        }

        package var `set`: [Header] = []
        package var add: [Header] = []
        package var remove: [String] = []

        package init() {}
    }

    package enum PathModifier: Hashable, Sendable {
        case replaceFullPath(String)
        case replacePrefixMatch(String)
    }

    package struct Redirect: Hashable, Sendable {
        package var scheme: String?
        package var hostname: String?
        package var path: PathModifier?
        package var port: Int?
        package var statusCode: Int?

        package init() {}
    }

    package struct URLRewrite: Hashable, Sendable {
        package var hostname: String?
        package var path: PathModifier?

        package init() {}
    }

    package struct Mirror: Hashable, Sendable {
        package var backendRef = MirrorBackend()
        package var percent: Int?
        package var numerator: Int?
        /// 100 where the manifest gives none.
        package var denominator: Int?

        package init() {}
    }

    /// A mirror's backend: a `BackendReference` without weight and filters.
    package struct MirrorBackend: Hashable, Sendable {
        package var group: String?
        package var kind: String?
        package var name = ""
        package var namespace: String?
        package var port: Int?
        package var location: SourceLocation?

        package init() {}
    }

    package struct CORS: Hashable, Sendable {
        package var allowOrigins: [String] = []
        package var allowCredentials: Bool?
        package var allowMethods: [String] = []
        package var allowHeaders: [String] = []
        package var exposeHeaders: [String] = []
        /// Seconds; `nil`: 5.
        package var maxAge: Int?

        package init() {}
    }

    /// `RequestHeaderModifier`, `RequestRedirect`, …, as written.
    package var type = ""
    package var requestHeaderModifier: HeaderModifier?
    package var responseHeaderModifier: HeaderModifier?
    package var requestMirror: Mirror?
    package var requestRedirect: Redirect?
    package var urlRewrite: URLRewrite?
    package var cors: CORS?
    package var extensionRef: ObjectReference?
    package var location: SourceLocation?

    package init() {}
}

extension RouteFilter {
    /// The backend of a mirror as any other; `nil` for filters that mirror nothing.
    package var mirroredBackend: BackendReference? {
        guard let mirror = requestMirror?.backendRef else { return nil }
        var backend = BackendReference()
        backend.group = mirror.group
        backend.kind = mirror.kind
        backend.name = mirror.name
        backend.namespace = mirror.namespace
        backend.port = mirror.port
        backend.location = mirror.location
        return backend
    }
}

package import Documents

/// `config.route.v3.RouteConfiguration`.
package struct RouteConfiguration: Hashable, Sendable {
    package var name: String
    package var virtualHosts: [VirtualHost] = []
    package var requestHeaders = HeaderMutations()
    package var responseHeaders = HeaderMutations()
    package var mostSpecificHeaderMutationsWins = false
    package var ignorePortInHostMatching = false
    package var ignorePathParametersInPathMatching = false
    /// `nil` is false for RDS, true for a static configuration.
    package var validateClusters: Bool?
    /// `nil` is 4096.
    package var maxDirectResponseBodySizeBytes: UInt32?
    package var internalOnlyHeaders: [String] = []
    package var requestMirrorPolicies: [RequestMirrorPolicy] = []
    package var perFilterConfig: PerFilterConfig = PerFilterConfig()
    package var metadata = Metadata()
    package var sources: [SourceReference] = []
    package var raw: RawMessage?

    package init(name: String) { self.name = name }
}

/// `config.route.v3.VirtualHost`.
package struct VirtualHost: Hashable, Sendable {
    package enum TLSRequirement: String, Hashable, Sendable {
        case none = "NONE"
        case externalOnly = "EXTERNAL_ONLY"
        case all = "ALL"
    }

    package var name: String
    package var domains: [String]
    package var routes: [Route] = []
    package var requireTLS = TLSRequirement.none
    package var requestHeaders = HeaderMutations()
    package var responseHeaders = HeaderMutations()
    @Boxed package var retryPolicy: RetryPolicy?
    package var hedgePolicy: JSON?
    package var requestMirrorPolicies: [RequestMirrorPolicy] = []
    package var includeRequestAttemptCount = false
    package var includeAttemptCountInResponse = false
    package var includeIsTimeoutRetryHeader = false
    package var perFilterConfig = PerFilterConfig()
    package var metadata = Metadata()
    package var sources: [SourceReference] = []

    package init(name: String, domains: [String], routes: [Route] = []) {
        self.name = name
        self.domains = domains
        self.routes = routes
    }
}

/// `request_headers_to_add`, `…_to_remove` of one level.
package struct HeaderMutations: Hashable, Sendable {
    package struct Addition: Hashable, Sendable {
        package enum Action: String, Hashable, Sendable {
            case appendIfExistsOrAdd = "APPEND_IF_EXISTS_OR_ADD"
            case addIfAbsent = "ADD_IF_ABSENT"
            case overwriteIfExistsOrAdd = "OVERWRITE_IF_EXISTS_OR_ADD"
            case overwriteIfExists = "OVERWRITE_IF_EXISTS"
        }

        package var name: String
        /// A substitution format string (`%REQ(x)%`, `%%`).
        package var value: String
        package var action: Action
        package var keepEmptyValue: Bool

        package init(
            name: String, value: String, action: Action = .appendIfExistsOrAdd, keepEmptyValue: Bool = false
        ) {
            self.name = name
            self.value = value
            self.action = action
            self.keepEmptyValue = keepEmptyValue
        }
    }

    package var add: [Addition]
    package var remove: [String]

    package init(add: [Addition] = [], remove: [String] = []) {
        self.add = add
        self.remove = remove
    }

    package var isEmpty: Bool { add.isEmpty && remove.isEmpty }
}

/// `typed_per_filter_config`: what meshtop models, and the rest as it is, keyed by filter name.
package struct PerFilterConfig: Hashable, Sendable {
    @Boxed package var fault: FaultFilter?
    @Boxed package var cors: CORSPolicy?
    /// `stateful_session` and whatever else; kept in the order of the document.
    package var other: [ExtensionConfig] = []
    /// Filters switched off for this route (`FilterConfig.disabled`).
    package var disabledFilters: [String] = []

    package init() {}

    package var isEmpty: Bool { fault == nil && cors == nil && other.isEmpty && disabledFilters.isEmpty }
}

/// `extensions.filters.http.cors.v3.CorsPolicy`.
package struct CORSPolicy: Hashable, Sendable {
    package var allowOrigins: [StringMatcher] = []
    package var allowMethods = ""
    package var allowHeaders = ""
    package var exposeHeaders = ""
    /// Seconds, as text.
    package var maxAge = ""
    package var allowCredentials: Bool?
    package var allowPrivateNetworkAccess: Bool?
    /// `nil` is true.
    package var forwardNotMatchingPreflights: Bool?
    package var filterEnabled: FractionalPercent?

    package init() {}
}

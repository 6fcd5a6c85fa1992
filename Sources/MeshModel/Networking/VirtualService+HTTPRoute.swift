package import Documents

extension VirtualService {
    /// An entry of `http`.
    package struct HTTPRoute: Hashable, Sendable {
        package var name = ""
        package var match: [HTTPMatch] = []
        package var route: [HTTPRouteDestination] = []
        @Boxed package var redirect: HTTPRedirect?
        @Boxed package var directResponse: HTTPDirectResponse?
        @Boxed package var delegate: Delegate?
        @Boxed package var rewrite: HTTPRewrite?
        package var timeout: Duration?
        @Boxed package var retries: HTTPRetry?
        @Boxed package var fault: HTTPFaultInjection?
        @Boxed package var mirror: Destination?
        package var mirrors: [HTTPMirrorPolicy] = []
        /// Deprecated `mirrorPercent` (also written `mirror_percent`).
        package var mirrorPercent: Int?
        package var mirrorPercentage: Double?
        @Boxed package var corsPolicy: CORSPolicy?
        @Boxed package var headers: Headers?
        package var location: SourceLocation?
        /// The rule and match that it was converted from, when it was.
        @Boxed package var source: SourceReference?

        package init() {}
    }

    package struct HTTPMatch: Hashable, Sendable {
        package var name = ""
        package var uri: StringMatch?
        package var scheme: StringMatch?
        package var method: StringMatch?
        package var authority: StringMatch?
        package var headers: [String: StringMatch] = [:]
        package var withoutHeaders: [String: StringMatch] = [:]
        package var queryParams: [String: StringMatch] = [:]
        /// 0: any.
        package var port = 0
        package var sourceLabels: [String: String] = [:]
        package var gateways: [String] = []
        package var ignoreUriCase = false
        package var sourceNamespace = ""
        package var statPrefix = ""
        package var location: SourceLocation?

        package init() {}
    }

    package struct HTTPRouteDestination: Hashable, Sendable {
        package var destination = Destination()
        package var weight = 0
        @Boxed package var headers: Headers?
        package var location: SourceLocation?

        package init() {}
    }

    package struct HTTPRedirect: Hashable, Sendable {
        package enum DerivedPort: String, Hashable, Sendable, CaseIterable {
            case fromProtocolDefault = "FROM_PROTOCOL_DEFAULT"
            case fromRequestPort = "FROM_REQUEST_PORT"
        }

        package var uri = ""
        package var authority = ""
        package var prefixRewrite = ""
        package var port: Int?
        package var derivePort: DerivedPort?
        package var scheme = ""
        /// 0: 301.
        package var redirectCode = 0

        package init() {}
    }

    package struct HTTPDirectResponse: Hashable, Sendable {
        package enum Body: Hashable, Sendable {
            case string(String)
            case bytes([UInt8])
        }

        package var status = 0
        package var body: Body?

        package init(status: Int = 0, body: Body? = nil) {
            self.status = status
            self.body = body
        }
    }

    package struct Delegate: Hashable, Sendable {
        package var name = ""
        package var namespace = ""
        package var location: SourceLocation?

        package init() {}
    }

    package struct RegexRewrite: Hashable, Sendable {
        package var match = ""
        package var rewrite = ""

        package init(match: String = "", rewrite: String = "") {
            self.match = match
            self.rewrite = rewrite
        }
    }

    package struct HTTPRewrite: Hashable, Sendable {
        package var uri = ""
        package var authority = ""
        package var uriRegexRewrite: RegexRewrite?

        package init() {}
    }

    package struct HTTPMirrorPolicy: Hashable, Sendable {
        package var destination = Destination()
        /// Per cent; `nil` is all.
        package var percentage: Double?

        package init() {}
    }

    package struct Headers: Hashable, Sendable {
        package var request: HeaderOperations?
        package var response: HeaderOperations?

        package init() {}
    }

    package struct HeaderOperations: Hashable, Sendable {
        package var `set`: [String: String] = [:]
        package var add: [String: String] = [:]
        package var remove: [String] = []

        package init() {}
        package var isEmpty: Bool { `set`.isEmpty && add.isEmpty && remove.isEmpty }
    }

    package struct HTTPFaultInjection: Hashable, Sendable {
        package var delay: Delay?
        package var abort: Abort?

        package init() {}

        package struct Delay: Hashable, Sendable {
            package var fixedDelay: Duration?
            package var exponentialDelay: Duration?
            /// Deprecated whole per cent.
            package var percent: Int?
            package var percentage: Double?

            package init() {}
        }

        package struct Abort: Hashable, Sendable {
            package var httpStatus: Int?
            package var grpcStatus: String?
            package var http2Error: String?
            package var percentage: Double?

            package init() {}
        }
    }

    package struct CORSPolicy: Hashable, Sendable {
        package enum UnmatchedPreflights: String, Hashable, Sendable, CaseIterable {
            case unspecified = "UNSPECIFIED"
            case forward = "FORWARD"
            case ignore = "IGNORE"
        }

        /// Deprecated exact origins.
        package var allowOrigin: [String] = []
        package var allowOrigins: [StringMatch] = []
        package var allowMethods: [String] = []
        package var allowHeaders: [String] = []
        package var exposeHeaders: [String] = []
        package var maxAge: Duration?
        package var allowCredentials: Bool?
        package var unmatchedPreflights: UnmatchedPreflights = .unspecified

        package init() {}
    }
}

/// Retries of a VirtualService route or of MeshConfig's defaults.
package struct HTTPRetry: Hashable, Sendable {
    package var attempts = 0
    package var perTryTimeout: Duration?
    package var retryOn = ""
    package var retryRemoteLocalities: Bool?
    package var retryIgnorePreviousHosts: Bool?
    package var backoff: Duration?

    package init() {}
}

extension VirtualService {
    package typealias HTTPRetry = MeshModel.HTTPRetry
}

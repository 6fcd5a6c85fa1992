package import Documents
package import EnvoyModel
package import TrafficEngine

/// One test of a route-test file: a request and what must become of it.
package struct RouteCheck: Sendable {
    package enum Subject: Hashable, Sendable {
        /// A curl line.
        case curl(String)
        /// A request that arrives at the address and port that it names.
        case request(SyntheticRequest)
        /// A request that arrives where clients of its scheme arrive: port 80 or 443 of what is in front of the proxy.
        case addressed(SyntheticRequest)
    }

    package var name: String
    package var location: SourceLocation
    package var subject: Subject
    /// `NAME.NAMESPACE`; `nil`: the one that is chosen for all.
    package var proxy: String?
    /// The value that decides every random choice; `nil`: the likeliest outcome.
    package var random: UInt64?
    package var expectations: [Expectation] = []
    /// The test passes when the expectations are not all met.
    package var isNegated = false

    package init(name: String, at location: SourceLocation, subject: Subject) {
        self.name = name
        self.location = location
        self.subject = subject
    }
}

/// One expectation of a test.
package struct Expectation: Sendable {
    /// What is looked at: the names are those of the trace.
    package enum Subject: Hashable, Sendable {
        case status, flags, details, error, body
        case proxy, listener, filterChain, routeConfiguration, virtualHost, route, cluster, endpoint, transport
        /// `Kind NAMESPACE/NAME` of a manifest behind the decision.
        case source
        /// Of the request that the application gets.
        case method, authority, path
        /// The answer's `location`.
        case redirect
        /// The status of an answer that the route itself gives.
        case routeStatus
        case requestHeader(HeaderMatcher)
        case responseHeader(HeaderMatcher)
        /// The chance that such a request goes to a cluster.
        case share(cluster: String)
        /// A cluster that the request has a chance to go to.
        case anyCluster
        case mirror
    }

    package enum Test: Hashable, Sendable {
        /// There must be none.
        case absent
        case matches(StringMatcher)
        case equals(Double)
        /// The matcher is in the subject.
        case isMet
        /// What the file asks and meshtop cannot tell: such a test fails, with this reason.
        case cannotBeChecked(String)
    }

    package var subject: Subject
    package var test: Test
    package var location: SourceLocation

    package init(_ subject: Subject, _ test: Test, at location: SourceLocation) {
        self.subject = subject
        self.test = test
        self.location = location
    }
}

extension Expectation.Subject {
    /// As a user wrote it.
    package var name: String {
        switch self {
        case .status: "status"
        case .flags: "flags"
        case .details: "details"
        case .error: "error"
        case .body: "body"
        case .proxy: "proxy"
        case .listener: "listener"
        case .filterChain: "filter_chain"
        case .routeConfiguration: "route_config"
        case .virtualHost: "virtual_host"
        case .route: "route"
        case .cluster: "cluster"
        case .endpoint: "endpoint"
        case .transport: "transport"
        case .source: "source"
        case .method: "method"
        case .authority: "authority"
        case .path: "path"
        case .redirect: "redirect"
        case .routeStatus: "status of the route's own answer"
        case .requestHeader(let matcher): "request header \(matcher.name)"
        case .responseHeader(let matcher): "response header \(matcher.name)"
        case .share(let cluster): "share of \(cluster)"
        case .anyCluster: "clusters"
        case .mirror: "mirror"
        }
    }
}

package import Documents

/// What a load balancer's health check asks, and what the answer comes to.
package struct HealthReport: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable { case http = "HTTP", https = "HTTPS", tcp = "TCP", grpc = "GRPC" }

    /// One target that is checked.
    package struct Target: Hashable, Sendable {
        /// A node or a Pod.
        package var name: String
        package var address: String
        package var isHealthy: Bool
        /// What answers there and why that counts, or does not.
        package var reason: String
        package var source: SourceReference?

        package init(name: String, address: String, isHealthy: Bool, reason: String, source: SourceReference? = nil) {
            self.name = name
            self.address = address
            self.isHealthy = isHealthy
            self.reason = reason
            self.source = source
        }
    }

    /// Who checks: the name of the load balancer's hop.
    package var checker: String
    package var scheme: Scheme
    package var port: Int
    /// Empty for TCP.
    package var path: String
    /// Statuses that count as healthy, as they are written (`200-399`); empty for TCP.
    package var successCodes: String
    /// Where the check is written down; `nil` for a default.
    package var source: SourceReference?
    /// Where port and path come from, in words.
    package var origin: String
    package var targets: [Target] = []
    package var facts: [PathFact] = []

    package init(
        checker: String, scheme: Scheme, port: Int, path: String, successCodes: String, origin: String,
        source: SourceReference? = nil
    ) {
        self.checker = checker
        self.scheme = scheme
        self.port = port
        self.path = path
        self.successCodes = successCodes
        self.origin = origin
        self.source = source
    }

    package var healthyCount: Int { targets.count { $0.isHealthy } }

    /// `HTTP :30218/healthz/ready`.
    package var question: String { "\(scheme.rawValue) :\(port)\(path)" }
}

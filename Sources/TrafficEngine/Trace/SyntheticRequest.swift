package import EnvoyModel

/// The contract's "A synthetic request".
package struct SyntheticRequest: Hashable, Sendable {
    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct UpstreamResponse: Hashable, Sendable {
        package var status = 200
        package var headers: [Header] = []

        package init() {}
    }

    package var id = ""
    package var method = "GET"
    package var scheme = "http"
    /// `nil`: no Host header.
    package var authority: String?
    package var path = "/"
    package var headers: [Header] = []
    package var application = ConnectionAttempt.ApplicationProtocol.http
    package var transport = ConnectionAttempt.Transport.plaintext
    package var serverName = ""
    package var alpn: [String] = []
    package var mode = ConnectionAttempt.Mode.gateway
    package var address = "127.0.0.1"
    package var port: UInt16 = 80
    package var sourceIP = "127.0.0.1"
    package var sourceNamespace: String?
    package var sourceLabels: [String: String] = [:]
    package var count = 1
    package var body: String?
    /// The certificate that the client shows: `NAMESPACE/NAME` of a Secret, or a file of curl's `--cert`.
    package var clientCertificate: String?
    /// Which validation secrets trust that certificate; `nil` as long as nobody has looked.
    package var certificateTrust: Set<String>?
    package var upstreamResponse = UpstreamResponse()
    /// The value that weighted clusters and fractions are decided by; `nil`: the likeliest outcome is shown.
    package var random: UInt64?

    package init() {}

    /// Somebody in between ends the connection and opens one of its own: nothing of the client's TLS goes on.
    package mutating func reconnect(over transport: ConnectionAttempt.Transport) {
        self.transport = transport
        serverName = ""
        alpn = []
        clientCertificate = nil
        certificateTrust = nil
    }
}

/// Where a request can end, with the chance of it.
package struct Candidate: Sendable {
    package var route: CompiledRoute?
    package var cluster: String
    /// `nil`: the request ends here without an endpoint.
    package var host: CompiledHost?
    package var share: Double
}

/// A copy of the request.
package struct Mirror: Sendable {
    package var cluster: String
    package var host: CompiledHost?
    package var authority: String
    package var share: Double
}

/// One proxy's part of a trace.
package struct TraceHop: Sendable {
    package var proxy = ""
    package var clusterName = "Kubernetes"
    package var listener: Listener?
    package var filterChain: FilterChain?
    package var routeConfiguration: RouteConfiguration?
    package var virtualHost: VirtualHost?
    package var route: Route?
    package var cluster: Cluster?
    /// The name of the cluster, also of one that does not exist.
    package var clusterReference: String?
    package var host: CompiledHost?
    /// The proxy cannot connect to `host`.
    package var isUnreachable = false
    package var candidates: [Candidate] = []
    package var mirrors: [Mirror] = []
    /// `nil`: nothing is forwarded.
    package var upstreamRequest: SyntheticRequest?
    package var upstreamTransport: String?
    package var steps: [Step] = []

    package init() {}
}

/// The answer, as the contract has it.
package struct TraceResponse: Sendable {
    package var status: Int?
    package var flags = "-"
    package var details = ""
    package var headers: [SyntheticRequest.Header] = []
    package var body: String?

    package init() {}
}

/// The contract's "A trace".
package struct TrafficTrace: Sendable {
    package var request: SyntheticRequest
    package var hops: [TraceHop] = []
    package var response: TraceResponse?
    /// Endpoint addresses; only when `count` > 1.
    package var picks: [String]?
    package var error: ConnectionError?

    package init(request: SyntheticRequest) { self.request = request }
}

package import Documents

/// `defaultConfig` of the MeshConfig, with what annotation `proxy.istio.io/config` of a Pod changes of it.
package struct ProxyConfig: Hashable, Sendable {
    /// `gatewayTopology`.
    package struct Topology: Hashable, Sendable {
        package var numTrustedProxies = 0
        package var forwardClientCertDetails: String?
        /// Whether `proxyProtocol` is set.
        package var proxyProtocol = false

        package init() {}
    }

    /// `proxyHeaders`: what Envoy adds to requests and responses. All of it is on unless it is turned off.
    package struct Headers: Hashable, Sendable {
        package struct CertificateDetails: Hashable, Sendable {
            package var subject: Bool?
            package var cert: Bool?
            package var chain: Bool?
            package var dns: Bool?
            package var uri: Bool?

            package init() {}
        }

        package var forwardedClientCert: String?
        /// `nil`: as Istio has it for gateways and for sidecars.
        package var setCurrentClientCertDetails: CertificateDetails?
        package var hasRequestID = true
        package var hasServer = true
        /// `server.value`; empty: Istio's name.
        package var server = ""
        package var hasAttemptCount = true
        package var hasDebugHeaders = true

        package init() {}
    }

    package var topology = Topology()
    package var headers = Headers()
    package var concurrency: Int?
    package var drainDuration: Duration?
    package var discoveryAddress = ""
    package var proxyMetadata: [String: String] = [:]
    package var interceptionMode: String?

    package init() {}

    /// What the fields of another configuration make of this one: metadata and headers are merged, the rest is replaced.
    package func overlaid(by root: Node, sink: DiagnosticSink) -> ProxyConfig {
        var fields = FieldReader(root, type: "ProxyConfig", sink: sink, spelling: .protobuf)
        var result = self
        result.apply(&fields)
        return result
    }
}

extension ProxyConfig {
    init(_ fields: inout FieldReader) {
        self.init()
        apply(&fields)
    }

    fileprivate mutating func apply(_ fields: inout FieldReader) {
        if let own = fields.object("gatewayTopology", of: "Topology", { Topology(&$0) }) { topology = own }
        _ = fields.object("proxyHeaders", of: "ProxyHeaders") { headers.apply(&$0) }
        concurrency = fields.natural("concurrency") ?? concurrency
        drainDuration = fields.duration("drainDuration") ?? drainDuration
        discoveryAddress = fields.string("discoveryAddress") ?? discoveryAddress
        proxyMetadata.merge(fields.stringMap("proxyMetadata")) { _, new in new }
        interceptionMode = fields.string("interceptionMode") ?? interceptionMode
        fields.ignoreOthers()
    }
}

extension ProxyConfig.Topology {
    init(_ fields: inout FieldReader) {
        self.init()
        numTrustedProxies = fields.natural("numTrustedProxies") ?? 0
        forwardClientCertDetails = fields.string("forwardClientCertDetails")
        proxyProtocol = fields.node("proxyProtocol") != nil
    }
}

extension ProxyConfig.Headers {
    fileprivate mutating func apply(_ fields: inout FieldReader) {
        forwardedClientCert = fields.string("forwardedClientCert") ?? forwardedClientCert
        if let own = fields.object("setCurrentClientCertDetails", of: "details", { CertificateDetails(&$0) }) {
            setCurrentClientCertDetails = own
        }
        hasRequestID = Self.isOn("requestId", &fields) ?? hasRequestID
        hasAttemptCount = Self.isOn("attemptCount", &fields) ?? hasAttemptCount
        hasDebugHeaders = Self.isOn("envoyDebugHeaders", &fields) ?? hasDebugHeaders
        _ = fields.object("server", of: "Server") { fields in
            if let isDisabled = fields.bool("disabled") { hasServer = !isDisabled }
            server = fields.string("value") ?? server
        }
        fields.ignoreOthers()
    }

    /// `NAME.disabled`, the other way round.
    private static func isOn(_ name: String, _ fields: inout FieldReader) -> Bool? {
        fields.object(name, of: name) { $0.bool("disabled") }.flatMap { $0 }.map { !$0 }
    }
}

extension ProxyConfig.Headers.CertificateDetails {
    fileprivate init(_ fields: inout FieldReader) {
        self.init()
        subject = fields.bool("subject")
        cert = fields.bool("cert")
        chain = fields.bool("chain")
        dns = fields.bool("dns")
        uri = fields.bool("uri")
    }
}

import EnvoyModel

/// What decisions ask of a connection manager, without anything that would have to be retained.
struct ManagerSettings: Sendable {
    let useRemoteAddress: Bool
    let trustedHops: Int
    let skipsForwardedFor: Bool
    let generatesRequestID: Bool
    let preservesExternalRequestID: Bool
    let setsRequestIDInResponse: Bool
    let addsUserAgent: Bool
    let normalizesPath: Bool
    let mergesSlashes: Bool
    let escapedSlashes: HTTPConnectionManager.EscapedSlashesAction
    let stripsTrailingDot: Bool
    let stripsAnyPort: Bool
    let stripsMatchingPort: Bool
    let server: HTTPConnectionManager.ServerHeaderTransformation
    /// `scheme_header_transformation`: `nil` without.
    let forcesHTTPS: Bool?
    let ignoresPortInHost: Bool
    let ignoresPathParameters: Bool
    let mostSpecificWins: Bool
    /// Something in the route configuration changes headers; where nothing does, nobody has to look.
    let changesRequests: Bool
    let changesResponses: Bool
    let suppressesEnvoyHeaders: Bool
    let clientCertificate: HTTPConnectionManager.ForwardClientCertDetails

    /// Whether the client's own `x-forwarded-client-cert` goes on. Only mutual TLS vouches for it, but for `ALWAYS_FORWARD_ONLY`.
    func keepsClientCertificate(hasPeerCertificate: Bool) -> Bool {
        switch clientCertificate {
        case .alwaysForwardOnly: true
        case .forwardOnly, .appendForward: hasPeerCertificate
        case .sanitize, .sanitizeSet: false
        }
    }

    init(_ value: HTTPConnectionManager, _ compiled: CompiledRouteConfiguration?, _ router: RouterFilter) {
        let routes = compiled?.value
        changesRequests = compiled?.changesRequests ?? false
        changesResponses = compiled?.changesResponses ?? false
        useRemoteAddress = value.useRemoteAddress
        trustedHops = Int(value.xffNumTrustedHops)
        skipsForwardedFor = value.skipXFFAppend
        generatesRequestID = value.generateRequestID
        preservesExternalRequestID = value.preserveExternalRequestID
        setsRequestIDInResponse = value.alwaysSetRequestIDInResponse
        addsUserAgent = value.addUserAgent
        normalizesPath = value.normalizePath
        mergesSlashes = value.mergeSlashes
        escapedSlashes = value.pathWithEscapedSlashesAction
        stripsTrailingDot = value.stripTrailingHostDot
        stripsAnyPort = value.stripAnyHostPort
        stripsMatchingPort = value.stripMatchingHostPort
        server = value.serverHeaderTransformation
        forcesHTTPS = value.schemeHeaderTransformation.map { $0 == "https" }
        ignoresPortInHost = routes?.ignorePortInHostMatching ?? false
        ignoresPathParameters = routes?.ignorePathParametersInPathMatching ?? false
        mostSpecificWins = routes?.mostSpecificHeaderMutationsWins ?? false
        clientCertificate = value.forwardClientCertDetails
        suppressesEnvoyHeaders = router.suppressEnvoyHeaders
    }
}

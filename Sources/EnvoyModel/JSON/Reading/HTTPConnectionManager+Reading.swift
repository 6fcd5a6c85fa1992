import Documents

extension HTTPConnectionManager {
    init(_ reader: inout MessageReader) {
        self.init(statPrefix: reader.text("statPrefix"), routeSource: .none)
        codecType = reader.choice("codecType", CodecType.auto)
        if let name = reader.sub(
            "rds",
            {
                $0.ignore("configSource")
                return $0.text("routeConfigName")
            })
        {
            routeSource = .rds(name)
        } else if let node = reader.node("routeConfig") {
            routeSource = .inline(RouteConfiguration(node, reader.context))
        } else if let scoped = reader.unmodelled("scopedRoutes") {
            routeSource = .scoped(scoped)
        }
        httpFilters = reader.list("httpFilters") { HTTPFilter(&$0) }
        tracing = reader.json("tracing")
        accessLog = reader.accessLog()
        reader.ignore("accessLogOptions")
        localReplyConfig = reader.unmodelled("localReplyConfig")
        upgradeConfigs = reader.list("upgradeConfigs") { UpgradeConfig(&$0) }
        readIdentity(&reader)
        readPath(&reader)
        readProtocol(&reader)
    }

    private mutating func readIdentity(_ reader: inout MessageReader) {
        useRemoteAddress = reader.flag("useRemoteAddress")
        xffNumTrustedHops = reader.number("xffNumTrustedHops") ?? 0
        skipXFFAppend = reader.flag("skipXffAppend")
        internalAddressConfig = reader.sub("internalAddressConfig") {
            var config = InternalAddressConfig()
            config.unixSockets = $0.flag("unixSockets")
            config.cidrRanges = $0.list("cidrRanges") { CIDRRange(&$0) }
            return config
        }
        forwardClientCertDetails = reader.choice("forwardClientCertDetails", ForwardClientCertDetails.sanitize)
        setCurrentClientCertDetails = reader.sub("setCurrentClientCertDetails") {
            var details = SetCurrentClientCertDetails()
            details.subject = $0.flag("subject")
            details.cert = $0.flag("cert")
            details.chain = $0.flag("chain")
            details.dns = $0.flag("dns")
            details.uri = $0.flag("uri")
            return details
        }
        serverName = reader.text("serverName")
        serverHeaderTransformation = reader.choice("serverHeaderTransformation", ServerHeaderTransformation.overwrite)
        schemeHeaderTransformation =
            reader.sub("schemeHeaderTransformation") { $0.optionalText("schemeToOverwrite") } ?? nil
        generateRequestID = reader.wrapped("generateRequestId") ?? true
        preserveExternalRequestID = reader.flag("preserveExternalRequestId")
        alwaysSetRequestIDInResponse = reader.flag("alwaysSetRequestIdInResponse")
        via = reader.text("via")
        addUserAgent = reader.flag("addUserAgent")
        proxy100Continue = reader.flag("proxy100Continue") || reader.flag("proxy_100_continue")
        appendXForwardedPort = reader.flag("appendXForwardedPort")
    }

    private mutating func readPath(_ reader: inout MessageReader) {
        normalizePath = reader.flag("normalizePath")
        mergeSlashes = reader.flag("mergeSlashes")
        pathWithEscapedSlashesAction = reader.choice(
            "pathWithEscapedSlashesAction", EscapedSlashesAction.implementationSpecificDefault)
        stripMatchingHostPort = reader.flag("stripMatchingHostPort")
        stripAnyHostPort = reader.flag("stripAnyHostPort")
        stripTrailingHostDot = reader.flag("stripTrailingHostDot")
    }

    private mutating func readProtocol(_ reader: inout MessageReader) {
        streamIdleTimeout = reader.duration("streamIdleTimeout")
        requestTimeout = reader.duration("requestTimeout")
        requestHeadersTimeout = reader.duration("requestHeadersTimeout")
        delayedCloseTimeout = reader.duration("delayedCloseTimeout")
        drainTimeout = reader.duration("drainTimeout")
        maxRequestHeadersKB = reader.number("maxRequestHeadersKb")
        reader.sub("commonHttpProtocolOptions") {
            idleTimeout = $0.duration("idleTimeout")
            maxConnectionDuration = $0.duration("maxConnectionDuration")
            maxStreamDuration = $0.duration("maxStreamDuration")
            maxRequestsPerConnection = $0.number("maxRequestsPerConnection")
            maxHeadersCount = $0.number("maxHeadersCount")
            headersWithUnderscoresAction = $0.choice("headersWithUnderscoresAction", UnderscoresAction.allow)
        }
        http1 = reader.sub("httpProtocolOptions") { HTTP1Options(&$0) } ?? HTTP1Options()
        reader.ignore("http2ProtocolOptions", "http3ProtocolOptions")
    }
}

extension HTTPConnectionManager.HTTP1Options {
    init(_ reader: inout MessageReader) {
        self.init()
        allowAbsoluteURL = reader.wrapped("allowAbsoluteUrl")
        acceptHTTP10 = reader.flag("acceptHttp10") || reader.flag("accept_http_10")
        defaultHostForHTTP10 = reader.optionalText("default_host_for_http_10") ?? reader.text("defaultHostForHttp10")
        enableTrailers = reader.flag("enableTrailers")
        allowChunkedLength = reader.flag("allowChunkedLength")
        allowCustomMethods = reader.flag("allowCustomMethods")
        reader.sub("headerKeyFormat") {
            properCaseWords = $0.has("properCaseWords")
            preservesCase = $0.has("statefulFormatter")
        }
    }
}

extension HTTPFilter {
    private static let inertTypes: Set<Substring> = [
        "FilterConfig", "PluginConfig", "GrpcStats", "AlpnFilter", "MetadataExchange", "Config", "PeerMetadata",
        "GrpcWeb",
    ]
    private static let inertNames = ["istio.", "envoy.filters.http.grpc_stats", "envoy.filters.http.grpc_web"]

    init(_ reader: inout MessageReader) {
        let name = reader.text("name")
        let type = reader.node("typedConfig")?["@type"]?.text.split(separator: ".").last
        self.init(name: name, config: .cors)
        disabled = reader.flag("disabled")
        reader.ignore("isOptional")
        switch type {
        case "Router":
            let router = reader.typed("typedConfig") { _, config in
                var router = RouterFilter()
                router.suppressEnvoyHeaders = config.flag("suppressEnvoyHeaders")
                router.respectExpectedRQTimeout = config.flag("respectExpectedRqTimeout")
                router.startChildSpan = config.flag("startChildSpan")
                config.ignore("dynamicStats")
                return router
            }
            config = .router(router ?? RouterFilter())
        case "HTTPFault":
            config = .fault(reader.typed("typedConfig") { FaultFilter(&$1) } ?? FaultFilter())
        case "Cors": config = .cors
        default:
            if name == "envoy.filters.http.router", type == nil {
                config = .router(RouterFilter())
                return
            }
            let kept = ExtensionConfig(&reader)
            let isInert =
                Self.inertNames.contains { name.hasPrefix($0) } || type.map { Self.inertTypes.contains($0) } ?? false
            config = isInert ? .inert(kept) : .other(kept)
            if !isInert, !disabled { reader.context.report(reader.path.text + "\(name)", at: reader.node.location) }
        }
        reader.ignore("configDiscovery")
    }
}

import Documents
import EnvoyModel
import MeshModel

extension HTTPConnectionManager {
    /// Settings that gateways and sidecars share (istiod: `buildHTTPConnectionManager`).
    init(statPrefix: String, routeSource: RouteSource, port: PortProtocol, isInbound: Bool, meshConfig: MeshConfig) {
        self.init(statPrefix: statPrefix, routeSource: routeSource)
        switch meshConfig.pathNormalization {
        case .none: break
        case .default, .base: normalizePath = true
        case .mergeSlashes:
            normalizePath = true
            mergeSlashes = true
        case .decodeAndMergeSlashes:
            normalizePath = true
            mergeSlashes = true
            pathWithEscapedSlashesAction = .unescapeAndForward
        }
        upgradeConfigs = [UpgradeConfig(type: "websocket")]
        streamIdleTimeout = .zero
        accessLog = IstioExtensions.accessLog(meshConfig)
        httpFilters = Self.filters(port: port, isInbound: isInbound)
    }

    /// The filters in istiod's order; those that routes speak to are always there.
    private static func filters(port: PortProtocol, isInbound: Bool) -> [HTTPFilter] {
        var filters = [
            HTTPFilter(name: "istio.metadata_exchange", config: .inert(IstioExtensions.httpMetadataExchange))
        ]
        if port == .grpcWeb {
            filters.append(HTTPFilter(name: "envoy.filters.http.grpc_web", config: .inert(IstioExtensions.grpcWeb)))
        }
        filters.append(HTTPFilter(name: "envoy.filters.http.grpc_stats", config: .inert(IstioExtensions.grpcStats)))
        if !isInbound { filters.append(HTTPFilter(name: "istio.alpn", config: .inert(IstioExtensions.alpn))) }
        filters.append(HTTPFilter(name: "envoy.filters.http.fault", config: .fault(FaultFilter())))
        filters.append(HTTPFilter(name: "envoy.filters.http.cors", config: .cors))
        filters.append(HTTPFilter(name: "istio.stats", config: .inert(IstioExtensions.stats)))
        filters.append(HTTPFilter(name: "envoy.filters.http.router", config: .router(RouterFilter())))
        return filters
    }
}

extension HTTPConnectionManager {
    /// `proxyHeaders`: what is added to messages, with the name that `server` has otherwise (istiod: `GetProxyHeaders`).
    mutating func apply(_ headers: ProxyConfig.Headers, serverName name: String) {
        serverName = headers.server.isEmpty ? name : headers.server
        if !headers.hasServer {
            serverName = ""
            serverHeaderTransformation = .passThrough
        }
        generateRequestID = headers.hasRequestID
        guard !headers.hasDebugHeaders else { return }
        for place in httpFilters.indices {
            guard case .router(var router) = httpFilters[place].config else { continue }
            router.suppressEnvoyHeaders = true
            httpFilters[place].config = .router(router)
        }
    }
}

extension HTTPConnectionManager.SetCurrentClientCertDetails {
    /// Those of the configuration where it has some: without a word of theirs subject, DNS names and URIs, no certificates.
    func with(_ headers: ProxyConfig.Headers) -> Self {
        guard let own = headers.setCurrentClientCertDetails else { return self }
        var result = Self()
        result.subject = own.subject ?? true
        result.cert = own.cert ?? false
        result.chain = own.chain ?? false
        result.dns = own.dns ?? true
        result.uri = own.uri ?? true
        return result
    }
}

/// Filters of Istio's that have no influence on where a request goes.
enum IstioExtensions {
    private static let prefix = "type.googleapis.com/"

    static let httpMetadataExchange = ExtensionConfig(
        name: "istio.metadata_exchange", typeURL: prefix + "io.istio.http.peer_metadata.Config",
        config: [
            "upstreamDiscovery": [
                ["istioHeaders": .object(JSONObject())], ["workloadDiscovery": .object(JSONObject())],
            ],
            "upstreamPropagation": [["istioHeaders": .object(JSONObject())]],
        ])
    static let grpcWeb = ExtensionConfig(
        name: "envoy.filters.http.grpc_web",
        typeURL: prefix + "envoy.extensions.filters.http.grpc_web.v3.GrpcWeb", config: .object(JSONObject()))
    static let grpcStats = ExtensionConfig(
        name: "envoy.filters.http.grpc_stats",
        typeURL: prefix + "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
        config: ["emitFilterState": true, "statsForAllMethods": false])
    static let alpn = ExtensionConfig(
        name: "istio.alpn", typeURL: prefix + "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig",
        config: [
            "alpnOverride": [
                ["alpnOverride": ["istio-http/1.0", "istio", "http/1.0"]],
                ["upstreamProtocol": "HTTP11", "alpnOverride": ["istio-http/1.1", "istio", "http/1.1"]],
                ["upstreamProtocol": "HTTP2", "alpnOverride": ["istio-h2", "istio", "h2"]],
            ]
        ])
    static let stats = ExtensionConfig(
        name: "istio.stats", typeURL: prefix + "stats.PluginConfig", config: .object(JSONObject()))

    static let tlsInspector = ExtensionConfig(
        name: "envoy.filters.listener.tls_inspector",
        typeURL: prefix + "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector")
    static let proxyProtocol = ExtensionConfig(
        name: "envoy.filters.listener.proxy_protocol",
        typeURL: prefix + "envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol")
    static let httpInspector = ExtensionConfig(
        name: "envoy.filters.listener.http_inspector",
        typeURL: prefix + "envoy.extensions.filters.listener.http_inspector.v3.HttpInspector")
    static let originalDst = ExtensionConfig(
        name: "envoy.filters.listener.original_dst",
        typeURL: prefix + "envoy.extensions.filters.listener.original_dst.v3.OriginalDst")

    /// The mesh's access log in Istio's default format, if there is one.
    static func accessLog(_ config: MeshConfig) -> [ExtensionConfig] {
        guard !config.accessLogFile.isEmpty else { return [] }
        var log = JSONObject()
        log.add("path", .string(config.accessLogFile))
        if !config.accessLogFormat.isEmpty {
            let text =
                config.accessLogFormat.hasSuffix("\n") ? config.accessLogFormat : config.accessLogFormat + "\n"
            log.add("logFormat", ["textFormatSource": ["inlineString": .string(text)]])
        }
        return [
            ExtensionConfig(
                name: "envoy.access_loggers.file",
                typeURL: prefix + "envoy.extensions.access_loggers.file.v3.FileAccessLog", config: .object(log))
        ]
    }
}

extension NetworkFilter {
    static func http(_ manager: HTTPConnectionManager) -> NetworkFilter {
        NetworkFilter(
            name: "envoy.filters.network.http_connection_manager", config: .httpConnectionManager(manager))
    }

    static func tcp(_ proxy: TCPProxy) -> NetworkFilter {
        NetworkFilter(name: "envoy.filters.network.tcp_proxy", config: .tcpProxy(proxy))
    }
}

package import Documents

extension RouteConfiguration {
    /// Reads the message; what is not modelled goes into `unmodelled`, and `raw` keeps everything.
    package init(_ node: Node, unmodelled: inout [UnmodelledField]) {
        let context = ReadingContext()
        self.init(node, context)
        unmodelled += context.unmodelled
    }

    init(_ node: Node, _ context: ReadingContext) {
        let name = node["name"]?.text ?? ""
        self.init(name: name)
        raw = RawMessage(node)
        context.owned(by: "route_config \"\(name)\"") {
            var reader = MessageReader(node, type: "RouteConfiguration", context)
            reader.ignore("name")
            virtualHosts = reader.nodes("virtualHosts").map { VirtualHost($0, context) }
            internalOnlyHeaders = reader.strings("internalOnlyHeaders")
            requestHeaders = reader.mutations("request")
            responseHeaders = reader.mutations("response")
            mostSpecificHeaderMutationsWins = reader.flag("mostSpecificHeaderMutationsWins")
            validateClusters = reader.wrapped("validateClusters")
            maxDirectResponseBodySizeBytes = reader.number("maxDirectResponseBodySizeBytes")
            requestMirrorPolicies = reader.list("requestMirrorPolicies") { RequestMirrorPolicy(&$0) }
            ignorePortInHostMatching = reader.flag("ignorePortInHostMatching")
            ignorePathParametersInPathMatching = reader.flag("ignorePathParametersInPathMatching")
            perFilterConfig = reader.perFilter()
            metadata = reader.metadata("metadata")
            reader.finish()
        }
    }
}

extension VirtualHost {
    init(_ node: Node, _ context: ReadingContext) {
        let name = node["name"]?.text ?? ""
        self.init(name: name, domains: [])
        context.owned(by: "virtual host \"\(name)\"") {
            var reader = MessageReader(node, type: "VirtualHost", context)
            reader.ignore("name")
            domains = reader.strings("domains")
            routes = reader.nodes("routes").enumerated().map { Route($0.element, position: $0.offset, context) }
            requireTLS = reader.choice("requireTls", TLSRequirement.none)
            requestHeaders = reader.mutations("request")
            responseHeaders = reader.mutations("response")
            perFilterConfig = reader.perFilter()
            includeRequestAttemptCount = reader.flag("includeRequestAttemptCount")
            includeAttemptCountInResponse = reader.flag("includeAttemptCountInResponse")
            includeIsTimeoutRetryHeader = reader.flag("includeIsTimeoutRetryHeader")
            retryPolicy = reader.sub("retryPolicy") { RetryPolicy(&$0) }
            hedgePolicy = reader.unmodelled("hedgePolicy")
            requestMirrorPolicies = reader.list("requestMirrorPolicies") { RequestMirrorPolicy(&$0) }
            metadata = reader.metadata("metadata")
            reader.finish()
        }
    }
}

extension Route {
    init(_ node: Node, position: Int, _ context: ReadingContext) {
        let name = node["name"]?.text ?? ""
        self.init(name: name, match: RouteMatch(.none), action: .none)
        context.owned(by: name.isEmpty ? "route \(position)" : "route \"\(name)\"") {
            var reader = MessageReader(node, type: "Route", context)
            reader.ignore("name")
            match = reader.sub("match") { RouteMatch(&$0) } ?? RouteMatch(.none)
            if let action = reader.sub("route", { RouteAction(&$0) }) {
                self.action = .route(action)
            } else if let action = reader.sub("redirect", { RedirectAction(&$0) }) {
                self.action = .redirect(action)
            } else if let action = reader.sub("directResponse", { DirectResponseAction(&$0) }) {
                self.action = .directResponse(action)
            } else if reader.has("nonForwardingAction") {
                action = .nonForwarding
            }
            metadata = reader.metadata("metadata")
            decoratorOperation =
                reader.sub("decorator") {
                    $0.ignore("propagate")
                    return $0.text("operation")
                } ?? ""
            perFilterConfig = reader.perFilter()
            requestHeaders = reader.mutations("request")
            responseHeaders = reader.mutations("response")
            tracing = reader.json("tracing")
            perRequestBufferLimitBytes = reader.number("perRequestBufferLimitBytes")
            statPrefix = reader.text("statPrefix")
            reader.finish()
        }
    }
}

extension RouteMatch {
    init(_ reader: inout MessageReader) {
        self.init(.none)
        if let text = reader.optionalText("prefix") {
            path = .prefix(text)
        } else if let text = reader.optionalText("path") {
            path = .path(text)
        } else if let text = reader.regex("safeRegex") {
            path = .safeRegex(text)
        } else if let text = reader.optionalText("pathSeparatedPrefix") {
            path = .pathSeparatedPrefix(text)
        } else if reader.has("connectMatcher") {
            path = .connect
        } else {
            let template = reader.sub("pathMatchPolicy") { policy -> String? in
                policy.ignore("name")
                return policy.typed("typedConfig") { type, config in
                    type == "UriTemplateMatchConfig" ? config.text("pathTemplate") : nil
                } ?? nil
            }
            if let template = template ?? nil { path = .uriTemplate(template) }
        }
        caseSensitive = reader.wrapped("caseSensitive") ?? true
        if let (fraction, key) = reader.runtimePercent("runtimeFraction") {
            runtimeFraction = fraction
            runtimeFractionKey = key
        }
        headers = reader.list("headers") { HeaderMatcher(&$0) }
        queryParameters = reader.list("queryParameters") { QueryParameterMatcher(&$0) }
        grpc = reader.has("grpc")
        reader.sub("tlsContext") {
            tlsContextPresented = $0.wrapped("presented")
            tlsContextValidated = $0.wrapped("validated")
        }
        dynamicMetadata = reader.list("dynamicMetadata") { DynamicMetadataMatcher(&$0) }
    }
}

extension HeaderMutations.Addition {
    init(_ reader: inout MessageReader) {
        let (name, value) = reader.sub("header") { ($0.text("key"), $0.text("value")) } ?? ("", "")
        self.init(name: name, value: value)
        keepEmptyValue = reader.flag("keepEmptyValue")
        action = reader.choice("appendAction", Action.appendIfExistsOrAdd)
        // The old field: false overwrites.
        if let append = reader.wrapped("append"), action == .appendIfExistsOrAdd, !append {
            action = .overwriteIfExistsOrAdd
        }
    }
}

extension MessageReader {
    /// `request_headers_to_add` and `request_headers_to_remove` (or `response…`).
    mutating func mutations(_ what: String) -> HeaderMutations {
        HeaderMutations(
            add: list(what + "HeadersToAdd") { HeaderMutations.Addition(&$0) },
            remove: strings(what + "HeadersToRemove"))
    }

    /// `typed_per_filter_config`.
    mutating func perFilter() -> PerFilterConfig {
        var result = PerFilterConfig()
        for (name, node) in entries("typedPerFilterConfig") { result.add(name, node, path: path, context) }
        return result
    }
}

extension PerFilterConfig {
    fileprivate mutating func add(_ name: String, _ node: Node, path: MessagePath, _ context: ReadingContext) {
        var reader = MessageReader(
            node, type: name, path: .field(.field(path, "typed_per_filter_config"), name), context)
        reader.ignore("@type")
        switch node["@type"]?.text.split(separator: ".").last {
        case "HTTPFault": fault = FaultFilter(&reader)
        case "CorsPolicy": cors = CORSPolicy(&reader)
        case "FilterConfig":
            if reader.flag("disabled") { disabledFilters.append(name) }
            reader.ignore("isOptional")
            if let inner = reader.node("config") { add(name, inner, path: path, context) }
        default:
            reader.keepWhole()
            var members = JSONObject()
            for entry in node.entries where entry.key != "@type" { members.add(entry.key, entry.value.json) }
            other.append(
                ExtensionConfig(name: name, typeURL: node["@type"]?.text ?? "", config: .object(members)))
        }
        reader.finish()
    }
}

extension CORSPolicy {
    init(_ reader: inout MessageReader) {
        self.init()
        allowOrigins = reader.list("allowOriginStringMatch") { StringMatcher(&$0) }.compactMap { $0 }
        allowMethods = reader.text("allowMethods")
        allowHeaders = reader.text("allowHeaders")
        exposeHeaders = reader.text("exposeHeaders")
        maxAge = reader.text("maxAge")
        allowCredentials = reader.wrapped("allowCredentials")
        allowPrivateNetworkAccess = reader.wrapped("allowPrivateNetworkAccess")
        forwardNotMatchingPreflights = reader.wrapped("forwardNotMatchingPreflights")
        filterEnabled = reader.runtimePercent("filterEnabled")?.0
    }
}

extension FaultFilter {
    init(_ reader: inout MessageReader) {
        self.init()
        reader.sub("delay") {
            if let duration = $0.duration("fixedDelay") {
                delay = .fixed(duration)
            } else if $0.has("headerDelay") {
                delay = .header
            }
            delayPercentage = $0.percent("percentage") ?? FractionalPercent(0)
        }
        reader.sub("abort") {
            if let status = $0.number("httpStatus") {
                abort = .httpStatus(status)
            } else if let status = $0.number("grpcStatus") {
                abort = .grpcStatus(status)
            } else if $0.has("headerAbort") {
                abort = .header
            }
            abortPercentage = $0.percent("percentage") ?? FractionalPercent(0)
        }
        upstreamCluster = reader.text("upstreamCluster")
        headers = reader.list("headers") { HeaderMatcher(&$0) }
        downstreamNodes = reader.strings("downstreamNodes")
        maxActiveFaults = reader.number("maxActiveFaults")
    }
}

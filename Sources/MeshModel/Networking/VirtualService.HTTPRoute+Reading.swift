import Documents

extension VirtualService.HTTPRoute {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        name = fields.string("name") ?? ""
        match = fields.list("match", of: "HTTPMatchRequest") { VirtualService.HTTPMatch(&$0) }
        route = fields.list("route", of: "HTTPRouteDestination") { VirtualService.HTTPRouteDestination(&$0) }
        redirect = fields.object("redirect", of: "HTTPRedirect") { VirtualService.HTTPRedirect(&$0) }
        directResponse = fields.object("directResponse", of: "HTTPDirectResponse") {
            VirtualService.HTTPDirectResponse(&$0)
        }
        delegate = fields.object("delegate", of: "Delegate") { fields in
            var delegate = VirtualService.Delegate()
            delegate.name = fields.string("name") ?? ""
            delegate.namespace = fields.string("namespace") ?? ""
            delegate.location = fields.node.location
            return delegate
        }
        rewrite = fields.object("rewrite", of: "HTTPRewrite") { fields in
            var rewrite = VirtualService.HTTPRewrite()
            rewrite.uri = fields.string("uri") ?? ""
            rewrite.authority = fields.string("authority") ?? ""
            rewrite.uriRegexRewrite = fields.object("uriRegexRewrite", of: "RegexRewrite") {
                VirtualService.RegexRewrite(match: $0.string("match") ?? "", rewrite: $0.string("rewrite") ?? "")
            }
            return rewrite
        }
        timeout = fields.duration("timeout")
        retries = fields.object("retries", of: "HTTPRetry") { HTTPRetry(&$0) }
        fault = fields.object("fault", of: "HTTPFaultInjection") { VirtualService.HTTPFaultInjection(&$0) }
        mirror = fields.destination("mirror")
        mirrors = fields.list("mirrors", of: "HTTPMirrorPolicy") { fields in
            var policy = VirtualService.HTTPMirrorPolicy()
            policy.destination = fields.destination("destination") ?? VirtualService.Destination()
            policy.percentage = fields.percent("percentage")
            return policy
        }
        mirrorPercent = fields.natural("mirrorPercent")
        mirrorPercentage = fields.percent("mirrorPercentage")
        corsPolicy = fields.object("corsPolicy", of: "CorsPolicy") { VirtualService.CORSPolicy(&$0) }
        headers = fields.object("headers", of: "Headers") { VirtualService.Headers(&$0) }
    }
}

extension VirtualService.HTTPMatch {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        name = fields.string("name") ?? ""
        uri = fields.stringMatch("uri")
        scheme = fields.stringMatch("scheme")
        method = fields.stringMatch("method")
        authority = fields.stringMatch("authority")
        headers = fields.stringMatches("headers")
        withoutHeaders = fields.stringMatches("withoutHeaders")
        queryParams = fields.stringMatches("queryParams")
        port = fields.port("port") ?? 0
        sourceLabels = fields.stringMap("sourceLabels")
        gateways = fields.strings("gateways")
        ignoreUriCase = fields.bool("ignoreUriCase") ?? false
        sourceNamespace = fields.string("sourceNamespace") ?? ""
        statPrefix = fields.string("statPrefix") ?? ""
    }
}

extension VirtualService.HTTPRouteDestination {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        destination = fields.destination("destination") ?? VirtualService.Destination()
        weight = fields.natural("weight") ?? 0
        headers = fields.object("headers", of: "Headers") { VirtualService.Headers(&$0) }
    }
}

extension VirtualService.HTTPRedirect {
    init(_ fields: inout FieldReader) {
        self.init()
        uri = fields.string("uri") ?? ""
        authority = fields.string("authority") ?? ""
        prefixRewrite = fields.string("prefixRewrite") ?? ""
        port = fields.port("port")
        derivePort = fields.enumeration("derivePort")
        scheme = fields.string("scheme") ?? ""
        redirectCode = fields.natural("redirectCode") ?? 0
    }
}

extension VirtualService.HTTPDirectResponse {
    init(_ fields: inout FieldReader) {
        self.init(status: fields.natural("status") ?? 0)
        body =
            fields.object("body", of: "HTTPBody") { fields -> Body? in
                if let text = fields.string("string") { return .string(text) }
                guard let bytes = fields.node("bytes") else { return nil }
                guard let decoded = bytes.strictString.flatMap({ Base64.decode($0) }) else {
                    fields.sink.wrongType(bytes, "bytes", expected: "text in base 64")
                    return nil
                }
                return .bytes(decoded)
            } ?? nil
    }
}

extension HTTPRetry {
    init(_ fields: inout FieldReader) {
        self.init()
        attempts = fields.natural("attempts") ?? 0
        perTryTimeout = fields.duration("perTryTimeout")
        retryOn = fields.string("retryOn") ?? ""
        retryRemoteLocalities = fields.bool("retryRemoteLocalities")
        retryIgnorePreviousHosts = fields.bool("retryIgnorePreviousHosts")
        backoff = fields.duration("backoff")
    }
}

extension VirtualService.HTTPFaultInjection {
    init(_ fields: inout FieldReader) {
        self.init()
        delay = fields.object("delay", of: "Delay") { fields in
            var delay = Delay()
            delay.fixedDelay = fields.duration("fixedDelay")
            delay.exponentialDelay = fields.duration("exponentialDelay")
            delay.percent = fields.natural("percent")
            delay.percentage = fields.percent("percentage")
            return delay
        }
        abort = fields.object("abort", of: "Abort") { fields in
            var abort = Abort()
            abort.httpStatus = fields.natural("httpStatus")
            abort.grpcStatus = fields.string("grpcStatus")
            abort.http2Error = fields.string("http2Error")
            abort.percentage = fields.percent("percentage")
            return abort
        }
    }
}

extension VirtualService.CORSPolicy {
    init(_ fields: inout FieldReader) {
        self.init()
        allowOrigin = fields.strings("allowOrigin")
        allowOrigins = fields.stringMatchList("allowOrigins")
        allowMethods = fields.strings("allowMethods")
        allowHeaders = fields.strings("allowHeaders")
        exposeHeaders = fields.strings("exposeHeaders")
        maxAge = fields.duration("maxAge")
        allowCredentials = fields.bool("allowCredentials")
        unmatchedPreflights = fields.enumeration("unmatchedPreflights") ?? .unspecified
    }
}

extension VirtualService.Headers {
    init(_ fields: inout FieldReader) {
        self.init()
        request = fields.object("request", of: "HeaderOperations") { VirtualService.HeaderOperations(&$0) }
        response = fields.object("response", of: "HeaderOperations") { VirtualService.HeaderOperations(&$0) }
    }
}

extension VirtualService.HeaderOperations {
    init(_ fields: inout FieldReader) {
        self.init()
        set = fields.stringMap("set")
        add = fields.stringMap("add")
        remove = fields.strings("remove")
    }
}

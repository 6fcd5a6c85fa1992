import Documents

extension VirtualService.HTTPRoute {
    var json: JSON {
        var object = JSONObject()
        object.add("corsPolicy", corsPolicy?.json)
        if let delegate {
            var fields = JSONObject()
            fields.addText("name", delegate.name)
            fields.addText("namespace", delegate.namespace)
            object.add("delegate", .object(fields))
        }
        object.add("directResponse", directResponse?.json)
        object.add("fault", fault?.json)
        object.add("headers", headers?.json)
        object.addObjects("match", match.map(\.json))
        object.add("mirror", mirror?.json)
        object.addNumber("mirrorPercent", mirrorPercent)
        object.addPercent("mirrorPercentage", mirrorPercentage)
        object.addObjects(
            "mirrors",
            mirrors.map { mirror in
                var fields = JSONObject()
                fields.add("destination", mirror.destination.json)
                fields.addPercent("percentage", mirror.percentage)
                return .object(fields)
            })
        object.addText("name", name)
        object.add("redirect", redirect?.json)
        object.add("retries", retries?.json)
        object.add("rewrite", rewrite?.json)
        object.addObjects(
            "route",
            route.map { destination in
                var fields = JSONObject()
                fields.add("destination", destination.destination.json)
                fields.add("headers", destination.headers?.json)
                fields.addNumber("weight", destination.weight)
                return .object(fields)
            })
        object.addDuration("timeout", timeout)
        return .object(object)
    }
}

extension VirtualService.HTTPMatch {
    var json: JSON {
        var object = JSONObject()
        object.add("authority", authority?.json)
        object.addTexts("gateways", gateways)
        object.addMatches("headers", headers)
        object.addFlag("ignoreUriCase", ignoreUriCase)
        object.add("method", method?.json)
        object.addText("name", name)
        object.addNumber("port", port)
        object.addMatches("queryParams", queryParams)
        object.add("scheme", scheme?.json)
        object.addMap("sourceLabels", sourceLabels)
        object.addText("sourceNamespace", sourceNamespace)
        object.addText("statPrefix", statPrefix)
        object.add("uri", uri?.json)
        object.addMatches("withoutHeaders", withoutHeaders)
        return .object(object)
    }
}

extension VirtualService.HTTPRedirect {
    var json: JSON {
        var object = JSONObject()
        object.addText("authority", authority)
        object.add("derivePort", derivePort.map { .string($0.rawValue) })
        object.addNumber("port", port)
        object.addText("prefixRewrite", prefixRewrite)
        object.addNumber("redirectCode", redirectCode)
        object.addText("scheme", scheme)
        object.addText("uri", uri)
        return .object(object)
    }
}

extension VirtualService.HTTPDirectResponse {
    var json: JSON {
        var object = JSONObject()
        switch body {
        case .string(let text): object.add("body", ["string": .string(text)])
        case .bytes(let bytes): object.add("body", ["bytes": .string(Base64.encode(bytes))])
        case nil: break
        }
        object.addNumber("status", status)
        return .object(object)
    }
}

extension VirtualService.HTTPRewrite {
    var json: JSON {
        var object = JSONObject()
        object.addText("authority", authority)
        object.addText("uri", uri)
        if let uriRegexRewrite {
            var fields = JSONObject()
            fields.addText("match", uriRegexRewrite.match)
            fields.addText("rewrite", uriRegexRewrite.rewrite)
            object.add("uriRegexRewrite", .object(fields))
        }
        return .object(object)
    }
}

extension HTTPRetry {
    var json: JSON {
        var object = JSONObject()
        object.addNumber("attempts", attempts)
        object.addDuration("backoff", backoff)
        object.addDuration("perTryTimeout", perTryTimeout)
        object.addFlag("retryIgnorePreviousHosts", retryIgnorePreviousHosts)
        object.addText("retryOn", retryOn)
        object.addFlag("retryRemoteLocalities", retryRemoteLocalities)
        return .object(object)
    }
}

extension VirtualService.HTTPFaultInjection {
    var json: JSON {
        var object = JSONObject()
        if let abort {
            var fields = JSONObject()
            fields.add("grpcStatus", abort.grpcStatus.map(JSON.string))
            fields.add("http2Error", abort.http2Error.map(JSON.string))
            fields.addNumber("httpStatus", abort.httpStatus)
            fields.addPercent("percentage", abort.percentage)
            object.add("abort", .object(fields))
        }
        if let delay {
            var fields = JSONObject()
            fields.addDuration("exponentialDelay", delay.exponentialDelay)
            fields.addDuration("fixedDelay", delay.fixedDelay)
            fields.addNumber("percent", delay.percent)
            fields.addPercent("percentage", delay.percentage)
            object.add("delay", .object(fields))
        }
        return .object(object)
    }
}

extension VirtualService.CORSPolicy {
    var json: JSON {
        var object = JSONObject()
        object.addFlag("allowCredentials", allowCredentials)
        object.addTexts("allowHeaders", allowHeaders)
        object.addTexts("allowMethods", allowMethods)
        object.addTexts("allowOrigin", allowOrigin)
        object.addObjects("allowOrigins", allowOrigins.map(\.json))
        object.addTexts("exposeHeaders", exposeHeaders)
        object.addDuration("maxAge", maxAge)
        if unmatchedPreflights != .unspecified { object.addText("unmatchedPreflights", unmatchedPreflights.rawValue) }
        return .object(object)
    }
}

extension VirtualService.Headers {
    var json: JSON {
        var object = JSONObject()
        object.add("request", request?.json)
        object.add("response", response?.json)
        return .object(object)
    }
}

extension VirtualService.HeaderOperations {
    var json: JSON {
        var object = JSONObject()
        object.addMap("add", add)
        object.addTexts("remove", remove)
        object.addMap("set", set)
        return .object(object)
    }
}

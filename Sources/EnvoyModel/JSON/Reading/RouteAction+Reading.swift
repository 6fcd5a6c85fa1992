import Documents

extension RouteAction {
    init(_ reader: inout MessageReader) {
        self.init(.cluster(""))
        if let name = reader.optionalText("cluster") {
            cluster = .cluster(name)
        } else if let name = reader.optionalText("clusterHeader") {
            cluster = .header(name)
        } else if let weighted = reader.sub("weightedClusters", { WeightedClusters(&$0) }) {
            cluster = .weighted(weighted)
        } else {
            for name in ["clusterSpecifierPlugin", "inlineClusterSpecifierPlugin"] {
                if let plugin = reader.json(name) { cluster = .other(.object(JSONObject(name.snakeCased, plugin))) }
            }
        }
        clusterNotFoundResponseCode = reader.choice(
            "clusterNotFoundResponseCode", ClusterNotFoundResponseCode.serviceUnavailable)
        metadataMatch = reader.sub("metadataMatch") { Metadata(&$0) }
        readRewrites(&reader)
        timeout = reader.duration("timeout")
        idleTimeout = reader.duration("idleTimeout")
        maxGRPCTimeout = reader.duration("maxGrpcTimeout")
        earlyDataPolicy = reader.json("earlyDataPolicy")
        reader.sub("maxStreamDuration") {
            maxStreamDuration = $0.duration("maxStreamDuration")
            grpcTimeoutHeaderMax = $0.duration("grpcTimeoutHeaderMax")
        }
        retryPolicy = reader.sub("retryPolicy") { RetryPolicy(&$0) }
        hedgePolicy = reader.unmodelled("hedgePolicy")
        requestMirrorPolicies = reader.list("requestMirrorPolicies") { RequestMirrorPolicy(&$0) }
        isHighPriority = reader.text("priority") == "HIGH"
        rateLimits = reader.unmodelled("rateLimits")
        hashPolicies = reader.list("hashPolicy") { HashPolicy(&$0) }.compactMap { $0 }
        upgradeConfigs = reader.list("upgradeConfigs") { HTTPConnectionManager.UpgradeConfig(&$0) }
    }

    private mutating func readRewrites(_ reader: inout MessageReader) {
        if let text = reader.optionalText("prefixRewrite"), !text.isEmpty {
            pathRewrite = .prefix(text)
        } else if let rewrite = reader.sub("regexRewrite", { RegexRewrite(&$0) }) {
            pathRewrite = .regex(rewrite)
        } else {
            let template = reader.sub("pathRewritePolicy") { policy -> String? in
                policy.ignore("name")
                return policy.typed("typedConfig") { type, config in
                    type == "UriTemplateRewriteConfig" ? config.text("pathTemplateRewrite") : nil
                } ?? nil
            }
            if let template = template ?? nil { pathRewrite = .uriTemplate(template) }
        }
        if let text = reader.optionalText("hostRewriteLiteral") ?? reader.optionalText("hostRewrite"), !text.isEmpty {
            hostRewrite = .literal(text)
        } else if reader.flag("autoHostRewrite") {
            hostRewrite = .auto
        } else if let name = reader.optionalText("hostRewriteHeader") ?? reader.optionalText("autoHostRewriteHeader") {
            hostRewrite = .header(name)
        } else if let rewrite = reader.sub("hostRewritePathRegex", { RegexRewrite(&$0) }) {
            hostRewrite = .pathRegex(rewrite)
        }
        appendXForwardedHost = reader.flag("appendXForwardedHost")
    }
}

extension JSONObject {
    fileprivate init(_ key: String, _ value: JSON) {
        self.init()
        add(key, value)
    }
}

extension HTTPConnectionManager.UpgradeConfig {
    init(_ reader: inout MessageReader) {
        self.init(type: reader.text("upgradeType"), enabled: reader.wrapped("enabled") ?? true)
    }
}

extension WeightedClusters {
    init(_ reader: inout MessageReader) {
        self.init(reader.list("clusters") { Entry(&$0) })
        reader.ignore("totalWeight")
        runtimeKeyPrefix = reader.text("runtimeKeyPrefix")
        headerName = reader.text("headerName")
        useHashPolicy = reader.flag("useHashPolicy")
    }
}

extension WeightedClusters.Entry {
    init(_ reader: inout MessageReader) {
        self.init(name: reader.text("name"), weight: reader.number("weight") ?? 0)
        clusterHeader = reader.text("clusterHeader")
        metadataMatch = reader.sub("metadataMatch") { Metadata(&$0) }
        requestHeaders = reader.mutations("request")
        responseHeaders = reader.mutations("response")
        perFilterConfig = reader.perFilter()
        hostRewriteLiteral = reader.optionalText("hostRewriteLiteral")
    }
}

extension HashPolicy {
    init?(_ reader: inout MessageReader) {
        let terminal = reader.flag("terminal")
        let kind: Kind? =
            reader.sub("header") { header in
                Kind.header(
                    name: header.text("headerName"), rewrite: header.sub("regexRewrite") { RegexRewrite(&$0) })
            }
            ?? reader.sub("cookie") { cookie in
                Kind.cookie(
                    name: cookie.text("name"), ttl: cookie.duration("ttl"), path: cookie.text("path"),
                    attributes: cookie.list("attributes") {
                        CookieAttribute(name: $0.text("name"), value: $0.text("value"))
                    })
            }
            ?? (reader.sub("connectionProperties") { $0.flag("sourceIp") } == true ? .sourceIP : nil)
            ?? reader.sub("queryParameter") { .queryParameter($0.text("name")) }
            ?? reader.sub("filterState") { .filterState($0.text("key")) }
        guard let kind else { return nil }
        self.init(kind, terminal: terminal)
    }
}

extension RequestMirrorPolicy {
    init(_ reader: inout MessageReader) {
        self.init(cluster: reader.text("cluster"))
        clusterHeader = reader.text("clusterHeader")
        runtimeFraction = reader.runtimePercent("runtimeFraction")?.0
        traceSampled = reader.wrapped("traceSampled")
        disableShadowHostSuffixAppend = reader.flag("disableShadowHostSuffixAppend")
        hostRewriteLiteral = reader.text("hostRewriteLiteral")
        var mutations = HeaderMutations()
        _ = reader.list("requestHeadersMutations") {
            if let addition = $0.sub("append", { HeaderMutations.Addition(&$0) }) { mutations.add.append(addition) }
            if let name = $0.optionalText("remove") { mutations.remove.append(name) }
        }
        requestHeaders = mutations
    }
}

extension RetryPolicy {
    init(_ reader: inout MessageReader) {
        self.init(retryOn: reader.text("retryOn"))
        numRetries = reader.number("numRetries")
        perTryTimeout = reader.duration("perTryTimeout")
        perTryIdleTimeout = reader.duration("perTryIdleTimeout")
        reader.sub("retryPriority") { priority in
            priority.ignore("name")
            priority.typed("typedConfig") { type, config in
                if type == "PreviousPrioritiesConfig" {
                    previousPrioritiesUpdateFrequency = Int32(
                        truncatingIfNeeded: config.signed("updateFrequency") ?? 0)
                }
            }
        }
        for predicate in reader.list("retryHostPredicate", { ExtensionConfig(&$0) }) {
            if predicate.typeURL.hasSuffix(".PreviousHostsPredicate")
                || predicate.name == "envoy.retry_host_predicates.previous_hosts"
            {
                avoidsPreviousHosts = true
            } else {
                otherHostPredicates.append(predicate)
            }
        }
        hostSelectionRetryMaxAttempts = reader.signed("hostSelectionRetryMaxAttempts")
        retriableStatusCodes = reader.nodes("retriableStatusCodes").compactMap { node in
            node.int.flatMap { UInt32(exactly: $0) }
        }
        reader.sub("retryBackOff") {
            backOffBaseInterval = $0.duration("baseInterval")
            backOffMaxInterval = $0.duration("maxInterval")
        }
        retriableHeaders = reader.list("retriableHeaders") { HeaderMatcher(&$0) }
        retriableRequestHeaders = reader.list("retriableRequestHeaders") { HeaderMatcher(&$0) }
    }
}

extension RedirectAction {
    init(_ reader: inout MessageReader) {
        self.init()
        if reader.flag("httpsRedirect") {
            schemeRewrite = .https
        } else if let scheme = reader.optionalText("schemeRedirect") {
            schemeRewrite = .scheme(scheme)
        }
        hostRedirect = reader.text("hostRedirect")
        portRedirect = reader.number("portRedirect")
        if let path = reader.optionalText("pathRedirect"), !path.isEmpty {
            pathRewrite = .path(path)
        } else if let prefix = reader.optionalText("prefixRewrite"), !prefix.isEmpty {
            pathRewrite = .prefix(prefix)
        } else if let rewrite = reader.sub("regexRewrite", { RegexRewrite(&$0) }) {
            pathRewrite = .regex(rewrite)
        }
        responseCode =
            switch reader.text("responseCode") {
            case "FOUND", "1": 302
            case "SEE_OTHER", "2": 303
            case "TEMPORARY_REDIRECT", "3": 307
            case "PERMANENT_REDIRECT", "4": 308
            default: 301
            }
        stripQuery = reader.flag("stripQuery")
    }
}

extension DirectResponseAction {
    init(_ reader: inout MessageReader) {
        self.init(status: Int(reader.number("status") ?? 0))
        body = reader.sub("body") { source in
            if let bytes = source.optionalText("inlineBytes") { return decodedBase64(bytes) }
            return source.text("inlineString")
        }
        bodyFormat = reader.unmodelled("bodyFormat")
    }
}

/// The text that base64 (standard or URL alphabet) stands for; what is no base64 ends it.
func decodedBase64(_ text: String) -> String {
    var bytes: [UInt8] = []
    var group: UInt32 = 0
    var bits = 0
    for byte in text.utf8 {
        let value: UInt32
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(byte) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(byte) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(byte) + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
        default: return String(decoding: bytes, as: UTF8.self)
        }
        group = group << 6 | value
        bits += 6
        if bits >= 8 {
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

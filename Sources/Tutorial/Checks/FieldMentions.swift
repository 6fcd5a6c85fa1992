import Documents

extension ProseCheck {
    /// Fields that the text explains and that Istio does not have, or not there.
    static let fields = ProseCheck(codes: ["IST0106"]) { prose in
        var findings: [Diagnostic] = []
        var seen: Set<String> = []
        func report(_ line: PageProse.Line, _ text: String, _ hint: String) {
            findings.append(
                Diagnostic(.warning, text, at: prose.page.location(line: line.number), hint: hint, code: "IST0106"))
        }
        for line in prose.lines {
            for word in line.marked where word.isFieldName && !knownFields.contains(word) && seen.insert(word).inserted
            {
                guard let meant = meant(by: word) else { continue }
                report(line, "no object of Istio's has a field \"\(word)\"", "did you mean \"\(meant)\"?")
            }
            // "maglev: … (tableSize) …": what a list item explains belongs to the field that it begins with.
            guard let subject = line.marked.first, let own = DestinationRuleFields.messages[subject],
                line.text.trimmed.drop(while: { "-*1234567890. ".contains($0) }).hasPrefix(subject)
            else { continue }
            for word in PageProse.identifiers(in: line.text)
            where word != subject && word.isFieldName && DestinationRuleFields.all.contains(word) && !own.contains(word)
            {
                let places = DestinationRuleFields.messages.filter { $0.value.contains(word) }.keys.sorted()
                guard seen.insert("\(subject).\(word)").inserted, !places.contains(where: own.contains) else {
                    continue
                }
                report(
                    line, "\(subject) has no field \"\(word)\"", "it is a field of " + places.joined(separator: " and ")
                )
            }
        }
        return findings
    }

    private static let knownFields = DestinationRuleFields.all

    /// The field that a name was made of: by a tail that is too much, or by a slip.
    private static func meant(by word: String) -> String? {
        let longer = knownFields.filter { word.hasPrefix($0) && word.count - $0.count <= 3 && $0.count >= 6 }
        return longer.max { $0.count < $1.count } ?? (word.count >= 8 ? nearestName(to: word, among: knownFields) : nil)
    }

    /// Values that still work and have another name now.
    static let deprecatedValues = ProseCheck(codes: ["IST0135"]) { prose in
        guard let line = prose.lines.first(where: { PageProse.identifiers(in: $0.text).contains("LEAST_CONN") }) else {
            return []
        }
        return [
            Diagnostic(
                .info, "LEAST_CONN is deprecated: it means LEAST_REQUEST", at: prose.page.location(line: line.number),
                hint: "write LEAST_REQUEST", code: "IST0135")
        ]
    }

    /// Failover that is explained without what makes it happen.
    static let failover = ProseCheck(codes: ["MT0120"]) { prose in
        let names: Set<String> = ["failover", "failoverPriority"]
        guard !prose.mentions("outlierDetection"),
            let line = prose.lines.first(where: { !names.isDisjoint(with: $0.marked) })
        else { return [] }
        return [
            Diagnostic(
                .warning,
                "failover without outlierDetection: no endpoint is ever taken for unhealthy, so nothing fails over",
                at: prose.page.location(line: line.number), hint: "set outlierDetection in the same trafficPolicy",
                code: "MT0120")
        ]
    }

    /// What used to be the default.
    static let defaultPolicy = ProseCheck(codes: ["MT0401"]) { prose in
        let policies = ["round robin", "round-robin", "roundrobin", "轮询", "輪詢", "ラウンドロビン"]
        let defaults = ["default", "默认", "預設", "デフォルト", "standardmäßig", "par défaut", "por defecto"]
        return prose.lines.compactMap { line in
            let text = line.text.lowercased()
            guard policies.contains(where: text.contains), defaults.contains(where: text.contains) else { return nil }
            return Diagnostic(
                .info, "round robin is not the default any more: since Istio 1.14 it is LEAST_REQUEST",
                at: prose.page.location(line: line.number), code: "MT0401")
        }
    }
}

extension String {
    /// `camelCase`, as fields with more than one word are written.
    fileprivate var isFieldName: Bool {
        guard let first = unicodeScalars.first, ("a"..."z").contains(first) else { return false }
        return unicodeScalars.contains { ("A"..."Z").contains($0) }
            && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}

/// The fields of a DestinationRule's traffic policy, by the message that they belong to.
enum DestinationRuleFields {
    static let messages: [String: Set<String>] = [
        "trafficPolicy": [
            "loadBalancer", "connectionPool", "outlierDetection", "tls", "portLevelSettings", "tunnel", "proxyProtocol",
            "retryBudget",
        ],
        "loadBalancer": ["simple", "consistentHash", "localityLbSetting", "warmup", "warmupDurationSecs"],
        "consistentHash": [
            "httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName", "ringHash", "maglev",
            "minimumRingSize",
        ],
        "httpCookie": ["name", "path", "ttl", "attributes"], "ringHash": ["minimumRingSize"], "maglev": ["tableSize"],
        "localityLbSetting": ["distribute", "failover", "failoverPriority", "enabled"], "distribute": ["from", "to"],
        "failover": ["from", "to"], "connectionPool": ["tcp", "http"],
        "outlierDetection": [
            "splitExternalLocalOriginErrors", "consecutiveLocalOriginFailures", "consecutiveGatewayErrors",
            "consecutive5xxErrors", "consecutiveErrors", "interval", "baseEjectionTime", "maxEjectionPercent",
            "minHealthPercent",
        ],
        "http": [
            "http1MaxPendingRequests", "http2MaxRequests", "maxRequestsPerConnection", "maxRetries", "idleTimeout",
            "h2UpgradePolicy", "useClientProtocol", "maxConcurrentStreams",
        ],
        "tcp": ["maxConnections", "connectTimeout", "tcpKeepalive", "maxConnectionDuration", "idleTimeout"],
    ]

    static let all: Set<String> = messages.values.reduce(into: Set(messages.keys)) { $0.formUnion($1) }
}

import Documents
import MeshModel

/// One of a VirtualService's `http` rules.
extension Validation {
    mutating func check(httpRoute route: Node, isDelegate: Bool) {
        // Few of the many fields are there: one pass over those that are.
        var fields: [String: Node] = [:]
        for entry in route.entries where !entry.value.isNull { fields[entry.key] = entry.value }
        let isRoot = fields["delegate"] != nil && !isDelegate
        checkConflicts(of: fields, route, isRoot: isRoot, isDelegate: isDelegate)
        for match in fields["match"]?.list ?? [] { check(match: match, isDelegated: isRoot || isDelegate) }
        check(headers: fields["headers"])
        check(cors: fields["corsPolicy"])
        check(fault: fields["fault"])
        check(mirrorsOf: fields)
        check(redirect: fields["redirect"])
        check(directResponse: fields["directResponse"])
        check(retries: fields["retries"])
        check(rewrite: fields["rewrite"], headers: fields["headers"])
        let destinations = fields["route"]?.list ?? []
        check(destinations: destinations)
        for destination in destinations { check(headers: destination.at("headers")) }
        check(duration: fields["timeout"])
    }

    private mutating func checkConflicts(of fields: [String: Node], _ route: Node, isRoot: Bool, isDelegate: Bool) {
        let has = { (name: String) in fields[name].map { !$0.isSequence || !$0.list.isEmpty } ?? false }
        if isRoot {
            for field in ["redirect", "route", "directResponse"] where has(field) {
                let name = fields["name"]?.text ?? ""
                reject("root HTTP route \(name) must not specify \(field)", at: fields[field])
            }
            return
        }
        if isDelegate, has("delegate") {
            reject("delegate HTTP route cannot contain delegate", at: fields["delegate"])
        }
        // What answers the request, and what makes no sense beside it.
        let answers = [
            ("redirect", ["route", "directResponse", "fault", "rewrite"]),
            ("directResponse", ["route", "fault", "rewrite"]),
        ]
        for (answer, others) in answers where has(answer) {
            for other in others where has(other) {
                reject("HTTP route cannot contain both \(other) and \(answer)", at: fields[other])
            }
        }
        if !["route", "redirect", "directResponse"].contains(where: has) {
            reject(
                "HTTP route, redirect or direct_response is required", at: route,
                hint: "a rule without one sends requests nowhere")
        }
    }

    // MARK: Match

    private mutating func check(match: Node, isDelegated: Bool) {
        for field in match.entries where !field.value.isNull {
            switch field.key {
            case "uri", "scheme", "method", "authority":
                check(stringMatch: field.value, field.key, isDelegated: isDelegated)
            case "headers", "withoutHeaders", "queryParams":
                for entry in field.value.entries {
                    if field.key != "queryParams", !Self.isHeaderName(entry.key),
                        !entry.key.hasPrefix("@request.auth.claims")
                    {
                        reject("header name \(entry.key) is not a valid header name", at: entry.value)
                    }
                    check(stringMatch: entry.value, field.key, isDelegated: isDelegated)
                }
            case "gateways": check(gatewayNames: field.value.list)
            case "sourceNamespace" where !field.value.text.isEmpty && !Names.isLabel(field.value.text):
                reject("sourceNamespace match \(field.value.text) is invalid", at: field.value)
            default: break
            }
        }
    }

    private mutating func check(stringMatch: Node, _ place: String, isDelegated: Bool) {
        if let prefix = stringMatch["prefix"], prefix.text.isEmpty {
            reject("\"\(place)\": prefix string match should not be empty", at: prefix)
        }
        guard let regex = stringMatch["regex"] else { return }
        if isDelegated {
            return reject("\(place) match does not support regex match for delegating", at: regex)
        }
        check(regex: regex, place)
    }

    private mutating func check(regex node: Node, _ place: String) {
        if node.text.isEmpty {
            reject("\"\(place)\": regex string match should not be empty", at: node)
        } else if node.text.utf8.count > 1024 {
            reject("\"\(place)\": regex is too large, max length allowed is 1024", at: node)
        } else if let problem = RegularExpression.problem(in: node.text) {
            reject(
                "\"\(place)\": \(problem); Istio uses RE2 style regex-based match"
                    + " (https://github.com/google/re2/wiki/Syntax)", at: node)
        }
    }

    // MARK: Headers

    static func isHeaderName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    private static func isAuthority(_ name: String) -> Bool { [":authority", "host"].contains(name.lowercased()) }

    private mutating func check(headers: Node?) {
        guard let headers else { return }
        for side in ["request", "response"] {
            for operation in ["add", "set"] {
                for entry in headers.at(side, operation).map({ Array($0.entries) }) ?? [] {
                    check(header: entry.key, at: entry.value, mayBeHost: side == "request")
                }
            }
            for name in headers.at(side, "remove")?.list ?? [] { check(header: name.text, at: name, mayBeHost: false) }
        }
    }

    private mutating func check(header name: String, at node: Node, mayBeHost: Bool) {
        if name.isEmpty {
            reject("header name cannot be empty", at: node)
        } else if mayBeHost, Self.isAuthority(name) {
            return
        } else if name.lowercased() == "host" {
            reject("invalid header \"\(name)\": cannot set Host header", at: node)
        } else if name.hasPrefix(":") {
            reject("invalid header \"\(name)\": header cannot have \":\" prefix", at: node)
        }
    }

    // MARK: Parts

    private mutating func check(cors: Node?) {
        guard let cors else { return }
        for origin in cors.at("allowOrigins")?.list ?? [] {
            let match = ["exact", "prefix", "regex"].compactMap { origin[$0] }.first
            if (match?.text ?? "").isEmpty {
                reject("'' is not a valid match type for CORS allow origins", at: origin)
            } else if let regex = origin["regex"] {
                check(regex: regex, "corsPolicy.allowOrigins")
            }
        }
        let methods: Set<String> = [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*",
        ]
        for method in cors.at("allowMethods")?.list ?? [] where !methods.contains(method.text) {
            reject("\"\(method.text)\" is not a supported HTTP method", at: method)
        }
        for field in ["allowHeaders", "exposeHeaders"] {
            for name in cors.at(field)?.list ?? [] where name.text != "*" && !Self.isHeaderName(name.text) {
                reject("header name \(name.text) is not a valid header name", at: name)
            }
        }
        if let age = cors.at("maxAge") {
            check(duration: age)
            if let duration = Duration(goText: age.text), duration.components.attoseconds != 0 {
                reject("max_age duration is accurate only to seconds precision", at: age)
            }
        }
    }

    private mutating func check(fault: Node?) {
        guard let fault else { return }
        let percentage = { (text: String) in "percentage \(text) is neither 0.0, nor in range [0.0001, 100.0]" }
        if fault.at("abort") == nil, fault.at("delay") == nil {
            reject("HTTP fault injection must have an abort and/or a delay", at: fault)
        }
        if let abort = fault.at("abort") {
            check(abort.at("percentage", "value"), isIn: 0...100, percentage)
            check(abort.at("httpStatus"), isIn: 200...600) { "HTTP status \($0) is not in range 200-599" }
            if abort.at("http2Error") != nil { reject("HTTP/2 abort fault injection not supported yet", at: abort) }
            if !["httpStatus", "grpcStatus", "http2Error"].contains(where: { abort.at($0) != nil }) {
                warn("abort configured, but error type not set", at: abort, hint: "set httpStatus or grpcStatus")
            }
        }
        if let delay = fault.at("delay") {
            check(delay.at("percentage", "value"), isIn: 0...100, percentage)
            check(duration: delay.at("fixedDelay"))
            if let exponential = delay.at("exponentialDelay") {
                reject("exponentialDelay not supported yet", at: exponential)
            }
        }
    }

    private mutating func check(mirrorsOf fields: [String: Node]) {
        if let old = fields["mirrorPercent"] ?? fields["mirror_percent"] {
            check(old, isIn: 0...100) { "mirror_percent must have a max value of 100 (it has \($0))" }
            warn("using deprecated setting \"mirrorPercent\", use \"mirrorPercentage\" instead", at: old)
        }
        let range = { (text: String) in "mirror percentage must be from 0 to 100 (it has \(text))" }
        check(fields["mirrorPercentage"]?.at("value"), isIn: 0...100, range)
        if let mirror = fields["mirror"] { check(destination: mirror) }
        if let mirrors = fields["mirrors"], !mirrors.list.isEmpty, fields["mirror"] != nil {
            reject("HTTP route cannot contain both mirror and mirrors", at: mirrors)
        }
        for mirror in fields["mirrors"]?.list ?? [] {
            if let destination = mirror.at("destination") {
                check(destination: destination)
            } else {
                reject("destination is required for mirrors", at: mirror)
            }
            check(mirror.at("percentage", "value"), isIn: 0...100, range)
        }
    }

    private mutating func check(redirect: Node?) {
        guard let redirect else { return }
        let fields = ["uri", "authority", "scheme", "port", "derivePort"]
        if !fields.contains(where: { redirect.at($0).map { !$0.text.isEmpty } ?? false }) {
            reject("redirect must specify URI, authority, scheme, or port", at: redirect)
        }
        if let code = redirect.at("redirectCode"), let number = code.int, number != 0, !(300...399).contains(number) {
            reject("\(number) is not a valid redirect code, must be 3xx", at: code)
        }
        if let scheme = redirect.at("scheme"), !["", "http", "https"].contains(scheme.text) {
            reject("invalid redirect scheme, must be \"http\" or \"https\"", at: scheme)
        }
    }

    private mutating func check(directResponse: Node?) {
        guard let directResponse else { return }
        if let status = directResponse.at("status") {
            check(status, isIn: 200...600) { "HTTP status \($0) is not in range 200-599" }
        } else {
            reject("HTTP status 0 is not in range 200-599", at: directResponse, hint: "set status")
        }
        guard let body = directResponse.at("body", "string") ?? directResponse.at("body", "bytes") else { return }
        let size = body.text.utf8.count
        if size > 1 << 20 {
            reject("large direct_responses may impact control plane performance, must be less than 1MB", at: body)
        } else if size > 100 << 10 {
            warn("large direct_responses may impact control plane performance", at: body)
        }
    }

    private mutating func check(retries: Node?) {
        guard let retries else { return }
        let attempts = retries.at("attempts")?.int ?? 0
        let others = ["perTryTimeout", "retryOn", "retryRemoteLocalities"].first { retries.at($0) != nil }
        if attempts == 0, let others {
            reject(
                "http retry policy configured when attempts are set to 0 (disabled)", at: retries.at(others),
                hint: "set attempts")
        }
        check(duration: retries.at("perTryTimeout"))
        guard let policies = retries.at("retryOn"), !policies.text.isEmpty else { return }
        for policy in policies.text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        where !Self.retryPolicies.contains(policy) && !(Int(policy).map { (100...599).contains($0) } ?? false) {
            let nearest = nearestName(to: policy, among: Self.retryPolicies)
            reject(
                "\"\(policy)\" is not a valid retryOn policy", at: policies,
                hint: policy.contains(" ")
                    ? "separate policies with commas alone" : nearest.map { "did you mean \"\($0)\"?" })
        }
    }

    private static let retryPolicies: Set<String> = [
        "5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "retriable-4xx", "refused-stream",
        "retriable-status-codes", "retriable-headers", "envoy-ratelimited", "http3-post-connect-failure", "cancelled",
        "deadline-exceeded", "internal", "resource-exhausted", "unavailable",
    ]

    private mutating func check(rewrite: Node?, headers: Node?) {
        guard rewrite != nil || headers != nil else { return }
        let set = ["set", "add"].flatMap { headers?.at("request", $0).map { Array($0.entries) } ?? [] }
            .filter { Self.isAuthority($0.key) }
        let authority = rewrite?.at("authority").map { !$0.text.isEmpty } ?? false
        if set.count + (authority ? 1 : 0) > 1, let last = set.last {
            reject("authority header cannot be set multiple times", at: last.value)
        }
        guard let rewrite else { return }
        let uri = rewrite.at("uri").map { !$0.text.isEmpty } ?? false
        let regex = rewrite.at("uriRegexRewrite")
        if uri, regex != nil { reject("rewrite may only contain one of URI or UriRegexRewrite", at: regex) }
        if !uri, !authority, regex == nil {
            reject("rewrite must specify at least one of URI, UriRegexRewrite, or authority", at: rewrite)
        }
        guard let regex else { return }
        guard let match = regex.at("match"), !match.text.isEmpty, regex.at("rewrite") != nil else {
            return reject("UriRegexRewrite requires both Rewrite and Match fields to be specified", at: regex)
        }
        check(regex: match, "HTTPRewrite.UriRegexRewrite.Match")
    }
}

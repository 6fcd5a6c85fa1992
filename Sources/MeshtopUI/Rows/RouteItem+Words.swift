import Documents
import EnvoyModel

extension RouteItem {
    /// What the route does, sentence by sentence.
    package var sentences: [String] {
        var lines: [String] = []
        if !domains.contains("*") {
            let names = domains.filter { !$0.contains(":") }
            let shown = names.prefix(3).joined(separator: " or ")
            lines.append("If Host is " + shown + (names.count > 3 ? " or \(names.count - 3) more" : ""))
            lines.append("and " + route.match.pathWords)
        } else {
            lines.append("For any Host, if " + route.match.pathWords)
        }
        lines += route.match.headers.map { "and header " + $0.words }
        lines += route.match.queryParameters.map { "and query parameter " + $0.words }
        if let fraction = route.match.runtimeFraction { lines.append("and for \(fraction.percentText) of requests") }
        lines += actionSentences
        return lines
    }

    private var actionSentences: [String] {
        switch route.action {
        case .route(let action):
            let targets = targets
            var lines: [String]
            if targets.count == 1, let only = targets.first {
                lines = ["then it goes to " + ClusterName(only.cluster).short]
            } else {
                lines =
                    ["then it is split:"]
                    + targets.map { "  " + Words.fixed($0.share * 100, 0) + " % to " + ClusterName($0.cluster).short }
            }
            return lines + action.extras
        case .redirect(let redirect): return ["then it is redirected: " + redirect.words]
        case .directResponse(let response): return ["then the proxy itself answers \(response.status)"]
        case .nonForwarding: return ["then nothing is forwarded"]
        case .none: return ["there is no route: 404 NR"]
        }
    }

    /// A request that has all that the route asks for.
    package var curl: String { curl(through: nil, tls: false) }

    /// The same, sent to an address (`ip:port`) with the Host set.
    package func curl(through address: String?, tls: Bool) -> String {
        let plain = domains.lazy.filter { !$0.contains("*") }
        var host = plain.first { !$0.contains(":") && !$0.hasSuffix(".") } ?? plain.first
        if host == nil, let wildcard = domains.first(where: { $0.hasPrefix("*.") }) {
            host = "www" + wildcard.dropFirst()
        }
        var words = ["curl"]
        for header in route.match.headers {
            if header.name == ":method", let value = header.example {
                words += ["-X", value]
            } else if !header.name.hasPrefix(":"), let value = header.example {
                words += ["-H", quoted("\(header.name): \(value)")]
            }
        }
        if address != nil, let host { words += ["-H", "Host:\(host)"] }
        // A sidecar's route configurations are named after the port that is called.
        let port = Int(configuration).map { $0 == 80 ? "" : ":\($0)" } ?? ""
        let authority = address ?? host.map { $0 + port } ?? "$INGRESS_HOST:$INGRESS_PORT"
        var url = (tls ? "https://" : "http://") + authority + route.match.examplePath
        let query = route.match.queryParameters.compactMap { parameter in
            parameter.example.map { "\(parameter.name)=\($0)" }
        }
        if !query.isEmpty { url += "?" + query.joined(separator: "&") }
        return (words + [quoted(url)]).joined(separator: " ")
    }

    private func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "/:._-$*".contains($0) }
        return isPlain ? text : text.contains("'") ? "\"" + text + "\"" : "'" + text + "'"
    }
}

extension RouteMatch {
    var pathWords: String {
        switch path {
        case .prefix(let prefix):
            prefix == "/" || prefix.isEmpty ? "the path is anything" : "the path starts with \(prefix)"
        case .path(let path): "the path is exactly \(path)"
        case .safeRegex(let regex): "the path fits the expression \(regex)"
        case .pathSeparatedPrefix(let prefix): "the path is \(prefix) or below it"
        case .uriTemplate(let template): "the path fits the template \(template)"
        case .connect: "the method is CONNECT"
        case .none: "the path is anything"
        }
    }

    var examplePath: String {
        switch path {
        case .prefix(let prefix): prefix.isEmpty ? "/" : prefix
        case .path(let path): path
        case .pathSeparatedPrefix(let prefix): prefix
        case .safeRegex, .uriTemplate, .connect, .none: "/"
        }
    }

    /// Whether a path (without query) can be this route's, as far as plain prefixes and paths tell.
    func admits(path actual: String) -> Bool {
        switch path {
        case .prefix(let prefix): actual.hasPrefix(prefix)
        case .path(let path): actual == path
        case .pathSeparatedPrefix(let prefix): actual == prefix || actual.hasPrefix(prefix + "/")
        case .safeRegex, .uriTemplate, .connect, .none: true
        }
    }
}

extension StringMatcher {
    var words: String {
        switch pattern {
        case .exact(let text): "is exactly \(text)"
        case .prefix(let text): "starts with \(text)"
        case .suffix(let text): "ends with \(text)"
        case .contains(let text): "contains \(text)"
        case .safeRegex(let text): "fits \(text)"
        }
    }

    var example: String? {
        switch pattern {
        case .exact(let text), .prefix(let text), .suffix(let text), .contains(let text): text
        case .safeRegex: nil
        }
    }
}

extension HeaderMatcher {
    var words: String {
        let negation = invertMatch ? "not: " : ""
        return switch test {
        case .present(let wanted): name + (wanted != invertMatch ? " is there" : " is not there")
        case .string(let matcher): "\(name) \(negation)\(matcher.words)"
        case .range(let start, let end): "\(name) \(negation)is from \(start) to \(end - 1)"
        }
    }

    var example: String? {
        guard !invertMatch else { return nil }
        return switch test {
        case .present(let wanted): wanted ? "x" : nil
        case .string(let matcher): matcher.example
        case .range(let start, _): String(start)
        }
    }
}

extension QueryParameterMatcher {
    var words: String {
        switch test {
        case .present: "\(name) is there"
        case .string(let matcher): "\(name) \(matcher.words)"
        }
    }

    var example: String? {
        switch test {
        case .present: "x"
        case .string(let matcher): matcher.example
        }
    }
}

extension FractionalPercent {
    var percentText: String {
        let share = Double(numerator) / Double(max(1, denominator.value)) * 100
        return Words.fixed(share, share == share.rounded() ? 0 : 2) + " %"
    }
}

extension RouteAction {
    /// Rewrites, time limits, retries and mirrors, those that there are.
    var extras: [String] {
        var lines: [String] = []
        switch pathRewrite {
        case .none: break
        case .prefix(let prefix): lines.append("the matched prefix becomes \(prefix)")
        case .regex(let rewrite): lines.append("the path is rewritten to \(rewrite.substitution)")
        case .uriTemplate(let template): lines.append("the path is rewritten to \(template)")
        }
        switch hostRewrite {
        case .none: break
        case .literal(let host): lines.append("the Host becomes \(host)")
        case .auto: lines.append("the Host becomes the endpoint's name")
        case .header(let name): lines.append("the Host becomes the value of \(name)")
        case .pathRegex(let rewrite): lines.append("the Host is taken from the path: \(rewrite.substitution)")
        }
        if let timeout, timeout > .zero { lines.append("timeout " + Words.duration(timeout)) }
        if let retryPolicy {
            let reasons = retryPolicy.retryOn.split(separator: ",")
            let more = reasons.count > 2 ? " and \(reasons.count - 2) more reasons" : ""
            let shown = reasons.prefix(2).joined(separator: ", ")
            let count = retryPolicy.numRetries ?? 1
            lines.append("\(count) \(count == 1 ? "retry" : "retries") on \(shown)\(more)")
        }
        for mirror in requestMirrorPolicies {
            let share = mirror.runtimeFraction?.percentText ?? "100 %"
            lines.append("\(share) is mirrored to \(ClusterName(mirror.cluster).short)")
        }
        for policy in hashPolicies {
            switch policy.kind {
            case .header(let name, _): lines.append("the endpoint goes by header \(name)")
            case .cookie(let name, _, _, _): lines.append("the endpoint goes by cookie \(name)")
            case .sourceIP: lines.append("the endpoint goes by the client's address")
            case .queryParameter(let name): lines.append("the endpoint goes by query parameter \(name)")
            case .filterState: break
            }
        }
        return lines
    }
}

import Documents
import EnvoyModel
import TrafficEngine

/// A test of istio-config-validator: every authority × method × URI of `request` is a request of its own, and `wantMatch` says whether
/// the expected route is the one that they get.
///
/// The validator compares texts of a VirtualService; here the outcome is compared, with the same meaning: destinations and their shares,
/// the redirect's address, the rewritten authority and path.
struct ConfigValidatorFormat {
    private(set) var checks: [RouteCheck] = []

    init(_ node: Node, _ sink: DiagnosticSink) {
        var fields = FieldReader(node, type: "a test case of istio-config-validator", sink: sink)
        defer { fields.finish() }
        let name = fields.string("description") ?? "test case at line \(node.location.line)"
        let wantsMatch = fields.bool("wantMatch") ?? false
        let requests = fields.object("request", of: "request") { Self.requests(&$0) } ?? []
        let route = fields.node("route")
        let redirect = fields.node("redirect")
        let rewrite = fields.node("rewrite")
        var expected: [Expectation] = []
        if let route { expected += Self.destinations(route, sink) }
        if let redirect { expected += Self.redirect(redirect) }
        if let rewrite { expected += Self.rewrite(rewrite) }
        for name in ["fault", "headers", "delegate"] {
            guard let value = fields.node(name) else { continue }
            expected.append(
                Expectation(
                    .route,
                    .cannotBeChecked("\"\(name)\" is compared with a VirtualService's text; expect its effect instead"),
                    at: value.location))
        }
        if requests.isEmpty { sink.error("the test case has no request", at: node.location) }
        if expected.isEmpty, wantsMatch {
            expected = [Expectation(.error, .absent, at: node.location)]
        }
        for request in requests {
            let suffix = requests.count > 1 ? ": \(request.method) \(request.authority ?? "")\(request.path)" : ""
            var check = RouteCheck(name: name + suffix, at: node.location, subject: .addressed(request))
            check.expectations = expected
            if !wantsMatch { check.isNegated = true }
            if check.expectations.isEmpty { check.expectations = [Expectation(.error, .absent, at: node.location)] }
            checks.append(check)
        }
    }

    private static func requests(_ fields: inout FieldReader) -> [SyntheticRequest] {
        let authorities = fields.texts("authority", or: "")
        let methods = fields.texts("method", or: "GET")
        let paths = fields.texts("uri", or: "/")
        let headers = fields.node("headers")?.entries.map { SyntheticRequest.Header($0.key, $0.value.text) } ?? []
        var result: [SyntheticRequest] = []
        for authority in authorities {
            for method in methods {
                for path in paths {
                    var request = SyntheticRequest()
                    request.authority = authority.isEmpty ? nil : authority
                    request.method = method
                    request.path = path
                    request.headers = headers
                    result.append(request)
                }
            }
        }
        return result
    }

    /// The clusters of an Istio route; a short host means any namespace's.
    private static func destinations(_ node: Node, _ sink: DiagnosticSink) -> [Expectation] {
        node.elements.compactMap { entry in
            guard let destination = entry["destination"], let host = destination["host"]?.text else {
                sink.error("a route names a destination with its host", at: entry.location)
                return nil
            }
            let subset = destination["subset"]?.text ?? ""
            let port = destination["port"]?["number"]?.text
            let pattern =
                #"outbound\|"# + (port ?? "[0-9]+") + #"\|"# + Self.quoted(subset) + #"\|"# + Self.quoted(host)
                + #"(\..*)?"#
            return Expectation(.anyCluster, .matches(StringMatcher(.safeRegex(pattern))), at: entry.location)
        }
    }

    private static func redirect(_ node: Node) -> [Expectation] {
        var result: [Expectation] = []
        if let uri = node["uri"]?.text {
            result.append(Expectation(.redirect, .matches(StringMatcher(.contains(uri))), at: node.location))
        }
        if let authority = node["authority"]?.text {
            result.append(
                Expectation(.redirect, .matches(StringMatcher(.contains("//" + authority))), at: node.location))
        }
        let code = node["redirectCode"]?.text ?? "301"
        result.append(Expectation(.routeStatus, .matches(StringMatcher(.exact(code))), at: node.location))
        return result
    }

    private static func rewrite(_ node: Node) -> [Expectation] {
        var result: [Expectation] = []
        if let uri = node["uri"]?.text {
            result.append(Expectation(.path, .matches(StringMatcher(.prefix(uri))), at: node.location))
        }
        if let authority = node["authority"]?.text {
            result.append(Expectation(.authority, .matches(StringMatcher(.exact(authority))), at: node.location))
        }
        return result
    }

    /// A text as a regular expression that matches only it.
    private static func quoted(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\.+*?()|[]{}^$".contains(character) { result += "\\" }
            result.append(character)
        }
    }
}

extension FieldReader {
    fileprivate mutating func texts(_ name: String, or fallback: String) -> [String] {
        let found = list(name).map(\.text)
        return found.isEmpty ? [fallback] : found
    }
}

import Documents
import EnvoyModel
import Presentation
import TrafficEngine

/// meshtop's own form: a `curl` line or a `request` in the shape of `simulate`, and what to `expect` of its trace.
///
/// ```yaml
/// proxy: istio-ingressgateway.istio-system      # for all tests; may be left out
/// tests:
/// - name: /headers is not routed
///   curl: curl -sI -HHost:httpbin.example.com "http://$INGRESS_HOST:$INGRESS_PORT/headers"
///   expect: {status: 404, flags: NR, route: null}
/// ```
struct OwnFormat {
    private(set) var check: RouteCheck?

    init(_ node: Node, _ index: Int, _ sink: DiagnosticSink) {
        var fields = FieldReader(node, type: "a route test", sink: sink)
        defer { fields.finish() }
        let name = fields.string("name")
        let curl = fields.string("curl")
        let request = fields.node("request")
        let proxy = fields.string("proxy")
        let random = fields.uint64("random")
        let expect = fields.node("expect")
        guard node.isMapping else { return }
        var subject: RouteCheck.Subject?
        switch (curl, request) {
        case (let line?, nil): subject = .curl(line)
        case (nil, let value?):
            var found: [Diagnostic] = []
            let request = SyntheticRequest(value, diagnostics: &found)
            for diagnostic in found { sink.add(diagnostic) }
            if !found.contains(where: { $0.severity == .error }) { subject = .request(request) }
        default:
            sink.error("a route test has either \"curl\" or \"request\"", at: node.location)
        }
        guard let subject else { return }
        var check = RouteCheck(name: name ?? curl ?? "test \(index + 1)", at: node.location, subject: subject)
        check.proxy = proxy
        check.random = random
        if let expect {
            check.expectations = Self.expectations(expect, sink)
        } else {
            sink.error("the test expects nothing", at: node.location, hint: "say what under \"expect\", as status: 200")
        }
        if !check.expectations.isEmpty { self.check = check }
    }

    /// The plain expectations, by the names that they have in a trace.
    private static let subjects: [Expectation.Subject] = [
        .status, .flags, .details, .error, .body, .proxy, .listener, .filterChain, .routeConfiguration, .virtualHost,
        .route, .cluster, .endpoint, .transport, .source, .method, .authority, .path, .redirect, .mirror,
    ]

    private static func expectations(_ node: Node, _ sink: DiagnosticSink) -> [Expectation] {
        var fields = FieldReader(node, type: "expect", sink: sink)
        defer { fields.finish() }
        var result: [Expectation] = []
        for subject in subjects {
            guard let value = fields.nodeOrNull(subject.name), let test = Expectation.Test(value, sink) else {
                continue
            }
            result.append(Expectation(subject, test, at: value.location))
        }
        for (cluster, value) in fields.node("shares").map({ $0.entries.map { ($0.key, $0.value) } }) ?? [] {
            guard let share = Self.share(value) else {
                sink.error("a share is a number from 0 to 1, or a percentage", at: value.location)
                continue
            }
            result.append(Expectation(.share(cluster: cluster), .equals(share), at: value.location))
        }
        result += headers(fields.node("request_headers"), sink) { .requestHeader($0) }
        result += headers(fields.node("response_headers"), sink) { .responseHeader($0) }
        return result
    }

    /// `0.8` or `80%`.
    private static func share(_ node: Node) -> Double? {
        let text = node.text
        let number = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
        return number.flatMap { (0...1).contains($0) ? $0 : nil }
    }

    /// A mapping of names to texts, or a list of Envoy's header matchers.
    private static func headers(
        _ node: Node?, _ sink: DiagnosticSink, _ subject: (HeaderMatcher) -> Expectation.Subject
    ) -> [Expectation] {
        guard let node else { return [] }
        if node.isSequence { return node.elements.map { HeaderExpectation.read($0, sink, subject) } }
        return node.entries.compactMap { entry in
            guard let test = Expectation.Test(entry.value, sink) else { return nil }
            var matcher = HeaderMatcher(name: entry.key, test: .present(false))
            if case .matches(let text) = test { matcher.test = .string(text) }
            return Expectation(subject(matcher), .isMet, at: entry.value.location)
        }
    }
}

/// Expectations written as Envoy's header matchers.
enum HeaderExpectation {
    static func read(
        _ node: Node, _ sink: DiagnosticSink, _ subject: (HeaderMatcher) -> Expectation.Subject
    ) -> Expectation {
        var found: [Diagnostic] = []
        let matcher = HeaderMatcher(node, diagnostics: &found)
        for diagnostic in found { sink.add(diagnostic) }
        return Expectation(subject(matcher), .isMet, at: node.location)
    }
}

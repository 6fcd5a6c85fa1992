import Documents
import EnvoyModel
import TrafficEngine

/// A test of Envoy's router_check_tool: `input` and `validate`, in today's names and those of its first versions (`:authority`,
/// header `field` and `value`). A text that is empty means that there must be none.
struct RouterCheckFormat {
    private(set) var check: RouteCheck?

    init(_ node: Node, _ index: Int, _ sink: DiagnosticSink) {
        var fields = FieldReader(node, type: "a test of router_check_tool", sink: sink, spelling: .protobuf)
        defer { fields.finish() }
        let name = fields.string("testName") ?? "test \(index + 1)"
        guard let input = fields.object("input", of: "input", { Input(&$0) }) else {
            sink.error("the test has no input", at: node.location)
            return
        }
        guard input.request.authority != nil, input.hasPath else {
            sink.error("the input needs \"authority\" and \"path\"", at: node.location)
            return
        }
        var check = RouteCheck(name: name, at: node.location, subject: .addressed(input.request))
        // The tool decides weights by 0 unless told otherwise.
        check.random = input.random
        check.expectations = fields.object("validate", of: "validate") { Self.expectations(&$0) } ?? []
        check.expectations += input.notModelled
        if check.expectations.isEmpty {
            sink.error("the test validates nothing", at: node.location)
        } else {
            self.check = check
        }
    }

    private struct Input {
        var request = SyntheticRequest()
        var hasPath = false
        var random: UInt64 = 0
        var notModelled: [Expectation] = []

        init(_ fields: inout FieldReader) {
            request.authority = fields.string("authority") ?? fields.string(":authority")
            let path = fields.string("path") ?? fields.string(":path")
            hasPath = path != nil
            request.path = path ?? "/"
            request.method = fields.string("method") ?? fields.string(":method") ?? "GET"
            if fields.bool("ssl") ?? false {
                request.transport = .tls
                request.scheme = "https"
                request.serverName = request.authority.map { String($0.prefix { $0 != ":" }) } ?? ""
            }
            if fields.bool("internal") ?? false {
                request.sourceIP = "10.0.0.1"
                request.headers.append(SyntheticRequest.Header("x-envoy-internal", "true"))
            }
            random = fields.uint64("randomValue") ?? 0
            for name in ["additionalRequestHeaders", "additionalHeaders"] {
                request.headers += Self.headers(name, &fields)
            }
            request.upstreamResponse.headers = Self.headers("additionalResponseHeaders", &fields)
            for (name, what) in [("runtime", "a runtime key"), ("dynamicMetadata", "dynamic metadata")] {
                guard let value = fields.node(name), !(value.isSequence && value.elements.isEmpty) else { continue }
                notModelled.append(
                    Expectation(
                        .route, .cannotBeChecked("\(what) in the input is not something that meshtop can set"),
                        at: value.location))
            }
        }

        private static func headers(_ name: String, _ fields: inout FieldReader) -> [SyntheticRequest.Header] {
            fields.list(name, of: "a header") { header in
                SyntheticRequest.Header(
                    header.string("key") ?? header.string("field") ?? "",
                    (header.node("value") ?? header.node("rawValue"))?.text ?? "")
            }
        }
    }

    private static func expectations(_ fields: inout FieldReader) -> [Expectation] {
        var result: [Expectation] = []
        let texts: [(String, Expectation.Subject)] = [
            ("clusterName", .cluster), ("virtualHostName", .virtualHost), ("hostRewrite", .authority),
            ("pathRewrite", .path), ("pathRedirect", .redirect),
        ]
        for (name, subject) in texts {
            guard let value = fields.node(name) else { continue }
            let test = value.text.isEmpty ? .absent : Expectation.Test.matches(StringMatcher(.exact(value.text)))
            result.append(Expectation(subject, test, at: value.location))
        }
        if let value = fields.node("codeRedirect") {
            result.append(
                Expectation(.routeStatus, .matches(StringMatcher(.exact(value.text))), at: value.location))
        }
        if let value = fields.node("virtualClusterName"), !value.text.isEmpty {
            result.append(
                Expectation(.virtualHost, .cannotBeChecked("virtual clusters are not modelled"), at: value.location))
        }
        for name in ["requestHeaderMatches", "headerMatches"] {
            result += fields.list(name).map { HeaderExpectation.read($0, fields.sink) { .requestHeader($0) } }
        }
        result += fields.list("responseHeaderMatches").map {
            HeaderExpectation.read($0, fields.sink) { .responseHeader($0) }
        }
        let lists: [(String, (HeaderMatcher) -> Expectation.Subject)] = [
            ("requestHeaderFields", { .requestHeader($0) }), ("responseHeaderFields", { .responseHeader($0) }),
            ("headerFields", { .requestHeader($0) }), ("customHeaderFields", { .requestHeader($0) }),
        ]
        for (name, subject) in lists {
            for node in fields.list(name) {
                var header = FieldReader(node, type: "a header", sink: fields.sink)
                let key = header.string("key") ?? header.string("field") ?? ""
                let value = header.node("value")?.text ?? ""
                header.finish()
                let matcher = HeaderMatcher(name: key, test: .string(StringMatcher(.exact(value))))
                result.append(Expectation(subject(matcher), .isMet, at: node.location))
            }
        }
        return result
    }
}

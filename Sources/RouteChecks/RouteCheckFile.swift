package import Documents
import EnvoyModel

/// A file of route tests, in any of three forms that a test's own shape tells apart: meshtop's own (`tests:` with `curl` or
/// `request`, and `expect`), Envoy's router_check_tool (`tests:` with `input` and `validate`, also as a bare list) and
/// istio-config-validator's (`testCases:`).
package struct RouteCheckFile: Sendable {
    package var checks: [RouteCheck] = []
    package var diagnostics: [Diagnostic] = []

    /// Reads the bytes of a file, YAML or JSON. A test that cannot be read is an error in `diagnostics`; the others are there.
    package init(_ bytes: [UInt8], file: String) {
        let parsed = DocumentReader.read(bytes, file: file)
        diagnostics = parsed.diagnostics
        for document in parsed.documents { read(document.root) }
        if checks.isEmpty, !diagnostics.contains(where: { $0.severity == .error }) {
            diagnostics.append(
                Diagnostic(
                    .error, "there is no test in this file", at: SourceLocation(file: file, line: 1, column: 1),
                    hint: "a file of tests has a list \"tests\" (meshtop's or router_check_tool's) or \"testCases\""))
        }
    }

    private mutating func read(_ root: Node) {
        let sink = DiagnosticSink()
        if root.isSequence {
            for (index, node) in root.elements.enumerated() { add(node, index, sink) }
        } else {
            var fields = FieldReader(root, type: "a file of route tests", sink: sink)
            let proxy = fields.string("proxy")
            for (index, node) in fields.list("tests").enumerated() { add(node, index, sink, proxy: proxy) }
            for node in fields.list("testCases") { checks += ConfigValidatorFormat(node, sink).checks }
            fields.finish()
        }
        // A misspelled expectation that is passed over would be a test that cannot fail.
        diagnostics += sink.diagnostics.map {
            Diagnostic(.error, $0.message, at: $0.location, hint: $0.hint, code: $0.code)
        }
    }

    private mutating func add(_ node: Node, _ index: Int, _ sink: DiagnosticSink, proxy: String? = nil) {
        var check =
            node["input"] == nil && node["validate"] == nil
            ? OwnFormat(node, index, sink).check : RouterCheckFormat(node, index, sink).check
        guard check != nil else { return }
        if check?.proxy == nil { check?.proxy = proxy }
        if let check { checks.append(check) }
    }
}

extension Expectation.Test {
    /// `null`: there must be none; a value: exactly that; `{exact|prefix|suffix|contains|regex: …}`, with `ignore_case`.
    init?(_ node: Node, _ sink: DiagnosticSink) {
        if node.isNull {
            self = .absent
        } else if node.isScalar {
            self = .matches(StringMatcher(.exact(node.text)))
        } else if let matcher = StringMatcher(node, sink) {
            self = .matches(matcher)
        } else {
            return nil
        }
    }
}

extension StringMatcher {
    /// A matcher as Envoy writes it, `regex` for `safe_regex` allowed; what is wrong with it goes to `sink`.
    init?(_ node: Node, _ sink: DiagnosticSink) {
        var fields = FieldReader(node, type: "a text to match", sink: sink, spelling: .protobuf)
        defer { fields.finish() }
        let ignoreCase = fields.bool("ignoreCase") ?? false
        let makers: [(String, (String) -> Pattern)] = [
            ("exact", Pattern.exact), ("prefix", Pattern.prefix), ("suffix", Pattern.suffix),
            ("contains", Pattern.contains), ("regex", Pattern.safeRegex),
        ]
        for (name, make) in makers {
            guard let value = fields.node(name) else { continue }
            self.init(make(value.text), ignoreCase: ignoreCase)
            return
        }
        if let regex = fields.object("safeRegex", of: "a regular expression", { $0.string("regex") }) ?? nil {
            self.init(.safeRegex(regex))
            return
        }
        sink.error(
            "expected a text, null, or one of exact, prefix, suffix, contains, regex; found \(node.shortDescription)",
            at: node.location)
        return nil
    }
}

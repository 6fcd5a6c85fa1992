import EnvoyModel
import TestSupport
import Testing

import TrafficEngine

/// The engine's choice of a route against one that is slow and obvious: texts, not bytes, and every route tried in turn.
@Suite("Route matching, twice") struct RouteMatchTwinTests {
    @Test("the engine takes the route that trying every one takes", arguments: 1...60 as ClosedRange<UInt64>)
    func twin(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let routes = (0..<8).map { _ in ObviousRoute(&random) }
        let texts = routes.enumerated().map { index, route in
            #"{"name": "r\#(index)", "match": \#(route.json), "direct_response": {"status": \#(300 + index)}}"#
        }
        let bench = try Bench(
            routes:
                "\"virtual_hosts\": [{\"name\": \"v\", \"domains\": [\"*\"], \"routes\": [\(texts.joined(separator: ","))]}]"
        )
        for _ in 0..<150 {
            let request = ObviousRequest(&random)
            let trace = bench.trace(
                request.path, host: request.authority, method: request.method, headers: request.headers)
            let expected = routes.firstIndex { $0.takes(request) }
            #expect(
                trace.response?.status == expected.map { 300 + $0 } ?? 404,
                "seed \(seed): \(request) goes to \(expected.map { texts[$0] } ?? "no route")")
            // What explains the choice agrees with it: all routes before the chosen one are said to differ.
            let steps = trace.hops.first?.steps.filter { $0.stage == .route } ?? []
            #expect(steps.lastIndex { $0.matched } == expected, "seed \(seed): \(request)")
        }
    }
}

/// A request as texts.
private struct ObviousRequest: CustomStringConvertible {
    var method: String
    var authority: String
    var path: String
    var headers: [(String, String)]

    init(_ random: inout SplitMix64) {
        method = ["GET", "POST", "HEAD"].random(&random)
        authority = ["a.com", "A.com", "a.com:80", "b.org"].random(&random)
        path = (0..<Int.random(in: 1...3, using: &random)).map { _ in "/" + Words.segments.random(&random) }.joined()
        if Bool.random(using: &random) {
            let parameters = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Words.names.random(&random) + ["", "=", "=a", "=ab", "=b", "=a=b"].random(&random)
            }
            path += "?" + parameters.joined(separator: "&")
        }
        headers = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            ("x-" + Words.names.random(&random), Words.values.random(&random))
        }
    }

    /// Without the query.
    var plainPath: String { String(path.prefix { $0 != "?" }) }

    /// The value of the first parameter of the name.
    func parameter(_ name: String) -> String? {
        guard let mark = path.firstIndex(of: "?") else { return nil }
        for part in path[path.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pieces.first.map(String.init) == name { return pieces.count > 1 ? String(pieces[1]) : "" }
        }
        return nil
    }

    func values(of header: String) -> [String] {
        switch header {
        case ":method": [method]
        case ":authority": [authority]
        case ":path": [path]
        default: headers.filter { $0.0.lowercased() == header }.map(\.1)
        }
    }

    var description: String { "\(method) \(authority)\(path) \(headers)" }
}

private enum Words {
    static let segments = ["a", "ab", "A", "b", "", "a.b"]
    static let names = ["k", "K", "kk"]
    static let values = ["a", "ab", "A", "", "b", "7", "12", "-3"]
}

/// A test of a text.
private struct ObviousText {
    var kind: String
    var text: String
    var ignoresCase: Bool

    init(_ random: inout SplitMix64) {
        kind = ["exact", "prefix", "suffix", "contains", "safe_regex"].random(&random)
        text =
            kind == "safe_regex"
            ? ["a+", "a|b", "[0-9]+", ".*b"].random(&random) : ["a", "ab", "A", "b"].random(&random)
        ignoresCase = kind != "safe_regex" && Int.random(in: 0..<4, using: &random) == 0
    }

    var json: String {
        kind == "safe_regex"
            ? #"{"safe_regex": {"regex": "\#(text)"}}"# : #"{"\#(kind)": "\#(text)", "ignore_case": \#(ignoresCase)}"#
    }

    func takes(_ value: String) -> Bool {
        let (text, value) = ignoresCase ? (text.lowercased(), value.lowercased()) : (text, value)
        switch kind {
        case "exact": return value == text
        case "prefix": return value.hasPrefix(text)
        case "suffix": return value.hasSuffix(text)
        case "contains": return value.contains(text)
        default: return (try? Regex(text).wholeMatch(in: value)) != nil
        }
    }
}

/// A condition on a header; the name may be a pseudo header's.
private struct ObviousHeader {
    enum Test { case present(Bool), text(ObviousText), range(Int, Int) }

    var name: String
    var test: Test
    var inverts: Bool
    var treatsMissingAsEmpty: Bool

    init(_ random: inout SplitMix64) {
        name = [":method", ":authority", ":path", "x-k", "x-K", "x-kk"].random(&random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: test = .present(Bool.random(using: &random))
        case 1: test = .range(-5, Int.random(in: 7...12, using: &random))
        default: test = .text(ObviousText(&random))
        }
        inverts = Int.random(in: 0..<3, using: &random) == 0
        treatsMissingAsEmpty = Int.random(in: 0..<3, using: &random) == 0
    }

    var json: String {
        let condition =
            switch test {
            case .present(let isPresent): "\"present_match\": \(isPresent)"
            case .text(let text): "\"string_match\": \(text.json)"
            case .range(let start, let end): #""range_match": {"start": \#(start), "end": \#(end)}"#
            }
        return #"{"name": "\#(name)", \#(condition), "invert_match": \#(inverts), "#
            + #""treat_missing_header_as_empty": \#(treatsMissingAsEmpty)}"#
    }

    func takes(_ request: ObviousRequest) -> Bool {
        var values = request.values(of: name.lowercased())
        if case .present(let wanted) = test {
            return ((!values.isEmpty || treatsMissingAsEmpty) == wanted) != inverts
        }
        if values.isEmpty {
            // What is missing passes no test, not even an inverted one.
            guard treatsMissingAsEmpty else { return false }
            values = [""]
        }
        return values.contains(where: passes) != inverts
    }

    private func passes(_ value: String) -> Bool {
        switch test {
        case .present: true
        case .text(let text): text.takes(value)
        case .range(let start, let end): Int(value).map { $0 >= start && $0 < end } ?? false
        }
    }
}

/// All conditions of a route.
private struct ObviousRoute {
    var pathKind: String
    var path: String
    var ignoresCase: Bool
    var headers: [ObviousHeader]
    var parameters: [(name: String, test: ObviousText?)]

    init(_ random: inout SplitMix64) {
        pathKind = ["prefix", "prefix", "path", "path_separated_prefix", "safe_regex"].random(&random)
        let segment = Words.segments.random(&random)
        path =
            pathKind == "safe_regex"
            ? ["/a.*", "/[ab]+(/.*)?", ".*/b"].random(&random)
            : pathKind == "path_separated_prefix"
                ? "/" + (segment.isEmpty ? "a" : segment) : "/" + segment + ["", "/", "/b"].random(&random)
        ignoresCase = pathKind != "safe_regex" && Int.random(in: 0..<4, using: &random) == 0
        headers = (0..<[0, 0, 1, 2].random(&random)).map { _ in ObviousHeader(&random) }
        parameters = (0..<[0, 0, 0, 1].random(&random)).map { _ in
            (Words.names.random(&random), Bool.random(using: &random) ? ObviousText(&random) : nil)
        }
    }

    var json: String {
        let path =
            pathKind == "safe_regex" ? #""safe_regex": {"regex": "\#(path)"}"# : #""\#(pathKind)": "\#(path)""#
        let queries = parameters.map { name, test in
            #"{"name": "\#(name)", "# + (test.map { "\"string_match\": \($0.json)" } ?? "\"present_match\": true") + "}"
        }
        return
            "{\(path), \"case_sensitive\": \(!ignoresCase), \"headers\": [\(headers.map(\.json).joined(separator: ","))], "
            + "\"query_parameters\": [\(queries.joined(separator: ","))]}"
    }

    func takes(_ request: ObviousRequest) -> Bool {
        takes(path: request.plainPath) && headers.allSatisfy { $0.takes(request) }
            && parameters.allSatisfy { name, test in
                request.parameter(name).map { test?.takes($0) ?? true } ?? false
            }
    }

    private func takes(path value: String) -> Bool {
        let (text, value) = ignoresCase ? (path.lowercased(), value.lowercased()) : (path, value)
        switch pathKind {
        case "prefix": return value.hasPrefix(text)
        case "path": return value == text
        case "path_separated_prefix": return value == text || value.hasPrefix(text + "/")
        default: return (try? Regex(path).wholeMatch(in: value)) != nil
        }
    }
}

extension Array {
    /// One of them; there is at least one.
    fileprivate func random(_ generator: inout SplitMix64) -> Element {
        self[Int.random(in: indices, using: &generator)]
    }
}

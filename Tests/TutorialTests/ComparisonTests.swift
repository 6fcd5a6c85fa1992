import Testing

@testable import Tutorial

/// What counts as the same output.
struct ComparisonTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var printed: [String]
        var predicted: [PredictedLine]
        var isEqual: Bool
        var ignored: [String] = []
        var leftOut = 0
        var content = Comparison.Content.lines
        var testDescription: String { name }
    }

    private static let head = ["HTTP/1.1 200 OK", "date: today", "server: istio-envoy"].map {
        PredictedLine(header: $0)
    }
    private static let table = [
        PredictedLine("NAME TYPE EXTERNAL-IP PORT(S) AGE"),
        PredictedLine([
            .exact("web"), .exact("LoadBalancer"), .generated("203.0.113.10", why: "addresses"),
            .ports("80:30080/TCP,443:30443/TCP"), .generated("0s", why: "age"),
        ]),
    ]

    static let rows: [Row] = [
        Row(
            name: "blanks do not count", printed: ["a   b", "", "  c"], predicted: [.init("a b"), .init("c")],
            isEqual: true),
        Row(name: "another word does", printed: ["a c"], predicted: [.init("a b")], isEqual: false),
        Row(name: "a word too few", printed: ["a"], predicted: [.init("a b")], isEqual: false),
        Row(name: "a word too many", printed: ["a b c"], predicted: [.init("a b")], isEqual: false),
        Row(name: "dots for the rest", printed: ["a", "..."], predicted: [.init("a"), .init("b")], isEqual: true),
        Row(name: "dots in a word", printed: ["x…z"], predicted: [.init("xyz")], isEqual: true),
        Row(name: "stars in a word", printed: ["a6f***599"], predicted: [.init("a6fXY599")], isEqual: true),
        Row(name: "stars that do not fit", printed: ["a6f***598"], predicted: [.init("a6fXY599")], isEqual: false),
        Row(name: "fewer lines", printed: ["a"], predicted: [.init("a"), .init("b")], isEqual: true, leftOut: 1),
        Row(
            name: "dates are passed over",
            printed: ["HTTP/1.1 200 OK", "date: Fri, 26 Mar 2021", "server: istio-envoy"],
            predicted: head, isEqual: true, ignored: ["date"]),
        Row(
            name: "another status", printed: ["HTTP/1.1 404 Not Found", "..."], predicted: head, isEqual: false),
        Row(
            name: "another server", printed: ["server: awselb/2.0"], predicted: head, isEqual: false),
        Row(
            name: "addresses, node ports and ages are a cluster's own",
            printed: ["NAME TYPE EXTERNAL-IP PORT(S) AGE", "web LoadBalancer 1.2.3.4 80:31246/TCP,443:30486/TCP 25h"],
            predicted: table, isEqual: true, ignored: ["addresses", "node ports", "age"]),
        Row(
            name: "no address is not an address",
            printed: ["web LoadBalancer <pending> 80:31246/TCP,443:30486/TCP 25h"], predicted: table, isEqual: false),
        Row(
            name: "another port is another port", printed: ["web LoadBalancer 1.2.3.4 81:31246/TCP,443:30486/TCP 25h"],
            predicted: table, isEqual: false),
        Row(
            name: "an unknown application says what it likes",
            printed: ["HTTP/1.1 200 OK", "content-type: text/html", "x-mine: 1", "", "<html>"], predicted: head,
            isEqual: true, ignored: ["the application's own answer"], leftOut: 2, content: .unknownApplication),
        Row(
            name: "a body of its own", printed: ["<html>", "</html>"], predicted: [], isEqual: true,
            ignored: ["the application's own answer"], content: .unknownBody),
        Row(
            name: "headers that httpbin shows and nobody can know",
            printed: ["{", "\"Host\": \"a\",", "\"X-B3-Traceid\": \"b56e\"", "}"],
            predicted: ["{", "\"Host\": \"a\"", "}"].map { PredictedLine($0) }, isEqual: true,
            ignored: ["generated headers"]),
        Row(
            name: "another value of one that can be known", printed: ["\"Host\": \"b\""],
            predicted: [.init("\"Host\": \"a\"")], isEqual: false),
        Row(
            name: "curl's words for a failure are those of its version",
            printed: ["curl: (35) LibreSSL SSL_connect: SSL_ERROR_SYSCALL"],
            predicted: [.init("curl: (35) OpenSSL SSL_connect: reset")], isEqual: true, ignored: ["curl's words"]),
        Row(
            name: "but not its code", printed: ["curl: (7) x"], predicted: [.init("curl: (35) y")], isEqual: false),
        Row(
            name: "-v of older pages", printed: ["* Trying", "HTTP/1.1 200 OK", "< date: x"],
            predicted: ["< HTTP/1.1 200 OK", "< date: y"].map { PredictedLine(header: $0) }, isEqual: true,
            ignored: ["curl's remarks", "date"]),
        Row(
            name: "but not what the proxy says", printed: ["HTTP/1.1 200 OK", "server: nginx"], predicted: head,
            isEqual: false, content: .unknownApplication),
    ]

    @Test("printed and predicted lines", arguments: rows)
    func compares(row: Row) {
        let comparison = Comparison(printed: row.printed, predicted: row.predicted, content: row.content)
        #expect(comparison.isEqual == row.isEqual)
        if row.isEqual {
            #expect(comparison.ignored == row.ignored)
            #expect(comparison.leftOut.count == row.leftOut)
        }
    }

    @Test("a difference names the printed line and the nearest predicted one")
    func difference() throws {
        let comparison = Comparison(printed: ["x", "HTTP/2 404"], predicted: [PredictedLine("HTTP/1.1 200 OK")])
        #expect(
            comparison.differences == [
                Comparison.Difference(printed: "x", index: 0, predicted: nil),
                Comparison.Difference(printed: "HTTP/2 404", index: 1, predicted: "HTTP/1.1 200 OK"),
            ])
    }
}

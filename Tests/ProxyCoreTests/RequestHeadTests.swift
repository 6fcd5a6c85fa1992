import EnvoyModel
import TestSupport
import Testing

@testable import ProxyCore

@Suite("Request heads") struct RequestHeadTests {
    struct Refusal: CustomTestStringConvertible {
        var about: String
        var text: String
        var error: HeadError
        var testDescription: String { about }

        init(_ about: String, _ text: String, _ error: HeadError = .malformed) {
            self.about = about
            self.text = text
            self.error = error
        }
    }

    static func get(_ fields: String) -> String { "GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n" }
    static func post(_ fields: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n" }

    static let refusals = [
        Refusal("blank before the colon", get("X : 1\r\n")), Refusal("tab before the colon", get("X\t: 1\r\n")),
        Refusal("a line without colon", get("X\r\n")), Refusal("an empty name", get(": 1\r\n")),
        Refusal("a name that is no token", get("X(y): 1\r\n")), Refusal("a name with a NUL", get("X\0: 1\r\n")),
        Refusal("a NUL in a value", get("X: a\0b\r\n"), .invalidCharacters),
        Refusal("a bare CR in a value", get("X: a\rY: b\r\n"), .invalidCharacters),
        Refusal("a DEL in a value", get("X: a\u{7f}\r\n"), .invalidCharacters),
        Refusal("a folded first line", "GET / HTTP/1.1\r\n X: 1\r\n\r\n"),
        Refusal("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", .lowVersion),
        Refusal("HTTP/2.0", "GET / HTTP/2.0\r\n\r\n", .lowVersion),
        Refusal("HTTP/1.2", "GET / HTTP/1.2\r\n\r\n", .lowVersion),
        Refusal("no version", "GET /\r\n\r\n"), Refusal("a lower case version", "GET / http/1.1\r\n\r\n"),
        Refusal("a longer version", "GET / HTTP/1.10\r\n\r\n"), Refusal("a blank behind it", "GET / HTTP/1.1 \r\n\r\n"),
        Refusal("two blanks", "GET  / HTTP/1.1\r\n\r\n"), Refusal("a blank in the target", "GET /a b HTTP/1.1\r\n\r\n"),
        Refusal("a tab instead of a blank", "GET\t/ HTTP/1.1\r\n\r\n"),
        Refusal("a lower case method", "get / HTTP/1.1\r\n\r\n"),
        Refusal("an unknown method", "BREW / HTTP/1.1\r\n\r\n"),
        Refusal("no method", " / HTTP/1.1\r\n\r\n"), Refusal("raw bytes in the target", "GET /é HTTP/1.1\r\n\r\n"),
        Refusal("a relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("an asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("an absolute target without authority", "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("a signed length", post("Content-Length: +5\r\n")),
        Refusal("an empty length", post("Content-Length:\r\n")),
        Refusal("a negative length", post("Content-Length: -1\r\n")),
        Refusal("a list", post("Content-Length: 5, 5\r\n")),
        Refusal("lengths that differ", post("Content-Length: 5\r\nContent-Length: 6\r\n")),
        Refusal("a length of 65 bits", post("Content-Length: 18446744073709551616\r\n")),
        Refusal("length and chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), .lengthAndChunked),
        Refusal("chunked and length", post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), .lengthAndChunked),
        Refusal("gzip", post("Transfer-Encoding: gzip\r\n"), .invalidTransferEncoding),
        Refusal("gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n"), .invalidTransferEncoding),
        Refusal(
            "chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
            .invalidTransferEncoding),
        Refusal("xchunked", post("Transfer-Encoding: xchunked\r\n"), .invalidTransferEncoding),
        Refusal("an empty encoding", post("Transfer-Encoding:\r\n"), .invalidTransferEncoding),
        Refusal("101 fields", get(String(repeating: "X: 1\r\n", count: 100)), .tooManyHeaders),
        Refusal(
            "a head of 60 KiB and one byte", get("X: " + String(repeating: "a", count: 61440 - 31) + "\r\n"),
            .headersTooLarge),
    ]

    @Test("is refused", arguments: refusals)
    func refused(_ row: Refusal) { #expect(readHead(row.text) == .refused(row.error)) }

    struct Acceptance: CustomTestStringConvertible {
        var about: String
        var text: String
        var read: HeadOutcome.Read
        var testDescription: String { about }

        init(
            _ about: String, _ text: String, _ method: String = "GET", _ path: String = "/", host: String? = "a",
            fields: [String] = [], framing: BodyFraming = .none, keepsAlive: Bool = true, unused: Int = 0
        ) {
            self.about = about
            self.text = text
            read = HeadOutcome.Read(
                method: method, path: path, authority: host, fields: fields, framing: framing, keepsAlive: keepsAlive,
                used: text.utf8.count - unused)
        }
    }

    static let acceptances = [
        Acceptance("the plainest", get("")),
        Acceptance("names in any case", get("X-AbC: dE\r\n"), fields: ["x-abc: dE"]),
        Acceptance("blanks around the value", get("X:  \t a b \t\r\n"), fields: ["x: a b"]),
        Acceptance("an empty value", get("X:\r\n"), fields: ["x: "]),
        Acceptance("bytes above 127", get("X: é\r\n"), fields: ["x: é"]),
        Acceptance("bare line feeds", "GET / HTTP/1.1\nHost: a\nX: 1\n\n", fields: ["x: 1"]),
        Acceptance("empty lines before", "\r\n\r\n" + get("")),
        Acceptance("a folded line", get("X: a\r\n  b\r\n\tc\r\n"), fields: ["x: a b c"]),
        Acceptance("no host", "GET / HTTP/1.1\r\n\r\n", host: nil),
        Acceptance("an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", host: ""),
        Acceptance("two hosts are joined", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", host: "a,b"),
        Acceptance("an absolute target", "GET http://b/p?q HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/p?q", host: "b"),
        Acceptance("an absolute target without path", "GET http://b HTTP/1.1\r\nHost: a\r\n\r\n", host: "b"),
        Acceptance(
            "an absolute target with a query alone", "GET http://b?q HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "?q",
            host: "b"),
        Acceptance(
            "a length", post("Content-Length: 5\r\n"), "POST", fields: ["content-length: 5"], framing: .length(5)),
        Acceptance(
            "the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n"), "POST",
            fields: ["content-length: 5"], framing: .length(5)),
        Acceptance(
            "chunked in any case", post("Transfer-Encoding: CHUNKED\r\n"), "POST",
            fields: ["transfer-encoding: CHUNKED"], framing: .chunked),
        Acceptance("close", get("Connection: x, Close\r\n"), fields: ["connection: x, Close"], keepsAlive: false),
        Acceptance("what follows is left alone", get("") + "GET /2", unused: 6),
        Acceptance(
            "100 fields", get(String(repeating: "X: 1\r\n", count: 99)), fields: Array(repeating: "x: 1", count: 99)),
        Acceptance(
            "a head of 60 KiB", get("X: " + String(repeating: "a", count: 61440 - 32) + "\r\n"),
            fields: ["x: " + String(repeating: "a", count: 61440 - 32)]),
    ]

    @Test("is read", arguments: acceptances)
    func accepted(_ row: Acceptance) { #expect(readHead(row.text) == .read(row.read)) }

    @Test("OPTIONS * is answered with 404") func asterisk() {
        #expect(readHead("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") == .answered(404))
    }

    @Test("hosts that Envoy refuses", arguments: ["a b", "a/b", "a?b", "a#b", "a\\b", "\"a\"", "a<b", "aé"])
    func badHost(_ host: String) {
        #expect(readHead("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") == .answered(400))
    }

    @Test("HTTP/1.0 with its default host, where it is accepted") func http10() {
        var rules = RequestRules()
        rules.limits.acceptsHTTP10 = true
        rules.defaultHost = Array("d".utf8)
        guard case .read(let read) = readHead("GET / HTTP/1.0\r\n\r\n", rules: rules) else {
            Issue.record("refused")
            return
        }
        #expect(read.authority == "d")
        #expect(!read.keepsAlive)
        #expect(readHead("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", rules: rules) == .refused(.malformed))
    }

    @Test("names with underscores by the action") func underscores() {
        var rules = RequestRules()
        rules.underscores = .rejectRequest
        #expect(readHead(Self.get("a_b: 1\r\n"), rules: rules) == .refused(.underscores))
        rules.underscores = .dropHeader
        guard case .read(let read) = readHead(Self.get("a_b: 1\r\nc: 2\r\n"), rules: rules) else {
            Issue.record("refused")
            return
        }
        #expect(read.fields == ["c: 2"])
    }

    @Test("however the bytes are cut, the same comes out")
    func pieces() {
        for text in Self.refusals.map(\.text) + Self.acceptances.map(\.text) where text.utf8.count < 1000 {
            let bytes = Array(text.utf8)
            let whole = readHead([bytes])
            let single = readHead(bytes.map { [$0] })
            #expect(comparable(single) == comparable(whole), "byte by byte: \(text.debugDescription)")
            for cut in 1..<bytes.count {
                let outcome = readHead([Array(bytes[..<cut]), Array(bytes[cut...])])
                #expect(comparable(outcome) == comparable(whole), "cut at \(cut): \(text.debugDescription)")
            }
        }
    }

    private func comparable(_ outcome: HeadOutcome) -> HeadOutcome { outcome }

    @Test("agrees with a slow and obvious twin on mutations", arguments: [1, 2, 3, 4] as [UInt64])
    func twin(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let seeds = (Self.refusals.map(\.text) + Self.acceptances.map(\.text)).filter { $0.utf8.count < 300 }
        let spice = Array("\r\n\t :,\0a/GET*HTTP/1.1chunked0123456789\u{7f}é".utf8)
        for round in 0..<2000 {
            guard let seedText = seeds.randomElement(using: &random) else { return }
            var bytes = Array(seedText.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = spice.randomElement(using: &random) ?? 0
                case 1: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            let mine = readHead([bytes])
            let twin = TwinParser.read(bytes)
            #expect(
                mine == twin,
                "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }
}

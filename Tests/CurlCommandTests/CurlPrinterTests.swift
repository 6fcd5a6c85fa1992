import TestSupport
import Testing

@testable import CurlCommand

struct CurlPrinterTests {
    private static func line(_ random: inout SplitMix64) -> String {
        func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
        var words = ["curl"]
        let host = pick(["a.example.com", "10.0.0.1", "[::1]", "Shop.Example.com:8080", "u:p%20w@h"])
        let scheme = pick(["http://", "https://", ""])
        let options = [
            "-s", "-i", "-v", "-S", "-f", "-k", "-L", "--compressed", "-0", "--http2", "--http2-prior-knowledge",
            "--http1.1",
            "-X DELETE", "-X POST", "-d a=b", "-d ''", "--data-raw $'x\\ny'", "--json '{\"a\": 1}'", "-G -d q=1",
            "-H 'Host: h.example.com'", "-HHost:x", "-H 'X-A: b'", "-H 'X-A:c'", "-H 'X-E;'", "-H 'Accept:'",
            "-H 'Accept: t/x'",
            "-H 'User-Agent: z'", "-A 'me too'", "-A ''", "-e http://r/", "-b 'c=1; d=2'", "-u user:pass",
            "--oauth2-bearer t",
            "-r 0-9", "-H 'Cookie: q'", "-H 'Content-Type: a/b'", "-o out", "-w '%{http_code}\\n'", "--max-redirs 3",
            "-m 2.5",
            "--resolve a.example.com:80:1.2.3.4", "--connect-to ::b.example.com:81", "--path-as-is", "--no-alpn",
            "--cert c.pem",
            "--request-target /t", "--location-trusted", "--post301", "--tr-encoding", "--haproxy-protocol", "-D h.txt",
            "-H \"X-Q: it's\"", "-x http://p:1", "--unix-socket /s", "--fail-with-body",
        ]
        for _ in 0..<Int.random(in: 0...6, using: &random) { words.append(pick(options)) }
        if Int.random(in: 0..<6, using: &random) == 0,
            !words.contains(where: { $0.contains("-d") || $0.contains("json") })
        {
            words.append("-I")
        }
        let path = pick(["/", "/a/b?c=d", "/a/../b", "?q", "", "/%2e/x'y", "/a[1]", "/\u{e4}?\u{e4}"])
        words.append("-g " + ShellQuoting.always(scheme + host + path))
        return words.joined(separator: " ")
    }

    @Test("the printed line reads back as the same transfer", arguments: [1, 2, 3, 4] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var read = 0
        for _ in 0..<1500 {
            let line = Self.line(&random)
            guard var transfer = try? CurlScript.parse(line).transfers.first else { continue }
            read += 1
            for style in [CurlPrinter.Style.plain, .short] {
                let printed = CurlPrinter(style: style).line(transfer)
                var again = try CurlScript.parse(printed).transfers.first
                again?.place = transfer.place
                transfer.place = again?.place ?? transfer.place
                try #require(again == transfer, "seed \(seed)\n\(line)\n\(printed)")
            }
        }
        #expect(read > 1000)
    }

    @Test("lines are as people write them")
    func style() throws {
        let line = "curl -s -I -HHost:httpbin.example.com 'http://1.2.3.4:80/status/200'"
        let transfer = try #require(try CurlScript.parse(line).transfers.first)
        #expect(CurlPrinter(style: .short).line(transfer) == line)
        #expect(
            CurlPrinter().line(transfer)
                == "curl -s -I -H 'Host:httpbin.example.com' 'http://1.2.3.4:80/status/200'")
    }
}

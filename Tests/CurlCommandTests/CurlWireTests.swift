import Glibc
import TestSupport
import Testing

@testable import CurlCommand

/// The request bytes of the real curl for a line, against those that we make of it.
@Suite(.serialized)
struct CurlWireTests {
    static let lines: [String] = [
        "curl -s http://127.0.0.1:PORT/",
        "curl -s -I http://127.0.0.1:PORT/a/b?c=d",
        "curl -s -I -HHost:httpbin.example.com http://127.0.0.1:PORT/status/200",
        "curl -s -H 'Host: one' -H 'Host: two' http://127.0.0.1:PORT/",
        "curl -s -H 'Host:' -H 'Accept:' -H 'User-Agent:' http://127.0.0.1:PORT/",
        "curl -s -H 'Host;' -H 'X-Empty;' -H 'X-None:' http://127.0.0.1:PORT/",
        "curl -s -H 'noColon' -H ':authority: x' -H 'a:b' -H 'A:  spaced  ' http://127.0.0.1:PORT/",
        "curl -s -H 'Accept: text/html' -H 'User-Agent: me' -H 'X-1: 1' -e http://ref/ -b 'k=v' http://127.0.0.1:PORT/",
        "curl -s -X DELETE http://127.0.0.1:PORT/x",
        "curl -s -d a=1 -d b=2 -d '' http://127.0.0.1:PORT/x",
        "curl -s -d '' http://127.0.0.1:PORT/x",
        "curl -s --data-raw '@x' -H 'Content-Type: text/plain' http://127.0.0.1:PORT/x",
        "curl -s --data-urlencode 'q=a b+c&d' --data-urlencode 'plain ä' --data-urlencode '=x=y' http://127.0.0.1:PORT/x",
        "curl -s -G --data-urlencode 'q=a b+c' -d z=1 http://127.0.0.1:PORT/x",
        "curl -s -G -d z=%2B 'http://127.0.0.1:PORT/x?y=1'",
        "curl -s -G -X POST -d z=1 http://127.0.0.1:PORT/x",
        "curl -s -I -G -d z=1 http://127.0.0.1:PORT/x",
        "curl -s --json '{\"a\":1}' --json '{\"b\":2}' http://127.0.0.1:PORT/x",
        "curl -s --json '{}' -H 'Accept: text/x' http://127.0.0.1:PORT/x",
        "curl -s --url-query 'a=b c' --url-query '+d=e%20f' 'http://127.0.0.1:PORT/x?q'",
        "curl -s -A '' http://127.0.0.1:PORT/x",
        "curl -s -A 'x y' -H 'User-Agent: z' http://127.0.0.1:PORT/x",
        "curl -s -A 'x y' http://127.0.0.1:PORT/x",
        "curl -s -e 'http://ref;auto' http://127.0.0.1:PORT/x",
        "curl -s -b 'a=1' -b 'b=2; c=3' http://127.0.0.1:PORT/x",
        "curl -s -b 'a=1' -H 'Cookie: z=9' http://127.0.0.1:PORT/x",
        "curl -s -u user:pass http://127.0.0.1:PORT/x",
        "curl -s 'http://us%65r:p%40ss@127.0.0.1:PORT/x'",
        "curl -s -u a:b -H 'Authorization: Bearer x' http://127.0.0.1:PORT/x",
        "curl -s --oauth2-bearer tok http://127.0.0.1:PORT/x",
        "curl -s -r 0-9 http://127.0.0.1:PORT/x",
        "curl -s -r 0-9 -d abc http://127.0.0.1:PORT/x",
        "curl -s --compressed http://127.0.0.1:PORT/x",
        "curl -s --tr-encoding http://127.0.0.1:PORT/x",
        "curl -s -H 'Transfer-Encoding: chunked' -d abc http://127.0.0.1:PORT/x",
        "curl -s --request-target /other http://127.0.0.1:PORT/x",
        "curl -s http://127.0.0.1:PORT/a/./b/../c",
        "curl -s http://127.0.0.1:PORT/a/../../c/..",
        "curl -s http://127.0.0.1:PORT/a/%2e%2e/b//c/.",
        "curl -s --path-as-is http://127.0.0.1:PORT/a/./b/../c",
        "curl -s -0 http://127.0.0.1:PORT/x",
        "curl -s -0 -d x http://127.0.0.1:PORT/x",
        "curl -s --http2 http://127.0.0.1:PORT/x",
        "curl -s --http2 -d a=b -H 'X-A: 1' -b c=d http://127.0.0.1:PORT/x",
        "curl -s 127.0.0.1:PORT?q=1#frag",
        "curl -s 'http://127.0.0.1:PORT/ä/ö?ü=ß'",
        "curl -s http://LocalHost:PORT/x",
        "curl -s http://0x7f.1:PORT/x",
        "curl -s --resolve Shop.example.com:PORT:127.0.0.1 http://Shop.example.com:PORT/x",
        "curl -s --connect-to ::127.0.0.1:PORT http://shop.example.com/x",
        "curl -s --connect-to shop.example.com:80:127.0.0.1:PORT http://shop.example.com/x",
        "curl -s 'http://127.0.0.1:PORT/{a,b}/[1-2]'",
        "curl -s -g 'http://127.0.0.1:PORT/{a,b}'",
        "curl -s -XHEAD -I http://127.0.0.1:PORT/",
        "curl -s -I -X GET http://127.0.0.1:PORT/",
        "curl -s -H 'Content-Length: 3' -d abc http://127.0.0.1:PORT/",
        "curl -s -H 'Connection: close' -H 'X-A: b' -H 'X-A: c' http://127.0.0.1:PORT/",
        "curl -s -T /etc/hostname http://127.0.0.1:PORT/dir/",
        "curl -s -T /etc/hostname -X POST -H 'X-A: b' http://127.0.0.1:PORT/dir/x",
        "curl -s --data-binary @/etc/hostname --data @/etc/hostname http://127.0.0.1:PORT/dir/x",
        "curl -s -F 'f=@/etc/hostname' -F 'g=</etc/hostname' http://127.0.0.1:PORT/dir/x",
        "curl -s -H @/etc/hostname http://127.0.0.1:PORT/dir/x",
        "curl -s --tr-encoding --compressed -e x -b a=b http://127.0.0.1:PORT/x",
        "curl -s -G -d 'a=\u{e4}' --url-query 'b=\u{e4}' 'http://127.0.0.1:PORT/x?\u{e4}=%E4'",
        "curl -s -d @/dev/null http://127.0.0.1:PORT/",
        "curl -s --next -d x http://127.0.0.1:PORT/2",
        "curl -s http://127.0.0.1:PORT/1 --next -d x http://127.0.0.1:PORT/2",
        "curl -s $'http://127.0.0.1:PORT/x' -H $'X-A: \\u0041\\x42\\103' -H \"X-B: `echo y` $(echo z)\"",
        "curl -s -X '' http://127.0.0.1:PORT/",
        "curl -s -X 'A B' http://127.0.0.1:PORT/",
        "curl -s http:/127.0.0.1:PORT/x",
        "curl -s http:///127.0.0.1:PORT/x",
        "curl -s -H 'X-A: 1' --data-binary $'a\\r\\nb' http://127.0.0.1:PORT/",
        "curl -s -H 'Expect:' -H 'content-type: x/y' -d 1 http://127.0.0.1:PORT/",
        "curl -s -z '' -H 'If-None-Match: x' http://127.0.0.1:PORT/",
        "curl -s -F a=b -F 'c=d;type=text/x' -F 'e=\"f;g\"' http://127.0.0.1:PORT/",
        "curl -s -F a=b -H 'Content-Type: multipart/x' http://127.0.0.1:PORT/",
    ]

    @Test("the bytes on the wire are those of curl 7.88", arguments: lines)
    func wire(_ template: String) throws {
        guard RealCurl.isMeasuredVersion else { return }
        let server = try RawServer()
        let line = template.replacing("PORT", with: "\(server.port)")
        let script: CurlScript
        do {
            script = try CurlScript.parse(line, context: RealCurl.context)
        } catch {
            // Where the real curl refuses to send, we refuse too.
            let sent = try server.requests(of: line, expecting: 1)
            #expect(sent.isEmpty, "we say \(error), curl sent \(sent)")
            return
        }
        let expected = script.transfers.map { RealCurl.normalized(String(decoding: $0.request.wire, as: UTF8.self)) }
        let sent = try server.requests(of: line, expecting: expected.count).map(RealCurl.normalized)
        #expect(sent == expected)
    }
}

enum RealCurl {
    /// The other versions differ in small things: the order of headers is measured for this one.
    static let isMeasuredVersion: Bool = {
        let found = shellOutput("curl --version 2>/dev/null | head -1").hasPrefix("curl 7.88")
        if !found { print("skipped: no curl 7.88 here to compare with") }
        return found
    }()

    static let context = ReplayContext(
        file: { path in path == "/dev/null" ? [] : try? readBytes(path) })

    /// Boundaries are random; connections that are used again have the port of the first.
    static func normalized(_ text: String) -> String {
        var text = text
        while let start = text.firstRange(of: "------------------------") {
            let name = text[start.upperBound...].drop { $0 == "-" }
            text.replaceSubrange(start.lowerBound..<name.dropFirst(16).startIndex, with: "BOUNDARY")
        }
        return text
    }

    static func shellOutput(_ line: String) -> String {
        guard let pipe = popen(line, "r") else { return "" }
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Takes connections one after the other and answers each request with an empty 200.
final class RawServer {
    let port: Int
    private let listener: Int32

    struct Failure: Error {}

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw Failure() }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(listener) }

    /// What the line sends, a text a request.
    func requests(of line: String, expecting count: Int) throws -> [String] {
        var bare = line
        if let range = bare.firstRange(of: "curl ") { bare.replaceSubrange(range, with: "curl -q --max-time 5 ") }
        bare = bare.replacing("--next -d", with: "--next --max-time 5 -d")
        let script = bare + " >/dev/null 2>&1"
        guard let child = popen("exec bash -c " + ShellQuoting.always(script), "r") else { throw Failure() }
        var requests: [String] = []
        while requests.count < count, let connection = accept() {
            requests += read(connection, most: count - requests.count)
        }
        pclose(child)
        return requests
    }

    private func accept() -> Int32? {
        var poller = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        guard poll(&poller, 1, 3000) > 0 else { return nil }
        let connection = Glibc.accept(listener, nil, nil)
        return connection >= 0 ? connection : nil
    }

    private func read(_ connection: Int32, most: Int) -> [String] {
        defer { close(connection) }
        var requests: [String] = []
        var bytes: [UInt8] = []
        while requests.count < most {
            if let end = Self.end(of: bytes) {
                requests.append(String(decoding: bytes[..<end], as: UTF8.self))
                bytes.removeFirst(end)
                let isLast = requests.count == most
                let answer =
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: \(isLast ? "close" : "keep-alive")\r\n\r\n"
                _ = answer.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
                continue
            }
            var poller = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 3000) > 0 else { break }
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            if text.hasSuffix("\r\n\r\n"), text.lowercased().contains("expect: 100-continue") {
                let go = "HTTP/1.1 100 Continue\r\n\r\n"
                _ = go.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
            }
        }
        return requests
    }

    /// The length of the first whole request.
    private static func end(of bytes: [UInt8]) -> Int? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let head = text.firstRange(of: "\r\n\r\n") else { return nil }
        let headLength = text[..<head.upperBound].utf8.count
        var length = 0
        for line in text[..<head.lowerBound].split(separator: "\r\n") {
            let lower = line.lowercased()
            if lower.hasPrefix("content-length:") {
                length = Int(lower.dropFirst(15).drop { $0 == " " }) ?? 0
            } else if lower.hasPrefix("transfer-encoding:") {
                guard let end = text.firstRange(of: "0\r\n\r\n") else { return nil }
                return text[..<end.upperBound].utf8.count
            }
        }
        return bytes.count >= headLength + length ? headLength + length : nil
    }
}

import EnvoyModel
import TestSupport
import Testing

@testable import ProxyCore

@Suite("The worker, event by event") struct WorkerTests {
    @Test("a request goes to the endpoint and its answer back; the connections are kept")
    func keepAlive() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        for round in 1...3 {
            run.send("GET /a?b HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n\r\n", client)
            #expect(run.dialled.count == 1)
            let upstream = run.dialled[0]
            let sent = try run.line(upstream).take()
            #expect(sent.hasPrefix("GET /a?b HTTP/1.1\r\nhost: h\r\nx-a: 1\r\n"))
            #expect(sent.hasSuffix("\r\n\r\n"))
            run.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-B: 2\r\n\r\nhi", upstream)
            let answer = line.take()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-b: 2\r\n"))
            #expect(answer.hasSuffix("\r\n\r\nhi"))
            #expect(run.counter("http.in.downstream_rq_2xx") == UInt64(round))
        }
        #expect(run.counter("cluster.c.upstream_cx_total") == 1)
        #expect(run.counter("cluster.c.upstream_rq_total") == 3)
        #expect(run.counter("http.in.downstream_rq_active") == 0)
        #expect(run.log.count == 3)
        #expect(run.log[0].contains(#""upstream_host":"10.0.0.1:8080""#))
        #expect(run.log[0].contains(#""response_code_details":"via_upstream""#))
        let tap = run.worker.tapRecords(since: 0)
        #expect(tap.records.map(\.path) == ["/a?b", "/a?b", "/a?b"])
        #expect(tap.records.first?.route == "all")
    }

    @Test("the ring of the Tap says what was overwritten")
    func ring() throws {
        let run = try Transcript(bootstrap(routes: #"[{match: {prefix: "/"}, direct_response: {status: 200}}]"#))
        let (client, _) = try run.open()
        for number in 0..<7 { run.send("GET /\(number) HTTP/1.1\r\nHost: h\r\n\r\n", client) }
        let first = run.worker.tapRecords(since: 0)
        #expect(first.records.map(\.path) == ["/3", "/4", "/5", "/6"])
        #expect(first.lost == 3)
        run.send("GET /7 HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(run.worker.tapRecords(since: first.position).records.map(\.path) == ["/7"])
    }

    @Test("pipelined requests are answered in order, one at a time")
    func pipeline() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send((1...5).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined(), client)
        for number in 1...5 {
            let upstream = run.dialled[0]
            #expect(try run.line(upstream).take().hasPrefix("GET /\(number) "))
            run.answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)", upstream)
            #expect(line.take().hasSuffix("\r\n\r\n\(number)"))
        }
        #expect(run.dialled.count == 1)
    }

    @Test("bodies stream both ways; chunks are made anew, trailers dropped")
    func bodies() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nab", client)
        let upstream = run.dialled[0]
        #expect(try run.line(upstream).take().hasSuffix("transfer-encoding: chunked\r\n\r\n2\r\nab\r\n"))
        run.send("c\r\n0\r\nX: 1\r\n\r\n", client)
        #expect(try run.line(upstream).take() == "1\r\nc\r\n0\r\n\r\n")
        run.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", upstream)
        #expect(line.take().hasSuffix("transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n"))
        run.answer("lo\r\n0\r\n\r\n", upstream)
        #expect(line.take() == "2\r\nlo\r\n0\r\n\r\n")
    }

    @Test("the length of a body is said once to the endpoint, whatever the client called the field")
    func length() throws {
        for name in ["Content-Length", "content-length", "CONTENT-LENGTH"] {
            for count in 1...2 {
                let run = try Transcript(bootstrap(routes: plainRoutes))
                let (client, _) = try run.open()
                let field = String(repeating: "\(name): 5\r\n", count: count)
                run.send("POST /a HTTP/1.1\r\nHost: h\r\n\(field)X-A: 1\r\n\r\nhello", client)
                let sent = try run.line(run.dialled[0]).take()
                #expect(sent.lowercased().components(of: "content-length: 5\r\n") == 1)
                #expect(!sent.lowercased().contains("transfer-encoding"))
                #expect(sent.hasSuffix("\r\n\r\nhello"))
            }
        }
    }

    @Test("a response without length ends with its connection")
    func untilClose() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        run.answer("HTTP/1.1 200 OK\r\n\r\nabc", run.dialled[0])
        run.close(run.dialled[0])
        #expect(line.take().hasSuffix("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(run.dialled.count == 2)
    }

    @Test("100-continue is answered by the proxy")
    func expectContinue() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", client)
        #expect(line.take() == "HTTP/1.1 100 Continue\r\n\r\n")
        let head = try run.line(run.dialled[0]).take()
        #expect(!head.contains("\r\nexpect:"))
        run.answer("HTTP/1.1 100 Continue\r\n\r\n", run.dialled[0])
        #expect(line.take().isEmpty)
        run.send("ab", client)
        #expect(try run.line(run.dialled[0]).take() == "ab")
    }

    @Test("what the codec refuses is answered and the connection closes; nothing reaches the endpoint")
    func refusal() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x",
            client)
        let answer = line.take()
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.contains("connection: close\r\n"))
        #expect(line.isShut)
        #expect(run.dialled.isEmpty)
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(run.dialled.isEmpty)
        run.wait(.seconds(2))
        #expect(line.isClosed)
        #expect(run.log[0].contains(#""response_flags":"DPE""#))
    }

    @Test("a chunk that cannot be read takes the upstream connection with it")
    func brokenChunk() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", client)
        run.send("xyz\r\n", client)
        #expect(line.take().hasPrefix("HTTP/1.1 400 "))
        #expect(try run.line(run.dialled[0]).isClosed)
    }

    @Test("the route's timeout answers 504 UT and gives the connection up")
    func timeout() throws {
        let run = try Transcript(
            bootstrap(routes: #"[{match: {prefix: "/"}, route: {cluster: c, timeout: 0.25s}}]"#))
        let (client, line) = try run.open()
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        run.wait(.milliseconds(249))
        #expect(line.take().isEmpty)
        run.wait(.milliseconds(2))
        #expect(line.take().hasPrefix("HTTP/1.1 504 Gateway Timeout\r\n"))
        #expect(run.log[0].contains(#""response_flags":"UT""#))
        #expect(try run.line(run.dialled[0]).isClosed)
        #expect(run.counter("cluster.c.upstream_rq_timeout") == 1)
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(run.dialled.count == 2)
    }

    @Test("an endpoint that refuses gives 503 UF, one that hangs up 503 UC")
    func upstreamTrouble() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.refusesConnections = true
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(line.take().hasSuffix("reset reason: remote connection failure"))
        run.refusesConnections = false
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        run.close(run.dialled[1])
        #expect(line.take().hasSuffix("reset reason: connection termination"))
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        run.answer("SSH-2.0-x\r\n", run.dialled[2])
        #expect(line.take().hasPrefix("HTTP/1.1 502 "))
        #expect(run.log.map { $0.contains(#""response_flags":"UF""#) } == [true, false, false])
        #expect(run.log[1].contains(#""response_flags":"UC""#))
        #expect(run.log[2].contains(#""response_flags":"UPE""#))
    }

    @Test("a client that leaves takes its upstream request along")
    func clientLeaves() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, _) = try run.open()
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        run.close(client)
        #expect(try run.line(run.dialled[0]).isClosed)
        #expect(run.log[0].contains(#""response_flags":"DC""#))
        #expect(run.worker.activeClients == 0)
        #expect(run.counter("http.in.downstream_cx_active") == 0)
    }

    @Test("a slow client holds its endpoint back, a slow endpoint its client")
    func backPressure() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        let upstream = run.dialled[0]
        line.isBlocked = true
        run.answer("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", upstream)
        let piece = String(repeating: "x", count: 100_000)
        for _ in 0..<3 { run.answer(piece, upstream) }
        #expect(try !run.line(upstream).isReading)
        line.isBlocked = false
        line.flush(run.worker)
        run.perform()
        #expect(try run.line(upstream).isReading)
        for _ in 0..<7 { run.answer(piece, upstream) }
        #expect(line.take().utf8.count > 1_000_000)

        run.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n", client)
        try run.line(upstream).isBlocked = true
        for _ in 0..<3 { run.send(piece, client) }
        #expect(!line.isReading)
        try run.line(upstream).isBlocked = false
        try run.line(upstream).flush(run.worker)
        run.perform()
        #expect(line.isReading)
    }

    @Test("idle connections end after their time")
    func idle() throws {
        let run = try Transcript(
            bootstrap(routes: plainRoutes, manager: "common_http_protocol_options: {idle_timeout: 60s}"))
        let (client, line) = try run.open()
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        run.answer("HTTP/1.1 204 No Content\r\n\r\n", run.dialled[0])
        run.wait(.seconds(59))
        #expect(!line.isClosed)
        run.wait(.seconds(2))
        #expect(line.isClosed)
        #expect(run.counter("http.in.downstream_cx_idle_timeout") == 1)
    }

    @Test("a new snapshot: requests in flight end with the old one, the next ones have the new")
    func publish() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        try run.install(bootstrap(routes: #"[{match: {prefix: "/"}, direct_response: {status: 418}}]"#))
        run.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", run.dialled[0])
        #expect(line.take().hasPrefix("HTTP/1.1 200 OK\r\n"))
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(line.take().hasPrefix("HTTP/1.1 418 "))
        #expect(!line.isClosed)
    }

    @Test("draining: idle connections close, busy ones after their response")
    func drain() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (_, idleLine) = try run.open()
        let (busy, busyLine) = try run.open()
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", busy)
        run.worker.drain()
        run.perform()
        #expect(idleLine.isClosed)
        #expect(!busyLine.isClosed)
        run.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", run.dialled[0])
        #expect(busyLine.take().contains("connection: close\r\n"))
        #expect(busyLine.isShut)
        #expect(throws: Transcript.Problem.self) { try run.open() }
    }

    @Test("however the client's bytes are cut, the endpoint gets the same")
    func pieces() throws {
        let text =
            "\r\nPOST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            + "GET /b HTTP/1.1\r\nHost: h\r\nX-Request-Id: 7\r\n\r\n"
        let bytes = Array(text.utf8)
        for cut in 1..<bytes.count {
            let run = try Transcript(bootstrap(routes: plainRoutes))
            let (client, line) = try run.open()
            for piece in [bytes[..<cut], bytes[cut...]] {
                run.worker.received(Array(piece).span, from: client, now: run.now)
                run.perform()
            }
            let upstream = run.dialled[0]
            let first = try run.line(upstream).take()
            #expect(first.hasPrefix("POST /a HTTP/1.1\r\nhost: h\r\n"), "cut at \(cut)")
            #expect(first.hasSuffix("0\r\n\r\n"), "cut at \(cut)")
            run.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", upstream)
            #expect(
                try run.line(upstream).take().hasPrefix("GET /b HTTP/1.1\r\nhost: h\r\nx-request-id: 7\r\n"),
                "cut at \(cut)")
            run.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", upstream)
            #expect(line.take().components(of: "HTTP/1.1 200 OK") == 2, "cut at \(cut)")
        }
    }

    @Test("an allowed upgrade joins the two connections; another one is refused with 403")
    func upgrade() throws {
        let run = try Transcript(
            bootstrap(routes: plainRoutes, manager: "upgrade_configs: [{upgrade_type: websocket}]"))
        let (client, line) = try run.open()
        let request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: "
        run.send(request + "websocket\r\n\r\n", client)
        let upstream = run.dialled[0]
        #expect(try run.line(upstream).take().contains("upgrade: websocket\r\n"))
        run.answer(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello", upstream)
        #expect(line.take().hasSuffix("\r\n\r\nhello"))
        run.send("\u{1}\u{2}", client)
        #expect(try run.line(upstream).take() == "\u{1}\u{2}")
        run.close(upstream)
        #expect(line.isShut)

        let (other, otherLine) = try run.open()
        run.send(request + "telnet\r\n\r\n", other)
        #expect(otherLine.take().hasPrefix("HTTP/1.1 403 "))
    }
}

extension String {
    /// How often `part` occurs.
    func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let found = rest.firstRange(of: part) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}

import TestSupport
import Testing

@testable import ProxyCore

/// Where messages end, and what becomes of the connections then.
@Suite("Ends of exchanges") struct ExchangeEndTests {
    struct Bodiless: Sendable, CustomTestStringConvertible {
        var method: String
        var head: String

        var testDescription: String { "\(method): \(head)" }
    }

    @Test(
        "answers without a body are over with their head, whatever length they claim",
        arguments: [
            Bodiless(method: "HEAD", head: "200 OK\r\nContent-Length: 5"),
            Bodiless(method: "HEAD", head: "200 OK\r\nTransfer-Encoding: chunked"),
            Bodiless(method: "HEAD", head: "200 OK"),
            Bodiless(method: "GET", head: "204 No Content"),
            Bodiless(method: "GET", head: "204 No Content\r\nContent-Length: 5"),
            Bodiless(method: "GET", head: "304 Not Modified\r\nContent-Length: 5"),
            Bodiless(method: "POST", head: "200 OK\r\nContent-Length: 0"),
        ])
    func bodiless(_ row: Bodiless) throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        // The second request waits behind the first.
        run.send(
            "\(row.method) /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n", client)
        let upstream = run.dialled[0]
        #expect(try run.line(upstream).take().hasPrefix("\(row.method) /1 "))
        run.answer("HTTP/1.1 \(row.head)\r\n\r\n", upstream)
        let first = line.take()
        #expect(first.hasPrefix("HTTP/1.1 \(row.head.prefix(3)) "))
        #expect(first.hasSuffix("\r\n\r\n"))
        #expect(first.components(of: "\r\n\r\n") == 1)
        #expect(!line.isShut)
        #expect(try run.line(upstream).take().hasPrefix("GET /2 "), "over the same connection")
        run.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", upstream)
        #expect(line.take().hasSuffix("\r\n\r\nhi"))
        #expect(run.dialled.count == 1)
    }

    @Test("bytes behind a body that was to have none give the connection up, and reach no client")
    func unasked() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        run.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", run.dialled[0])
        #expect(line.take().hasSuffix("\r\n\r\n"))
        #expect(try run.line(run.dialled[0]).isClosed)
        run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(run.dialled.count == 2)
    }

    @Test("a client that asks to close is told so, and what it sends behind is read by nobody")
    func clientCloses() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send(
            "GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n", client)
        let upstream = run.dialled[0]
        #expect(!(try run.line(upstream).take().lowercased().contains("\r\nconnection:")))
        run.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", upstream)
        let answer = line.take()
        #expect(answer.components(of: "connection: close\r\n") == 1)
        #expect(answer.hasSuffix("\r\n\r\nhi"))
        #expect(line.isShut)
        run.send("GET /3 HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(try run.line(upstream).take().isEmpty)
        #expect(!(try run.line(upstream).isClosed), "the endpoint's connection is kept")
        run.wait(.seconds(2))
        #expect(line.isClosed)
    }

    @Test("an endpoint that asks to close loses its connection, the client keeps its own")
    func endpointCloses() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n", client)
        run.answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", run.dialled[0])
        let answer = line.take()
        #expect(!answer.contains("connection:"))
        #expect(try run.line(run.dialled[0]).isClosed)
        #expect(!line.isShut)
        run.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(run.dialled.count == 2)
    }

    @Test("an answer before the end of the request: the rest of the body is dropped and both connections end")
    func early() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        run.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello", client)
        let upstream = run.dialled[0]
        #expect(try run.line(upstream).take().hasSuffix("\r\n\r\nhello"))
        run.answer("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 2\r\n\r\nno", upstream)
        #expect(line.take().hasSuffix("\r\n\r\nno"))
        #expect(line.isShut)
        #expect(try run.line(upstream).isClosed)
        run.send("worldGET /2 HTTP/1.1\r\nHost: h\r\n\r\n", client)
        #expect(run.dialled.count == 1)
        #expect(run.counter("http.in.downstream_rq_active") == 0)
        #expect(run.counter("cluster.c.upstream_rq_active") == 0)
    }

    @Test("heads in front of the answer are not passed on, however many and however they are cut")
    func interim() throws {
        let answer =
            "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        for cut in 1..<answer.utf8.count {
            let run = try Transcript(bootstrap(routes: plainRoutes))
            let (client, line) = try run.open()
            run.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", client)
            run.answer(String(answer.prefix(cut)), run.dialled[0])
            run.answer(String(answer.dropFirst(cut)), run.dialled[0])
            let got = line.take()
            #expect(got.hasPrefix("HTTP/1.1 200 OK\r\n"), "cut at \(cut)")
            #expect(got.hasSuffix("\r\n\r\nhi"), "cut at \(cut)")
            #expect(!got.contains("link:"), "cut at \(cut)")
        }
    }

    @Test("many pipelined requests wait within bounds, and all are answered")
    func longPipeline() throws {
        let run = try Transcript(bootstrap(routes: plainRoutes))
        let (client, line) = try run.open()
        let padding = String(repeating: "x", count: 1000)
        for number in 0..<200 {
            run.send("GET /\(number) HTTP/1.1\r\nHost: h\r\nX: \(padding)\r\n\r\n", client)
            if !line.isReading { break }
        }
        #expect(!line.isReading, "nobody reads on without end")
        let held = client.held.count
        #expect(held <= ProxyConnection.lowWatermark + 2000)
        var answered = 0
        while try run.line(run.dialled[0]).take().hasPrefix("GET /\(answered) ") {
            run.answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.", run.dialled[0])
            #expect(line.take().hasSuffix("\r\n\r\n."))
            answered += 1
        }
        #expect(answered > 50)
        #expect(client.held.bytes == [])
        #expect(line.isReading)
        #expect(run.dialled.count == 1)
    }

    @Test("pipelined requests that the proxy answers itself, up to one that closes")
    func localPipeline() throws {
        let routes = #"[{match: {prefix: "/"}, direct_response: {status: 200, body: {inline_string: ok}}}]"#
        let run = try Transcript(bootstrap(routes: routes))
        let (client, line) = try run.open()
        let kept = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        run.send(kept + kept + "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + kept, client)
        #expect(line.take().components(of: "HTTP/1.1 200 OK\r\n") == 3)
        #expect(line.isShut)
        #expect(client.held.bytes == [])
    }
}

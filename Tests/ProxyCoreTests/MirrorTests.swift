import EnvoyModel
import Testing

@testable import ProxyCore

@Suite("copies of requests") struct MirrorTests {
    private static let routes = """
        [{match: {prefix: "/"}, name: all, route: {cluster: c, timeout: 5s, prefix_rewrite: "/to/",
          request_mirror_policies: [{cluster: m}]}}]
        """
    private static let mirror = """
        - name: m
          type: STATIC
          load_assignment:
            cluster_name: m
            endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 10.0.0.2, port_value: 90}}}}]}]
        """

    private func run(_ routes: String = routes) throws -> Transcript {
        try Transcript(
            bootstrap(routes: routes) + "\n"
                + Self.mirror.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
    }

    private func copy(_ run: Transcript) throws -> UpstreamConnection {
        try #require(run.dialled.first { $0.host.address == "10.0.0.2:90" })
    }

    @Test(
        "the copy is the request as it was rewritten, for another host; its answer goes nowhere, its connection is kept"
    )
    func copies() throws {
        let run = try run()
        let (client, line) = try run.open()
        for round in 1...2 {
            run.send("GET /x HTTP/1.1\r\nHost: a.b:81\r\nX-A: 1\r\n\r\n", client)
            #expect(run.dialled.count == 2)
            let copy = try copy(run)
            let sent = try run.line(copy).take()
            #expect(sent.hasPrefix("GET /to/x HTTP/1.1\r\nhost: a.b-shadow:81\r\nx-a: 1\r\n"))
            let main = try #require(run.dialled.first { $0 !== copy })
            #expect(try run.line(main).take().hasPrefix("GET /to/x HTTP/1.1\r\nhost: a.b:81\r\n"))
            run.answer("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno", copy)
            #expect(line.take().isEmpty)
            run.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", main)
            #expect(line.take().hasSuffix("hi"))
            #expect(run.counter("cluster.m.upstream_rq_5xx") == UInt64(round))
        }
        #expect(run.counter("cluster.m.upstream_rq_total") == 2)
        #expect(run.counter("cluster.m.upstream_rq_active") == 0)
        #expect(run.counter("cluster.m.upstream_cx_total") == 1)
        #expect(run.counter("http.in.downstream_rq_2xx") == 2)
        #expect(run.log.count == 2)
    }

    @Test("a body is copied as it comes; the client does not wait for a copy that falls behind")
    func bodies() throws {
        let run = try run()
        let (client, _) = try run.open()
        run.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", client)
        let copy = try copy(run)
        let line = try run.line(copy)
        #expect(line.take().hasSuffix("transfer-encoding: chunked\r\n\r\n2\r\nab\r\n"))
        run.send("1\r\nc\r\n", client)
        #expect(line.take() == "1\r\nc\r\n")
        line.isBlocked = true
        let piece = String(repeating: "x", count: 0x8000)
        for _ in 0..<10 { run.send("8000\r\n\(piece)\r\n", client) }
        #expect(line.isClosed)
        run.send("0\r\n\r\n", client)
        let main = try #require(run.dialled.first { $0 !== copy })
        #expect(try run.line(main).take().hasSuffix("0\r\n\r\n"))
        #expect(run.counter("cluster.m.upstream_rq_active") == 0)
        #expect(run.counter("cluster.m.upstream_cx_active") == 0)
    }

    enum Ending: String, CaseIterable { case refused, closed, garbage, slow, clientGone, upgrade }

    @Test("however a copy ends, the request does not notice and nothing is left over", arguments: Ending.allCases)
    func endings(_ ending: Ending) throws {
        let run = try run()
        let (client, line) = try run.open()
        let isPost = ending == .clientGone
        run.send(
            isPost
                ? "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc" : "GET /x HTTP/1.1\r\nHost: h\r\n\r\n",
            client)
        let copy = try copy(run)
        let main = try #require(run.dialled.first { $0 !== copy })
        switch ending {
        case .refused, .closed: run.close(copy)
        case .garbage: run.answer("\u{1}\u{2}\r\n\r\n", copy)
        case .upgrade: run.answer("HTTP/1.1 101 Up\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", copy)
        case .slow: break
        case .clientGone: run.close(client)
        }
        if ending != .clientGone {
            run.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", main)
            #expect(line.take().hasSuffix("hi"))
        }
        run.wait(.seconds(6))
        #expect(run.counter("cluster.m.upstream_rq_active") == 0)
        #expect(run.counter("cluster.m.upstream_cx_active") == 0)
        if ending == .slow { #expect(run.counter("cluster.m.upstream_rq_timeout") == 1) }
    }

    @Test("no copy without its share, without its cluster, or without the header that names it")
    func none() throws {
        let fraction = "runtime_fraction: {default_value: {numerator: 0}}"
        for policy in ["{cluster: m, \(fraction)}", "{cluster: nowhere}", "{cluster_header: x-copy}"] {
            let run = try run(Self.routes.replacing("{cluster: m}", with: policy))
            let (client, _) = try run.open()
            run.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n", client)
            #expect(run.dialled.count == 1, "\(policy)")
        }
        let run = try run(Self.routes.replacing("{cluster: m}", with: "{cluster_header: x-copy}"))
        let (client, _) = try run.open()
        run.send("GET /x HTTP/1.1\r\nHost: h\r\nX-Copy: m\r\n\r\n", client)
        #expect(run.dialled.count == 2)
    }
}

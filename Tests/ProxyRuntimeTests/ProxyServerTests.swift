import Documents
import EnvoyModel
import NIOCore
import NIOPosix
import ProxyCore
import Testing

@testable import ProxyRuntime

@Suite("The embedded proxy on loopback", .serialized) struct ProxyServerTests {
    static func proxy(_ routes: String, port: Int = 80, listeners: [String] = ["l"]) throws -> ServedProxy {
        let text = """
            static_resources:
              listeners:
            \(listeners.map { listener($0, routes, port) }.joined(separator: "\n"))
              clusters:
              - name: c
                type: STATIC
                load_assignment:
                  cluster_name: c
                  endpoints:
                  - lb_endpoints:
                    - endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 8080}}}
                    - endpoint: {address: {socket_address: {address: 10.0.0.2, port_value: 8080}}}
            """
        let parsed = DocumentReader.read(Array(text.utf8), file: "bootstrap.yaml")
        let root = try #require(parsed.documents.first?.root)
        return ServedProxy(name: "p", snapshot: XDSSnapshot(bootstrap: root))
    }

    private static func listener(_ name: String, _ routes: String, _ port: Int) -> String {
        """
          - name: \(name)
            address: {socket_address: {address: 0.0.0.0, port_value: \(port)}}
            filter_chains:
            - filters:
              - name: envoy.filters.network.http_connection_manager
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: in
                  route_config:
                    name: r
                    virtual_hosts:
                    - {name: v, domains: ["*"], routes: \(routes)}
                  http_filters:
                  - name: envoy.filters.http.router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
        """
    }

    static let forwarding = #"[{match: {prefix: "/"}, route: {cluster: c}}]"#

    static func server(_ concurrency: Int = 1) -> ProxyServer {
        var options = ServeOptions()
        options.concurrency = concurrency
        options.endpoints = .httpbin
        return ProxyServer(options: options)
    }

    @Test("workloads answer, statistics and Tap know of it")
    func serving() async throws {
        let server = Self.server(2)
        try await server.start([try Self.proxy(Self.forwarding)])
        let binding = try #require(await server.bindings.first)
        #expect(binding.address == "0.0.0.0:80")
        let client = try await TestClient(binding.bound)
        for _ in 0..<4 {
            let answer = try await client.get("/status/418")
            #expect(answer.hasPrefix("HTTP/1.1 418 "))
        }
        let echoed = try await client.get("/nothing/here")
        #expect(echoed.contains(#""path": "/nothing/here""#))
        await client.close()
        let stats = await server.stats(of: "p")
        #expect(stats.counters["http.in.downstream_rq_4xx"] == 4)
        #expect(stats.counters["cluster.c.upstream_rq_total"] == 5)
        #expect(stats.hosts["c"]?.values.map(\.rqTotal).reduce(0, +) == 5)
        #expect(stats.histograms["cluster.c.upstream_rq_time"]?.count == 5)
        let tap = await server.tap()
        #expect(tap.records.map(\.status) == [418, 418, 418, 418, 200])
        #expect(await server.tap(since: tap.cursor).records.isEmpty)
        await server.stop()
    }

    @Test("publishing while requests come over kept connections fails none")
    func publishing() async throws {
        let server = Self.server()
        let other =
            #"[{match: {prefix: "/x"}, direct_response: {status: 200}}, {match: {prefix: "/"}, route: {cluster: c}}]"#
        let snapshots = [try Self.proxy(Self.forwarding), try Self.proxy(other)]
        try await server.start([snapshots[0]])
        let bound = try #require(await server.bindings.first?.bound)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let client = try await TestClient(bound)
                    var good = 0
                    for _ in 0..<250 where try await client.get("/get").hasPrefix("HTTP/1.1 200 ") { good += 1 }
                    await client.close()
                    return good
                }
            }
            for round in 0..<50 { await server.publish([snapshots[round % 2]]) }
            for try await good in group { #expect(good == 250) }
        }
        #expect(await server.bindings.first?.bound == bound)
        await server.stop()
    }

    @Test("listeners come and go, those that stay keep their port")
    func listeners() async throws {
        let server = Self.server()
        try await server.start([try Self.proxy(Self.forwarding, listeners: ["a", "b"])])
        let first = await server.bindings
        await server.publish([try Self.proxy(Self.forwarding, listeners: ["b", "c"])])
        let second = await server.bindings
        #expect(second.map(\.name) == ["b", "c"])
        #expect(second.first?.bound == first.last?.bound)
        await server.stop()
    }

    @Test("what is not served is said")
    func notServed() async throws {
        let server = Self.server()
        var proxy = try Self.proxy(Self.forwarding)
        proxy.snapshot.clusters[0].upstreamProtocol = .http2
        try await server.start([proxy])
        #expect(await server.notServed == ["p: cluster c: HTTP/2 upstream is not spoken: HTTP/1.1 is"])
        await server.stop()
    }
}

/// A keep-alive client that reads responses with a content-length.
final class TestClient: Sendable {
    private let channel: any Channel

    init(_ bound: String) async throws {
        let parts = bound.split(separator: ":")
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WholeResponses())
                }
            }
            .connect(host: String(parts[0]), port: Int(parts[1]) ?? 0).get()
    }

    func get(_ path: String) async throws -> String {
        try await channel.writeAndFlush(
            ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
        ).get()
        return try await channel.pipeline.handler(type: WholeResponses.self)
            .flatMap { $0.next() }.get()
    }

    func close() async { try? await channel.close() }
}

/// Cuts what comes into responses and hands each to whoever waits for it.
private final class WholeResponses: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    private var text = ""
    private var ready: [String] = []
    private var waiting: EventLoopPromise<String>?
    private var loop: (any EventLoop)?

    func handlerAdded(context: ChannelHandlerContext) { loop = context.eventLoop }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        while let end = text.firstRange(of: "\r\n\r\n") {
            let head = text[..<end.lowerBound]
            let length =
                head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: ":")[1].filter(\.isNumber)) } ?? 0
            guard text[end.upperBound...].utf8.count >= length else { return }
            let stop = text.utf8.index(end.upperBound, offsetBy: length)
            let response = String(text[..<stop])
            text = String(text[stop...])
            if let waiting {
                self.waiting = nil
                waiting.succeed(response)
            } else {
                ready.append(response)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { waiting?.fail(ChannelError.eof) }

    func next() -> EventLoopFuture<String> {
        guard let loop else { return MultiThreadedEventLoopGroup.singleton.next().makeFailedFuture(ChannelError.eof) }
        if !ready.isEmpty { return loop.makeSucceededFuture(ready.removeFirst()) }
        let promise = loop.makePromise(of: String.self)
        waiting = promise
        return promise.futureResult
    }
}

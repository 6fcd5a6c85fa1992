import EnvoyModel
import NIOCore
import NIOPosix
import Testing

@testable import AdminAPI

@Suite("a proxy asked again and again")
struct LiveEnvoyTests {
    @Test("configuration, hosts and counters; nothing is new while nothing changes")
    func readings() async throws {
        let server = AdminServer(Fixture().source)
        let address = try await server.start()
        let live = try LiveEnvoy(address)
        let first = try await live.read()
        #expect(first.isChanged && first.snapshot.clusters.count == 2 && first.snapshot.routes.count == 1)
        let hosts = first.stats.hosts[Fixture.clusterName]
        #expect(hosts?["10.244.0.7:8080"]?.rqTotal == 40)
        let endpoints = first.snapshot.endpoints.flatMap(\.localities).flatMap(\.endpoints)
        // The fixture's host is ejected: what is predicted of this configuration leaves it out.
        #expect(endpoints.first { $0.hostname == "httpbin-1" }?.healthStatus == .unhealthy)
        #expect(try await live.read().isChanged == false)
        await server.stop()
        // Gone: whether the kernel refuses or the last connection ends, it is said in words.
        await #expect(throws: AdminError.self) { try await live.read() }
    }

    /// What a server answers to everything, and what is said about it.
    struct Odd: CustomTestStringConvertible {
        let testDescription: String
        let answer: String
        let message: String

        init(_ name: String, _ answer: String, _ message: String) {
            testDescription = name
            self.answer = answer
            self.message = message
        }

        static func json(_ name: String, _ body: String, _ message: String) -> Odd {
            Odd(name, "HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n" + body, message)
        }
    }

    static let odd: [Odd] = [
        Odd("no HTTP", "SSH-2.0-OpenSSH_9\r\n", "not HTTP"), Odd("nothing", "", "ended before"),
        Odd("half of it", "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{", "ended before"),
        Odd("an error", "HTTP/1.1 503 Busy\r\ncontent-length: 5\r\n\r\nagain", "answered 503: again"),
        .json("a page of text", "<html>", "did not answer with JSON"),
        .json("a list", "[1]", "did not answer with JSON"),
        .json("half a document", "{\"stats\":[", "did not answer with JSON"),
        .json("depth", String(repeating: "[", count: 100_000), "did not answer with JSON"),
        .json("too much", "{\"a\":\"" + String(repeating: "x", count: 200_000) + "\"}", "larger than"),
    ]

    @Test("whatever answers, it ends in words", arguments: odd)
    func oddAnswers(_ odd: Odd) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(odd.answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = server.localAddress?.port ?? 0
        let live = try LiveEnvoy("127.0.0.1:\(port)", sizeLimit: 150_000)
        do {
            _ = try await live.read()
            Issue.record("it was taken for a proxy")
        } catch {
            #expect(error.description.contains(odd.message), "\(error)")
        }
        try await server.close()
    }

    @Test("a proxy that never answers is given up")
    func silent() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let client = try AdminClient("127.0.0.1:\(server.localAddress?.port ?? 0)", timeout: .milliseconds(1))
        await #expect(throws: AdminError.self) { try await client.get("/stats") }
        try await server.close()
    }

    /// Says the same to every request, and closes.
    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: String

        init(_ answer: String) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer))).whenComplete { _ in
                channel.close(promise: nil)
            }
        }
    }
}

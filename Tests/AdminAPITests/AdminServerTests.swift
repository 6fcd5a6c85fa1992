import Documents
import NIOCore
import NIOPosix
import Testing

@testable import AdminAPI

struct AdminServerTests {
    private func withServer(_ body: (String, AdminClient) async throws -> Void) async throws {
        let server = AdminServer(Fixture().source)
        let address = try await server.start()
        do {
            try await body(address, try AdminClient("http://" + address))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test("pages come over loopback, errors name the page and what it said")
    func pages() async throws {
        try await withServer { address, client in
            #expect(address.hasPrefix("127.0.0.1:"))
            #expect(String(decoding: try await client.get("/ready"), as: UTF8.self) == "LIVE\n")
            let dump = try await client.get("/config_dump?include_eds")
            #expect(JSONReader.read(dump, file: "-").documents.first?.root["configs"]?.count == 6)
            let (status, _) = try await client.send(.post, "/healthcheck/fail")
            #expect(status == 200)
            await #expect(throws: AdminError("GET http://\(address)/ready answered 503: DRAINING")) {
                try await client.get("/ready")
            }
        }
    }

    @Test("Envoy's headers, chunked; pipelined requests are answered in order; close is honoured")
    func rawHTTP() async throws {
        try await withServer { address, _ in
            let text = try await exchange(
                address,
                "GET /ready HTTP/1.1\r\nhost: a\r\n\r\nGET /hot_restart_version HTTP/1.1\r\nhost: a\r\n"
                    + "connection: close\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=UTF-8\r\n"))
            #expect(text.contains("\r\ntransfer-encoding: chunked\r\n"))
            #expect(text.contains("\r\nserver: envoy\r\n"))
            #expect(text.contains("\r\nLIVE\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"))
            #expect(text.hasSuffix("disabled\r\n0\r\n\r\n"))
        }
    }

    /// A name, so that reports stay short, and what is sent.
    struct Hostile: CustomTestStringConvertible {
        let testDescription: String
        let bytes: String

        init(_ name: String, _ bytes: String) {
            testDescription = name
            self.bytes = bytes
        }
    }

    static let hostileInputs = [
        Hostile("no HTTP", "GARBAGE\r\n\r\n"), Hostile("control characters", "\u{0}\u{1}\u{2}\r\n\r\n"),
        Hostile("a blank in a name", "GET / HTTP/1.1\r\nbad header\r\n\r\n"),
        Hostile(
            "two lengths", "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello"),
        Hostile(
            "a deep expression",
            "GET /stats?filter=" + String(repeating: "(", count: 5000)
                + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"),
        Hostile(
            "a large body",
            "POST /ready HTTP/1.1\r\nhost: a\r\ncontent-length: 200000\r\n\r\n"
                + String(repeating: "x", count: 200_000)),
        Hostile(
            "a large head",
            "GET / HTTP/1.1\r\n"
                + String(repeating: "x: " + String(repeating: "y", count: 1000) + "\r\n", count: 200) + "\r\n"),
        Hostile("an odd method", "TRACE / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"),
        Hostile("half a request", "GET / HTTP/1.1\r\nhos"),
    ]

    @Test("hostile bytes end in an error answer or a closed connection, and the server lives", arguments: hostileInputs)
    func hostile(input: Hostile) async throws {
        try await withServer { address, client in
            let answer = try await exchange(address, input.bytes)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
            #expect(String(decoding: try await client.get("/ready"), as: UTF8.self) == "LIVE\n")
        }
    }

    @Test("an answer that is too large is refused, and nobody there is said")
    func limits() async throws {
        try await withServer { address, _ in
            let small = try AdminClient(address, sizeLimit: 100)
            await #expect(throws: AdminError("the answer is larger than 100 bytes")) { try await small.get("/help") }
        }
        let nobody = try AdminClient("127.0.0.1:1")
        let error = await #expect(throws: AdminError.self) { try await nobody.get("/ready") }
        #expect(error?.description.hasPrefix("cannot connect to the admin address http://127.0.0.1:1") == true)
    }

    @Test(
        "admin addresses as people write them",
        arguments: [
            ("http://127.0.0.1:9901", "127.0.0.1", 9901), ("localhost", "localhost", 15000), ("[::1]:80", "::1", 80),
            ("http://a:1/x/y", "a", 1), ("http://[::1]", "::1", 15000),
        ])
    func addresses(text: String, host: String, port: Int) throws {
        let client = try AdminClient(text)
        #expect((client.host, client.port) == (host, port))
    }

    @Test("what is no admin address", arguments: ["", "https://a", "a:b", "a:0", "http://:80", "a:70000"])
    func badAddresses(text: String) { #expect(throws: AdminError.self) { try AdminClient(text) } }

    /// Sends bytes and gives all that comes back until the server closes.
    private func exchange(_ address: String, _ bytes: String) async throws -> String {
        let parts = address.split(separator: ":")
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(answer))
                }
            }
            .connect(host: String(parts[0]), port: Int(parts[1]) ?? 0).get()
        try? await channel.writeAndFlush(ByteBuffer(string: bytes)).get()
        // Half-closed: the server sees the end of input and closes when it has answered.
        try? await channel.close(mode: .output).get()
        return try await answer.futureResult.get()
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let answer: EventLoopPromise<String>
        private var bytes = ByteBuffer()

        init(_ answer: EventLoopPromise<String>) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.writeImmutableBuffer(unwrapInboundIn(data))
        }
        func channelInactive(context: ChannelHandlerContext) { answer.succeed(String(buffer: bytes)) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

import NIOCore
import NIOPosix

/// A listening socket on loopback whose connections go to the workers in turn.
struct ListenerSocket {
    let channel: any Channel

    /// Binds the wanted port if it may be had, else any.
    static func open(
        proxy: String, listener: String, wantedPort: Int, group: MultiThreadedEventLoopGroup,
        workers: WorkerTable
    ) async throws -> ListenerSocket {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let worker = workers[channel.eventLoop] else { throw ServeError("no worker on this loop") }
                    try channel.pipeline.syncOperations.addHandler(
                        ClientHandler(proxy: proxy, listener: listener, worker: worker))
                }
            }
        if wantedPort >= 1024 {
            if let channel = try? await bootstrap.bind(host: "127.0.0.1", port: wantedPort).get() {
                return ListenerSocket(channel: channel)
            }
        }
        do {
            return ListenerSocket(channel: try await bootstrap.bind(host: "127.0.0.1", port: 0).get())
        } catch {
            throw ServeError("cannot listen on 127.0.0.1 for \(listener): \(error)")
        }
    }

    var bound: String {
        let address = channel.localAddress
        return "\(address?.ipAddress ?? "127.0.0.1"):\(address?.port ?? 0)"
    }
}

/// Which worker is on which loop; fixed when the server starts.
struct WorkerTable: Sendable {
    let all: [WorkerLoop]
    private let byLoop: [ObjectIdentifier: WorkerLoop]

    init(_ workers: [WorkerLoop]) {
        all = workers
        byLoop = Dictionary(uniqueKeysWithValues: workers.map { (ObjectIdentifier($0.loop), $0) })
    }

    subscript(_ loop: any EventLoop) -> WorkerLoop? { byLoop[ObjectIdentifier(loop)] }
}

package import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves the admin pages on an address, loopback unless told otherwise.
///
/// Bounded: 128 connections, 96 kB for a request, 30 s without a byte.
package actor AdminServer {
    private let pages: AdminPages
    private let group: any EventLoopGroup
    private var channel: (any Channel)?

    package init(_ source: AdminSource, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
        pages = AdminPages(source)
        self.group = group
    }

    /// Binds and serves; gives the address really bound, `127.0.0.1:PORT`.
    package func start(host: String = "127.0.0.1", port: Int = 0) async throws -> String {
        let pages = pages
        let connections = ConnectionCount()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // A client may close its half when it has asked (`printf … | nc`) and still wants the answer.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.opened() else { throw ChannelError.connectTimeout(.zero) }
                    channel.closeFuture.whenComplete { _ in connections.closed() }
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: .seconds(30)))
                    let limit = InputLimit()
                    try channel.pipeline.syncOperations.addHandler(limit)
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: true, withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(AdminConnection(pages, limit))
                }
            }
        let channel = try await bootstrap.bind(host: host, port: port).get()
        self.channel = channel
        guard let address = channel.localAddress, let port = address.port else { return "\(host):\(port)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Stops accepting; connections end with their requests.
    package func stop() async {
        try? await channel?.close().get()
        channel = nil
    }
}

import Glibc
import NIOCore
import NIOPosix
import ProxyCore

/// Sends a connection's output straight to its socket, and over to NIO what the socket does not take at once.
final class SocketCarrier: Carrier {
    private let channel: any Channel
    private let descriptor: CInt
    private let connection: ProxyConnection
    private let worker: WorkerLoop
    /// NIO still sends: what is written meanwhile waits in the connection's output.
    private var isWaiting = false
    private var ending: CarrierEnd?

    /// NIO gets the rest of a blocked output in pieces of this size.
    private static let pieceSize = 128 * 1024

    init?(_ channel: any Channel, _ connection: ProxyConnection, worker: WorkerLoop) {
        let descriptor = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { $0 }
        guard let descriptor else { return nil }
        self.channel = channel
        self.descriptor = descriptor
        self.connection = connection
        self.worker = worker
    }

    func flush(_ core: ProxyWorker) {
        guard !isWaiting else { return }
        while !connection.output.isEmpty {
            let sent = connection.output.send { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            if sent > 0 {
                continue
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                return handOver(core)
            } else if errno != EINTR {
                return close()
            }
        }
        if connection.holdsPeer { core.outputDrained(connection) }
        finish()
    }

    /// Gives the next piece to NIO, which knows when the socket can be written again.
    private func handOver(_ core: ProxyWorker) {
        let count = min(connection.output.count, Self.pieceSize)
        var buffer = channel.allocator.buffer(capacity: count)
        connection.output.withBytes { _ = buffer.writeBytes($0.prefix(count)) }
        connection.output.removeFirst(count)
        connection.inTransit = count
        isWaiting = true
        let keeper = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.writeAndFlush(buffer).whenComplete { result in
            keeper.value.pieceSent(isDone: (try? result.get()) != nil)
        }
    }

    private func pieceSent(isDone: Bool) {
        isWaiting = false
        guard isDone, channel.isActive else { return }
        connection.inTransit = 0
        flush(worker.core)
        if connection.holdsPeer { worker.core.outputDrained(connection) }
        worker.perform()
    }

    func setReading(_ isOn: Bool) {
        try? channel.syncOptions?.setOption(.autoRead, value: isOn)
    }

    func end(_ kind: CarrierEnd) {
        ending = kind
        flush(worker.core)
    }

    private func finish() {
        guard let ending else { return }
        self.ending = nil
        switch ending {
        case .shutdown: channel.close(mode: .output, promise: nil)
        case .close: channel.close(mode: .all, promise: nil)
        }
    }

    func close() { channel.close(mode: .all, promise: nil) }
}

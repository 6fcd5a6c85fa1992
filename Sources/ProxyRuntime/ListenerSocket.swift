import Glibc
import ProxyCore

/// A listening socket on loopback whose connections go to the workers in turn.
final class ListenerSocket: Pollable, @unchecked Sendable {
    let bound: String
    private let descriptor: CInt
    private let proxy: String
    private let listener: String
    private let workers: [WorkerLoop]
    /// The worker whose thread accepts.
    private let worker: WorkerLoop
    /// Only touched on that thread.
    private var next: Int

    /// When descriptors have run out, the next try is so many nanoseconds later.
    private static let pause: UInt64 = 50_000_000

    /// Binds the wanted port if it may be had, else any.
    static func open(
        proxy: String, listener: String, wantedPort: UInt16, workers: [WorkerLoop]
    ) throws -> ListenerSocket {
        let found = (wantedPort >= 1024 ? listen(on: wantedPort) : nil) ?? listen(on: 0)
        guard let found, let worker = workers.first else {
            throw ServeError("cannot listen on 127.0.0.1 for \(listener): \(String(cString: strerror(errno)))")
        }
        let socket = ListenerSocket(found.descriptor, port: found.port, proxy, listener, workers, worker)
        worker.execute { worker.poller.add(found.descriptor, socket) }
        return socket
    }

    private init(
        _ descriptor: CInt, port: UInt16, _ proxy: String, _ listener: String, _ workers: [WorkerLoop],
        _ worker: WorkerLoop
    ) {
        self.descriptor = descriptor
        bound = "127.0.0.1:\(port)"
        self.proxy = proxy
        self.listener = listener
        self.workers = workers
        self.worker = worker
        next = 0
    }

    private static func listen(on port: UInt16) -> (descriptor: CInt, port: UInt16)? {
        guard let wanted = SocketAddressBytes(numeric: "127.0.0.1", port: Int(port)) else { return nil }
        let descriptor = wanted.socket()
        guard descriptor >= 0 else { return nil }
        var one: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<CInt>.size))
        guard wanted.bind(descriptor), Glibc.listen(descriptor, 4096) == 0,
            let bound = SocketAddressBytes(nameOf: descriptor)
        else {
            _ = Glibc.close(descriptor)
            return nil
        }
        return (descriptor, bound.port)
    }

    /// Accepts no more.
    func close() {
        worker.execute { [self] in worker.poller.close(descriptor) }
    }

    override func ready(_ events: PollEvents) {
        while true {
            var peer = SocketAddressBytes()
            let accepted = peer.accept(descriptor)
            if accepted >= 0 {
                let chosen = workers[next % workers.count]
                next &+= 1
                if chosen === worker {
                    serve(accepted, peer, worker)
                } else {
                    chosen.execute { [self, peer] in serve(accepted, peer, chosen) }
                }
            } else if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS {
                worker.schedule(at: worker.now + Self.pause) { [self] in ready(.input) }
                return
            } else if errno != EINTR, errno != ECONNABORTED {
                return
            }
        }
    }

    private func serve(_ accepted: CInt, _ peer: SocketAddressBytes, _ worker: WorkerLoop) {
        let client = worker.core.clientOpened(
            proxy: proxy, listener: listener, remoteIP: peer.ip, remotePort: peer.port, now: worker.now)
        if let client {
            _ = ClientSocket(accepted, client, worker)
        } else {
            _ = Glibc.close(accepted)
        }
    }
}

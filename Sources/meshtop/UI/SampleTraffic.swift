import Dispatch
import Glibc
import Synchronization

/// A few clients that send requests to the embedded proxy, a dozen or two a second in waves, so that something moves.
final class SampleTraffic: Sendable {
    private let isStopped = Atomic<Bool>(false)

    init(_ requests: [SampleRequest]) {
        guard !requests.isEmpty else { return }
        for client in 0..<4 {
            DispatchQueue(label: "meshtop.traffic.\(client)").async { [self] in run(requests, client: client) }
        }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func run(_ requests: [SampleRequest], client: Int) {
        var connections: [String: PlainConnection] = [:]
        var random = SystemRandomNumberGenerator()
        var number = client
        while !isStopped.load(ordering: .relaxed) {
            let request = requests[number % requests.count]
            number += Int.random(in: 1...3, using: &random)
            let connection = connections[request.bound] ?? PlainConnection(to: request.bound)
            connections[request.bound] = connection
            if connection?.exchange(request.bytes, isHead: request.isHead)?.isKept != true {
                connections[request.bound] = nil
            }
            pause(client: client, random: &random)
        }
    }

    /// Between a twentieth and half a second; the mean goes up and down in half a minute.
    private func pause(client: Int, random: inout SystemRandomNumberGenerator) {
        let phase = Clock.seconds().truncatingRemainder(dividingBy: 34) / 34
        let wave = phase < 0.5 ? phase * 2 : 2 - phase * 2
        let mean = 0.32 - 0.24 * wave
        let seconds = mean * Double.random(in: 0.4...1.6, using: &random)
        usleep(UInt32(seconds * 1_000_000))
    }
}

/// A connection over which one request after the other goes; for loopback and our own answers only.
final class PlainConnection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let responseLimit = 1 << 22

    init?(to address: String) {
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
            return nil
        }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var limit = timeval(tv_sec: 6, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        target.sin_addr.s_addr = inet_addr(String(address[..<colon]))
        let result = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Sends a request and reads its answer: the head's lines, and whether the connection is of further use.
    func exchange(_ request: [UInt8], isHead: Bool) -> (lines: [String], isKept: Bool)? {
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        guard let head = readHead() else { return nil }
        let exact = head.split(whereSeparator: \.isNewline).map(String.init)
        let lines = exact.map { $0.lowercased() }
        func value(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name + ":") }.map { $0.dropFirst(name.count + 1).filter { $0 != " " } }
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        if isHead || status == 204 || status == 304 { return (exact, value("connection") != "close") }
        if let length = value("content-length").flatMap({ Int($0) }) {
            return (exact, discard(length) && value("connection") != "close")
        }
        // Chunked or until the end: not worth following, a new connection is cheap.
        return (exact, false)
    }

    private func readHead() -> String? {
        while buffer.count < 65_536 {
            if let end = headEnd() {
                let head = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end)
                return head
            }
            guard fill() else { return nil }
        }
        return nil
    }

    private func headEnd() -> Int? {
        guard buffer.count >= 4 else { return nil }
        for index in 0...(buffer.count - 4)
        where buffer[index] == 13 && buffer[index + 1] == 10 && buffer[index + 2] == 13 && buffer[index + 3] == 10 {
            return index + 4
        }
        return nil
    }

    private func discard(_ length: Int) -> Bool {
        guard length >= 0, length <= PlainConnection.responseLimit else { return false }
        while buffer.count < length { guard fill() else { return false } }
        buffer.removeFirst(length)
        return true
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece.prefix(count)
        return true
    }
}

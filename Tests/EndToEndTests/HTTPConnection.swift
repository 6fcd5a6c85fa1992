import Dispatch
import Glibc
import TestSupport

/// A keep-alive HTTP/1.1 connection that sends what it is told, byte for byte.
final class HTTPConnection {
    struct Response: Sendable {
        var status: Int
        var headers: [(name: String, value: String)]
        var body: [UInt8]

        func value(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    private let port: Int
    private let preamble: String
    private var descriptor: Int32 = -1
    private var buffer: [UInt8] = []

    /// With a preamble, that is what each connection starts with.
    init(port: Int, preamble: String = "") { (self.port, self.preamble) = (port, preamble) }

    deinit { close() }

    private func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
        buffer = []
    }

    private func connect() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw FileProblem("connect to", "127.0.0.1:\(port)") }
    }

    /// Sends a request and reads the whole answer. Opens a connection when the last answer closed it.
    func send(_ request: String, isHead: Bool = false) throws -> Response {
        var text = request
        if descriptor < 0 {
            try connect()
            text = preamble + request
        }
        let sent = text.withUTF8 { bytes -> Bool in
            var done = 0
            while done < bytes.count {
                let count = Glibc.send(
                    descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
        guard sent else {
            close()
            throw FileProblem("write to", "127.0.0.1:\(port)")
        }
        let response = try readResponse(isHead: isHead)
        if response.value("connection")?.lowercased() == "close" { close() }
        return response
    }

    /// Sends bytes that are no request, ends, and waits until the other side has ended as well.
    func open(with bytes: [UInt8]) {
        guard (try? connect()) != nil else { return }
        let all = Array(preamble.utf8) + bytes
        _ = Glibc.send(descriptor, all, all.count, Int32(MSG_NOSIGNAL))
        shutdown(descriptor, Int32(SHUT_WR))
        while (try? fill()) != nil {}
        close()
    }

    private func fill() throws {
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var chunk = [UInt8](repeating: 0, count: 65536)
        guard poll(&poller, 1, 20_000) > 0 else {
            close()
            throw FileProblem("wait longer than 20 seconds for", "127.0.0.1:\(port)")
        }
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else {
            close()
            throw FileProblem("read a whole answer from", "127.0.0.1:\(port)")
        }
        buffer += chunk[..<count]
    }

    private func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let text = String(decoding: buffer[..<end], as: UTF8.self).filter { $0 != "\r" }
                buffer.removeSubrange(...end)
                return text.hasSuffix("\r\n") ? String(text.dropLast()) : text
            }
            try fill()
        }
    }

    private func bytes(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { try fill() }
        let result = Array(buffer[..<count])
        buffer.removeFirst(count)
        return result
    }

    private func readResponse(isHead: Bool) throws -> Response {
        while true {
            let status = Int(try line().split(separator: " ").dropFirst().first ?? "") ?? 0
            var response = Response(status: status, headers: [], body: [])
            while true {
                let text = try line()
                if text.isEmpty { break }
                let colon = text.firstIndex(of: ":") ?? text.endIndex
                let value = text[colon...].dropFirst().drop { $0 == " " }
                response.headers.append((String(text[..<colon]), String(value)))
            }
            if (100..<200).contains(status), status != 101 { continue }
            if isHead || status == 204 || status == 304 { return response }
            if response.value("transfer-encoding")?.lowercased() == "chunked" {
                while let size = Int(try line().split(separator: ";").first ?? "", radix: 16), size > 0 {
                    response.body += try bytes(size)
                    _ = try line()
                }
                _ = try line()
            } else if let length = response.value("content-length").flatMap({ Int($0) }) {
                response.body = try bytes(length)
            }
            return response
        }
    }
}

/// Answers every request on every connection with an empty 200: the endpoints behind a real Envoy.
final class PlainUpstream: @unchecked Sendable {
    let port: Int
    private let listener: Int32

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 128) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw FileProblem("listen at", "127.0.0.1") }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        DispatchQueue(label: "upstream").async { Self.serve(listener) }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// One thread with poll: requests without bodies only, which is all that the tests send.
    private static func serve(_ listener: Int32) {
        var pollers = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        var pending: [Int32: [UInt8]] = [:]
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        while poll(&pollers, nfds_t(pollers.count), -1) >= 0 {
            if pollers[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { break }
            for index in pollers.indices.dropFirst() where pollers[index].revents != 0 {
                let descriptor = pollers[index].fd
                var chunk = [UInt8](repeating: 0, count: 65536)
                let count = recv(descriptor, &chunk, chunk.count, 0)
                guard count > 0 else {
                    close(descriptor)
                    pending[descriptor] = nil
                    pollers[index].fd = -1
                    continue
                }
                pending[descriptor, default: []] += chunk[..<count]
                let text = String(decoding: pending[descriptor] ?? [], as: UTF8.self)
                let heads = text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
                pending[descriptor] = Array((heads.last ?? "").utf8)
                for _ in heads.dropLast() {
                    _ = answer.withCString { send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
                }
            }
            pollers.removeAll { $0.fd == -1 }
            if pollers[0].revents & Int16(POLLIN) != 0 {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                pollers.append(pollfd(fd: connection, events: Int16(POLLIN), revents: 0))
            }
        }
        for poller in pollers { close(poller.fd) }
    }
}

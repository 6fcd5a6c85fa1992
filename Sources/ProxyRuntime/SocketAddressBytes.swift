import EnvoyModel
import Glibc
import NIOPosix
import ProxyCore

/// An address as the kernel wants it.
struct SocketAddressBytes: Sendable {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    init() {}

    /// `nil` for a name.
    init?(numeric host: String, port: Int) {
        guard let port = UInt16(exactly: port) else { return nil }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr = four
            store(address)
        } else if inet_pton(AF_INET6, host, &six) == 1 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = six
            store(address)
        } else {
            return nil
        }
    }

    /// The own address of a bound socket.
    init?(nameOf descriptor: CInt) {
        let result = withBytes { getsockname(descriptor, $0, $1) }
        guard result == 0 else { return nil }
    }

    /// What a name stands for, in the order in which addresses are to be tried. Waits for the resolver.
    static func resolve(_ host: String, port: Int) -> [SocketAddressBytes] {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [SocketAddressBytes] = []
        var next = first
        while let info = next {
            if let address = info.pointee.ai_addr {
                var bytes = SocketAddressBytes()
                bytes.length = min(info.pointee.ai_addrlen, bytes.length)
                let count = Int(bytes.length)
                withUnsafeMutableBytes(of: &bytes.storage) {
                    $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: count))
                }
                found.append(bytes)
            }
            next = info.pointee.ai_next
        }
        return found
    }

    private mutating func store<Address>(_ address: Address) {
        length = socklen_t(MemoryLayout<Address>.size)
        withUnsafeBytes(of: address) { bytes in
            withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: bytes) }
        }
    }

    private mutating func withBytes(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) -> CInt {
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }

    // MARK: What it is

    private var family: CInt { CInt(storage.ss_family) }

    private func load<Address>(as type: Address.Type) -> Address {
        withUnsafeBytes(of: storage) { $0.load(as: type) }
    }

    var port: UInt16 {
        family == AF_INET6
            ? UInt16(bigEndian: load(as: sockaddr_in6.self).sin6_port)
            : UInt16(bigEndian: load(as: sockaddr_in.self).sin_port)
    }

    var ip: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if family == AF_INET6 {
            var address = load(as: sockaddr_in6.self).sin6_addr
            inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        } else {
            var address = load(as: sockaddr_in.self).sin_addr
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: System calls

    /// A socket of this address's family that does not block.
    func socket() -> CInt {
        let descriptor = Glibc.socket(
            family, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), CInt(IPPROTO_TCP))
        if descriptor >= 0, isLoopback { Self.takeSimplestCongestionControl(descriptor) }
        return descriptor
    }

    /// There is no congestion on loopback. A system's default control may reckon rates and pace what is sent (BBR) even so, which costs
    /// some percent of a small request; Reno is in every kernel. Connections that a listening socket accepts have its control.
    private static func takeSimplestCongestionControl(_ descriptor: CInt) {
        let name: StaticString = "reno"
        _ = setsockopt(
            descriptor, CInt(IPPROTO_TCP), TCP_CONGESTION, name.utf8Start, socklen_t(name.utf8CodeUnitCount))
    }

    private var isLoopback: Bool {
        if family == AF_INET6 {
            return withUnsafeBytes(of: load(as: sockaddr_in6.self).sin6_addr) { bytes in
                bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
            }
        }
        return family == AF_INET && UInt32(bigEndian: load(as: sockaddr_in.self).sin_addr.s_addr) >> 24 == 127
    }

    func bind(_ descriptor: CInt) -> Bool {
        var copy = self
        return copy.withBytes { Glibc.bind(descriptor, $0, $1.pointee) } == 0
    }

    /// A socket that is connected or on its way; -1 when the kernel refuses at once.
    func connect() -> CInt {
        let descriptor = socket()
        guard descriptor >= 0 else { return -1 }
        var copy = self
        if copy.withBytes({ Glibc.connect(descriptor, $0, $1.pointee) }) == 0 || errno == EINPROGRESS {
            return descriptor
        }
        _ = close(descriptor)
        return -1
    }

    /// The next connection of a listening socket, whose other end this becomes; -1 and `errno` without.
    mutating func accept(_ listener: CInt) -> CInt {
        let accepted = withBytes { Glibc.accept(listener, $0, $1) }
        guard accepted >= 0 else { return -1 }
        _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return accepted
    }
}

/// Where an endpoint is really reached.
struct DialTarget {
    var host: String
    var port: Int

    init?(_ runtime: HostRuntime, map: [String: String]) {
        if let mapped = map[runtime.address] {
            guard let colon = mapped.lastIndex(of: ":"), let port = Int(mapped[mapped.index(after: colon)...]) else {
                return nil
            }
            host = mapped[..<colon].filter { $0 != "[" && $0 != "]" }
            self.port = port
        } else if let address = runtime.socketAddress {
            host = address.address
            port = Int(address.port)
        } else {
            return nil
        }
    }

    /// Looks the name up on a thread of its own and calls from there.
    func resolve(_ body: @escaping @Sendable ([SocketAddressBytes]) -> Void) {
        let (host, port) = (host, port)
        NIOThreadPool.singleton.submit { _ in body(SocketAddressBytes.resolve(host, port: port)) }
    }
}

import Glibc
import Testing

@testable import ProxyRuntime

@Suite("Addresses of sockets") struct SocketAddressTests {
    /// The name of a socket's congestion control; the socket is closed.
    private static func control(_ descriptor: CInt) -> String {
        defer { close(descriptor) }
        var name = [UInt8](repeating: 0, count: 16)
        var size = socklen_t(name.count)
        guard getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_CONGESTION, &name, &size) == 0 else { return "?" }
        return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    }

    @Test("only sockets on loopback leave the system's congestion control")
    func congestion() throws {
        for (address, isLoopback) in [
            ("127.0.0.1", true), ("127.3.2.1", true), ("::1", true), ("126.0.0.1", false), ("128.0.0.1", false),
            ("::2", false), ("2001:db8::1", false),
        ] {
            let made = try #require(SocketAddressBytes(numeric: address, port: 1)).socket()
            if made < 0, errno == EAFNOSUPPORT { continue }
            let system = Self.control(Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), CInt(IPPROTO_TCP)))
            #expect(Self.control(made) == (isLoopback ? "reno" : system), "\(address)")
        }
    }
}

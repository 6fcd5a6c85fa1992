/// An address as curl reads it.
package struct CurlURL: Hashable, Sendable {
    /// `http` or `https`.
    package var scheme: String
    package var user: String?
    package var password: String?
    /// As typed, without brackets; a name with other than ASCII letters in its ASCII form.
    package var host: String
    package var isIPv6: Bool
    /// The port that was written.
    package var explicitPort: Int?
    /// With its leading slash; literal dot segments are gone unless `--path-as-is`.
    package var path: String
    /// Without the question mark; `nil` when there was none.
    package var query: String?

    package var port: Int { explicitPort ?? (scheme == "https" ? 443 : 80) }
    package var isTLS: Bool { scheme == "https" }
    package var target: String { query.map { path + "?" + $0 } ?? path }
    package var bracketedHost: String { isIPv6 ? "[\(host)]" : host }

    /// What curl sends as `Host`: the port only when it is not the scheme's.
    package var hostHeader: String {
        let isDefault = port == (isTLS ? 443 : 80)
        let name = isIPv6 ? "[" + (host.split(separator: "%").first.map(String.init) ?? host) + "]" : host
        return isDefault ? name : "\(name):\(port)"
    }

    /// The whole address without user and password.
    package var description: String {
        let authority = explicitPort.map { "\(bracketedHost):\($0)" } ?? bracketedHost
        return "\(scheme)://\(authority)\(target)"
    }
}

extension CurlURL {
    /// Reads an address with curl's leniency: no scheme is `http`, one to three slashes, `?q` without a path.
    package static func parse(
        _ text: String, at place: TextPlace, pathAsIs: Bool = false, defaultScheme: String = "http"
    ) throws(CurlError) -> CurlURL {
        func fail(_ message: String, hint: String? = nil, code: Int = 3) -> CurlError {
            CurlError(message, at: place, hint: hint, exitCode: code)
        }
        guard !text.isEmpty else { throw fail("the address is empty", hint: "is a variable unset?") }
        for scalar in text.unicodeScalars where scalar.value <= 0x20 || scalar.value == 0x7F {
            throw fail(
                scalar == " " ? "the address has a blank in it" : "the address has a control character in it",
                hint: scalar == " " ? "write it as %20" : nil)
        }
        var rest = text[...]
        var scheme = defaultScheme
        if let colon = rest.firstIndex(of: ":"), let found = Self.scheme(rest[..<colon]),
            rest[rest.index(after: colon)...].hasPrefix("/")
        {
            scheme = found
            rest = rest[rest.index(after: colon)...]
            var slashes = 0
            while rest.first == "/", slashes < 3 {
                rest = rest.dropFirst()
                slashes += 1
            }
        } else if let colon = rest.range(of: "://") {
            throw fail("\"\(rest[..<colon.lowerBound])\" is not a scheme", code: 3)
        } else {
            for other in ["ftp", "dict", "ldap", "imap", "smtp", "pop3"] where rest.lowercased().hasPrefix(other + ".")
            {
                throw fail(
                    "curl takes this for \(other)://, because the name begins with \"\(other).\"",
                    hint: "write http:// in front", code: 1)
            }
        }
        guard scheme == "http" || scheme == "https" else {
            throw fail(
                "\"\(scheme)\" is not replayed: only http and https go through listeners of HTTP", code: 1)
        }
        if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var authority = rest[..<end]
        let tail = rest[end...]
        var url = CurlURL(scheme: scheme, host: "", isIPv6: false, path: "/")
        if let at = authority.lastIndex(of: "@") {
            let pieces = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            url.user = pieces.first.map { percentDecoded($0) }
            if pieces.count > 1 { url.password = percentDecoded(pieces[1]) }
            authority = authority[authority.index(after: at)...]
        }
        try url.readAuthority(authority, fail)
        let question = tail.firstIndex(of: "?") ?? tail.endIndex
        url.path = encoded(tail[..<question])
        if url.path.isEmpty { url.path = "/" }
        if !pathAsIs { url.path = withoutDotSegments(url.path) }
        // curl 7.88 encodes the path only.
        if question < tail.endIndex { url.query = String(tail[tail.index(after: question)...]) }
        return url
    }

    private static func scheme(_ text: Substring) -> String? {
        guard let first = text.first, first.isASCII, first.isLetter,
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        else { return nil }
        return text.lowercased()
    }

    private mutating func readAuthority(
        _ text: Substring, _ fail: (String, String?, Int) -> CurlError
    ) throws(CurlError) {
        var name = text
        var port: Substring?
        if name.hasPrefix("[") {
            guard let close = name.firstIndex(of: "]") else { throw fail("\"[\" is not closed in the address", nil, 3) }
            let after = name[name.index(after: close)...]
            host = String(name[name.index(after: name.startIndex)..<close])
            isIPv6 = true
            guard host.allSatisfy({ $0.isHexDigit || ":.%".contains($0) || host.contains("%") }), host.contains(":")
            else { throw fail("\"\(host)\" is not an IPv6 address", nil, 3) }
            guard after.isEmpty || after.hasPrefix(":") else {
                throw fail("the address is malformed after \"]\"", nil, 3)
            }
            port = after.isEmpty ? nil : after.dropFirst()
        } else {
            if let colon = name.firstIndex(of: ":") {
                port = name[name.index(after: colon)...]
                name = name[..<colon]
            }
            host = name.contains("%") ? Self.percentDecoded(name) : String(name)
            if let address = Self.normalizedIPv4(host) { host = address }
            if host.utf8.contains(where: { $0 >= 0x80 }) { host = Punycode.asciiHost(host) }
        }
        guard !host.isEmpty else {
            throw fail("the address has no host", "is a variable empty? curl would say: no host part in the URL", 3)
        }
        if let bad = host.first(where: { " \"<>\\^`{|}".contains($0) }), !isIPv6 {
            throw fail("the host has \"\(bad)\" in it", nil, 3)
        }
        guard let port, !port.isEmpty else { return }
        guard port.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(port), (0...65535).contains(number)
        else {
            throw fail("\"\(port)\" is not a port: a number from 0 to 65535 is", nil, 3)
        }
        explicitPort = number
    }

    // MARK: Characters

    static func percentDecoded(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2, let high = hex(rest[rest.startIndex]),
                let low = hex(rest[rest.startIndex + 1])
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Bytes beyond ASCII become `%xx` in lower case; everything else stays.
    static func encoded(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return String(text) }
        return text.utf8.reduce(into: "") { result, byte in
            if byte < 0x80 {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%" + String(byte, radix: 16)
            }
        }
    }

    /// RFC 3986 5.2.4 for segments that are written literally; `%2e` and `//` stay.
    static func withoutDotSegments(_ path: String) -> String {
        guard path.contains("/.") else { return path }
        var output: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if segment == "." {
                if isLast { output.append("") }
            } else if segment == ".." {
                if output.count > 1 { output.removeLast() }
                if isLast { output.append("") }
            } else {
                output.append(segment)
            }
        }
        let joined = output.joined(separator: "/")
        return joined.hasPrefix("/") ? joined : "/" + joined
    }

    /// `127.1`, `0x7f000001` and the like as dotted decimal; `nil` for what is no IPv4 address.
    static func normalizedIPv4(_ host: String) -> String? {
        let pieces = host.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(pieces.count) else { return nil }
        var values: [UInt64] = []
        for piece in pieces {
            guard let first = piece.first, first.isASCII, first.isNumber else { return nil }
            let value: UInt64?
            if piece.lowercased().hasPrefix("0x") {
                value = UInt64(piece.dropFirst(2), radix: 16)
            } else if piece.count > 1, first == "0" {
                value = UInt64(piece, radix: 8)
            } else {
                value = piece.allSatisfy { $0.isASCII && $0.isNumber } ? UInt64(piece) : nil
            }
            guard let value else { return nil }
            values.append(value)
        }
        guard let last = values.popLast(), values.allSatisfy({ $0 <= 255 }), last < 1 << UInt64(8 * (4 - values.count))
        else { return nil }
        var number = last
        for (index, value) in values.enumerated() { number |= value << UInt64(8 * (3 - index)) }
        return [24, 16, 8, 0].map { "\(number >> UInt64($0) & 255)" }.joined(separator: ".")
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}

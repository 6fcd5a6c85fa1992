import EnvoyModel

/// A hash policy made ready (rule book, section 11).
struct CompiledHashPolicy: Sendable {
    enum Kind: Sendable {
        case header(HeaderSource, CompiledRewrite?)
        case cookie(name: [UInt8], made: MadeCookie?)
        case sourceIP
        case queryParameter([UInt8])
        case filterState
    }

    /// How a cookie that is absent is made.
    struct MadeCookie: Sendable {
        /// Everything behind `name="value"`.
        let suffix: [UInt8]
    }

    let kind: Kind
    let isTerminal: Bool

    init(_ policy: HashPolicy, compiler: inout SnapshotCompiler) {
        isTerminal = policy.terminal
        switch policy.kind {
        case .header(let name, let rewrite):
            kind = .header(HeaderSource(name), rewrite.flatMap { compiler.rewrite($0) })
        case .cookie(let name, let ttl, let path, let attributes):
            var made: MadeCookie?
            if let ttl {
                var suffix = ""
                let seconds = ttl.components.seconds
                if seconds > 0 { suffix += "; Max-Age=\(seconds)" }
                if !path.isEmpty { suffix += "; Path=\(path)" }
                for attribute in attributes {
                    suffix += "; " + attribute.name + (attribute.value.isEmpty ? "" : "=" + attribute.value)
                }
                made = MadeCookie(suffix: Array((suffix + "; HttpOnly").utf8))
            }
            kind = .cookie(name: Array(name.utf8), made: made)
        case .sourceIP: kind = .sourceIP
        case .queryParameter(let name): kind = .queryParameter(Array(name.utf8))
        case .filterState: kind = .filterState
        }
    }

    /// The hash of a list of policies; `nil` when none has a value.
    static func hash(
        _ policies: [CompiledHashPolicy], _ request: inout RequestHead, _ view: RequestView,
        _ connection: DownstreamConnection, _ decision: inout Decision, makesCookies: Bool = true
    ) -> UInt64? {
        var hash: UInt64?
        for policy in policies {
            let value = policy.value(&request, view, connection, &decision, makesCookies: makesCookies)
            if let value { hash = hash.map { $0.rotated(1) ^ value } ?? value }
            if policy.isTerminal, hash != nil { break }
        }
        return hash
    }

    private func value(
        _ request: inout RequestHead, _ view: RequestView, _ connection: DownstreamConnection,
        _ decision: inout Decision, makesCookies: Bool
    ) -> UInt64? {
        switch kind {
        case .header(let source, let rewrite): return headerHash(source, rewrite, request, view)
        case .cookie(let name, let made):
            if let value = request.block.cookie(name), !value.isEmpty { return request.block.hash(value) }
            guard let made else { return nil }
            return makeCookie(name, made, &request, connection, &decision, keeps: makesCookies)
        case .sourceIP:
            if !decision.remoteAddress.isEmpty { return request.block.hash(decision.remoteAddress) }
            return connection.remoteIP.isEmpty ? nil : XXHash64.hash(connection.remoteIP)
        case .queryParameter(let name): return request.queryParameter(name).map { request.block.hash($0) }
        case .filterState: return nil
        }
    }

    private func headerHash(
        _ source: HeaderSource, _ rewrite: CompiledRewrite?, _ request: borrowing RequestHead,
        _ view: RequestView
    ) -> UInt64? {
        guard let first = source.value(request, view) else { return nil }
        let second =
            source.isPseudo
            ? nil : request.block.first(source.name).flatMap { request.block.next(source.name, from: $0 + 1) }
        if second == nil, rewrite == nil { return request.block.hash(first) }
        // Several values, or a regular expression: rare, so that it may allocate.
        var values: [[UInt8]] = []
        if source.isPseudo {
            values = [Array(request.block.storage[first.range])]
        } else {
            for field in request.block.fields
            where !field.isRemoved && request.block.equals(field.name, source.name) {
                values.append(Array(request.block.storage[field.value.range]))
            }
        }
        if let rewrite {
            values = values.map { value in
                value.withUnsafeBufferPointer { rewrite.regex.replacing($0, with: rewrite.substitution) } ?? value
            }
        }
        values.sort { $0.lexicographicallyPrecedes($1) }
        return values.reduce(0) { XXHash64.hash($1, seed: $0) }
    }

    private func makeCookie(
        _ name: [UInt8], _ made: MadeCookie, _ request: inout RequestHead,
        _ connection: DownstreamConnection, _ decision: inout Decision, keeps: Bool
    ) -> UInt64 {
        let start = request.block.storage.count
        if decision.remoteAddress.isEmpty {
            request.block.storeAddress(connection.remoteIP, connection.remotePort)
        } else {
            request.block.storeAddress(Array(request.block.storage[decision.remoteAddress.range]), 0)
        }
        request.block.storeAddress(connection.localIP, connection.localPort)
        let hash = request.block.hash(request.block.since(start))
        let cookie = request.block.storage.count
        request.block.storage.append(contentsOf: name)
        request.block.storage.append(contentsOf: [UInt8(ascii: "="), UInt8(ascii: "\"")])
        let digits = request.block.storage.count
        for position in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: hash >> UInt64(60 - 4 * position) & 15)
            request.block.storage.append(digit < 10 ? digit + 48 : digit + 87)
        }
        let value = request.block.hash(request.block.since(digits))
        request.block.storage.append(UInt8(ascii: "\""))
        request.block.storage.append(contentsOf: made.suffix)
        if keeps { decision.cookies.append(request.block.since(cookie)) }
        return value
    }
}

extension HeaderBlock {
    func hash(_ range: ByteRange) -> UInt64 {
        storage.withUnsafeBytes { XXHash64.hash(UnsafeRawBufferPointer(rebasing: $0[range.range])) }
    }

    mutating func storeAddress(_ ip: [UInt8], _ port: UInt16) {
        let isIPv6 = ip.contains(UInt8(ascii: ":"))
        if isIPv6 { storage.append(UInt8(ascii: "[")) }
        storage.append(contentsOf: ip)
        if isIPv6 { storage.append(UInt8(ascii: "]")) }
        storage.append(UInt8(ascii: ":"))
        store(decimal: UInt64(port))
    }

    /// The value of the first cookie of that name in all Cookie headers, without quotes around it.
    func cookie(_ name: [UInt8]) -> ByteRange? {
        var index = 0
        while let place = next("cookie", from: index) {
            let list = fields[place].value
            var start = 0
            while start < Int(list.count) {
                var end = start
                while end < Int(list.count), byte(list, end) != UInt8(ascii: ";") { end += 1 }
                let pair = trimmed(part(list, from: start, to: end))
                if let equals = firstIndex(of: UInt8(ascii: "="), in: pair),
                    self.equals(part(pair, from: 0, to: equals), name)
                {
                    let value = part(pair, from: equals + 1, to: Int(pair.count))
                    let count = Int(value.count)
                    if count >= 2, byte(value, 0) == UInt8(ascii: "\""), byte(value, count - 1) == UInt8(ascii: "\"") {
                        return part(value, from: 1, to: count - 1)
                    }
                    return value
                }
                start = end + 1
            }
            index = place + 1
        }
        return nil
    }
}

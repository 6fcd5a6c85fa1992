import EnvoyModel

/// What the connection manager does to the headers of a request before any route is looked at (rule book, section 25).
struct ConnectionManagerHeaders {
    /// The places of the fields that matter, found in one walk; -1 for none.
    private var forwardedFor = -1
    private var forwardedProto = -1
    private var requestID = -1
    private var contentType = -1
    private var upgrade = -1
    private var connection = -1
    private var hasControlHeaders = false

    /// The part of the request that names the upgrade asked for; `nil` if none is.
    private(set) var upgradeType: ByteRange?

    mutating func apply(
        to request: inout RequestHead, on connection: borrowing DownstreamConnection, view: inout RequestView,
        decision: inout Decision, random: inout RandomSource
    ) {
        scan(&request)
        findUpgrade(&request)
        let manager = connection.manager
        let settings = manager.settings
        let peerIsSingle = addForwardedFor(&request, connection, settings, &decision)
        setForwardedProto(&request, connection, settings)
        decision.isInternal = peerIsSingle && isInternal(request, connection, decision)
        let isEdge = settings.useRemoteAddress && !decision.isInternal
        if hasControlHeaders { removeControlHeaders(&request, isInternal: decision.isInternal, isEdge: isEdge) }
        if decision.isInternal {
            request.block.append("x-envoy-internal", text: "true")
        } else if isEdge {
            request.block.set("x-envoy-external-address", remoteAddress(&request, connection, decision))
        }
        if !manager.via.isEmpty { addVia(&request, manager.via) }
        if settings.addsUserAgent { addUserAgent(&request, manager) }
        setRequestID(&request, settings, isEdge: isEdge, &decision, &random)
        describe(&request, connection, settings, &view)
    }

    /// One walk over the fields: notes places, removes what is hop-by-hop.
    private mutating func scan(_ request: inout RequestHead) {
        var index = 0
        while index < request.block.fields.count {
            let field = request.block.fields[index]
            if !field.isRemoved, !joinsEarlier(&request.block, field.name, index) {
                visit(&request.block, field.name, field.value, index)
            }
            index += 1
        }
        if connection >= 0 { removeNamed(&request.block) }
    }

    /// Headers that Envoy keeps once: a further line is joined to the first, with a comma.
    @inline(__always)
    private func joinsEarlier(_ block: inout HeaderBlock, _ name: ByteRange, _ index: Int) -> Bool {
        guard block.isJoinedHeader(name) else { return false }
        var earlier = 0
        while earlier < index {
            if !block.fields[earlier].isRemoved, block.fields[earlier].name.count == name.count,
                block.equalsIgnoringCase(block.fields[earlier].name, name)
            {
                let start = block.storage.count
                block.storeCopy(block.fields[earlier].value)
                block.storage.append(UInt8(ascii: ","))
                block.storeCopy(block.fields[index].value)
                block.fields[earlier].value = block.since(start)
                block.fields[earlier].isOriginal = false
                block.fields[index].isRemoved = true
                return true
            }
            earlier += 1
        }
        return false
    }

    @inline(__always)
    private mutating func visit(_ block: inout HeaderBlock, _ name: ByteRange, _ value: ByteRange, _ index: Int) {
        switch name.count {
        case 2: if block.equals(name, "te") { reduceTE(&block, value, index) }
        case 6:
            if block.equals(name, "expect"), block.equalsIgnoringCase(value, "100-continue") {
                block.fields[index].isRemoved = true
            }
        case 7: if block.equals(name, "upgrade") { upgrade = index }
        case 10:
            if block.equals(name, "connection") {
                connection = index
            } else if block.equals(name, "keep-alive") {
                block.fields[index].isRemoved = true
            }
        case 12:
            if block.equals(name, "x-request-id") {
                requestID = index
            } else if block.equals(name, "content-type"), contentType < 0 {
                contentType = index
            }
        case 15:
            if block.equals(name, "x-forwarded-for") {
                forwardedFor = index
            } else if block.equals(name, "x-envoy-ip-tags") {
                hasControlHeaders = true
            }
        case 16:
            if block.equals(name, "proxy-connection") {
                block.fields[index].isRemoved = true
            } else if block.hasXEnvoyPrefix(name) {
                hasControlHeaders = true
            }
        case 17:
            if block.equals(name, "x-forwarded-proto") {
                forwardedProto = index
            } else if block.equals(name, "transfer-encoding") {
                block.fields[index].isRemoved = true
            }
        case 23:
            if block.equals(name, "x-forwarded-client-cert") {
                hasControlHeaders = true
            } else if block.hasXEnvoyPrefix(name) {
                hasControlHeaders = true
            }
        default: if name.count > 16, block.hasXEnvoyPrefix(name) { hasControlHeaders = true }
        }
    }

    /// `te` says `trailers` or nothing.
    private func reduceTE(_ block: inout HeaderBlock, _ value: ByteRange, _ index: Int) {
        if block.equals(value, "trailers") { return }
        if block.hasToken("trailers", in: value) {
            block.fields[index].value = block.store("trailers")
            block.fields[index].isOriginal = false
        } else {
            block.fields[index].isRemoved = true
        }
    }

    /// Removes `connection` and the headers that it names.
    private mutating func removeNamed(_ block: inout HeaderBlock) {
        var index = 0
        while let place = block.next("connection", from: index) {
            let value = block.fields[place].value
            block.fields[place].isRemoved = true
            index = place + 1
            var tokens = TokenIterator(value)
            while let token = tokens.next(block) {
                if block.equalsIgnoringCase(token, "upgrade") || block.equalsIgnoringCase(token, "close")
                    || block.equalsIgnoringCase(token, "keep-alive") || block.equalsIgnoringCase(token, "te")
                {
                    continue
                }
                for other in block.fields.indices
                where !block.fields[other].isRemoved && block.equalsIgnoringCase(block.fields[other].name, token) {
                    block.fields[other].isRemoved = true
                }
            }
        }
    }

    /// An upgrade is asked for with both headers; `h2c` is none. The headers come back when the upgrade is allowed.
    private mutating func findUpgrade(_ request: inout RequestHead) {
        guard upgrade >= 0 else { return }
        let value = request.block.fields[upgrade].value
        request.block.fields[upgrade].isRemoved = true
        guard connection >= 0, request.block.hasToken("upgrade", in: request.block.fields[connection].value),
            !request.block.equalsIgnoringCase(value, "h2c")
        else { return }
        upgradeType = value
    }

    func restoreUpgrade(_ request: inout RequestHead) {
        guard upgrade >= 0, connection >= 0 else { return }
        request.block.fields[upgrade].isRemoved = false
        request.block.fields[connection].isRemoved = false
    }

    /// Sets the remote address, and the header where the proxy adds to it. Says whether there is a single address.
    private func addForwardedFor(
        _ request: inout RequestHead, _ connection: borrowing DownstreamConnection,
        _ settings: ManagerSettings, _ decision: inout Decision
    ) -> Bool {
        let received = forwardedFor >= 0 ? request.block.fields[forwardedFor].value : nil
        let hops = settings.trustedHops
        let isSingle: Bool
        if let received {
            let wanted = settings.useRemoteAddress ? hops - 1 : hops
            if wanted >= 0, let entry = request.block.entryFromRight(received, wanted),
                request.block.isBareIP(entry, allowsIPv6: settings.useRemoteAddress || hops == 0)
            {
                decision.remoteAddress = entry
            }
            isSingle =
                !settings.useRemoteAddress && request.block.firstIndex(of: UInt8(ascii: ","), in: received) == nil
        } else {
            isSingle = settings.useRemoteAddress
        }
        if settings.useRemoteAddress, !settings.skipsForwardedFor {
            let start = request.block.storage.count
            if let received, !received.isEmpty {
                request.block.storeCopy(received)
                request.block.storage.append(UInt8(ascii: ","))
            }
            request.block.storage.append(contentsOf: connection.remoteIP)
            let value = request.block.since(start)
            if forwardedFor >= 0 {
                request.block.fields[forwardedFor].value = value
                request.block.fields[forwardedFor].isOriginal = false
            } else {
                request.block.append("x-forwarded-for", value)
            }
        }
        return isSingle
    }

    private func setForwardedProto(
        _ request: inout RequestHead, _ connection: borrowing DownstreamConnection,
        _ settings: ManagerSettings
    ) {
        if forwardedProto >= 0, !settings.useRemoteAddress || settings.trustedHops > 0 { return }
        let value = connection.isTLS ? request.block.store("https") : request.block.store("http")
        if forwardedProto >= 0 {
            request.block.fields[forwardedProto].value = value
            request.block.fields[forwardedProto].isOriginal = false
        } else {
            request.block.append("x-forwarded-proto", value)
        }
    }

    private func isInternal(
        _ request: borrowing RequestHead, _ connection: borrowing DownstreamConnection, _ decision: borrowing Decision
    ) -> Bool {
        let ranges = connection.manager.internalRanges
        if ranges.isEmpty { return false }
        let address: IPAddress?
        if decision.remoteAddress.isEmpty {
            address = IPAddress(connection.remoteIP)
        } else {
            address = IPAddress(request.block.storage[decision.remoteAddress.range])
        }
        guard let address else { return false }
        return ranges.contains { $0.contains(address) }
    }

    /// The remote address as text in the storage.
    private func remoteAddress(
        _ request: inout RequestHead, _ connection: borrowing DownstreamConnection, _ decision: borrowing Decision
    ) -> ByteRange {
        if !decision.remoteAddress.isEmpty { return decision.remoteAddress }
        return request.block.store(connection.remoteIP)
    }

    private func removeControlHeaders(_ request: inout RequestHead, isInternal: Bool, isEdge: Bool) {
        for index in request.block.fields.indices where !request.block.fields[index].isRemoved {
            let name = request.block.fields[index].name
            guard name.count >= 15 else { continue }
            let isGone =
                request.block.isAlwaysRemoved(name) || (!isInternal && request.block.isInternalOnly(name))
                || (isEdge && request.block.isEdgeRemoved(name))
            if isGone { request.block.fields[index].isRemoved = true }
        }
    }

    private func addVia(_ request: inout RequestHead, _ via: [UInt8]) {
        let start = request.block.storage.count
        if let index = request.block.first("via") {
            request.block.storeCopy(request.block.fields[index].value)
            request.block.storage.append(contentsOf: [UInt8(ascii: ","), UInt8(ascii: " ")])
        }
        request.block.storage.append(contentsOf: via)
        request.block.set("via", request.block.since(start))
    }

    private func addUserAgent(_ request: inout RequestHead, _ manager: CompiledConnectionManager) {
        request.block.set("x-envoy-downstream-service-cluster", request.block.store(manager.nodeCluster))
        if request.block.first("user-agent") == nil {
            request.block.append("user-agent", request.block.store(manager.nodeCluster))
        }
        if !manager.nodeID.isEmpty {
            request.block.set("x-envoy-downstream-service-node", request.block.store(manager.nodeID))
        }
    }

    private func setRequestID(
        _ request: inout RequestHead, _ settings: ManagerSettings, isEdge: Bool,
        _ decision: inout Decision, _ random: inout RandomSource
    ) {
        let keeps = requestID >= 0 && !(isEdge && !settings.preservesExternalRequestID)
        guard settings.generatesRequestID, !keeps else { return }
        let value = request.block.storeUUID(random.next(), random.next())
        if requestID >= 0 {
            request.block.fields[requestID].value = value
            request.block.fields[requestID].isOriginal = false
            decision.generatedRequestID = requestID
        } else {
            decision.generatedRequestID = request.block.append("x-request-id", value)
        }
    }

    private func describe(
        _ request: inout RequestHead, _ connection: borrowing DownstreamConnection,
        _ settings: ManagerSettings, _ view: inout RequestView
    ) {
        var isHTTPS = connection.isTLS || request.isHTTPS
        if let proto = request.block.value("x-forwarded-proto") {
            if request.block.equals(proto, "https") {
                isHTTPS = true
            } else if request.block.equals(proto, "http") {
                isHTTPS = request.isHTTPS
            }
        }
        if let forced = settings.forcesHTTPS { isHTTPS = forced }
        view.isHTTPS = isHTTPS
        view.scheme = isHTTPS ? request.block.store("https") : request.block.store("http")
        view.isTLS = connection.isTLS
        view.hasPeerCertificate = connection.hasPeerCertificate
        if contentType >= 0 { view.isGRPC = request.block.isGRPC(request.block.fields[contentType].value) }
    }
}

extension HeaderBlock {
    /// `text` must be in lower case.
    func equalsIgnoringCase(_ range: ByteRange, _ text: StaticString) -> Bool {
        guard Int(range.count) == text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount where byte(range, offset).lowercased != text.utf8Start[offset] {
            return false
        }
        return true
    }

    func equalsIgnoringCase(_ range: ByteRange, _ other: ByteRange) -> Bool {
        guard range.count == other.count else { return false }
        for offset in 0..<Int(range.count) where byte(range, offset).lowercased != byte(other, offset).lowercased {
            return false
        }
        return true
    }

    func hasToken(_ token: StaticString, in list: ByteRange) -> Bool {
        var tokens = TokenIterator(list)
        while let next = tokens.next(self) {
            if equalsIgnoringCase(next, token) { return true }
        }
        return false
    }

    @inline(__always)
    func hasXEnvoyPrefix(_ name: ByteRange) -> Bool {
        name.count >= 8 && byte(name, 0) == UInt8(ascii: "x") && equals(part(name, from: 0, to: 8), "x-envoy-")
    }

    /// The request headers that Envoy's header map keeps in a slot of their own.
    @inline(__always)
    func isJoinedHeader(_ name: ByteRange) -> Bool {
        switch name.count {
        case 2: equals(name, "te")
        case 3: equals(name, "via")
        case 6: equals(name, "accept") || equals(name, "origin") || equals(name, "expect") || equals(name, "pragma")
        case 7: equals(name, "referer") || equals(name, "upgrade")
        case 8: equals(name, "if-match") || equals(name, "if-range")
        case 10: equals(name, "user-agent") || equals(name, "connection") || equals(name, "keep-alive")
        case 12: equals(name, "content-type") || equals(name, "x-request-id") || equals(name, "grpc-timeout")
        case 13: equals(name, "authorization") || equals(name, "cache-control") || equals(name, "if-none-match")
        case 15:
            equals(name, "x-forwarded-for") || equals(name, "accept-encoding") || equals(name, "x-envoy-ip-tags")
        case 16:
            equals(name, "x-forwarded-host") || equals(name, "x-forwarded-port") || equals(name, "content-encoding")
                || equals(name, "proxy-connection") || equals(name, "x-envoy-retry-on")
        case 17:
            equals(name, "x-forwarded-proto") || equals(name, "if-modified-since")
                || equals(name, "transfer-encoding")
        case 19: equals(name, "if-unmodified-since") || equals(name, "x-envoy-max-retries")
        case 21: equals(name, "x-envoy-original-path")
        case 23: equals(name, "x-forwarded-client-cert")
        case 29: equals(name, "access-control-request-method")
        case 30: equals(name, "access-control-request-headers") || equals(name, "x-envoy-upstream-rq-timeout-ms")
        default: false
        }
    }

    /// `application/grpc`, also with `+` and something.
    func isGRPC(_ value: ByteRange) -> Bool {
        guard value.count >= 16, equals(part(value, from: 0, to: 16), "application/grpc") else { return false }
        return value.count == 16 || byte(value, 16) == UInt8(ascii: "+")
    }

    /// The entry of a comma list that stands so many places from its right end.
    func entryFromRight(_ list: ByteRange, _ places: Int) -> ByteRange? {
        var end = Int(list.count)
        var left = places
        while true {
            var start = end
            while start > 0, byte(list, start - 1) != UInt8(ascii: ",") { start -= 1 }
            if left == 0 { return trimmed(part(list, from: start, to: end)) }
            if start == 0 { return nil }
            end = start - 1
            left -= 1
        }
    }

    func isBareIP(_ range: ByteRange, allowsIPv6: Bool) -> Bool {
        guard range.count > 0, range.count <= 45 else { return false }
        if firstIndex(of: UInt8(ascii: ":"), in: range) == nil { return isBareIPv4(range) }
        return allowsIPv6 && IPAddress(storage[range.range]) != nil
    }

    private func isBareIPv4(_ range: ByteRange) -> Bool {
        var dots = 0
        var digits = 0
        var value = 0
        for offset in 0..<Int(range.count) {
            let byte = byte(range, offset)
            if byte == UInt8(ascii: ".") {
                guard digits > 0 else { return false }
                (dots, digits, value) = (dots + 1, 0, 0)
            } else {
                guard byte.isDigit, digits < 3 else { return false }
                value = value * 10 + Int(byte - 48)
                digits += 1
                guard value <= 255 else { return false }
            }
        }
        return dots == 3 && digits > 0
    }

    func isAlwaysRemoved(_ name: ByteRange) -> Bool {
        equals(name, "x-envoy-internal") || equals(name, "x-forwarded-client-cert")
    }

    /// Control headers that only internal requests keep.
    func isInternalOnly(_ name: ByteRange) -> Bool {
        switch name.count {
        case 15: equals(name, "x-envoy-ip-tags")
        case 16: equals(name, "x-envoy-retry-on")
        case 19: equals(name, "x-envoy-max-retries") || equals(name, "x-envoy-force-trace")
        case 20: equals(name, "x-envoy-original-url")
        case 21: equals(name, "x-envoy-retry-grpc-on")
        case 30:
            equals(name, "x-envoy-upstream-rq-timeout-ms") || equals(name, "x-envoy-upstream-alt-stat-name")
                || equals(name, "x-envoy-expected-rq-timeout-ms") || equals(name, "x-envoy-retriable-header-names")
        case 31: equals(name, "x-envoy-retriable-status-codes")
        case 38: equals(name, "x-envoy-upstream-rq-per-try-timeout-ms")
        case 39: equals(name, "x-envoy-upstream-rq-timeout-alt-response")
        default: false
        }
    }

    /// What requests from outside lose at the edge.
    func isEdgeRemoved(_ name: ByteRange) -> Bool {
        switch name.count {
        case 21: equals(name, "x-envoy-original-path")
        case 27: equals(name, "x-envoy-decorator-operation")
        case 31: equals(name, "x-envoy-downstream-service-node")
        case 34: equals(name, "x-envoy-downstream-service-cluster")
        default: false
        }
    }

    /// A UUID, version 4, from 128 random bits.
    mutating func storeUUID(_ high: UInt64, _ low: UInt64) -> ByteRange {
        let start = storage.count
        let first = high & 0xffff_ffff_ffff_0fff | 0x4000
        let second = low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        for position in 0..<32 {
            if position == 8 || position == 12 || position == 16 || position == 20 { storage.append(UInt8(ascii: "-")) }
            let word = position < 16 ? first : second
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (position & 15)) & 15)
            storage.append(digit < 10 ? digit + 48 : digit + 87)
        }
        return since(start)
    }
}

/// The trimmed parts of a comma list.
struct TokenIterator {
    private let list: ByteRange
    private var position = 0

    init(_ list: ByteRange) { self.list = list }

    mutating func next(_ block: borrowing HeaderBlock) -> ByteRange? {
        while position < Int(list.count) {
            var end = position
            while end < Int(list.count), block.byte(list, end) != UInt8(ascii: ",") { end += 1 }
            let token = block.trimmed(block.part(list, from: position, to: end))
            position = end + 1
            if !token.isEmpty { return token }
        }
        return nil
    }
}

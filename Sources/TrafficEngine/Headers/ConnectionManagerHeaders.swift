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
        to request: inout RequestHead, on connection: DownstreamConnection, view: inout RequestView,
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
        if hasControlHeaders {
            removeControlHeaders(
                &request, isInternal: decision.isInternal, isEdge: isEdge,
                keepsCertificate: settings.keepsClientCertificate(hasPeerCertificate: connection.hasPeerCertificate))
        }
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
        _ request: inout RequestHead, _ connection: DownstreamConnection,
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
        _ request: inout RequestHead, _ connection: DownstreamConnection,
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
        _ request: borrowing RequestHead, _ connection: DownstreamConnection, _ decision: borrowing Decision
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
        _ request: inout RequestHead, _ connection: DownstreamConnection, _ decision: borrowing Decision
    ) -> ByteRange {
        if !decision.remoteAddress.isEmpty { return decision.remoteAddress }
        return request.block.store(connection.remoteIP)
    }

    private func removeControlHeaders(
        _ request: inout RequestHead, isInternal: Bool, isEdge: Bool, keepsCertificate: Bool
    ) {
        for index in request.block.fields.indices where !request.block.fields[index].isRemoved {
            let name = request.block.fields[index].name
            guard name.count >= 15 else { continue }
            let isGone =
                request.block.isAlwaysRemoved(name) || (!isInternal && request.block.isInternalOnly(name))
                || (isEdge && request.block.isEdgeRemoved(name))
                || (!keepsCertificate && request.block.equals(name, "x-forwarded-client-cert"))
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
        _ request: inout RequestHead, _ connection: DownstreamConnection,
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

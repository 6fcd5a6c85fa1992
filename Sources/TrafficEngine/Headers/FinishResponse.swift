import EnvoyModel

/// What the response side needs from outside.
package struct ResponseContext: Sendable {
    /// The value of `date`, as the proxy keeps it ready; empty: no date is set.
    package var date: [UInt8] = []
    /// Milliseconds from the request to the response head; `nil` writes `*`.
    package var serviceTime: UInt64?
    package var attempts = 1

    package init() {}
}

/// Makes the upstream's response head into what the downstream gets: header changes of the route, `server`, `date`,
/// `x-envoy-upstream-service-time`, made cookies, CORS.
///
/// Request, decision and context are only read. They are `inout` because the property of a class that is handed on as a value is copied for the
/// call, and all its references are counted up and down.
package func finishResponse(
    _ response: inout ResponseHead, to request: inout RequestHead, decision: inout Decision,
    on connection: DownstreamConnection, context: inout ResponseContext
) {
    let manager = connection.manager
    removeHopByHop(&response.block, isUpgrade: decision.isUpgrade && response.status == 101)
    if !manager.settings.suppressesEnvoyHeaders {
        let start = response.block.storage.count
        if let time = context.serviceTime {
            response.block.store(decimal: time)
        } else {
            response.block.storage.append(UInt8(ascii: "*"))
        }
        response.block.set("x-envoy-upstream-service-time", response.block.since(start))
    } else {
        response.block.remove("x-envoy-upstream-service-time")
        response.block.remove("x-envoy-overloaded")
        response.block.remove("x-envoy-expected-rq-timeout-ms")
    }
    if manager.settings.changesResponses {
        addAttempts(&response, decision, context)
        var formats = FormatContext()
        formats.status = response.status
        formats.flags = decision.flags
        formats.knowsHost = true
        changeResponseHeaders(&response, request, decision, connection, formats)
    }
    addCookies(&response, request, decision)
    if let origin = decision.corsOrigin, let cors = decision.route?.cors {
        cors.addHeaders(to: &response, origin: request.block.storage[origin.range])
    }
    addConnectionManagerHeaders(&response, request, decision, manager, context, isLocal: false)
}

/// Makes a local reply (the decision's own, or one that the proxy came to) into a response head and its body. The head has neither
/// `content-length` nor `transfer-encoding`: those belong to the framing, which sends `transfer-encoding: chunked` for an empty body to
/// HEAD, and for HEAD the length of `reply.body`.
/// - Returns: the body; empty for an answer to HEAD or gRPC.
package func finishLocalReply(
    _ reply: borrowing LocalReply, into response: inout ResponseHead, to request: borrowing RequestHead,
    decision: borrowing Decision, on connection: DownstreamConnection, context: borrowing ResponseContext
) -> [UInt8] {
    response.block.removeAll()
    response.status = reply.status
    if let location = reply.location {
        response.block.append("location", response.block.store(request.block.storage[location.range]))
    }
    if reply.isPreflight, let cors = decision.route?.cors {
        cors.addPreflightHeaders(
            to: &response, origin: decision.corsOrigin.map { request.block.storage[$0.range] },
            wantsPrivateNetwork: request.block.value("access-control-request-private-network").map {
                request.block.equals($0, "true")
            } ?? false)
    }
    var body = reply.body
    let isGRPC = decision.isGRPC && !reply.isPreflight
    if isGRPC || (reply.grpcStatus != nil && decision.isGRPC) {
        addGRPC(&response, reply)
        body = []
    } else if !body.isEmpty {
        response.block.append("content-type", text: "text/plain")
    }
    if reply.isOverload, !connection.manager.settings.suppressesEnvoyHeaders {
        response.block.append("x-envoy-overloaded", text: "true")
    }
    if reply.carriesRouteHeaders {
        if !reply.isDirectResponse, reply.location == nil, reply.flags != .noClusterFound {
            addAttempts(&response, decision, context)
        }
        let count = response.block.fields.count
        changeResponseHeaders(&response, request, decision, connection, FormatContext())
        if body.isEmpty, !isGRPC {
            response.block.remove("content-type")
        } else {
            keepOwnContentType(&response.block, addedFrom: count)
        }
        addCookies(&response, request, decision)
        if let origin = decision.corsOrigin, let cors = decision.route?.cors {
            cors.addHeaders(to: &response, origin: request.block.storage[origin.range])
        }
    }
    addConnectionManagerHeaders(&response, request, decision, connection.manager, context, isLocal: true)
    if reply.closesConnection { response.block.append("connection", text: "close") }
    return decision.isHead ? [] : body
}

/// A content type among the route's additions takes the place of the reply's own.
private func keepOwnContentType(_ block: inout HeaderBlock, addedFrom count: Int) {
    guard let first = block.first("content-type"), first < count,
        block.next("content-type", from: count) != nil
    else { return }
    block.fields[first].isRemoved = true
}

/// The gRPC form of a reply: status 200, `grpc-status`, the text as `grpc-message`.
private func addGRPC(_ response: inout ResponseHead, _ reply: borrowing LocalReply) {
    let status: UInt64
    if let given = reply.grpcStatus {
        status = UInt64(clamping: given)
    } else {
        status =
            switch reply.status {
            case 400: 13
            case 401: 16
            case 403: 7
            case 404: 12
            case 429, 502, 503, 504: 14
            default: 2
            }
    }
    response.status = 200
    response.block.append("content-type", text: "application/grpc")
    let start = response.block.storage.count
    response.block.store(decimal: status)
    response.block.append("grpc-status", response.block.since(start))
    if !reply.body.isEmpty { response.block.append("grpc-message", response.block.storePercentEncoded(reply.body)) }
}

extension HeaderBlock {
    /// gRPC's encoding of messages: printable ASCII but `%` as it is.
    fileprivate mutating func storePercentEncoded(_ bytes: [UInt8]) -> ByteRange {
        let start = storage.count
        let digits: StaticString = "0123456789ABCDEF"
        for byte in bytes {
            if byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "%") {
                storage.append(byte)
            } else {
                storage.append(UInt8(ascii: "%"))
                storage.append(digits.utf8Start[Int(byte >> 4)])
                storage.append(digits.utf8Start[Int(byte & 15)])
            }
        }
        return since(start)
    }
}

private func removeHopByHop(_ block: inout HeaderBlock, isUpgrade: Bool) {
    for index in block.fields.indices where !block.fields[index].isRemoved {
        let name = block.fields[index].name
        let isGone: Bool
        switch name.count {
        case 7: isGone = !isUpgrade && block.equals(name, "upgrade")
        case 10: isGone = block.equals(name, "keep-alive") || (!isUpgrade && block.equals(name, "connection"))
        case 16: isGone = block.equals(name, "proxy-connection")
        case 17: isGone = block.equals(name, "transfer-encoding")
        default: isGone = false
        }
        if isGone { block.fields[index].isRemoved = true }
    }
}

private func addAttempts(
    _ response: inout ResponseHead, _ decision: borrowing Decision, _ context: borrowing ResponseContext
) {
    guard decision.includesAttemptCountInResponse, decision.cluster != nil else { return }
    let start = response.block.storage.count
    response.block.store(decimal: UInt64(clamping: context.attempts))
    response.block.set("x-envoy-attempt-count", response.block.since(start))
}

private func changeResponseHeaders(
    _ response: inout ResponseHead, _ request: borrowing RequestHead, _ decision: borrowing Decision,
    _ connection: DownstreamConnection, _ context: FormatContext
) {
    guard let routes = connection.manager.routes, let route = decision.route else { return }
    let index = decision.weightedClusterIndex
    let weighted = index >= 0 && index < route.action.entries.count ? index : -1
    let hasAny =
        !route.responseHeaders.isEmpty || !routes.responseHeaders.isEmpty
        || decision.virtualHost?.responseHeaders.isEmpty == false
        || (weighted >= 0 && !route.action.entries[weighted].responseHeaders.isEmpty)
    guard hasAny else { return }
    var view = RequestView()
    view.update(request, ignoresParameters: false)
    for position in 0..<4 {
        switch connection.manager.settings.mostSpecificWins && position > 0 ? 4 - position : position {
        case 0:
            if weighted >= 0 {
                route.action.entries[weighted].responseHeaders.apply(
                    to: &response, request: request, view, decision, connection, context)
            }
        case 1:
            route.responseHeaders.apply(to: &response, request: request, view, decision, connection, context)
        case 2:
            decision.virtualHost?.responseHeaders.apply(
                to: &response, request: request, view, decision, connection, context)
        default:
            routes.responseHeaders.apply(to: &response, request: request, view, decision, connection, context)
        }
    }
}

private func addCookies(
    _ response: inout ResponseHead, _ request: borrowing RequestHead, _ decision: borrowing Decision
) {
    for index in 0..<decision.cookies.count {
        response.block.append(
            "set-cookie", response.block.store(request.block.storage[decision.cookies[index].range]))
    }
}

private func addConnectionManagerHeaders(
    _ response: inout ResponseHead, _ request: borrowing RequestHead, _ decision: borrowing Decision,
    _ manager: CompiledConnectionManager, _ context: borrowing ResponseContext, isLocal: Bool
) {
    if !context.date.isEmpty, response.block.first("date") == nil {
        response.block.append("date", response.block.store(context.date))
    }
    switch manager.settings.server {
    case .overwrite: response.block.set("server", response.block.store(manager.serverName))
    case .appendIfAbsent:
        if response.block.first("server") == nil {
            response.block.append("server", response.block.store(manager.serverName))
        }
    case .passThrough: break
    }
    if !manager.via.isEmpty {
        let start = response.block.storage.count
        if let old = response.block.value("via") {
            response.block.storeCopy(old)
            _ = response.block.store(", ")
        }
        response.block.storage.append(contentsOf: manager.via)
        response.block.set("via", response.block.since(start))
    }
    if manager.settings.setsRequestIDInResponse, let id = request.block.value("x-request-id") {
        response.block.set("x-request-id", response.block.store(request.block.storage[id.range]))
    }
}

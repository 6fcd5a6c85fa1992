import EnvoyModel

/// What the HTTP/1 codec answers by itself to a synthetic request (rule book, section 27).
struct CodecRefusal {
    var status: Int
    var details: String
    var flags = ResponseFlags()
    var body = ""

    init?(_ request: SyntheticRequest, _ head: RequestHead, _ manager: HTTPConnectionManager) {
        let badRequest = "Bad Request"
        let path = head.block.string(head.path)
        if request.method == "CONNECT" { return nil }
        if path == "*" {
            (status, details) =
                request.method == "OPTIONS" ? (404, "absolute_path_rejected") : (400, "http1.codec_error")
        } else if !path.hasPrefix("/"), request.path.lowercased().hasPrefix("http") {
            (status, details) = (404, "absolute_path_rejected")
        } else if !path.hasPrefix("/") || path.utf8.contains(where: { $0 >= 0x80 || $0 <= 0x20 }) {
            (status, details, flags, body) = (400, "http1.codec_error", .downstreamProtocolError, badRequest)
        } else if !manager.http1.allowCustomMethods, !Self.methods.contains(request.method) {
            (status, details, flags, body) = (400, "http1.codec_error", .downstreamProtocolError, badRequest)
        } else if !request.headers.allSatisfy({ Self.isName($0.name) }) {
            (status, details, flags, body) = (400, "http1.codec_error", .downstreamProtocolError, badRequest)
        } else if request.headers.contains(where: { $0.value.utf8.contains { $0 < 0x20 && $0 != 9 || $0 == 0x7f } }) {
            (status, details, flags, body) = (400, "http1.invalid_characters", .downstreamProtocolError, badRequest)
        } else if request.headers.count + (head.hasHost ? 1 : 0) > Int(manager.maxHeadersCount ?? 100) {
            (status, details, flags, body) = (
                431, "http1.too_many_headers", .downstreamProtocolError, "Request Header Fields Too Large"
            )
        } else if head.hasHost,
            head.block.storage[head.authority.range].contains(where: { $0 <= 0x20 || $0 >= 0x7f })
        {
            (status, details, flags, body) = (400, "http.invalid_authority", .downstreamProtocolError, badRequest)
        } else {
            return nil
        }
    }

    /// The methods that Envoy's parser knows.
    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "COPY", "LOCK", "MKCOL", "MOVE",
        "PROPFIND",
        "PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE",
        "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PURGE", "MKCALENDAR", "LINK", "UNLINK", "SOURCE",
    ]

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                byte.isUnreserved && byte != 0x7e || "!#$%&'*+^`|~".utf8.contains(byte)
            }
    }

    func response(server manager: CompiledConnectionManager) -> TraceResponse {
        var response = TraceResponse()
        response.status = status
        response.details = details
        response.flags = flags.text
        response.body = body
        if !body.isEmpty { response.headers.append(SyntheticRequest.Header("content-type", "text/plain")) }
        response.headers.append(
            SyntheticRequest.Header("server", String(decoding: manager.serverName, as: UTF8.self)))
        return response
    }
}

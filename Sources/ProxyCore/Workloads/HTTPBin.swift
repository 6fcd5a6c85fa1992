import Documents

/// What httpbin answers on its paths; `nil` on others.
enum HTTPBin {
    static func respond(to request: WorkloadRequest) -> WorkloadResponse? {
        let target = Target(request.path)
        var parts = target.segments[...]
        guard let first = parts.popFirst() else { return page(request) }
        switch (first, parts.count) {
        case ("status", 1): return status(parts.first ?? "")
        case ("delay", 1): return delay(request, target, parts.first ?? "")
        case ("headers", 0): return only(["GET"], request) { json([("headers", headers(request))]) }
        case ("ip", 0): return only(["GET"], request) { json([("origin", .string(origin(request)))]) }
        case ("user-agent", 0):
            return only(["GET"], request) { json([("user-agent", .string(request.value("user-agent") ?? ""))]) }
        case ("get", 0):
            return only(["GET"], request) { details(request, target, ["args", "headers", "origin", "url"]) }
        case ("post", 0), ("put", 0), ("patch", 0), ("delete", 0):
            return only([first.uppercased()], request) { details(request, target, bodyKeys) }
        case ("anything", _): return details(request, target, bodyKeys + ["method"])
        case ("uuid", 0): return json([("uuid", .string(uuid(of: request)))])
        case ("bytes", 1): return bytes(parts.first ?? "")
        case ("redirect", 1), ("relative-redirect", 1): return redirect(parts.first ?? "", first)
        case ("absolute-redirect", 1): return redirect(parts.first ?? "", first, base: base(request))
        case ("redirect-to", 0): return redirectTo(target)
        case ("cookies", _): return cookies(request, target, Array(parts))
        case ("basic-auth", 2), ("hidden-basic-auth", 2):
            return basicAuth(request, Array(parts), isHidden: first != "basic-auth")
        case ("bearer", 0): return bearer(request)
        case ("response-headers", 0): return responseHeaders(target)
        case ("cache", 0): return details(request, target, ["args", "headers", "origin", "url"])
        case ("html", 0): return text(pageText, "text/html; charset=utf-8")
        case ("xml", 0): return text(xmlText, "application/xml")
        case ("json", 0): return text(jsonText, "application/json")
        case ("robots.txt", 0): return text("User-agent: *\nDisallow: /deny\n", "text/plain")
        case ("deny", 0): return text("YOU SHOULDN'T BE HERE\n", "text/plain")
        case ("encoding", 1):
            return text("<h1>Unicode Demo</h1>\n<p>∮ E⋅da = Q, n → ∞</p>\n", "text/html; charset=utf-8")
        case ("base64", 1):
            return text(decoded(parts.first ?? "") ?? "Incorrect Base64 data", "text/html; charset=utf-8")
        case ("stream", 1): return stream(request, target, parts.first ?? "")
        default: return nil
        }
    }

    private static let bodyKeys = ["args", "data", "files", "form", "headers", "json", "origin", "url"]

    // MARK: Parts of a request

    struct Target {
        var segments: [String] = []
        var query: [(name: String, value: String)] = []
        var path: String

        init(_ target: String) {
            let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            path = String(halves.first ?? "")
            segments = path.split(separator: "/").map { Target.decoded($0) }
            if halves.count > 1 { query = Target.pairs(halves[1]) }
        }

        static func pairs(_ text: some StringProtocol) -> [(name: String, value: String)] {
            text.split(separator: "&").map { pair in
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (decoded(sides[0], plus: true), sides.count > 1 ? decoded(sides[1], plus: true) : "")
            }
        }

        static func decoded(_ text: some StringProtocol, plus: Bool = false) -> String {
            var bytes: [UInt8] = []
            var rest = Array(text.utf8)[...]
            while let byte = rest.popFirst() {
                if byte == 37, rest.count >= 2, let high = ByteClass.hexValue(rest[rest.startIndex]),
                    let low = ByteClass.hexValue(rest[rest.startIndex + 1])
                {
                    bytes.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(plus && byte == 43 ? 32 : byte)
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func origin(_ request: WorkloadRequest) -> String { request.value("x-forwarded-for") ?? "127.0.0.1" }

    private static func base(_ request: WorkloadRequest) -> String {
        "\(request.value("x-forwarded-proto") ?? "http")://\(request.authority)"
    }

    /// Field names as httpbin's Flask shows them: `X-Forwarded-For`; repeated ones joined; sorted.
    private static func headers(_ request: WorkloadRequest) -> JSON {
        var joined: [String: String] = ["Host": request.authority]
        for field in request.headers {
            let name = field.name.split(separator: "-", omittingEmptySubsequences: false)
                .map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }.joined(separator: "-")
            joined[name] = joined[name].map { "\($0),\(field.value)" } ?? field.value
        }
        return sorted(joined.map { ($0.key, JSON.string($0.value)) })
    }

    private static func sorted(_ members: [(String, JSON)]) -> JSON {
        var object = JSONObject()
        for (key, value) in members.sorted(by: { $0.0 < $1.0 }) { object.add(key, value) }
        return .object(object)
    }

    /// Names with one value give a string, with several a list.
    private static func multi(_ pairs: [(name: String, value: String)]) -> JSON {
        var values: [String: [String]] = [:]
        for pair in pairs { values[pair.name, default: []].append(pair.value) }
        return sorted(
            values.map { ($0.key, $0.value.count == 1 ? .string($0.value[0]) : .array($0.value.map { .string($0) })) })
    }

    // MARK: Answers

    private static func json(_ members: [(String, JSON)], status: Int = 200) -> WorkloadResponse {
        var response = WorkloadResponse(status)
        response.headers = [.init("content-type", "application/json")] + access
        response.body = Array((sorted(members).text(indent: 2) + "\n").utf8)
        return response
    }

    private static let access: [WorkloadRequest.Field] = [
        .init("access-control-allow-origin", "*"), .init("access-control-allow-credentials", "true"),
    ]

    private static func text(_ text: String, _ type: String, status: Int = 200) -> WorkloadResponse {
        var response = WorkloadResponse(status)
        response.headers = [.init("content-type", type)] + access
        response.body = Array(text.utf8)
        return response
    }

    private static func only(
        _ methods: [String], _ request: WorkloadRequest, _ body: () -> WorkloadResponse
    ) -> WorkloadResponse {
        let allowed = methods.contains("GET") ? methods + ["HEAD"] : methods
        if allowed.contains(request.method) { return body() }
        var response = text(
            "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<title>405 Method Not Allowed</title>\n"
                + "<h1>Method Not Allowed</h1>\n<p>The method is not allowed for the requested URL.</p>\n", "text/html",
            status: 405)
        response.headers.append(.init("allow", (allowed + ["OPTIONS"]).joined(separator: ", ")))
        return response
    }

    private static func details(
        _ request: WorkloadRequest, _ target: Target, _ keys: [String]
    ) -> WorkloadResponse {
        let type = request.value("content-type") ?? ""
        let bodyText = String(decoding: request.body, as: UTF8.self)
        let isForm = type.hasPrefix("application/x-www-form-urlencoded")
        var members: [(String, JSON)] = []
        for key in keys {
            let value: JSON =
                switch key {
                case "args": multi(target.query)
                case "data": .string(isForm ? "" : bodyText)
                case "files": .object(JSONObject())
                case "form": isForm ? multi(Target.pairs(bodyText)) : .object(JSONObject())
                case "headers": headers(request)
                case "json": parsed(request.body)
                case "method": .string(request.method)
                case "origin": .string(origin(request))
                default: .string(base(request) + request.path)
                }
            members.append((key, value))
        }
        return json(members)
    }

    private static func parsed(_ body: [UInt8]) -> JSON {
        guard !body.isEmpty else { return .null }
        let documents = JSONReader.read(body, file: "body")
        guard documents.diagnostics.isEmpty, let first = documents.documents.first else { return .null }
        return first.root.json
    }

    private static func status(_ text: String) -> WorkloadResponse {
        // `/status/200:3,500:1` draws by weight in httpbin; here the first counts, so that predictions hold.
        let code = text.split(separator: ",").first?.split(separator: ":").first.flatMap { Int($0) }
        guard let code, (100...599).contains(code) else {
            return self.text("Invalid status code", "text/html; charset=utf-8", status: 400)
        }
        var response = WorkloadResponse(code < 200 ? 200 : code)
        response.headers = [.init("content-type", "text/html; charset=utf-8")] + access
        switch code {
        case 301, 302, 303, 305, 307: response.headers.append(.init("location", "/redirect/1"))
        case 401: response.headers.append(.init("www-authenticate", "Basic realm=\"Fake Realm\""))
        case 407: response.headers.append(.init("proxy-authenticate", "Basic realm=\"Fake Realm\""))
        case 418:
            response.headers.append(.init("x-more-info", "http://tools.ietf.org/html/rfc2324"))
            response.body = Array(teapot.utf8)
        default: break
        }
        return response
    }

    private static func delay(_ request: WorkloadRequest, _ target: Target, _ text: String) -> WorkloadResponse {
        var response = details(request, target, ["args", "data", "files", "form", "headers", "origin", "url"])
        let seconds = min(max(Double(text) ?? 0, 0), 10)
        response.delay = .milliseconds(Int64(seconds * 1000))
        return response
    }

    private static func bytes(_ text: String) -> WorkloadResponse {
        let count = min(max(Int(text) ?? 0, 0), 100 * 1024)
        var response = WorkloadResponse()
        response.headers = [.init("content-type", "application/octet-stream")] + access
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        response.body = (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        return response
    }

    private static func redirect(_ text: String, _ kind: String, base: String = "") -> WorkloadResponse {
        let count = max(1, Int(text) ?? 1)
        let next = kind == "absolute-redirect" ? "absolute-redirect" : "relative-redirect"
        let location = count == 1 ? "/get" : "/\(next)/\(count - 1)"
        var response = self.text(
            "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<title>Redirecting...</title>\n"
                + "<h1>Redirecting...</h1>\n", "text/html; charset=utf-8", status: 302)
        response.headers.append(.init("location", base + location))
        return response
    }

    private static func redirectTo(_ target: Target) -> WorkloadResponse {
        let url = target.query.first { $0.name == "url" }?.value ?? "/"
        let status = target.query.first { $0.name == "status_code" }.flatMap { Int($0.value) } ?? 302
        var response = text("", "text/html; charset=utf-8", status: (300..<400).contains(status) ? status : 302)
        response.headers.append(.init("location", url.filter { $0.isASCII && !$0.isNewline && $0 != "\0" }))
        return response
    }

    private static func cookies(_ request: WorkloadRequest, _ target: Target, _ parts: [String]) -> WorkloadResponse {
        var found: [(String, JSON)] = []
        for field in request.headers where field.name == "cookie" {
            for pair in field.value.split(separator: ";") {
                let sides = pair.split(separator: "=", maxSplits: 1)
                guard let name = sides.first?.drop(while: { $0 == " " }) else { continue }
                found.append((String(name), .string(sides.count > 1 ? String(sides[1]) : "")))
            }
        }
        if parts.isEmpty { return json([("cookies", sorted(found))]) }
        var made: [(name: String, value: String)] = target.query
        if parts.first == "set", parts.count == 3 { made = [(parts[1], parts[2])] }
        let isDeletion = parts.first == "delete"
        var response = text("", "text/html; charset=utf-8", status: 302)
        response.headers.append(.init("location", "/cookies"))
        for cookie in made {
            let text = "\(cookie.name)=\(isDeletion ? "" : cookie.value)".filter {
                $0.isASCII && !$0.isNewline && $0 != "\0"
            }
            response.headers.append(.init("set-cookie", text + (isDeletion ? "; Max-Age=0; Path=/" : "; Path=/")))
        }
        return response
    }

    private static func basicAuth(
        _ request: WorkloadRequest, _ parts: [String], isHidden: Bool
    ) -> WorkloadResponse {
        let sent = request.value("authorization") ?? ""
        if sent.hasPrefix("Basic "), decoded(sent.dropFirst(6)) == "\(parts[0]):\(parts[1])" {
            return json([("authenticated", .bool(true)), ("user", .string(parts[0]))])
        }
        var response = text("", "text/html; charset=utf-8", status: isHidden ? 404 : 401)
        if !isHidden { response.headers.append(.init("www-authenticate", "Basic realm=\"Fake Realm\"")) }
        return response
    }

    private static func bearer(_ request: WorkloadRequest) -> WorkloadResponse {
        let sent = request.value("authorization") ?? ""
        if sent.hasPrefix("Bearer ") {
            return json([("authenticated", .bool(true)), ("token", .string(String(sent.dropFirst(7))))])
        }
        var response = text("", "text/html; charset=utf-8", status: 401)
        response.headers.append(.init("www-authenticate", "Bearer"))
        return response
    }

    private static func responseHeaders(_ target: Target) -> WorkloadResponse {
        var response = json(target.query.map { ($0.name, .string($0.value)) })
        for pair in target.query {
            let name = pair.name.lowercased()
            guard !name.isEmpty, name.utf8.allSatisfy(ByteClass.isToken),
                pair.value.utf8.allSatisfy(ByteClass.isFieldValue),
                !["content-length", "transfer-encoding", "connection"].contains(name)
            else { continue }
            response.headers.append(.init(name, pair.value))
        }
        return response
    }

    private static func stream(_ request: WorkloadRequest, _ target: Target, _ text: String) -> WorkloadResponse {
        var response = WorkloadResponse()
        response.headers = [.init("content-type", "application/json")] + access
        for number in 0..<min(max(Int(text) ?? 0, 0), 100) {
            let line = sorted([
                ("args", multi(target.query)), ("headers", headers(request)), ("id", .int(Int64(number))),
                ("origin", .string(origin(request))), ("url", .string(base(request) + request.path)),
            ])
            response.body += Array((line.text() + "\n").utf8)
        }
        return response
    }

    private static func page(_ request: WorkloadRequest) -> WorkloadResponse {
        text(
            "<!DOCTYPE html>\n<html><head><title>httpbin</title></head><body><h1>httpbin</h1></body></html>\n",
            "text/html; charset=utf-8")
    }

    /// The same request gives the same id, so that a prediction holds.
    private static func uuid(of request: WorkloadRequest) -> String {
        var state: UInt64 = 14_695_981_039_346_656_037
        for byte in (request.value("x-request-id") ?? request.path).utf8 {
            state = (state ^ UInt64(byte)) &* 1_099_511_628_211
        }
        var digits: [Character] = []
        for index in 0..<32 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let digit = index == 12 ? 4 : index == 16 ? 8 + Int(state >> 62) : Int(state >> 60)
            digits.append(Array("0123456789abcdef")[digit])
            if [7, 11, 15, 19].contains(index) { digits.append("-") }
        }
        return String(digits)
    }
}

/// The text behind a base 64 value, as far as it is one.
private func decoded(_ text: some StringProtocol) -> String? {
    Base64.decode(text).map { String(decoding: $0, as: UTF8.self) }
}

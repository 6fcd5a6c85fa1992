/// Makes the requests of a section.
struct RequestBuilder {
    let section: CurlSection
    let globals: CurlGlobals
    let context: ReplayContext
    let standardInput: String?
    private(set) var notes: [CurlNote] = []

    /// The program that curl says it is.
    static let userAgent = "curl/7.88.1"
    /// What a real curl draws at random.
    static let boundary = "------------------------6d65736874a5a5a5"

    init(_ section: CurlSection, _ globals: CurlGlobals, _ context: ReplayContext, standardInput: String?) {
        self.section = section
        self.globals = globals
        self.context = context
        self.standardInput = standardInput
    }

    mutating func transfers() throws(CurlError) -> [CurlTransfer] {
        if section.isHead, section.data != nil, !section.isGet {
            throw CurlError(
                "you can only select one HTTP request method: -I asks for HEAD, -d for POST", at: section.place,
                hint: "-X HEAD, or -G to move the data into the address")
        }
        if section.data != nil, !section.forms.isEmpty {
            throw CurlError("you can only select one HTTP request method: -d and -F are both there", at: section.place)
        }
        guard !section.addresses.isEmpty else {
            throw CurlError("there is no address", at: section.place, hint: "curl needs a URL")
        }
        var transfers: [CurlTransfer] = []
        for (index, address) in section.addresses.enumerated() {
            let expansions =
                section.noGlob
                ? [URLGlob.Expansion(text: address.text, pieces: [])]
                : try URLGlob.expand(address.text, at: address.place)
            for expansion in expansions {
                guard transfers.count < ReplayContext.mostRequests else {
                    throw CurlError("more than \(ReplayContext.mostRequests) addresses", at: address.place)
                }
                let upload = index < section.uploads.count ? section.uploads[index] : nil
                let request = try request(expansion.text, upload: upload, at: address.place)
                var output = output()
                if index < section.outputs.count {
                    output.file = Self.fileName(section.outputs[index].text, expansion.pieces)
                } else if section.remoteNames {
                    output.file = request.url.path.split(separator: "/").last.map(String.init) ?? "curl_response"
                }
                var redirects = section.redirects
                redirects.customMethod = section.method != nil
                transfers.append(
                    CurlTransfer(request: request, output: output, redirects: redirects, place: address.place))
            }
        }
        return transfers
    }

    private func output() -> CurlOutput {
        var output = CurlOutput()
        output.isSilent = globals.isSilent
        output.showsErrors = globals.showsErrors
        output.isVerbose = globals.isVerbose
        output.includesHeaders = section.includes || section.isHead
        output.isHeadOnly = section.isHead
        output.fails = section.fails
        output.failsWithBody = section.failsWithBody
        output.dumpsHeadersTo = section.dumpsHeadersTo
        output.writeOut = section.writeOut
        output.isCompressed = section.isCompressed
        return output
    }

    /// `#1` in the name of `-o` is what the first pattern stood for.
    private static func fileName(_ text: String, _ pieces: [String]) -> String {
        var name = text
        for (index, piece) in pieces.enumerated().reversed() { name = name.replacing("#\(index + 1)", with: piece) }
        return name
    }

    // MARK: The request

    private mutating func request(
        _ address: String, upload: CurlSection.Placed?, at place: TextPlace
    ) throws(CurlError) -> CurlRequest {
        var text = address
        if text.contains("&amp;") {
            text = text.replacing("&amp;", with: "&")
            notes.append(CurlNote("decoded &amp; in the address", at: place))
        }
        var url = try CurlURL.parse(
            text, at: place, pathAsIs: section.pathAsIs, defaultScheme: section.defaultScheme)
        var queries = section.queries
        // -G takes the place of --url-query (curl 7.88).
        if section.isGet, let data = section.data { queries = [String(decoding: data, as: UTF8.self)] }
        for query in queries {
            if query.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) {
                throw CurlError(
                    "the data for the address has a blank or a control character in it", at: place,
                    hint: "--data-urlencode encodes it", exitCode: 3)
            }
            let added = Self.lowerCaseEscapes(query)
            url.query = url.query.map { $0.isEmpty ? added : $0 + "&" + added } ?? added
        }
        var body: [UInt8]?
        var method = section.isHead ? "HEAD" : "GET"
        var contentType: String?
        if let upload {
            method = section.isHead ? "HEAD" : "PUT"
            body = fileBytes(upload)
            if url.path.hasSuffix("/"), let name = upload.text.split(separator: "/").last, upload.text != "-" {
                url.path += Self.escaped(String(name))
            }
        } else if !section.forms.isEmpty {
            method = "POST"
            body = try multipart()
            contentType = "multipart/form-data; boundary=" + Self.boundary
        } else if let data = section.data, !section.isGet {
            method = "POST"
            body = data
            contentType = "application/x-www-form-urlencoded"
        }
        method = section.method ?? method
        var request = CurlRequest(
            url: url, method: method, target: section.requestTarget ?? url.target, headers: [], body: body,
            version: version(of: url), connection: try connection(to: url))
        request.headers = headers(of: request, contentType: contentType, isUpload: upload != nil)
        return request
    }

    private func version(of url: CurlURL) -> CurlRequest.Version {
        if let version = section.version { return version }
        // By default curl offers HTTP/2 in the handshake and takes what the server picks.
        return url.isTLS && section.alpn ? .http2 : .http11
    }

    mutating func file(_ path: String, at place: TextPlace) -> [UInt8] {
        fileBytes(CurlSection.Placed(text: path, place: place))
    }

    private mutating func fileBytes(_ file: CurlSection.Placed) -> [UInt8] {
        let bytes = file.text == "-" ? standardInput.map { Array($0.utf8) } : context.file(file.text)
        guard let bytes else {
            notes.append(CurlNote("the file \(file.text) is not readable: taken as empty", at: file.place))
            return []
        }
        return bytes
    }

    /// curl writes the escapes of an appended query in lower case.
    static func lowerCaseEscapes(_ text: String) -> String {
        guard text.contains("%") else { return text }
        var bytes = Array(text.utf8)
        for index in bytes.indices where bytes[index] == 0x25 {
            for digit in [index + 1, index + 2] where digit < bytes.count && (0x41...0x46).contains(bytes[digit]) {
                bytes[digit] |= 0x20
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func escaped(_ text: String) -> String {
        CurlOptionReader.formEncoded(Array(text.utf8)).replacing("+", with: "%20")
    }

    // MARK: Headers, in the order in which curl 7.88 sends them

    private struct Custom {
        var name: String
        /// `nil` removes the header.
        var line: String?
    }

    private func customHeaders() -> [Custom] {
        section.headers.compactMap { header in
            let text = header.text
            if let colon = text.firstIndex(of: ":"), colon > text.startIndex {
                let name = String(text[..<colon])
                let value = text[text.index(after: colon)...]
                let isBlank = value.allSatisfy { $0 == " " || $0 == "\t" }
                return Custom(name: name, line: isBlank ? nil : text)
            }
            if !text.contains(":"), let end = text.firstIndex(of: ";"), end > text.startIndex {
                let rest = text[text.index(after: end)...]
                guard rest.allSatisfy({ $0 == " " || $0 == "\t" }) else { return nil }
                let name = String(text[..<end])
                return Custom(name: name, line: name + ":")
            }
            return nil
        }
    }

    func headers(of request: CurlRequest, contentType: String?, isUpload: Bool) -> [CurlRequest.Header] {
        typealias Header = CurlRequest.Header
        var customs = customHeaders()
        if section.isJSON {
            for (name, value) in [("Content-Type", "application/json"), ("Accept", "application/json")]
            where !customs.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                customs.append(Custom(name: name, line: "\(name): \(value)"))
            }
        }
        func isGiven(_ name: String) -> Bool { customs.contains { $0.name.lowercased() == name } }
        func given(_ name: String) -> String? { customs.first { $0.name.lowercased() == name }?.line }
        var headers: [Header] = []
        func add(_ name: String, _ value: String?) {
            guard let value, !isGiven(name.lowercased()) else { return }
            headers.append(Header(name, value))
        }
        if isGiven("host") {
            if let custom = customs.first(where: { $0.name.lowercased() == "host" }), let line = custom.line {
                headers.append(Header(name: custom.name, line: line))
            }
        } else {
            headers.append(Header("Host", request.url.hostHeader))
        }
        add("Authorization", authorization(for: request.url))
        if let range = section.range {
            if request.method == "GET" || request.method == "HEAD" {
                add("Range", "bytes=" + range)
            } else {
                add("Content-Range", "bytes \(range)/\(request.body?.count ?? 0)")
            }
        }
        if section.userAgent != "" { add("User-Agent", section.userAgent ?? Self.userAgent) }
        add("Accept", "*/*")
        if section.asksTransferEncoding {
            headers.append(Header("Connection", "TE"))
            headers.append(Header("TE", "gzip"))
        }
        if section.isCompressed { add("Accept-Encoding", "deflate, gzip, br, zstd") }
        if let referer = section.referer { add("Referer", referer) }
        if request.version == .http2, !request.isTLS {
            headers.append(Header("Connection", "Upgrade, HTTP2-Settings"))
            headers.append(Header("Upgrade", "h2c"))
            headers.append(Header("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA"))
        }
        if !section.cookies.isEmpty { add("Cookie", section.cookies.joined(separator: ";")) }
        if let etag = section.etag {
            add("If-None-Match", etag.split(whereSeparator: \.isNewline).first.map(String.init) ?? "\"\"")
        }
        let isChunked = given("transfer-encoding")?.lowercased().contains("chunked") == true
        for custom in customs {
            guard let line = custom.line, custom.name.lowercased() != "host" else { continue }
            if !section.forms.isEmpty, custom.name.lowercased() == "content-type" { continue }
            headers.append(Header(name: custom.name, line: line))
        }
        if let body = request.body {
            if !isChunked { add("Content-Length", "\(body.count)") }
            if !section.forms.isEmpty, let line = given("content-type") {
                headers.append(Header(name: "Content-Type", line: line + "; boundary=" + Self.boundary))
            } else {
                add("Content-Type", contentType)
            }
            if body.count > 1 << 20 || isUpload && !body.isEmpty && request.version != .http10 {
                add("Expect", "100-continue")
            }
        }
        return headers
    }

    private func authorization(for url: CurlURL) -> String? {
        if let bearer = section.bearer { return "Bearer " + bearer }
        guard section.announcedScheme == nil else { return nil }
        if let user = section.user {
            return "Basic " + Base64.encoded(Array((user.contains(":") ? user : user + ":").utf8))
        }
        guard let user = url.user else { return nil }
        return "Basic " + Base64.encoded(Array("\(user):\(url.password ?? "")".utf8))
    }
}

enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text behind a Base64 value; `nil` when it is none, or no text.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != 0x3D {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        guard encoded(bytes) == String(text) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    static func encoded(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let chunk = bytes[index..<min(index + 3, bytes.count)]
            var bits = chunk.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            bits <<= UInt32(8 * (3 - chunk.count))
            for position in 0..<4 {
                let isPadding = position > chunk.count
                result.append(isPadding ? 0x3D : alphabet[Int(bits >> UInt32(18 - 6 * position) & 63)])
            }
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }
}

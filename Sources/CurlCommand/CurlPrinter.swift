/// Quoting for a POSIX shell.
package enum ShellQuoting {
    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%".unicodeScalars)

    /// The word as it is when nothing in it means anything to a shell, else in single quotes.
    package static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy(plain.contains)
        return isPlain ? text : always(text)
    }

    /// The word in quotes: `'…'`, or `$'…'` when it holds control characters.
    package static func always(_ text: String) -> String {
        let hasControls = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard hasControls else { return "'" + text.replacing("'", with: "'\\''") + "'" }
        var result = "$'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "'": result += "\\'"
            case "\\": result += "\\\\"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let hex = String(scalar.value, radix: 16)
                    result += "\\x" + (hex.count < 2 ? "0" : "") + hex
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "'"
    }
}

/// Writes a transfer as a curl line that reads back as the same transfer: "copy as curl".
package struct CurlPrinter: Sendable {
    package enum Style: Sendable {
        /// `-H 'Host: x'`.
        case plain
        /// `-HHost:x` where no quotes are needed, as tutorials write it.
        case short
    }

    package var style: Style

    package init(style: Style = .plain) { self.style = style }

    package func line(_ transfer: CurlTransfer) -> String {
        let request = transfer.request
        var words = ["curl"]
        words += switches(transfer.output)
        words += method(request, transfer)
        words += version(request)
        words += headers(request)
        words += body(request)
        words += connection(request)
        words += redirects(transfer.redirects)
        if let file = transfer.output.file { words += ["-o", ShellQuoting.quoted(file)] }
        if let file = transfer.output.dumpsHeadersTo { words += ["-D", ShellQuoting.quoted(file)] }
        if let format = transfer.output.writeOut {
            // An "@" in front would name a file.
            words += ["-w", ShellQuoting.always(format)]
        }
        if request.target != request.url.target {
            words += ["--request-target", ShellQuoting.always(request.target)]
        }
        let isSquashed = CurlURL.withoutDotSegments(request.url.path) == request.url.path
        if transfer.redirects.pathAsIs || !isSquashed { words.append("--path-as-is") }
        let address = address(request.url)
        if address.contains(where: { "{}[]".contains($0) }) { words.append("-g") }
        words.append(ShellQuoting.always(address))
        if let file = transfer.output.redirectedTo { words += [">", ShellQuoting.quoted(file)] }
        if let pipe = transfer.output.pipedTo { words += ["|", ShellQuoting.quoted(pipe)] }
        return words.joined(separator: " ")
    }

    /// The line for a request that was made up, not pasted: a route's witness, a tapped request.
    package func line(_ request: CurlRequest) -> String {
        line(
            CurlTransfer(
                request: request, output: CurlOutput(), redirects: CurlRedirects(), place: TextPlace()))
    }

    private func address(_ url: CurlURL) -> String {
        guard let user = url.user else { return url.description }
        func escaped(_ text: String) -> String { RequestBuilder.escaped(text) }
        let credentials = escaped(user) + (url.password.map { ":" + escaped($0) } ?? "")
        return url.description.replacing("://", with: "://\(credentials)@", maxReplacements: 1)
    }

    private func switches(_ output: CurlOutput) -> [String] {
        var words: [String] = []
        if output.isSilent { words.append("-s") }
        if output.showsErrors { words.append("-S") }
        if output.isVerbose { words.append("-v") }
        if output.isHeadOnly { words.append("-I") } else if output.includesHeaders { words.append("-i") }
        if output.fails { words.append("-f") }
        if output.failsWithBody { words.append("--fail-with-body") }
        if output.isCompressed { words.append("--compressed") }
        return words
    }

    private func method(_ request: CurlRequest, _ transfer: CurlTransfer) -> [String] {
        let implied = transfer.output.isHeadOnly ? "HEAD" : request.body == nil ? "GET" : "POST"
        guard request.method != implied || transfer.redirects.customMethod else { return [] }
        return ["-X", ShellQuoting.quoted(request.method)]
    }

    private func version(_ request: CurlRequest) -> [String] {
        switch request.version {
        case .http10: return ["-0"]
        case .http11: return request.isTLS && !request.connection.alpn.isEmpty ? ["--http1.1"] : []
        case .http2: return request.isTLS && !request.connection.alpn.isEmpty ? [] : ["--http2"]
        case .http2PriorKnowledge: return ["--http2-prior-knowledge"]
        case .http3: return ["--http3"]
        }
    }

    /// All headers that curl would not send by itself, in their order, and the removal of those it would.
    private func headers(_ request: CurlRequest) -> [String] {
        var words: [String] = []
        func add(_ text: String) {
            let isPlain = text.unicodeScalars.allSatisfy { $0 != " " && $0 != "'" } && ShellQuoting.quoted(text) == text
            words.append(style == .short && isPlain ? "-H" + text : "-H " + ShellQuoting.always(text))
        }
        func option(_ header: CurlRequest.Header) -> String {
            // "Name:" with nothing would remove it: "Name;" sends it empty.
            header.value.isEmpty ? header.name + ";" : header.line
        }
        func has(_ name: String) -> Bool { request.headers.contains { $0.name.lowercased() == name } }
        let section = RequestBuilder.section(of: request)
        words += slots(section)
        var expected = RequestBuilder.internalHeaders(of: request, section)
        var customs: [CurlRequest.Header] = []
        for header in request.headers {
            if let index = expected.firstIndex(of: header) {
                expected.remove(at: index)
            } else {
                customs.append(header)
            }
        }
        for missing in expected where !has(missing.name.lowercased()) { add(missing.name + ":") }
        for header in customs { add(option(header)) }
        return words
    }

    /// Options for headers that stand where the option puts them and not where `-H` would.
    private func slots(_ section: CurlSection) -> [String] {
        var words: [String] = []
        if let user = section.user { words += ["-u", ShellQuoting.quoted(user)] }
        if let token = section.bearer { words += ["--oauth2-bearer", ShellQuoting.quoted(token)] }
        if let range = section.range { words += ["-r", ShellQuoting.quoted(range)] }
        if let agent = section.userAgent { words += ["-A", ShellQuoting.always(agent)] }
        if section.asksTransferEncoding { words.append("--tr-encoding") }
        if let referer = section.referer { words += ["-e", ShellQuoting.always(referer)] }
        for cookie in section.cookies { words += ["-b", ShellQuoting.always(cookie)] }
        return words
    }

    private func body(_ request: CurlRequest) -> [String] {
        guard let body = request.body else { return [] }
        return ["--data-raw", ShellQuoting.always(String(decoding: body, as: UTF8.self))]
    }

    private func connection(_ request: CurlRequest) -> [String] {
        let connection = request.connection
        var words: [String] = []
        let host = request.url.host.lowercased()
        if connection.host != host || connection.port != request.url.port {
            let target = connection.host.contains(":") ? "[\(connection.host)]" : connection.host
            words += ["--connect-to", "::\(target):\(connection.port)"]
        }
        if !connection.addresses.isEmpty, connection.addresses != [connection.host] {
            let list = connection.addresses.map { $0.contains(":") ? "[\($0)]" : $0 }.joined(separator: ",")
            words += ["--resolve", ShellQuoting.quoted("\(connection.host):\(connection.port):\(list)")]
        }
        if connection.isInsecure { words.append("-k") }
        if request.isTLS, connection.alpn.isEmpty { words.append("--no-alpn") }
        if let file = connection.clientCertificate { words += ["--cert", ShellQuoting.quoted(file)] }
        if let proxy = connection.proxy { words += ["-x", ShellQuoting.quoted(proxy)] }
        if let address = connection.proxyProtocol {
            words += address.isEmpty ? ["--haproxy-protocol"] : ["--haproxy-clientip", ShellQuoting.quoted(address)]
        }
        if let path = connection.unixSocket { words += ["--unix-socket", ShellQuoting.quoted(path)] }
        if let seconds = connection.maxTime { words += ["-m", "\(seconds)"] }
        return words
    }

    private func redirects(_ redirects: CurlRedirects) -> [String] {
        var words: [String] = []
        if redirects.trustsHosts { words.append("--location-trusted") } else if redirects.follows { words.append("-L") }
        if redirects.most != 50 { words += ["--max-redirs", redirects.most == .max ? "-1" : "\(redirects.most)"] }
        for status in redirects.keepsPost.sorted() { words.append("--post\(status)") }
        return words
    }
}

extension RequestBuilder {
    /// The options behind those headers of a request that stand in the places of options.
    static func section(of request: CurlRequest) -> CurlSection {
        var section = CurlSection()
        section.data = request.body
        section.isCompressed = request.headers.contains(
            CurlRequest.Header("Accept-Encoding", "deflate, gzip, br, zstd"))
        var headers = request.headers[...]
        func take(_ name: String, _ isFit: (String) -> Bool = { _ in true }) -> String? {
            guard let first = headers.first, first.name == name, first.line == "\(name): \(first.value)",
                isFit(first.value),
                // Several of a name can only come from -H.
                name == "Connection"
                    || !headers.dropFirst().contains(where: { $0.name.lowercased() == name.lowercased() })
            else { return nil }
            headers = headers.dropFirst()
            return first.value
        }
        if headers.first?.name.lowercased() == "host" { headers = headers.dropFirst() }
        let ofAddress = request.url.user.map { Array("\($0):\(request.url.password ?? "")".utf8) }
        if let ofAddress, take("Authorization", { $0 == "Basic " + Base64.encoded(ofAddress) }) != nil {
            section.user = nil
        } else if let basic = take(
            "Authorization", { $0.hasPrefix("Basic ") && Base64.decoded($0.dropFirst(6)) != nil })
        {
            section.user = Base64.decoded(basic.dropFirst(6))
        } else if let bearer = take("Authorization", { $0.hasPrefix("Bearer ") }) {
            section.bearer = String(bearer.dropFirst(7))
        }
        if let range = take("Range", { $0.hasPrefix("bytes=") }) { section.range = String(range.dropFirst(6)) }
        let length = "/\(request.body?.count ?? 0)"
        if let range = take("Content-Range", { $0.hasPrefix("bytes ") && $0.hasSuffix(length) }) {
            section.range = String(range.dropFirst(6).dropLast(length.count))
        }
        if let agent = take("User-Agent"), agent != userAgent { section.userAgent = agent }
        _ = take("Accept") { $0 == "*/*" }
        section.asksTransferEncoding = take("Connection") { $0 == "TE" } != nil && take("TE") { $0 == "gzip" } != nil
        if section.isCompressed { _ = take("Accept-Encoding") }
        section.referer = take("Referer") { !$0.isEmpty && !$0.hasSuffix(";auto") }
        if let cookie = take("Cookie", { $0.contains("=") }) { section.cookies = [cookie] }
        return section
    }

    /// What curl sends for the same request by itself and by the options of the section, in its order.
    static func internalHeaders(of request: CurlRequest, _ section: CurlSection) -> [CurlRequest.Header] {
        let builder = RequestBuilder(section, CurlGlobals(), ReplayContext(), standardInput: nil)
        return builder.headers(
            of: request, contentType: request.body == nil ? nil : "application/x-www-form-urlencoded", isUpload: false)
    }
}

extension RequestBuilder {
    /// `--resolve`, `--connect-to`, TLS and the rest of the way to the server.
    func connection(to url: CurlURL) throws(CurlError) -> CurlRequest.Connection {
        var host = url.host.lowercased()
        var port = url.port
        for entry in section.connectTo {
            guard let rule = Self.fields(entry.text), rule.count == 4 else {
                throw CurlError(
                    "--connect-to wants HOST1:PORT1:HOST2:PORT2, not \"\(entry.text)\"", at: entry.place, exitCode: 49)
            }
            guard rule[0].isEmpty || rule[0].lowercased() == host, rule[1].isEmpty || Int(rule[1]) == port else {
                continue
            }
            if !rule[2].isEmpty { host = rule[2].lowercased() }
            if let number = Int(rule[3]) { port = number }
            break
        }
        var addresses: [String] = []
        for entry in section.resolve { try apply(entry, host: host, port: port, &addresses) }
        let isAddress = CurlURL.normalizedIPv4(host) != nil || host.contains(":")
        if addresses.isEmpty, isAddress { addresses = [host] }
        let isNamed = CurlURL.normalizedIPv4(url.host) == nil && !url.isIPv6
        var name = url.host.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        return CurlRequest.Connection(
            host: host, port: port, addresses: addresses, sni: url.isTLS && isNamed ? name : nil, alpn: alpn(url),
            isInsecure: section.isInsecure, clientCertificate: section.certificate, proxy: section.proxy,
            proxyProtocol: section.proxyProtocol, unixSocket: section.unixSocket, maxTime: section.maxTime)
    }

    private func alpn(_ url: CurlURL) -> [String] {
        guard url.isTLS, section.alpn else { return [] }
        switch section.version {
        case .http10: return ["http/1.0"]
        case .http11: return ["http/1.1"]
        case .http2PriorKnowledge: return ["h2"]
        case .http3: return ["h3"]
        case .http2, nil: return ["h2", "http/1.1"]
        }
    }

    /// `[+]HOST:PORT:ADDRESS[,ADDRESS]…` and `-HOST:PORT`.
    private func apply(
        _ entry: CurlSection.Placed, host: String, port: Int, _ addresses: inout [String]
    ) throws(CurlError) {
        var text = entry.text[...]
        let removes = text.hasPrefix("-")
        if removes || text.hasPrefix("+") { text = text.dropFirst() }
        let pieces = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        // An IPv6 key would be in brackets; names have no colon.
        let key = text.hasPrefix("[") ? bracketed(text) : nil
        let name = key?.name ?? pieces.first.map(String.init) ?? ""
        let rest = key?.rest ?? (pieces.count > 1 ? pieces.dropFirst().joined(separator: ":") : "")
        let tail = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard !name.isEmpty, let number = tail.first.flatMap({ Int($0) }), (0...65535).contains(number) else {
            throw CurlError(
                "--resolve wants HOST:PORT:ADDRESS, not \"\(entry.text)\"", at: entry.place, exitCode: 49)
        }
        let matches = (name == "*" || name.lowercased() == host) && number == port
        if removes {
            if matches { addresses = [] }
            return
        }
        let list = tail.count > 1 ? tail[1].split(separator: ",").map(String.init) : []
        guard !list.isEmpty else {
            throw CurlError(
                "--resolve \"\(entry.text)\" has no address", at: entry.place,
                hint: "is the variable for the address unset?", exitCode: 49)
        }
        let bare = list.map { $0.hasPrefix("[") ? String($0.dropFirst().prefix { $0 != "]" }) : $0 }
        for address in bare where CurlURL.normalizedIPv4(address) == nil && !address.contains(":") {
            throw CurlError(
                "--resolve needs an address, \"\(address)\" is a name", at: entry.place,
                hint: "--connect-to takes names", exitCode: 49)
        }
        if matches, name != "*" || addresses.isEmpty { addresses = bare }
    }

    private func bracketed(_ text: Substring) -> (name: String, rest: String)? {
        guard let close = text.firstIndex(of: "]") else { return nil }
        let name = String(text[text.index(after: text.startIndex)..<close])
        return (name, String(text[text.index(after: close)...].drop { $0 == ":" }))
    }

    /// Fields between colons; brackets keep an IPv6 address together.
    private static func fields(_ text: String) -> [String]? {
        var fields = [""]
        var inBrackets = false
        for character in text {
            switch character {
            case "[": inBrackets = true
            case "]": inBrackets = false
            case ":" where !inBrackets: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return inBrackets ? nil : fields
    }

    // MARK: -F

    mutating func multipart() throws(CurlError) -> [UInt8] {
        var bytes: [UInt8] = []
        let type = section.headers.first { $0.text.lowercased().hasPrefix("content-type:") }?.text.lowercased()
        let disposition = type?.contains("multipart/form-data") == false ? "attachment" : "form-data"
        for form in section.forms {
            guard let equals = form.text.firstIndex(of: "=") else {
                throw CurlError("-F wants name=content, not \"\(form.text)\"", at: form.place)
            }
            let name = form.text[..<equals]
            let part = formPart(form, String(form.text[form.text.index(after: equals)...]))
            bytes += Array("--\(Self.boundary)\r\nContent-Disposition: \(disposition); name=\"\(name)\"".utf8)
            if let file = part.fileName { bytes += Array("; filename=\"\(file)\"".utf8) }
            bytes += Array("\r\n".utf8)
            if let type = part.type { bytes += Array("Content-Type: \(type)\r\n".utf8) }
            bytes += [0x0D, 0x0A] + part.content + [0x0D, 0x0A]
        }
        return bytes + Array("--\(Self.boundary)--\r\n".utf8)
    }

    private struct FormContent {
        var content: [UInt8]
        var fileName: String?
        var type: String?
    }

    private mutating func formPart(_ form: CurlSection.FormPart, _ value: String) -> FormContent {
        if form.isLiteral { return FormContent(content: Array(value.utf8)) }
        let pieces = value.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        let isFile = value.hasPrefix("@")
        let isRead = value.hasPrefix("<")
        var content = FormContent(content: [])
        var text = pieces.first ?? ""
        for piece in pieces.dropFirst() {
            let option = piece.drop { $0 == " " }
            if option.hasPrefix("type=") {
                content.type = String(option.dropFirst(5))
            } else if option.hasPrefix("filename=") {
                content.fileName = option.dropFirst(9).filter { $0 != "\"" }
            } else if !isFile && !isRead {
                text += ";" + piece
            }
        }
        guard isFile || isRead else {
            let quoted = text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
            content.content = Array((quoted ? String(text.dropFirst().dropLast()) : text).utf8)
            return content
        }
        let path = String(text.dropFirst())
        content.content = file(path, at: form.place)
        if isFile {
            content.fileName = content.fileName ?? path.split(separator: "/").last.map(String.init)
            content.type = content.type ?? Self.type(of: path)
        }
        return content
    }

    private static func type(of path: String) -> String {
        let types = [
            "gif": "image/gif", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "svg": "image/svg+xml",
            "txt": "text/plain", "htm": "text/html", "html": "text/html", "pdf": "application/pdf",
            "xml": "application/xml",
        ]
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return types[ending] ?? "application/octet-stream"
    }
}

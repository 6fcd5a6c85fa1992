/// Reads the words behind `curl` into sections.
struct CurlOptionReader {
    typealias Word = ShellRun.Word

    let context: ReplayContext
    let standardInput: String?
    private(set) var sections = [CurlSection()]
    private(set) var globals = CurlGlobals()
    private(set) var notes: [CurlNote] = []
    private var configDepth = 0
    private var onlyOperands = false

    init(context: ReplayContext, standardInput: String? = nil) {
        self.context = context
        self.standardInput = standardInput
    }

    private var section: CurlSection {
        get { sections[sections.count - 1] }
        set { sections[sections.count - 1] = newValue }
    }

    private mutating func note(_ message: String, at place: TextPlace) {
        notes.append(CurlNote(message, at: place))
    }

    mutating func read(_ words: some Sequence<Word>) throws(CurlError) {
        var rest = Array(words)[...]
        while let word = rest.popFirst() {
            let text = word.text
            if onlyOperands || text == "-" || !text.hasPrefix("-") {
                section.addresses.append(CurlSection.Address(text: text, place: word.place))
            } else if text == "--" {
                onlyOperands = true
            } else if text.hasPrefix("--") {
                try readLong(word, &rest)
            } else {
                try readShort(word, &rest)
            }
        }
    }

    private mutating func readLong(_ word: Word, _ rest: inout ArraySlice<Word>) throws(CurlError) {
        var name = String(word.text.dropFirst(2))
        var attached: String?
        if let equals = name.firstIndex(of: "="), CurlOption.byName[name] == nil {
            attached = String(name[name.index(after: equals)...])
            name = String(name[..<equals])
        }
        let (option, isOn) = try option(name, at: word.place)
        switch option.value {
        case .text:
            if let attached {
                try apply(option.name, Word(text: attached, place: word.place))
            } else {
                try apply(option.name, next("--" + option.name, word, &rest))
            }
        case .flag, .bare:
            if let attached {
                throw CurlError(
                    "--\(option.name) takes no value, but got \"\(attached)\"", at: word.place)
            }
            try apply(option.name, isOn: isOn, at: word.place)
        }
    }

    private func option(_ name: String, at place: TextPlace) throws(CurlError) -> (CurlOption, isOn: Bool) {
        switch CurlOption.lookUp(name) {
        case .found(let option, let isOn): return (option, isOn)
        case .ambiguous(let names):
            throw CurlError(
                "option --\(name) is ambiguous", at: place,
                hint: "it could be " + names.prefix(4).map { "--" + $0 }.joined(separator: ", "))
        case .unknown(let nearest):
            throw CurlError(
                "option --\(name) is unknown", at: place, hint: nearest.map { "did you mean --\($0)?" })
        }
    }

    private func next(_ option: String, _ word: Word, _ rest: inout ArraySlice<Word>) throws(CurlError) -> Word {
        guard let value = rest.popFirst() else {
            throw CurlError("option \(option) needs a value", at: word.place)
        }
        return value
    }

    private mutating func readShort(_ word: Word, _ rest: inout ArraySlice<Word>) throws(CurlError) {
        var letters = Array(word.text.unicodeScalars.dropFirst())[...]
        var offset = 1
        while let letter = letters.popFirst() {
            let place = TextPlace(line: word.place.line, column: word.place.column + offset)
            offset += 1
            guard let option = CurlOption.byShort[letter] else {
                throw CurlError("option -\(letter) is unknown", at: place)
            }
            guard option.value == .text else {
                try apply(option.name, isOn: true, at: place)
                continue
            }
            if letters.isEmpty {
                try apply(option.name, next("-\(letter)", word, &rest))
            } else {
                var view = String.UnicodeScalarView()
                view.append(contentsOf: letters)
                try apply(option.name, Word(text: String(view), place: word.place))
            }
            return
        }
    }

    // MARK: Switches

    private mutating func apply(_ name: String, isOn: Bool, at place: TextPlace) throws(CurlError) {
        switch name {
        case "next":
            sections.append(CurlSection())
        case "silent": globals.isSilent = isOn
        case "show-error": globals.showsErrors = isOn
        case "verbose": globals.isVerbose = isOn
        case "parallel": globals.isParallel = isOn
        case "head":
            section.isHead = isOn
            section.place = place
        case "get": section.isGet = isOn
        case "globoff": section.noGlob = isOn
        case "include", "show-headers": section.includes = isOn
        case "insecure": section.isInsecure = isOn
        case "location": section.redirects.follows = isOn
        case "follow": section.redirects.follows = isOn
        case "location-trusted":
            section.redirects.follows = isOn
            section.redirects.trustsHosts = isOn
        case "post301": section.redirects.keepsPost.insert(301)
        case "post302": section.redirects.keepsPost.insert(302)
        case "post303": section.redirects.keepsPost.insert(303)
        case "path-as-is":
            section.pathAsIs = isOn
            section.redirects.pathAsIs = isOn
        case "compressed": section.isCompressed = isOn
        case "tr-encoding": section.asksTransferEncoding = isOn
        case "fail": section.fails = isOn
        case "fail-with-body": section.failsWithBody = isOn
        case "remote-name", "remote-name-all": section.remoteNames = isOn
        case "out-null": section.outputs.append(CurlSection.Placed(text: "/dev/null", place: place))
        case "alpn": section.alpn = isOn
        case "http1.0": section.version = .http10
        case "http1.1": section.version = .http11
        case "http2": section.version = .http2
        case "http2-prior-knowledge": section.version = .http2PriorKnowledge
        case "http3", "http3-only": section.version = .http3
        case "haproxy-protocol": section.proxyProtocol = isOn ? "" : nil
        case "digest", "ntlm", "negotiate", "anyauth":
            section.announcedScheme = name
            note("--\(name) answers a challenge: the first request goes without it", at: place)
        case "basic": section.announcedScheme = nil
        case "help", "manual", "version":
            throw CurlError("--\(name) sends nothing", at: place, exitCode: 0)
        case "netrc", "netrc-optional": note(".netrc is not read", at: place)
        default: break
        }
    }

    // MARK: Values

    private mutating func apply(_ name: String, _ value: Word) throws(CurlError) {
        let text = value.text
        let place = value.place
        let placed = CurlSection.Placed(text: text, place: place)
        switch name {
        case "url": section.addresses.append(CurlSection.Address(text: text, place: place))
        case "header": try addHeader(value)
        case "request": section.method = text
        case "data", "data-ascii": addData(fileOrText(text, stripping: true, place))
        case "data-binary": addData(fileOrText(text, stripping: false, place))
        case "data-raw": addData(Array(text.utf8))
        case "data-urlencode": addData(urlEncoded(text, place))
        case "json":
            addData(fileOrText(text, stripping: false, place), joined: false)
            section.isJSON = true
        case "url-query": section.queries.append(queryPart(text, place))
        case "form": section.forms.append(CurlSection.FormPart(text: text, isLiteral: false, place: place))
        case "form-string": section.forms.append(CurlSection.FormPart(text: text, isLiteral: true, place: place))
        case "upload-file": section.uploads.append(placed)
        case "user-agent": section.userAgent = text
        case "referer":
            section.autoReferer = text.hasSuffix(";auto")
            let bare = section.autoReferer ? String(text.dropLast(5)) : text
            section.referer = bare.isEmpty && section.autoReferer ? nil : bare
        case "cookie": addCookies(text, place)
        case "user": section.user = text
        case "oauth2-bearer": section.bearer = text
        case "range": section.range = text
        case "continue-at": if text != "-" { section.range = "\(text)-" }
        case "request-target": section.requestTarget = text
        case "resolve": section.resolve.append(placed)
        case "connect-to": section.connectTo.append(placed)
        case "proxy", "proxy1.0", "socks4", "socks4a", "socks5", "socks5-hostname", "preproxy":
            section.proxy = text.isEmpty ? nil : text
            if !text.isEmpty {
                note("the proxy \(text) is not followed: the request goes to its own address", at: place)
            }
        case "unix-socket", "abstract-unix-socket": section.unixSocket = text
        case "max-time":
            guard let seconds = Double(text), seconds >= 0 else {
                throw CurlError("--max-time needs a number of seconds, not \"\(text)\"", at: place)
            }
            section.maxTime = seconds
        case "max-redirs":
            guard let count = Int(text), count >= -1 else {
                throw CurlError("--max-redirs needs a number, not \"\(text)\"", at: place)
            }
            section.redirects.most = count < 0 ? .max : count
        case "cert": section.certificate = text
        case "haproxy-clientip": section.proxyProtocol = text
        case "proto-default": section.defaultScheme = text.lowercased()
        case "output": section.outputs.append(placed)
        case "dump-header": section.dumpsHeadersTo = text
        case "write-out": section.writeOut = text.hasPrefix("@") ? fileText(String(text.dropFirst()), place) : text
        case "etag-compare": section.etag = fileText(text, place)
        case "time-cond": note("-z is left out: dates are not compared", at: place)
        case "config": try readConfig(value)
        default: break
        }
    }

    private mutating func addHeader(_ value: Word) throws(CurlError) {
        guard value.text.hasPrefix("@") else {
            section.headers.append(CurlSection.Placed(text: value.text, place: value.place))
            return
        }
        let text = fileText(String(value.text.dropFirst()), value.place)
        for line in text.split(whereSeparator: \.isNewline) {
            section.headers.append(CurlSection.Placed(text: String(line), place: value.place))
        }
    }

    private mutating func addData(_ bytes: [UInt8], joined: Bool = true) {
        guard let data = section.data else {
            section.data = bytes
            return
        }
        section.data = joined ? data + [0x26] + bytes : data + bytes
    }

    private mutating func addCookies(_ text: String, _ place: TextPlace) {
        if text.contains("=") {
            section.cookies.append(text)
        } else if let bytes = bytes(of: text) {
            section.cookies += Self.cookies(in: String(decoding: bytes, as: UTF8.self))
        } else if !text.isEmpty {
            note("the cookie file \(text) is not there: no cookies", at: place)
        }
    }

    /// A Netscape cookie file, or lines of `Set-Cookie`.
    private static func cookies(in text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            if line.lowercased().hasPrefix("set-cookie:") {
                return line.dropFirst(11).split(separator: ";").first.map { $0.drop { $0 == " " } }.map(String.init)
            }
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count >= 7, !line.hasPrefix("# ") else { return nil }
            return "\(fields[5])=\(fields[6])"
        }
    }

    // MARK: Files and encodings

    private func bytes(of path: String) -> [UInt8]? {
        path == "-" ? standardInput.map { Array($0.utf8) } ?? context.file("-") : context.file(path)
    }

    private mutating func fileText(_ path: String, _ place: TextPlace) -> String {
        guard let bytes = bytes(of: path) else {
            note("the file \(path) is not readable: taken as empty", at: place)
            return ""
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func fileBytes(_ path: String, _ place: TextPlace) -> [UInt8] {
        guard let bytes = bytes(of: path) else {
            note("the file \(path) is not readable: taken as empty", at: place)
            return []
        }
        return bytes
    }

    private mutating func fileOrText(_ text: String, stripping: Bool, _ place: TextPlace) -> [UInt8] {
        guard text.hasPrefix("@") else { return Array(text.utf8) }
        let bytes = fileBytes(String(text.dropFirst()), place)
        return stripping ? bytes.filter { $0 != 0x0D && $0 != 0x0A && $0 != 0 } : bytes
    }

    /// `content`, `=content`, `name=content`, `@file`, `name@file`.
    private mutating func urlEncoded(_ text: String, _ place: TextPlace) -> [UInt8] {
        guard let mark = text.firstIndex(where: { $0 == "=" || $0 == "@" }) else {
            return Array(Self.formEncoded(Array(text.utf8)).utf8)
        }
        let name = text[..<mark]
        let rest = String(text[text.index(after: mark)...])
        let content = text[mark] == "@" ? fileBytes(rest, place) : Array(rest.utf8)
        let encoded = Self.formEncoded(content)
        return Array((name.isEmpty ? encoded : "\(name)=\(encoded)").utf8)
    }

    private mutating func queryPart(_ text: String, _ place: TextPlace) -> String {
        if text.hasPrefix("+") { return String(text.dropFirst()) }
        return String(decoding: urlEncoded(text, place), as: UTF8.self)
    }

    static func formEncoded(_ bytes: [UInt8]) -> String {
        bytes.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20: result += "+"
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    // MARK: -K

    /// Lines `option = value`, `option: value`, `option value`, with or without leading dashes.
    private mutating func readConfig(_ value: Word) throws(CurlError) {
        guard configDepth < 8 else { throw CurlError("-K goes round in circles", at: value.place) }
        guard let bytes = bytes(of: value.text) else {
            throw CurlError("cannot read the config file \(value.text)", at: value.place, exitCode: 26)
        }
        configDepth += 1
        defer { configDepth -= 1 }
        let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
        for (number, line) in lines.enumerated() {
            guard let (name, argument) = Self.configLine(line) else { continue }
            let place = value.place
            do {
                let (option, isOn) = try configOption(name, at: place)
                if option.value == .text {
                    try apply(option.name, Word(text: argument ?? "", place: place))
                } else {
                    try apply(option.name, isOn: isOn, at: place)
                }
            } catch {
                var error = error
                error.message = "\(value.text):\(number + 1): \(error.message)"
                throw error
            }
        }
    }

    private func configOption(_ name: String, at place: TextPlace) throws(CurlError) -> (CurlOption, isOn: Bool) {
        if name.unicodeScalars.count == 1, let letter = name.unicodeScalars.first,
            let option = CurlOption.byShort[letter]
        {
            return (option, true)
        }
        return try option(name, at: place)
    }

    private static func configLine(_ line: Substring) -> (name: String, value: String?)? {
        var rest = line.drop { $0 == " " || $0 == "\t" }
        guard let first = rest.first, first != "#" else { return nil }
        rest = rest.drop { $0 == "-" }
        let name = rest.prefix { $0 != " " && $0 != "\t" && $0 != "=" && $0 != ":" }
        rest = rest.dropFirst(name.count).drop { $0 == " " || $0 == "\t" || $0 == "=" || $0 == ":" }
        guard !name.isEmpty else { return nil }
        guard rest.first == "\"" else {
            // Without quotes the value ends at the first blank.
            let bare = rest.prefix { $0 != " " && $0 != "\t" }
            return (String(name), bare.isEmpty ? nil : String(bare))
        }
        var value = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst(), character != "\"" {
            guard character == "\\", let escape = rest.popFirst() else {
                value.append(character)
                continue
            }
            switch escape {
            case "n": value.append("\n")
            case "t": value.append("\t")
            case "r": value.append("\r")
            case "v": value.append("\u{0B}")
            default: value.append(escape)
            }
        }
        return (String(name), value)
    }
}

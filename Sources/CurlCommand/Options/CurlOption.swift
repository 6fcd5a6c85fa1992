/// An option of curl: its names and whether it takes a value, so that no line is misread.
struct CurlOption: Sendable {
    enum Value: Sendable {
        /// A switch; `--no-NAME` turns it off.
        case flag
        /// A switch without `--no-`.
        case bare
        case text
    }

    let name: String
    let short: Unicode.Scalar?
    let value: Value

    init(_ name: String, _ short: Unicode.Scalar? = nil, _ value: Value) {
        self.name = name
        self.short = short
        self.value = value
    }

    /// All options of curl 8.16 and older.
    static let all: [CurlOption] = flags + bares + texts

    static let byName: [String: CurlOption] = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    static let byShort: [Unicode.Scalar: CurlOption] = Dictionary(
        all.compactMap { option in option.short.map { ($0, option) } }
    ) { first, _ in first }

    private static let flags: [CurlOption] = [
        CurlOption("alpn", nil, .flag), CurlOption("append", "a", .flag), CurlOption("buffer", "N", .flag),
        CurlOption("ca-native", nil, .flag), CurlOption("cert-status", nil, .flag),
        CurlOption("compressed", nil, .flag), CurlOption("compressed-ssh", nil, .flag),
        CurlOption("create-dirs", nil, .flag), CurlOption("crlf", nil, .flag),
        CurlOption("disable-eprt", nil, .flag), CurlOption("disable-epsv", nil, .flag),
        CurlOption("disallow-username-in-url", nil, .flag), CurlOption("doh-cert-status", nil, .flag),
        CurlOption("doh-insecure", nil, .flag), CurlOption("eprt", nil, .flag), CurlOption("epsv", nil, .flag),
        CurlOption("fail", "f", .flag), CurlOption("fail-early", nil, .flag),
        CurlOption("fail-with-body", nil, .flag), CurlOption("false-start", nil, .flag),
        CurlOption("follow", nil, .flag), CurlOption("form-escape", nil, .flag),
        CurlOption("ftp-create-dirs", nil, .flag), CurlOption("ftp-pasv", nil, .flag),
        CurlOption("ftp-pret", nil, .flag), CurlOption("ftp-skip-pasv-ip", nil, .flag),
        CurlOption("ftp-ssl", nil, .flag), CurlOption("ftp-ssl-ccc", nil, .flag),
        CurlOption("ftp-ssl-control", nil, .flag), CurlOption("ftp-ssl-reqd", nil, .flag),
        CurlOption("get", "G", .flag),
        CurlOption("globoff", "g", .flag), CurlOption("haproxy-protocol", nil, .flag), CurlOption("head", "I", .flag),
        CurlOption("http0.9", nil, .flag), CurlOption("ignore-content-length", nil, .flag),
        CurlOption("include", "i", .flag), CurlOption("show-headers", nil, .flag), CurlOption("insecure", "k", .flag),
        CurlOption("junk-session-cookies", "j", .flag), CurlOption("keepalive", nil, .flag),
        CurlOption("list-only", "l", .flag), CurlOption("location", "L", .flag),
        CurlOption("location-trusted", nil, .flag), CurlOption("mail-rcpt-allowfails", nil, .flag),
        CurlOption("metalink", nil, .flag), CurlOption("mptcp", nil, .flag), CurlOption("netrc", "n", .flag),
        CurlOption("netrc-optional", nil, .flag), CurlOption("npn", nil, .flag), CurlOption("out-null", nil, .flag),
        CurlOption("parallel", "Z", .flag), CurlOption("parallel-immediate", nil, .flag),
        CurlOption("path-as-is", nil, .flag), CurlOption("post301", nil, .flag), CurlOption("post302", nil, .flag),
        CurlOption("post303", nil, .flag), CurlOption("progress-bar", "#", .flag),
        CurlOption("progress-meter", nil, .flag), CurlOption("proxy-anyauth", nil, .flag),
        CurlOption("proxy-basic", nil, .flag), CurlOption("proxy-ca-native", nil, .flag),
        CurlOption("proxy-digest", nil, .flag), CurlOption("proxy-http2", nil, .flag),
        CurlOption("proxy-insecure", nil, .flag), CurlOption("proxy-negotiate", nil, .flag),
        CurlOption("proxy-ntlm", nil, .flag), CurlOption("proxy-ssl-allow-beast", nil, .flag),
        CurlOption("proxy-ssl-auto-client-cert", nil, .flag), CurlOption("proxytunnel", "p", .flag),
        CurlOption("raw", nil, .flag), CurlOption("remote-header-name", "J", .flag),
        CurlOption("remote-name", "O", .flag), CurlOption("remote-name-all", nil, .flag),
        CurlOption("remote-time", "R", .flag), CurlOption("remove-on-error", nil, .flag),
        CurlOption("retry-all-errors", nil, .flag), CurlOption("retry-connrefused", nil, .flag),
        CurlOption("sasl-ir", nil, .flag), CurlOption("sessionid", nil, .flag), CurlOption("show-error", "S", .flag),
        CurlOption("silent", "s", .flag), CurlOption("skip-existing", nil, .flag),
        CurlOption("socks5-basic", nil, .flag), CurlOption("socks5-gssapi", nil, .flag),
        CurlOption("socks5-gssapi-nec", nil, .flag), CurlOption("ssl", nil, .flag),
        CurlOption("ssl-allow-beast", nil, .flag), CurlOption("ssl-auto-client-cert", nil, .flag),
        CurlOption("ssl-no-revoke", nil, .flag), CurlOption("ssl-reqd", nil, .flag),
        CurlOption("ssl-revoke-best-effort", nil, .flag), CurlOption("ssl-sessions", nil, .text),
        CurlOption("styled-output", nil, .flag), CurlOption("suppress-connect-headers", nil, .flag),
        CurlOption("tcp-fastopen", nil, .flag), CurlOption("tcp-nodelay", nil, .flag),
        CurlOption("test-event", nil, .flag), CurlOption("tftp-no-options", nil, .flag),
        CurlOption("tls-earlydata", nil, .flag), CurlOption("tr-encoding", nil, .flag),
        CurlOption("trace-ids", nil, .flag), CurlOption("trace-time", nil, .flag),
        CurlOption("use-ascii", "B", .flag), CurlOption("verbose", "v", .flag), CurlOption("xattr", nil, .flag),
        CurlOption("basic", nil, .flag), CurlOption("digest", nil, .flag), CurlOption("negotiate", nil, .flag),
        CurlOption("ntlm", nil, .flag), CurlOption("ntlm-wb", nil, .flag), CurlOption("clobber", nil, .flag),
        CurlOption("environment", nil, .flag), CurlOption("dump-ca-embed", nil, .flag),
    ]

    private static let bares: [CurlOption] = [
        CurlOption("anyauth", nil, .bare), CurlOption("disable", "q", .bare), CurlOption("help", "h", .bare),
        CurlOption("http1.0", "0", .bare), CurlOption("http1.1", nil, .bare), CurlOption("http2", nil, .bare),
        CurlOption("http2-prior-knowledge", nil, .bare), CurlOption("http3", nil, .bare),
        CurlOption("http3-only", nil, .bare), CurlOption("ipv4", "4", .bare), CurlOption("ipv6", "6", .bare),
        CurlOption("manual", "M", .bare), CurlOption("next", ":", .bare), CurlOption("proxy-tlsv1", nil, .bare),
        CurlOption("sslv2", "2", .bare), CurlOption("sslv3", "3", .bare), CurlOption("tlsv1", "1", .bare),
        CurlOption("tlsv1.0", nil, .bare), CurlOption("tlsv1.1", nil, .bare), CurlOption("tlsv1.2", nil, .bare),
        CurlOption("tlsv1.3", nil, .bare), CurlOption("version", "V", .bare),
    ]

    private static let texts: [CurlOption] =
        [
            CurlOption("cert", "E", .text), CurlOption("config", "K", .text), CurlOption("continue-at", "C", .text),
            CurlOption("cookie", "b", .text), CurlOption("cookie-jar", "c", .text), CurlOption("data", "d", .text),
            CurlOption("dump-header", "D", .text), CurlOption("form", "F", .text), CurlOption("ftp-port", "P", .text),
            CurlOption("header", "H", .text), CurlOption("max-time", "m", .text), CurlOption("output", "o", .text),
            CurlOption("proxy", "x", .text), CurlOption("proxy-user", "U", .text), CurlOption("quote", "Q", .text),
            CurlOption("range", "r", .text), CurlOption("referer", "e", .text), CurlOption("request", "X", .text),
            CurlOption("speed-limit", "Y", .text), CurlOption("speed-time", "y", .text),
            CurlOption("telnet-option", "t", .text), CurlOption("time-cond", "z", .text),
            CurlOption("upload-file", "T", .text), CurlOption("user", "u", .text), CurlOption("user-agent", "A", .text),
            CurlOption("write-out", "w", .text),
        ]
        + [
            "abstract-unix-socket", "alt-svc", "aws-sigv4", "cacert", "capath", "cert-type", "ciphers",
            "connect-timeout", "connect-to", "create-file-mode", "crlfile", "curves", "data-ascii", "data-binary",
            "data-raw", "data-urlencode", "delegation", "dns-interface", "dns-ipv4-addr", "dns-ipv6-addr",
            "dns-servers", "doh-url", "ech", "egd-file", "engine", "etag-compare", "etag-save", "expect100-timeout",
            "form-string", "ftp-account", "ftp-alternative-to-user", "ftp-method", "ftp-ssl-ccc-mode",
            "happy-eyeballs-timeout-ms", "haproxy-clientip", "hostpubmd5", "hostpubsha256", "hsts", "interface",
            "ip-tos", "ipfs-gateway", "json", "keepalive-cnt", "keepalive-time", "key", "key-type", "knownhosts",
            "krb", "libcurl", "limit-rate", "local-port", "login-options", "mail-auth", "mail-from", "mail-rcpt",
            "max-filesize", "max-redirs", "netrc-file", "noproxy", "oauth2-bearer", "output-dir", "parallel-max",
            "parallel-max-host", "pass", "pinnedpubkey", "preproxy", "proto", "proto-default", "proto-redir",
            "proxy-cacert", "proxy-capath", "proxy-cert", "proxy-cert-type", "proxy-ciphers", "proxy-crlfile",
            "proxy-header", "proxy-key", "proxy-key-type", "proxy-pass", "proxy-pinnedpubkey", "proxy-service-name",
            "proxy-tls13-ciphers", "proxy-tlsauthtype", "proxy-tlspassword", "proxy-tlsuser", "proxy1.0", "pubkey",
            "random-file", "rate", "request-target", "resolve", "retry", "retry-delay", "retry-max-time",
            "sasl-authzid", "service-name", "sigalgs", "signature-algorithms", "socks4", "socks4a", "socks5",
            "socks5-gssapi-service", "socks5-hostname", "stderr", "tftp-blksize", "tls-max", "tls13-ciphers",
            "tlsauthtype", "tlspassword", "tlsuser", "trace", "trace-ascii", "trace-config", "unix-socket",
            "upload-flags", "url", "url-query", "variable", "vlan-priority",
        ].map { CurlOption($0, nil, .text) }

    /// What a word of a command line names.
    enum LookUp {
        case found(CurlOption, isOn: Bool)
        case ambiguous([String])
        case unknown(nearest: String?)
    }

    /// Finds a long option by its exact name or by the only name that begins so, as curl 7 does.
    static func lookUp(_ name: String) -> LookUp {
        if let option = byName[name] { return .found(option, isOn: true) }
        if name.hasPrefix("no-"), let option = byName[String(name.dropFirst(3))], option.value == .flag {
            return .found(option, isOn: false)
        }
        let isOff = name.hasPrefix("no-")
        let stem = isOff ? String(name.dropFirst(3)) : name
        let candidates = all.filter { $0.name.hasPrefix(stem) && (!isOff || $0.value == .flag) }
        if candidates.count == 1, !stem.isEmpty { return .found(candidates[0], isOn: !isOff) }
        if candidates.count > 1, !stem.isEmpty { return .ambiguous(candidates.map(\.name).sorted()) }
        return .unknown(nearest: nearest(to: stem))
    }

    private static func nearest(to name: String) -> String? {
        let limit = max(1, name.count / 3)
        guard name.count < 64 else { return nil }
        return all.map { ($0.name, EditDistance.between($0.name, name)) }.filter { $0.1 <= limit }
            .min { $0.1 < $1.1 }?.0
    }
}

/// The number of insertions, removals, replacements between two texts.
package enum EditDistance {
    package static func between(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        var row = Array(0...right.count)
        for (line, scalar) in left.enumerated() {
            var previous = row[0]
            row[0] = line + 1
            for (column, other) in right.enumerated() {
                let replaced = previous + (scalar == other ? 0 : 1)
                previous = row[column + 1]
                row[column + 1] = min(replaced, previous + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}

import Documents
import EnvoyModel

/// A substitution format string made ready (rule book, section 10).
struct CompiledFormat: Sendable {
    enum Part: Sendable {
        case literal([UInt8])
        /// `%REQ(name?other):n%`.
        case request(HeaderSource, alternative: HeaderSource?, limit: Int)
        case response([UInt8], alternative: [UInt8]?, limit: Int)
        case queryParameter([UInt8], limit: Int)
        case path(withQuery: Bool, PathVersion)
        case scheme, method, routeName, cluster, virtualHost
        case localPort, localAddress, localIP
        case remotePort, remoteAddress, remoteIP, directRemoteIP
        case responseCode, responseFlags, upstreamHost, upstreamHostIP, upstreamHostPort
        case metadata(MetadataSource, namespace: String, keys: [String])
        case serverName
        /// Known, and empty or a dash here.
        case fixed([UInt8])
    }

    /// Which path `%PATH%` means: the current one, or the one before a rewrite where there is one.
    enum PathVersion: Sendable { case current, original, originalOrCurrent }

    enum MetadataSource: Sendable { case route, cluster, host, virtualHost }

    var parts: [Part] = []

    init(_ text: String, compiler: inout SnapshotCompiler) {
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            guard byte == UInt8(ascii: "%") else {
                literal.append(byte)
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "%") {
                literal.append(byte)
                rest = rest.dropFirst()
                continue
            }
            guard let end = Self.commandEnd(rest) else {
                compiler.report("header value \"\(text)\" has a single %")
                break
            }
            let command = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
            parts.append(Self.part(command, compiler: &compiler))
        }
        if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
    }

    /// The `%` that ends a command; those inside its parentheses do not.
    private static func commandEnd(_ text: ArraySlice<UInt8>) -> Int? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "%") where depth <= 0: return index
            default: break
            }
        }
        return nil
    }

    private static func part(_ command: String, compiler: inout SnapshotCompiler) -> Part {
        var name = command[...]
        var argument = ""
        var limit = Int.max
        if let open = command.firstIndex(of: "("), let close = command.lastIndex(of: ")"), open < close {
            name = command[..<open]
            argument = String(command[command.index(after: open)..<close])
            let behind = command[command.index(after: close)...]
            if behind.hasPrefix(":"), let number = Int(behind.dropFirst()), number >= 0 { limit = number }
        }
        let names = argument.split(separator: "?", maxSplits: 1).map(String.init)
        switch name {
        case "REQ":
            return .request(
                HeaderSource(names.first ?? ""), alternative: names.count > 1 ? HeaderSource(names[1]) : nil,
                limit: limit)
        case "RESP":
            return .response(
                Array(names.first ?? "", lowercased: true),
                alternative: names.count > 1 ? Array(names[1], lowercased: true) : nil, limit: limit)
        case "QUERY_PARAM": return .queryParameter(Array(argument.utf8), limit: limit)
        case "PATH":
            let words = argument.split(separator: ":")
            let version: PathVersion =
                words.count < 2
                ? .originalOrCurrent
                : words[1] == "PATH" ? .current : words[1] == "ORIG" ? .original : .originalOrCurrent
            return .path(withQuery: words.first != "NQ", version)
        case "CEL": return cel(argument, compiler: &compiler)
        case "PROTOCOL": return .fixed(Array("HTTP/1.1".utf8))
        case "ROUTE_NAME": return .routeName
        case "UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW": return .cluster
        case "VIRTUAL_HOST_NAME": return .virtualHost
        case "DOWNSTREAM_LOCAL_PORT": return .localPort
        case "DOWNSTREAM_LOCAL_ADDRESS": return .localAddress
        case "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT": return .localIP
        case "DOWNSTREAM_REMOTE_ADDRESS": return .remoteAddress
        case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT": return .remoteIP
        case "DOWNSTREAM_REMOTE_PORT": return .remotePort
        case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT": return .directRemoteIP
        case "RESPONSE_CODE": return .responseCode
        case "RESPONSE_FLAGS": return .responseFlags
        case "UPSTREAM_HOST", "UPSTREAM_REMOTE_ADDRESS": return .upstreamHost
        case "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT": return .upstreamHostIP
        case "UPSTREAM_REMOTE_PORT": return .upstreamHostPort
        case "REQUESTED_SERVER_NAME": return .serverName
        case "UNIQUE_ID": return .request(HeaderSource("x-request-id"), alternative: nil, limit: .max)
        case "START_TIME":
            compiler.report("%\(command)% in a header value is not evaluated")
            return .fixed([])
        case "HOSTNAME": return .fixed(Array(compiler.node.id.utf8))
        case "METADATA": return metadata(argument)
        case "DYNAMIC_METADATA", "FILTER_STATE", "UPSTREAM_LOCAL_ADDRESS", "UPSTREAM_TRANSPORT_FAILURE_REASON",
            "RESPONSE_CODE_DETAILS", "CONNECTION_TERMINATION_DETAILS", "ENVIRONMENT", "DURATION", "BYTES_RECEIVED",
            "BYTES_SENT", "TRAILER", "GRPC_STATUS":
            return .fixed([])
        default:
            if !name.hasPrefix("DOWNSTREAM_") { compiler.report("%\(command)% in a header value is not known") }
            return .fixed([])
        }
    }

    private static func cel(_ argument: String, compiler: inout SnapshotCompiler) -> Part {
        switch argument {
        case "request.path": return .path(withQuery: true, .current)
        case "request.url_path": return .path(withQuery: false, .current)
        case "request.method": return .method
        case "request.scheme": return .scheme
        case "request.host": return .request(HeaderSource(":authority"), alternative: nil, limit: .max)
        default:
            compiler.report("%CEL(\(argument))% in a header value is not evaluated")
            return .fixed([])
        }
    }

    private static func metadata(_ argument: String) -> Part {
        let words = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let sources: [String: MetadataSource] = [
            "ROUTE": .route, "CLUSTER": .cluster, "UPSTREAM_HOST": .host, "VIRTUAL_HOST": .virtualHost,
        ]
        guard words.count >= 3, let source = sources[words[0]] else { return .fixed([]) }
        return .metadata(source, namespace: words[1], keys: Array(words[2...]))
    }
}

/// What a format is evaluated with.
struct FormatContext {
    /// 0 where no response is there yet, and in local replies.
    var status = 0
    var flags = ResponseFlags()
    /// The upstream's endpoint is known (in responses).
    var knowsHost = false
}

/// The value of one part of a format, where it stands.
enum FormatPiece {
    case nothing
    /// In the storage of the request.
    case request(ByteRange)
    /// In the storage of the response.
    case response(ByteRange)
    case bytes([UInt8])
    case text(String)
    case number(UInt64)
}

extension CompiledFormat.Part {
    func piece(
        _ request: borrowing RequestHead, _ view: RequestView, _ response: borrowing HeaderBlock,
        _ decision: borrowing Decision, _ connection: DownstreamConnection, _ context: FormatContext
    ) -> FormatPiece {
        switch self {
        case .literal(let bytes), .fixed(let bytes): return .bytes(bytes)
        case .request(let source, let alternative, let limit):
            let found = source.value(request, view) ?? alternative?.value(request, view)
            return found.map { .request($0.cut(limit)) } ?? .nothing
        case .response(let name, let alternative, let limit):
            guard let place = response.first(name) ?? alternative.flatMap({ response.first($0) }) else {
                return .nothing
            }
            return .response(response.fields[place].value.cut(limit))
        case .queryParameter(let name, let limit):
            return request.queryParameter(name).map { .request($0.cut(limit)) } ?? .nothing
        case .path(let withQuery, let version):
            let original = version == .current ? nil : request.block.value("x-envoy-original-path")
            if version == .original, original == nil { return .nothing }
            let path = original ?? request.path
            if withQuery { return .request(path) }
            let end = request.block.firstIndex(of: UInt8(ascii: "?"), in: path) ?? Int(path.count)
            return .request(request.block.part(path, from: 0, to: end))
        case .scheme: return .request(view.scheme)
        case .method: return .request(request.method)
        case .routeName: return decision.route.map { .text($0.name) } ?? .nothing
        case .cluster: return decision.cluster.map { .text($0.name) } ?? .nothing
        case .virtualHost: return decision.virtualHost.map { .text($0.name) } ?? .nothing
        case .localPort: return .number(UInt64(connection.localPort))
        case .localIP: return .bytes(connection.localIP)
        case .localAddress: return .bytes(joined(connection.localIP, connection.localPort))
        case .remotePort: return .number(UInt64(decision.remoteAddress.isEmpty ? connection.remotePort : 0))
        case .remoteIP:
            return decision.remoteAddress.isEmpty ? .bytes(connection.remoteIP) : .request(decision.remoteAddress)
        case .directRemoteIP: return .bytes(connection.remoteIP)
        case .remoteAddress:
            if decision.remoteAddress.isEmpty { return .bytes(joined(connection.remoteIP, connection.remotePort)) }
            return .bytes(joined(Array(request.block.storage[decision.remoteAddress.range]), 0))
        case .responseCode: return .number(UInt64(clamping: context.status))
        case .responseFlags: return .text(context.flags.text)
        case .upstreamHost: return context.knowsHost ? decision.host.map { .text($0.address) } ?? .nothing : .nothing
        case .upstreamHostIP:
            return context.knowsHost ? decision.host?.socketAddress.map { .text($0.address) } ?? .nothing : .nothing
        case .upstreamHostPort:
            return context.knowsHost
                ? decision.host?.socketAddress.map { .number(UInt64($0.port)) } ?? .nothing : .nothing
        case .serverName: return connection.serverName.isEmpty ? .nothing : .bytes(connection.serverName)
        case .metadata(let source, let namespace, let keys):
            let metadata: Metadata?
            switch source {
            case .route: metadata = decision.route?.value.metadata
            case .cluster: metadata = decision.cluster?.value.metadata
            case .host: metadata = context.knowsHost ? decision.host?.value.metadata : nil
            case .virtualHost: metadata = decision.virtualHost?.value.metadata
            }
            var value = metadata?.filterMetadata[namespace]
            for key in keys { value = value?[key] }
            guard let value else { return .nothing }
            return .text(value.string ?? value.text())
        }
    }

    private func joined(_ ip: [UInt8], _ port: UInt16) -> [UInt8] {
        let isIPv6 = ip.contains(UInt8(ascii: ":"))
        return (isIPv6 ? [UInt8(ascii: "[")] + ip + [UInt8(ascii: "]")] : ip) + Array(":\(port)".utf8)
    }
}

extension ByteRange {
    fileprivate func cut(_ limit: Int) -> ByteRange { ByteRange(start: Int(start), count: min(Int(count), limit)) }
}

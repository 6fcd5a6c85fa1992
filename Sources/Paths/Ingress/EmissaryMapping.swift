import Documents
import MeshModel
import TrafficEngine

/// A route of Emissary: a Mapping's, or one that it makes of an Ingress' path.
struct EmissaryMapping {
    enum Host {
        case any
        /// By itself or as `*.suffix`, `prefix.*`.
        case glob(String)
        case regex(String)
    }

    /// What a header or a query parameter has to be.
    enum Value {
        case exact(String)
        case regex(String)
        case present
    }

    var host = Host.any
    var prefix: String
    var isExact = false
    var isRegex = false
    var isCaseSensitive = true
    var method: String?
    var isMethodRegex = false
    var headers: [(name: String, value: Value)] = []
    var parameters: [(name: String, value: Value)] = []
    var precedence = 0
    /// Percent of what the Mappings of the same conditions share.
    var weight: Int?
    var service: String
    var namespace: String
    var hostRewrite: String?
    /// What the prefix becomes; `nil` leaves it.
    var rewrite: String?
    var regexRewrite: (pattern: String, substitution: String)?
    /// `host_redirect`: the service is where clients are sent.
    var redirect: (path: String?, prefix: String?, code: Int)?
    var dialsPods = false
    var place: SourceReference
    var words: String
    var ingress: Ingress?
    var backend: Ingress.Backend?
    /// Fields that change what becomes of requests and have no part here.
    var notEvaluated: [(name: String, place: SourceReference)] = []

    private static let unknown = [
        "add_request_headers", "allow_upgrade", "auto_host_rewrite", "bypass_auth", "circuit_breakers", "cors",
        "envoy_override", "error_response_overrides", "load_balancer", "remove_request_headers", "retry_policy",
        "shadow",
        "timeout_ms", "tls",
    ]

    /// Of a Mapping; `nil` where it has no prefix or no service.
    init?(_ resource: Resource) {
        guard let spec = resource.node["spec"], let prefix = spec["prefix"]?.string,
            let service = spec["service"]?.string
        else { return nil }
        let meta = resource.meta
        let reference = { (location: SourceLocation?) in
            SourceReference(kind: "Mapping", namespace: meta.namespace, name: meta.name, location: location)
        }
        self.init(
            prefix: prefix, service: service, namespace: meta.namespace, place: reference(spec["prefix"]?.keyLocation),
            words: "Mapping \(meta.namespacedName) \(prefix)")
        if let host = spec["hostname"]?.string ?? spec["host"]?.string {
            self.host = host == "*" ? .any : spec["host_regex"]?.bool == true ? .regex(host) : .glob(host)
        }
        isExact = spec["prefix_exact"]?.bool ?? false
        isRegex = spec["prefix_regex"]?.bool ?? false
        isCaseSensitive = spec["case_sensitive"]?.bool ?? true
        method = spec["method"]?.string
        isMethodRegex = spec["method_regex"]?.bool ?? false
        for (name, list) in [("headers", false), ("regex_headers", true)] {
            headers += Self.values(spec[name], isRegex: list)
        }
        for (name, list) in [("query_parameters", false), ("regex_query_parameters", true)] {
            parameters += Self.values(spec[name], isRegex: list)
        }
        precedence = spec["precedence"]?.number ?? 0
        weight = spec["weight"]?.number
        hostRewrite = spec["host_rewrite"]?.string
        // A prefix is cut off unless the Mapping says what becomes of it; an empty text leaves the path as it is.
        rewrite = spec.hasKey("rewrite") ? spec["rewrite"]?.string ?? "" : isRegex ? "" : "/"
        if rewrite?.isEmpty == true { rewrite = nil }
        if let regex = spec["regex_rewrite"], let pattern = regex["pattern"]?.string {
            regexRewrite = (pattern, regex["substitution"]?.string ?? "")
        }
        if spec["host_redirect"]?.bool == true {
            redirect = (
                spec["path_redirect"]?.string, spec["prefix_redirect"]?.string,
                spec["redirect_response_code"]?.number ?? 301
            )
        }
        dialsPods = spec["resolver"]?.string?.lowercased().contains("endpoint") ?? false
        notEvaluated = Self.unknown.compactMap { name in
            spec.hasKey(name) ? (name, reference(spec[name]?.keyLocation)) : nil
        }
    }

    /// Of an Ingress' path.
    init(_ entry: IngressPathEntry) {
        self.init(
            prefix: entry.text, service: entry.path.backend.serviceName, namespace: entry.ingress.namespace,
            place: entry.ingress.sourceReference(at: entry.path.location), words: entry.words)
        host = entry.host.isEmpty ? .any : .glob(entry.host)
        isExact = entry.path.pathType == .exact
        ingress = entry.ingress
        backend = entry.path.backend
    }

    private init(prefix: String, service: String, namespace: String, place: SourceReference, words: String) {
        self.prefix = prefix
        self.service = service
        self.namespace = namespace
        self.place = place
        self.words = words
    }

    private static func values(_ node: Node?, isRegex: Bool) -> [(name: String, value: Value)] {
        (node?.entries.map { $0 } ?? []).map { entry in
            if entry.value.bool == true { return (entry.key, .present) }
            let text = entry.value.string ?? entry.value.text
            return (entry.key, isRegex ? .regex(text) : .exact(text))
        }
    }

    // MARK: Matching

    /// The first that takes a request: by precedence, then the more conditions, then the longer prefix.
    static func order(_ left: EmissaryMapping, _ right: EmissaryMapping) -> Bool {
        func rank(_ mapping: EmissaryMapping) -> [Int] {
            [
                mapping.precedence, mapping.prefix.utf8.count,
                (mapping.method == nil ? 0 : 1) + mapping.headers.count + mapping.parameters.count,
                mapping.isExact ? 1 : 0,
            ]
        }
        return rank(right).lexicographicallyPrecedes(rank(left))
    }

    /// Why it does not take a request; `nil`: it does.
    func refusal(of request: SyntheticRequest) -> String? {
        switch host {
        case .any: break
        case .glob(let glob): if !EmissaryHost.matches(request.hostName, glob) { return "its hostname is \(glob)" }
        case .regex(let pattern):
            if regularExpression(pattern, takes: request.hostName) != true { return "its host is /\(pattern)/" }
        }
        if let method {
            let isIt =
                isMethodRegex ? regularExpression(method, takes: request.method) == true : method == request.method
            if !isIt { return "its method is \(method)" }
        }
        if !takes(request.plainPath) { return "its prefix is \(prefix)" }
        for (name, value) in headers where !value.takes(request.header(name.lowercased())) {
            return "header \(name) is not \(value.words)"
        }
        for (name, value) in parameters where !value.takes(request.parameter(name)) {
            return "query parameter \(name) is not \(value.words)"
        }
        return nil
    }

    private func takes(_ path: String) -> Bool {
        if isRegex { return regularExpression(prefix, takes: path) == true }
        let (path, prefix) = isCaseSensitive ? (path, prefix) : (path.lowercased(), prefix.lowercased())
        return isExact ? path == prefix : path.hasPrefix(prefix)
    }

    /// The path that the backend gets; `nil` leaves it.
    func path(for request: SyntheticRequest) -> String? {
        if let regexRewrite {
            return regularExpression(
                regexRewrite.pattern, in: request.plainPath, replacedBy: regexRewrite.substitution)
        }
        guard let rewrite, !isExact, !isRegex else { return nil }
        let rest = request.plainPath.dropFirst(prefix.count)
        return rewrite + (rewrite.hasSuffix("/") && rest.hasPrefix("/") ? rest.dropFirst() : rest)
    }

    /// Whether two take the same requests: then their weights decide.
    func sharesConditions(with other: EmissaryMapping) -> Bool {
        func key(_ mapping: EmissaryMapping) -> String {
            let host: String =
                switch mapping.host {
                case .any: "*"
                case .glob(let text), .regex(let text): text
                }
            let values = (mapping.headers + mapping.parameters).map { "\($0.name)=\($0.value.words)" }.sorted()
            return [host, mapping.prefix, mapping.method ?? "", values.joined(separator: ",")].joined(separator: "|")
        }
        return key(self) == key(other)
    }
}

extension EmissaryMapping.Value {
    func takes(_ sent: String?) -> Bool {
        guard let sent else { return false }
        switch self {
        case .exact(let wanted): return sent == wanted
        case .regex(let pattern): return regularExpression(pattern, takes: sent) == true
        case .present: return true
        }
    }

    var words: String {
        switch self {
        case .exact(let text): text
        case .regex(let text): "/\(text)/"
        case .present: "there"
        }
    }
}

extension SyntheticRequest {
    /// The value of a query parameter; the first of several.
    func parameter(_ name: String) -> String? {
        for pair in (query ?? "").split(separator: "&") {
            let pieces = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pieces.first.map(String.init) == name { return pieces.count > 1 ? String(pieces[1]) : "" }
        }
        return nil
    }
}

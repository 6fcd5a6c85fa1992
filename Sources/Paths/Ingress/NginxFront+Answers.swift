import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

/// What ingress-nginx answers by itself, and what of its annotations is not evaluated.
extension NginxFront {
    /// Redirections and refusals that an Ingress asks for; `nil`: the request goes on.
    func answeredHere(
        _ request: SyntheticRequest, _ location: IngressPathEntry, _ annotations: Annotations, _ hop: inout PathHop
    ) -> TraceResponse? {
        if let (words, place) = refusal(of: request.sourceIP, annotations) {
            hop.fail(words, place)
            return .written(403, server: nil, body: Self.page(403, "Forbidden"))
        }
        for (name, status) in [("permanent-redirect", 301), ("temporal-redirect", 302)] {
            let key = Self.prefix + name
            guard let target = annotations[key], !target.isEmpty else { continue }
            let code = annotations[key + "-code"].flatMap { Int($0) } ?? status
            hop.note("\(name) to \(target)", annotations.source(key))
            return .written(code, server: nil, body: Self.page(code, "Moved"), location: target)
        }
        let root = Self.prefix + "app-root"
        if let target = annotations[root], request.plainPath == "/", target.hasPrefix("/") {
            hop.note("app-root: / goes to \(target)", annotations.source(root))
            let scheme = request.isTLS ? "https" : "http"
            return .written(
                302, server: nil, body: Self.page(302, "Found"),
                location: "\(scheme)://\(request.authority ?? "")\(target)")
        }
        return nil
    }

    /// `whitelist-source-range` and its younger names.
    private func refusal(of address: String, _ annotations: Annotations) -> (String, SourceReference)? {
        let holds = { (list: String) in
            list.split(separator: ",").contains { CIDRRange(text: $0.trimmingBlanks)?.contains(address) ?? false }
        }
        for name in ["allowlist-source-range", "whitelist-source-range"] {
            let key = Self.prefix + name
            if let list = annotations[key], !list.isEmpty, !holds(list) {
                return ("\(name) \(list) does not hold \(address)", annotations.source(key))
            }
        }
        let key = Self.prefix + "denylist-source-range"
        if let list = annotations[key], holds(list) {
            return ("denylist-source-range \(list) holds \(address)", annotations.source(key))
        }
        return nil
    }

    /// Annotations that change what becomes of requests and have no part here; each is named where it stands.
    static let notEvaluated = [
        "ssl-passthrough", "server-snippet", "configuration-snippet", "auth-url", "auth-type", "auth-tls-secret",
        "affinity", "upstream-hash-by", "load-balance", "mirror-target", "limit-rps", "limit-rpm",
        "limit-connections", "custom-http-errors", "default-backend", "enable-modsecurity", "enable-cors",
        "from-to-www-redirect", "proxy-redirect-from", "custom-headers",
    ]
}

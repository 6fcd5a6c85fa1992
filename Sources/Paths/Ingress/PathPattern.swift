import MeshModel

/// How the paths of Ingress rules are compared.
enum PathPattern {
    /// `*` stands for any text, `?` for one character.
    static func matches(_ text: String, wildcard pattern: String) -> Bool {
        let text = Array(text.utf8)
        let pattern = Array(pattern.utf8)
        var t = 0
        var p = 0
        var star: Int?
        var mark = 0
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = p
                mark = t
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == text[t] {
                t += 1
                p += 1
            } else if let back = star {
                p = back + 1
                mark += 1
                t = mark
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
        return p == pattern.count
    }

    /// By elements: `/a` takes `/a`, `/a/` and `/a/b`, not `/ab`.
    static func matches(_ path: String, elements prefix: String) -> Bool {
        var prefix = Substring(prefix)
        while prefix.hasSuffix("/") { prefix.removeLast() }
        return path == prefix || path.hasPrefix(prefix + "/")
    }

    /// A host of a rule: itself, `*.suffix` for one more label, empty for all.
    static func matches(_ host: String, rule: String) -> Bool {
        let rule = rule.lowercased()
        if rule.isEmpty || rule == "*" { return true }
        guard rule.hasPrefix("*.") else { return rule == host }
        let suffix = rule.dropFirst(1)
        guard host.hasSuffix(suffix) else { return false }
        let label = host.dropLast(suffix.count)
        return !label.isEmpty && !label.contains(".")
    }
}

/// One path of one Ingress, with what it needs to be compared with others.
struct IngressPathEntry: Sendable {
    var ingress: Ingress
    var host: String
    var path: Ingress.Path
    /// Its place among all, for ties.
    var order: Int

    /// All paths of some Ingresses, in their order.
    static func all(of ingresses: [Ingress]) -> [IngressPathEntry] {
        var entries: [IngressPathEntry] = []
        for ingress in ingresses {
            for rule in ingress.rules {
                for path in rule.paths ?? [] {
                    entries.append(
                        IngressPathEntry(ingress: ingress, host: rule.host, path: path, order: entries.count))
                }
            }
        }
        return entries
    }

    var text: String { path.path.isEmpty ? "/" : path.path }

    /// `host/path (Prefix)`, for people.
    var words: String { "\(host.isEmpty ? "*" : host)\(text) (\((path.pathType ?? .implementationSpecific).rawValue))" }
}

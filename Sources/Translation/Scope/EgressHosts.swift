import Documents
import MeshModel

/// What an egress listener imports: `namespace/host` entries (istiod: `hostClassification`).
struct EgressHosts {
    private struct Hosts {
        var exact = Set<String>()
        var wildcards: [String] = []
        /// `*` is among them.
        var hasAll = false

        mutating func insert(_ host: String) {
            if host == "*" { hasAll = true }
            if HostName.isWildcard(host) { wildcards.append(host) } else { exact.insert(host) }
        }

        /// Exactly there, or a wildcard of which it is a part.
        func covers(_ host: String) -> Bool {
            hasAll || exact.contains(host) || wildcards.contains { HostName.isSubset(host, of: $0) }
        }

        /// As `covers`; or, where one of both is a wildcard, they overlap.
        func overlaps(_ host: String) -> Bool {
            if covers(host) || wildcards.contains(where: { HostName.matches(host, $0) }) { return true }
            return HostName.isWildcard(host) && exact.contains { HostName.matches(host, $0) }
        }
    }

    private var imported: [String: Hosts] = [:]
    private var excluded: [String: Hosts] = [:]

    init(_ entries: [String], namespace: String) {
        for entry in entries {
            let parts = entry.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let host = String(parts[1])
            if parts[0].hasPrefix("~") {
                let owner = parts[0].dropFirst()
                let key = owner.isEmpty ? "*" : owner == "." ? namespace : String(owner)
                excluded[key, default: Hosts()].insert(host)
            } else {
                imported[parts[0] == "." ? namespace : String(parts[0]), default: Hosts()].insert(host)
            }
        }
    }

    func isExcluded(_ host: String, namespace: String) -> Bool {
        !excluded.isEmpty
            && ((excluded[namespace]?.covers(host) ?? false) || (excluded["*"]?.covers(host) ?? false))
    }

    /// For services (and for VirtualServices of Gateway API routes).
    func imports(_ host: String, namespace: String) -> Bool {
        !isExcluded(host, namespace: namespace)
            && ((imported[namespace]?.covers(host) ?? false) || (imported["*"]?.covers(host) ?? false))
    }

    /// For VirtualServices, whose hosts may be wider than what is imported.
    func overlaps(_ host: String, namespace: String) -> Bool {
        !isExcluded(host, namespace: namespace)
            && ((imported[namespace]?.overlaps(host) ?? false) || (imported["*"]?.overlaps(host) ?? false))
    }
}

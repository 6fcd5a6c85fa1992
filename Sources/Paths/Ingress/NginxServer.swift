import Documents
import MeshModel
import TrafficEngine

/// One `server` of ingress-nginx: the locations of a host. The most specific host has a server of its own, and the others' paths do not
/// count there.
struct NginxServer {
    /// In the order in which they are tried as regular expressions: the longest first, then as they are written.
    let locations: [IngressPathEntry]
    /// The Ingress that makes all paths of the host regular expressions: `use-regex`, or a `rewrite-target` that changes the path.
    let regexOwner: Ingress?

    init(_ host: String, of ingresses: [Ingress]) {
        // A canary has no locations of its own.
        let entries = IngressPathEntry.all(of: ingresses.filter { !$0.isCanary })
        let fitting = entries.filter { entry in
            entry.ingress.aliases.contains(host) || PathPattern.matches(host, rule: entry.host)
        }
        let rank = { (entry: IngressPathEntry) -> Int in
            if entry.host.lowercased() == host || entry.ingress.aliases.contains(host) { return 2 }
            return entry.host.isEmpty ? 0 : 1
        }
        let best = fitting.map(rank).max()
        let own = fitting.filter { rank($0) == best }
        locations = own.sorted { left, right in
            left.text.count != right.text.count ? left.text.count > right.text.count : left.order < right.order
        }
        regexOwner = own.first { $0.ingress.usesRegex(for: $0.text) }?.ingress
    }

    func location(for path: String) -> IngressPathEntry? {
        if regexOwner != nil {
            return locations.first {
                regularExpression("(?is)(?:\($0.text)).*", takes: path) ?? path.hasPrefix($0.text)
            }
        }
        // nginx's own order: an exact location, then the longest prefix.
        return locations.first { $0.path.pathType == .exact && path == $0.text }
            ?? locations.first { entry in
                switch entry.path.pathType ?? .implementationSpecific {
                case .exact: false
                case .prefix: PathPattern.matches(path, elements: entry.text)
                case .implementationSpecific: path.hasPrefix(entry.text)
                }
            }
    }

    /// Where it is said that paths are regular expressions.
    func regexSource(_ context: FrontContext) -> SourceReference? {
        guard let regexOwner else { return nil }
        let annotations = context.manifests.annotations(of: regexOwner)
        let regex = NginxFront.prefix + "use-regex"
        return annotations.source(annotations[regex] == nil ? NginxFront.prefix + "rewrite-target" : regex)
    }

    /// `rewrite "(?i)PATH" TARGET break`: the whole path becomes the target, `$1` a group of the path; `nil` where the path is no
    /// expression.
    static func rewritten(_ path: String, by pattern: String, to target: String) -> String? {
        guard target.contains("$") else { return target }
        var substitution = ""
        var rest = Substring(target)
        while let next = rest.popFirst() {
            if next == "$", let digit = rest.first, digit.isNumber, digit.isASCII {
                substitution += "\\\(digit)"
                rest.removeFirst()
            } else {
                substitution += next == "\\" ? "\\\\" : String(next)
            }
        }
        let whole = "(?is)^.*?(?:\(pattern)).*$"
        if let result = regularExpression(whole, in: path, replacedBy: substitution) { return result }
        return regularExpression(whole, takes: path) == nil ? nil : path
    }
}

extension Ingress {
    private func annotation(_ name: String) -> String? { meta.annotations[NginxFront.prefix + name] }

    /// `canary: "true"`.
    var isCanary: Bool { annotation("canary") == "true" }

    /// `server-alias`: further names of its hosts.
    var aliases: [String] {
        (annotation("server-alias") ?? "").split(separator: ",").map { $0.trimmingBlanks.lowercased() }
    }

    fileprivate func usesRegex(for path: String) -> Bool {
        if annotation("use-regex") == "true" { return true }
        let target = annotation("rewrite-target") ?? ""
        return !target.isEmpty && target != path
    }
}

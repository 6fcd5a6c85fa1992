import Documents
import MeshModel
import TrafficEngine

/// A request that one rule of a front is for.
struct FrontWitness: Sendable {
    var host: String
    var path: String
    /// The rule's own words for host and path.
    var words: String
    /// The rule.
    var source: SourceReference

    init(host: String, path: String, source: SourceReference) {
        // Any name that a wildcard stands for, and the path up to where a pattern begins.
        self.host = host.isEmpty || host == "*" ? "any.invalid" : host.hasPrefix("*.") ? "any" + host.dropFirst() : host
        let plain = path.prefix { !"*(?$^\\[".contains($0) }
        self.path = plain.hasPrefix("/") ? String(plain) : "/" + plain
        words = (host.isEmpty ? "*" : host) + path
        self.source = source
    }

    /// The rules of Ingresses, their default backends last.
    static func all(of ingresses: [Ingress]) -> [FrontWitness] {
        let rules = IngressPathEntry.all(of: ingresses).map { entry in
            FrontWitness(
                host: entry.host, path: entry.text, source: entry.ingress.sourceReference(at: entry.path.location))
        }
        let rest = ingresses.compactMap { ingress in
            ingress.defaultBackend.map {
                FrontWitness(host: "", path: "/", source: ingress.sourceReference(at: $0.location))
            }
        }
        return rules + rest
    }
}

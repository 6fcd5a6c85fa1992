import Documents
import MeshModel
import TrafficEngine

/// A Host of Emissary: which names it serves, and what becomes of plain text.
struct EmissaryHost {
    enum Insecure: String { case redirect = "Redirect", route = "Route", reject = "Reject" }

    var hostname: String
    var insecure: Insecure
    var secret: String?
    var place: SourceReference
    /// Where `requestPolicy` is written; the Host itself where it is not: then plain text is redirected.
    var policyPlace: SourceReference

    init(_ resource: Resource) {
        let spec = resource.node["spec"]
        let meta = resource.meta
        hostname = spec?["hostname"]?.string ?? "*"
        let action = spec?[path: "requestPolicy", "insecure", "action"]
        insecure = action?.string.flatMap { Insecure(rawValue: $0) } ?? .redirect
        secret = spec?[path: "tlsSecret", "name"]?.string
        place = SourceReference(
            kind: "Host", namespace: meta.namespace, name: meta.name,
            location: spec?["hostname"]?.keyLocation ?? meta.location)
        policyPlace = SourceReference(
            kind: "Host", namespace: meta.namespace, name: meta.name, location: action?.location ?? meta.location)
    }

    /// The Host that serves a name: the most exact one.
    static func serving(_ name: String, among hosts: [EmissaryHost]) -> EmissaryHost? {
        hosts.filter { matches(name, $0.hostname) }.max { rank($0.hostname) < rank($1.hostname) }
    }

    private static func rank(_ glob: String) -> (Int, Int) { (glob.contains("*") ? 0 : 1, glob.utf8.count) }

    /// Emissary's globs: `*`, `*.suffix` (any number of labels), `prefix.*`.
    static func matches(_ name: String, _ glob: String) -> Bool {
        let glob = glob.lowercased()
        if glob == "*" { return true }
        if glob.hasPrefix("*") { return name.hasSuffix(glob.dropFirst()) && name.utf8.count > glob.utf8.count - 1 }
        if glob.hasSuffix("*") { return name.hasPrefix(glob.dropLast()) }
        return name == glob
    }
}

import Documents
import MeshModel
import TrafficEngine

/// An Ingress with `canary: "true"`: another backend for the paths of its host that other Ingresses have, by header, cookie or weight.
enum NginxCanary {
    /// The location's own backend, or its canary's; of a weight the likelier one.
    static func choose(
        _ location: IngressPathEntry, among ingresses: [Ingress], _ request: SyntheticRequest,
        _ manifests: ManifestIndex,
        _ hop: inout PathHop
    ) -> IngressPathEntry {
        let canaries = IngressPathEntry.all(of: ingresses.filter(\.isCanary)).filter { entry in
            entry.host == location.host && entry.text == location.text
        }
        guard let canary = canaries.first else { return location }
        let annotations = manifests.annotations(of: canary.ingress)
        let source = { (name: String) in annotations.source(NginxFront.prefix + name) }
        let value = { (name: String) in annotations[NginxFront.prefix + name] }
        let name = canary.ingress.namespacedName
        if canaries.count > 1 {
            hop.warn("\(canaries.count) canaries of one path: \(name) counts", canary.ingress.sourceReference)
        }
        if let header = value("canary-by-header"), let sent = request.header(header.lowercased()) {
            if let isIn = decides(sent, value("canary-by-header-value"), value("canary-by-header-pattern")) {
                hop.note(
                    "canary \(name): header \(header) is \(sent): \(isIn ? "the canary's" : "not the canary's")",
                    source("canary-by-header"))
                return isIn ? canary : location
            }
        }
        if let cookie = value("canary-by-cookie"), let sent = request.cookie(cookie),
            ["always", "never"].contains(sent)
        {
            hop.note("canary \(name): cookie \(cookie) is \(sent)", source("canary-by-cookie"))
            return sent == "always" ? canary : location
        }
        let total = max(1, value("canary-weight-total").flatMap { Int($0) } ?? 100)
        let weight = min(total, max(0, value("canary-weight").flatMap { Int($0) } ?? 0))
        guard weight > 0 else {
            hop.note("canary \(name): nothing of this request is meant for it", canary.ingress.sourceReference)
            return location
        }
        let isLikelier = weight * 2 > total
        hop.note(
            "canary \(name): \(weight) of \(total) requests, drawn for each; the \(isLikelier ? "canary" : "other") is followed",
            source("canary-weight"))
        return isLikelier ? canary : location
    }

    /// `nil`: the header decides nothing, and the next rule is asked.
    private static func decides(_ sent: String, _ value: String?, _ pattern: String?) -> Bool? {
        if let value, !value.isEmpty { return sent == value ? true : nil }
        if let pattern, !pattern.isEmpty {
            return regularExpression("(?s).*(?:\(pattern)).*", takes: sent) == true ? true : nil
        }
        return sent == "always" ? true : sent == "never" ? false : nil
    }
}

extension SyntheticRequest {
    /// The value of a cookie.
    func cookie(_ name: String) -> String? {
        for pair in (header("cookie") ?? "").split(separator: ";") {
            guard let equals = pair.firstIndex(of: "="), pair[..<equals].trimmingBlanks == name else { continue }
            return pair[pair.index(after: equals)...].trimmingBlanks
        }
        return nil
    }
}

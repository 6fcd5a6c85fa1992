import Documents
import MeshModel
import Translation

extension Repair {
    /// A server of a Gateway whose hosts do not cover the host, or do not let the VirtualService's namespace in.
    static let serverHosts = Repair("hosts of a Gateway") { context in
        guard context.isGateway, !context.hosts.isEmpty else { return [] }
        var proposals: [Proposal?] = []
        for gateway in context.gateways {
            for (index, server) in gateway.servers.enumerated() {
                let list: [PathStep] = ["spec", "servers", .index(index), "hosts"]
                let open = server.hosts.contains { entry in
                    let (namespace, host) = parts(entry)
                    return context.covers(host)
                        && (namespace == "*"
                            || context.virtualServices.contains {
                                $0.namespace == (namespace == "." ? gateway.namespace : namespace)
                            })
                }
                if open { continue }
                let users = context.virtualServices.filter {
                    $0.gateways.contains {
                        HostName.gatewayName($0, namespace: "") == "\(gateway.namespace)/\(gateway.name)"
                    }
                }
                let reason =
                    "the server on port \(server.port?.number ?? 0) of Gateway \(gateway.namespacedName) is for "
                    + "\(server.hosts.listed), not for \(context.host)"
                for (place, entry) in server.hosts.enumerated() {
                    let (namespace, host) = parts(entry)
                    let isBound = entry.contains("/")
                    if context.covers(host), isBound {
                        let narrow =
                            "the server of Gateway \(gateway.namespacedName) takes routes of namespace \(namespace) only: \(entry)"
                        proposals.append(
                            context.change(
                                gateway, .set(list + [.index(place)], .string(host)), narrow, others: users.references))
                        for namespace in Set(context.virtualServices.map(\.namespace)).sorted() {
                            proposals.append(
                                context.change(
                                    gateway, .set(list + [.index(place)], .string("\(namespace)/\(host)")), narrow,
                                    others: users.references))
                        }
                        continue
                    }
                    let asked = context.askedHost(like: host)
                    for wish in wishes(asked, like: host) {
                        let new = isBound ? "\(namespace)/\(wish)" : wish
                        proposals.append(
                            context.change(
                                gateway, .set(list + [.index(place)], .string(new)), reason, others: users.references,
                                penalty: Near.distance(host, wish) == nil ? 8 : 0))
                    }
                }
                proposals.append(
                    context.change(gateway, .insert(list, .string(context.host)), reason, others: users.references))
            }
        }
        return proposals.compactMap { $0 }
    }

    /// `ns/host` as its two parts.
    private static func parts(_ entry: String) -> (namespace: String, host: String) {
        guard let slash = entry.firstIndex(of: "/") else { return ("*", entry) }
        return (String(entry[..<slash]), String(entry[entry.index(after: slash)...]))
    }

    /// The host itself, and a wildcard that covers it where one was written.
    static func wishes(_ asked: String, like host: String) -> [String] {
        guard host.hasPrefix("*"), let dot = asked.firstIndex(of: ".") else { return [asked] }
        let levels = host.split(separator: ".").count
        let labels = asked.split(separator: ".").map(String.init)
        var result = ["*" + asked[dot...]]
        // A wildcard of the same length stands for more than one label.
        if levels - 1 < labels.count, levels > 1 {
            result.append("*." + labels.suffix(levels - 1).joined(separator: "."))
        }
        return result + [asked]
    }
}

extension Sequence<VirtualService> {
    /// The objects, for the other side of a mismatch.
    var references: [SourceReference] { map(\.sourceReference) }
}

import Documents
import MeshModel
import Translation

extension Repair {
    /// Conditions of a match that select proxies, not requests: `port`, `gateways`, `sourceLabels`, `sourceNamespace`.
    static let matchScope = Repair("match that leaves this proxy out") { context in
        var proposals: [Proposal?] = []
        for object in context.virtualServices {
            for match in object.scopedMatches { proposals += scope(match, of: object, context) }
        }
        return proposals.compactMap { $0 }
    }

    private static func scope(_ match: ScopedMatch, of object: VirtualService, _ context: RepairContext) -> [Proposal?]
    {
        var proposals: [Proposal?] = []
        let what = "the match of VirtualService \(object.namespacedName)"
        let ports = context.serverPorts
        if match.port != 0, !ports.contains(match.port) {
            let reason =
                "\(what) wants port \(match.port), which is the port of the Gateway's server; "
                + "the request comes in at \(ports.map { "\($0)" }.listed)"
            for port in ports.prefix(4) {
                proposals.append(context.change(object, .set(match.path + ["port"], .int(Int64(port))), reason))
            }
            proposals.append(context.change(object, .remove(match.path + ["port"]), reason))
        }
        let own =
            context.isGateway
            ? context.snapshot.gateways.filter { context.selectsProxy($0) }.map { "\($0.namespace)/\($0.name)" }
            : ["mesh"]
        if !match.gateways.isEmpty,
            !match.gateways.contains(where: { own.contains(HostName.gatewayName($0, namespace: object.namespace)) })
        {
            let reason = "\(what) is for \(match.gateways.listed) only, not for this proxy"
            proposals.append(context.change(object, .remove(match.path + ["gateways"]), reason))
            if let gateway = own.first {
                let name = gateway == "mesh" ? "mesh" : gateway
                for index in match.gateways.indices {
                    proposals.append(
                        context.change(object, .set(match.path + ["gateways", .index(index)], .string(name)), reason))
                }
            }
        }
        for (key, value) in match.sourceLabels.sorted(by: { $0.key < $1.key }) where context.proxy.labels[key] != value
        {
            let reason =
                "\(what) is for callers with \(key)=\(value), this one has \(context.proxy.labels[key] ?? "no such label")"
            if let own = context.proxy.labels[key] {
                proposals.append(
                    context.change(object, .set(match.path + ["sourceLabels", .key(key)], .string(own)), reason))
            }
            proposals.append(context.change(object, .remove(match.path + ["sourceLabels", .key(key)]), reason))
        }
        if !match.sourceNamespace.isEmpty, match.sourceNamespace != context.proxy.namespace {
            let reason =
                "\(what) is for callers of namespace \(match.sourceNamespace), this one is in \(context.proxy.namespace)"
            proposals.append(
                context.change(
                    object, .set(match.path + ["sourceNamespace"], .string(context.proxy.namespace)), reason))
            proposals.append(context.change(object, .remove(match.path + ["sourceNamespace"]), reason))
        }
        return proposals
    }
}

/// The part of a match that is looked at when the configuration is made.
struct ScopedMatch {
    let path: [PathStep]
    let port: Int
    let gateways: [String]
    let sourceLabels: [String: String]
    let sourceNamespace: String
}

extension VirtualService {
    var scopedMatches: [ScopedMatch] {
        func path(_ list: String, _ route: Int, _ match: Int) -> [PathStep] {
            ["spec", .key(list), .index(route), "match", .index(match)]
        }
        var result: [ScopedMatch] = []
        for (index, route) in http.enumerated() {
            for (position, match) in route.match.enumerated() {
                result.append(
                    ScopedMatch(
                        path: path("http", index, position), port: match.port, gateways: match.gateways,
                        sourceLabels: match.sourceLabels, sourceNamespace: match.sourceNamespace))
            }
        }
        for (index, route) in tls.enumerated() {
            for (position, match) in route.match.enumerated() {
                result.append(
                    ScopedMatch(
                        path: path("tls", index, position), port: match.port, gateways: match.gateways,
                        sourceLabels: match.sourceLabels, sourceNamespace: match.sourceNamespace))
            }
        }
        for (index, route) in tcp.enumerated() {
            for (position, match) in route.match.enumerated() {
                result.append(
                    ScopedMatch(
                        path: path("tcp", index, position), port: match.port, gateways: match.gateways,
                        sourceLabels: match.sourceLabels, sourceNamespace: match.sourceNamespace))
            }
        }
        return result
    }
}

extension RepairContext {
    /// The ports by which a Gateway's server can mean the one that was asked: its own number, and those of the Services in front
    /// of the proxy that lead to it.
    var serverPorts: [Int] {
        guard isGateway else { return [port] }
        var ports = [port]
        for service in snapshot.services(inNamespace: proxy.namespace) {
            guard let selector = service.selector, !selector.isEmpty,
                selector.allSatisfy({ proxy.labels[$0.key] == $0.value })
            else { continue }
            for entry in service.ports {
                let target = entry.targetPort?.number ?? entry.port
                if target == port, !ports.contains(entry.port) { ports.insert(entry.port, at: 0) }
            }
        }
        for entry in snapshot.serviceEntries {
            let isInFront = entry.endpoints.contains { proxy.ipAddresses.contains($0.address) }
            for found in entry.ports where isInFront && found.targetPort == port && !ports.contains(found.number) {
                ports.insert(found.number, at: 0)
            }
        }
        return ports
    }
}

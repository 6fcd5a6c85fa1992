import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `gateway.ConflictingGatewayAnalyzer`: no two Gateways of the same workloads claim a host on one port.
    ///
    /// Its IST0101 says what `gateway.IngressGatewayPortAnalyzer` says, and is given there.
    static let gatewayConflicts = Analyzer(
        name: "gateway.ConflictingGatewayAnalyzer", codes: ["IST0145"]
    ) { context in
        let claims = GatewayClaims(context.snapshot.gateways)
        var findings: [Finding] = []
        for gateway in context.snapshot.gateways where gateway.meta.location != nil {
            for server in gateway.servers {
                let others = claims.others(on: server, of: gateway)
                guard let port = server.port, !others.isEmpty else { continue }
                let names = others.sorted().map(\.description).joined(separator: ",")
                findings.append(
                    Finding(
                        .error, "IST0145", about: gateway, analyzer: "gateway.ConflictingGatewayAnalyzer",
                        at: server.hostLocations.first ?? server.location,
                        hint: "Istio takes the oldest Gateway's server; put the hosts into one Gateway",
                        "Conflict with gateways \(names) (workload selector \(words(gateway.selector ?? [:])), port"
                            + " \(port.number), hosts \(server.hosts.joined(separator: ",")))."))
            }
        }
        return findings
    }
}

/// Which Gateways claim which host, by workload selector, port and address.
private struct GatewayClaims {
    private struct Place: Hashable {
        let port: Int
        let bind: String
        /// The Services that lead to it, where Istio has bound it to some: their ports are not those of others.
        let services: String
    }

    private static func place(of server: IstioGateway.Server, _ gateway: IstioGateway) -> Place? {
        guard let port = server.port, port.number > 0 else { return nil }
        return Place(
            port: port.number, bind: server.bind,
            services: gateway.meta.annotations["internal.istio.io/gateway-service"] ?? "")
    }

    private typealias Claim = (gateway: NamespacedName, namespace: Substring)
    private var claims: [Place: [[String: String]: [String: [Claim]]]] = [:]

    init(_ gateways: [IstioGateway]) {
        for gateway in gateways {
            for server in gateway.servers {
                guard let place = Self.place(of: server, gateway) else { continue }
                for host in server.hosts {
                    let (namespace, name) = Self.parts(of: host, gateway)
                    claims[place, default: [:]][gateway.selector ?? [:], default: [:]][name, default: []]
                        .append((gateway.namespacedName, namespace))
                }
            }
        }
    }

    func others(on server: IstioGateway.Server, of gateway: IstioGateway) -> Set<NamespacedName> {
        guard let place = Self.place(of: server, gateway) else { return [] }
        let selector = gateway.selector ?? [:]
        var found: Set<NamespacedName> = []
        for (other, hosts) in claims[place] ?? [:]
        where other.isContained(in: selector) || selector.isContained(in: other) {
            for host in server.hosts {
                let (namespace, name) = Self.parts(of: host, gateway)
                for key in Self.candidates(for: name, in: hosts) {
                    for claim in hosts[key] ?? [] where claim.gateway != gateway.namespacedName {
                        if namespace == "*" || claim.namespace == "*" || namespace == claim.namespace {
                            found.insert(claim.gateway)
                        }
                    }
                }
            }
        }
        return found
    }

    /// The written hosts that have a host name in common with this one.
    private static func candidates(for name: String, in hosts: [String: [Claim]]) -> [String] {
        if name.hasPrefix("*") { return hosts.keys.filter { Analyzer.matches(name, $0) } }
        var keys = [name, "*"]
        var rest = name[...]
        while let dot = rest.firstIndex(of: ".") {
            keys.append("*" + rest[dot...])
            rest = rest[rest.index(after: dot)...]
        }
        return keys
    }

    private static func parts(of host: String, _ gateway: IstioGateway) -> (namespace: Substring, name: String) {
        guard let slash = host.firstIndex(of: "/") else { return ("*", host) }
        let namespace = host[..<slash]
        return (namespace == "." ? gateway.namespace[...] : namespace, String(host[host.index(after: slash)...]))
    }
}

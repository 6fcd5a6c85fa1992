import Documents
import MeshModel

/// All Gateways of a proxy as one (istiod: `mergeGateways`).
struct MergedGateway {
    /// Servers that share a port, protocol and address.
    struct Group {
        let port: Int
        let protocolName: String
        let bind: String
        var routeName: String
        var servers: [GatewayServer]

        var proto: PortProtocol { PortProtocol(name: protocolName) }
    }

    private(set) var groups: [Group] = []
    private(set) var serversByRouteName: [String: [GatewayServer]] = [:]
    private(set) var gateways: [IstioGateway] = []
    /// Servers that do not take part, and why.
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var hasAutoPassthrough = false

    private var usedTLSHosts: [Int: [String: GatewayServer]] = [:]
    private var ports = Set<Int>()
    private var plaintext: [Int: (index: Int, server: GatewayServer)] = [:]
    private var laterBinds: [Int: Set<String>] = [:]

    init(_ context: ProxyContext) {
        for (gateway, bound) in Self.applying(context) {
            gateways.append(gateway)
            for server in gateway.servers {
                guard let declared = server.port else { continue }
                for port in Self.ports(declared.number, bound: bound, context: context) {
                    add(GatewayServer(server, declared, of: gateway, port: port), declared.protocol)
                }
            }
        }
    }

    // MARK: Selection

    /// The Gateways that select the proxy; with the targets that they are bound to, where they name Services.
    private static func applying(_ context: ProxyContext) -> [(gateway: IstioGateway, bound: [ServiceTarget]?)] {
        var result: [(gateway: IstioGateway, bound: [ServiceTarget]?)] = []
        for gateway in context.index.gateways {
            if context.features.scopeGatewayToNamespace, gateway.namespace != context.proxy.namespace { continue }
            let annotations = gateway.meta.annotations
            if let services = annotations["internal.istio.io/gateway-service"], !services.isEmpty {
                let names = Set(services.split(separator: ",").map(\.trimmed))
                let namespace = annotations["internal.istio.io/parent-namespace"] ?? gateway.namespace
                let bound = context.targets.filter {
                    $0.service.namespace == namespace && names.contains($0.service.hostname)
                }
                if !bound.isEmpty { result.append((gateway, bound)) }
            } else if gateway.selector?.isContained(in: context.proxy.labels) ?? true {
                result.append((gateway, nil))
            }
        }
        guard context.features.enableStrictGatewayMerging else { return result }
        let managed = Set(result.filter { $0.bound != nil }.map(\.gateway.namespace))
        if managed.isEmpty { return result }
        return result.filter { $0.bound != nil || managed.contains($0.gateway.namespace) }
    }

    /// istiod: `resolvePorts`.
    private static func ports(_ number: Int, bound: [ServiceTarget]?, context: ProxyContext) -> [Int] {
        if let bound {
            return Set(bound.filter { $0.port.number == number }.map(\.targetPort)).sorted()
        }
        let label = "experimental.istio.io/disable-gateway-port-translation"
        let target = context.targets.first {
            $0.port.number == number && $0.service.labels[label] == nil
        }
        return [target?.targetPort ?? number]
    }

    // MARK: Merging

    private mutating func add(_ server: GatewayServer, _ protocolName: String) {
        if server.tls != nil {
            var used = usedTLSHosts[server.port] ?? [:]
            for host in server.hosts {
                if let other = used[server.server.bind + "|" + host] {
                    skip(server, "host \"\(host)\" of port \(server.port) is taken by Gateway \"\(other.gatewayKey)\"")
                    return
                }
            }
            for host in server.hosts { used[server.server.bind + "|" + host] = server }
            usedTLSHosts[server.port] = used
        }
        if ports.insert(server.port).inserted {
            let index = append(server, protocolName)
            if !server.isTLS { plaintext[server.port] = (index, server) }
        } else if let current = plaintext[server.port] {
            add(server, protocolName, beside: current)
        } else {
            addBesideTLS(server, protocolName)
        }
    }

    private mutating func add(
        _ server: GatewayServer, _ protocolName: String, beside current: (index: Int, server: GatewayServer)
    ) {
        guard current.server.server.bind == server.server.bind else {
            _ = append(server, protocolName)
            return
        }
        let canMerge = (server.proto.isHTTP || server.proto == current.server.proto) && current.server.proto.isHTTP
        guard canMerge, !server.routeName.isEmpty else {
            skip(
                server,
                "port \(server.port) is taken by Gateway \"\(current.server.gatewayKey)\" for"
                    + " \(groups[current.index].protocolName), which cannot share it with \(protocolName)")
            return
        }
        groups[current.index].servers.append(server)
        serversByRouteName[server.routeName, default: []].append(server)
    }

    private mutating func addBesideTLS(_ server: GatewayServer, _ protocolName: String) {
        if server.terminatesHTTPS, serversByRouteName[server.routeName] != nil {
            skip(server, "its port name is that of another HTTPS server of the Gateway on the same port")
            return
        }
        if !server.proto.isHTTP {
            let isNewBind = laterBinds[server.port, default: []].insert(server.server.bind).inserted
            if server.tls == nil, !isNewBind {
                skip(server, "it has no tls, and port \(server.port) is one of TLS servers")
                return
            }
        }
        _ = append(server, protocolName)
    }

    /// Joins the group of the same port, protocol and address, or makes it; returns its index.
    private mutating func append(_ server: GatewayServer, _ protocolName: String) -> Int {
        serversByRouteName[server.routeName, default: []].append(server)
        if server.tls?.mode == .autoPassthrough { hasAutoPassthrough = true }
        if let index = groups.firstIndex(where: {
            $0.port == server.port && $0.protocolName == protocolName && $0.bind == server.server.bind
        }) {
            groups[index].servers.append(server)
            return index
        }
        groups.append(
            Group(
                port: server.port, protocolName: protocolName, bind: server.server.bind, routeName: server.routeName,
                servers: [server]))
        return groups.count - 1
    }

    private mutating func skip(_ server: GatewayServer, _ reason: String) {
        diagnostics.append(
            Diagnostic(
                .warning, "a server of Gateway \"\(server.gatewayKey)\" is ignored: \(reason)",
                at: server.server.location ?? server.gateway.meta.location))
    }
}

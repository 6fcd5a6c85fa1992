package import Documents
package import MeshModel
package import TrafficEngine

/// Which proxy a connection arrives at, and how it gets there.
package struct ReplayDestination: Sendable {
    package var proxy: ProxyNode
    package var mode: ConnectionAttempt.Mode
    /// The destination as the proxy's listeners see it.
    package var address: String
    package var port: UInt16
    package var sourceIP: String
    package var sourceNamespace: String?
    package var sourceLabels: [String: String] = [:]
    /// The way to the proxy in words, a line a hop.
    package var way: [Part]
    /// The Service that it comes through; `nil` for addresses of Pods and of nobody.
    package var entrance: Entrance?

    package init(
        proxy: ProxyNode, mode: ConnectionAttempt.Mode, address: String, port: UInt16, sourceIP: String,
        sourceNamespace: String? = nil, sourceLabels: [String: String] = [:], way: [Part]
    ) {
        self.proxy = proxy
        self.mode = mode
        self.address = address
        self.port = port
        self.sourceIP = sourceIP
        self.sourceNamespace = sourceNamespace
        self.sourceLabels = sourceLabels
        self.way = way
    }

    package struct Entrance: Sendable {
        package var service: Service
        package var port: Service.Port
        package var role: AddressBook.Role
    }

    package struct Part: Hashable, Sendable {
        package var text: String
        package var source: SourceReference?

        package init(_ text: String, source: SourceReference? = nil) {
            self.text = text
            self.source = source
        }
    }
}

/// Why a connection arrives nowhere: nobody listens there, as the manifests say.
package struct UnreachableDestination: Error, Sendable {
    package var message: String
    package var hint: String?
    package var source: SourceReference?

    package init(message: String, hint: String? = nil, source: SourceReference? = nil) {
        self.message = message
        self.hint = hint
        self.source = source
    }
}

/// Finds who listens where a connection goes: the contract's "Where a curl line goes".
package struct DestinationResolver: Sendable {
    private let mesh: MeshSnapshot
    private let proxies: [ProxyNode]
    private let book: AddressBook
    /// The address of a client outside; one of those that documents use.
    package static let outsideAddress = "203.0.113.77"

    package init(_ mesh: MeshSnapshot, proxies: [ProxyNode], book: AddressBook? = nil) {
        self.mesh = mesh
        self.proxies = proxies
        self.book = book ?? AddressBook(mesh, proxies: proxies)
    }

    /// The proxy that a connection to an address arrives at. `chosen` is the proxy of `--proxy`, or the only one: where
    /// names and addresses go that nothing in the store knows. `caller` is the Pod that the line runs in; `nil` is outside
    /// the mesh.
    package func destination(
        host: String, port: Int, chosen: ProxyNode?, caller: ProxyNode?
    ) throws(UnreachableDestination) -> ReplayDestination {
        guard let number = UInt16(exactly: port) else {
            throw UnreachableDestination(message: "there is no port \(port)")
        }
        if let caller { return outbound(host: host, port: number, from: caller) }
        if let found = try entrance(host: host, port: port) { return found }
        guard let gateway = chosen ?? onlyGateway else {
            throw UnreachableDestination(
                message: "nothing in the store has the address \(host), and there is no gateway to take it",
                hint: "choose a proxy with --proxy NAME.NAMESPACE")
        }
        if gateway.type == .sidecar { return outbound(host: host, port: number, from: gateway) }
        return unknown(host: host, port: number, gateway: gateway)
    }

    private var onlyGateway: ProxyNode? {
        let gateways = proxies.filter { $0.type == .gateway }
        guard let first = gateways.first, gateways.allSatisfy({ $0.labels == first.labels }) else { return nil }
        return first
    }

    // MARK: From outside

    private func entrance(host: String, port: Int) throws(UnreachableDestination) -> ReplayDestination? {
        // Names and addresses of the cluster are told apart from what nobody knows, and lead to a gateway all the same.
        let owner =
            book.owner(outside: host, port: port)
            ?? book.service(atClusterAddress: host, from: nil).map { .service($0, .clusterIP) }
            ?? book.service(named: host, from: nil).map { .service($0, .name) }
        switch owner {
        case .service(let service, let role):
            guard let gateway = book.gateway(behind: service) else {
                if role == .nodePort || role == .loadBalancer || role == .external { return nil }
                throw UnreachableDestination(
                    message: "\(host) is Service \(service.name).\(service.namespace), which only the mesh can reach",
                    hint: "say from where: --proxy POD.NAMESPACE or --from POD.NAMESPACE",
                    source: service.sourceReference)
            }
            return try through(service, role, host: host, port: port, to: gateway)
        case .kubernetesGateway(let gateway):
            guard let proxy = book.proxy(of: gateway), let number = UInt16(exactly: port) else { return nil }
            let part = ReplayDestination.Part(
                "\(host) is the address of Gateway \(gateway.namespace)/\(gateway.name)",
                source: gateway.sourceReference)
            return destination(at: proxy, port: number, way: [part])
        case .pod, .node, nil: break
        }
        if let proxy = book.proxy(at: host, seenFrom: nil), proxy.type == .gateway, let number = UInt16(exactly: port) {
            let part = ReplayDestination.Part("\(host) is the Pod of \(proxy.id)")
            return destination(at: proxy, port: number, way: [part])
        }
        return nil
    }

    private func through(
        _ service: Service, _ role: AddressBook.Role, host: String, port: Int, to proxy: ProxyNode
    ) throws(UnreachableDestination) -> ReplayDestination {
        let found = service.ports.first { role == .nodePort ? $0.nodePort == port : $0.port == port }
        guard let found else {
            let known = service.ports.map { $0.name.isEmpty ? "\($0.port)" : "\($0.port) (\($0.name))" }
            throw UnreachableDestination(
                message: "Service \(service.name).\(service.namespace) has no port \(port)",
                hint: "it has " + known.joined(separator: ", "), source: service.sourceReference)
        }
        guard let target = targetPort(found, of: proxy) else {
            throw UnreachableDestination(
                message: "no container of \(proxy.id) has the target port of port \(found.port)",
                source: service.sourceReference(at: found.location))
        }
        let what: String =
            switch role {
            case .loadBalancer: "the load balancer of"
            case .external: "an external address of"
            case .nodePort: "a node port of"
            case .clusterIP: "the cluster address of"
            case .name: "the name of"
            }
        let subject = role == .nodePort ? "\(host):\(port)" : host
        var ports = role == .nodePort ? "node port \(port) -> " : ""
        ports += "port \(found.port) -> target port \(target)"
        let parts = [
            ReplayDestination.Part(
                "\(subject) is \(what) Service \(service.name).\(service.namespace)", source: service.sourceReference),
            ReplayDestination.Part(
                "\(ports) of \(proxy.id)", source: service.sourceReference(at: found.location)),
        ]
        var result = destination(at: proxy, port: target, way: parts)
        result.entrance = ReplayDestination.Entrance(service: service, port: found, role: role)
        return result
    }

    private func targetPort(_ port: Service.Port, of proxy: ProxyNode) -> UInt16? {
        switch port.targetPort {
        case nil: return UInt16(exactly: port.port)
        case .number(let number): return UInt16(exactly: number)
        case .name(let name):
            let pod = proxy.pod.flatMap { mesh.pod($0.name, namespace: $0.namespace) }
            let ports = pod?.spec.servingContainers.flatMap(\.ports) ?? []
            return ports.first { $0.name == name }.flatMap { UInt16(exactly: $0.containerPort) }
                ?? UInt16(exactly: port.port)
        }
    }

    private func destination(
        at proxy: ProxyNode, port: UInt16, way: [ReplayDestination.Part]
    ) -> ReplayDestination {
        ReplayDestination(
            proxy: proxy, mode: .gateway, address: proxy.ipAddresses.first { $0.contains(".") } ?? "127.0.0.1",
            port: port, sourceIP: Self.outsideAddress, way: way)
    }

    /// What nothing in the store knows goes to the gateway: by the Service in front of it, where it has that port.
    private func unknown(host: String, port: UInt16, gateway: ProxyNode) -> ReplayDestination {
        for service in mesh.services(inNamespace: gateway.namespace) {
            guard let selector = service.selector, !selector.isEmpty,
                selector.allSatisfy({ gateway.labels[$0.key] == $0.value }),
                let found = service.ports.first(where: { $0.port == Int(port) }),
                let target = targetPort(found, of: gateway)
            else { continue }
            let parts = [
                ReplayDestination.Part("\(host) is not known here; taken for an address of \(gateway.id)"),
                ReplayDestination.Part(
                    "Service \(service.name).\(service.namespace): port \(port) -> target port \(target)",
                    source: service.sourceReference(at: found.location)),
            ]
            var result = destination(at: gateway, port: target, way: parts)
            result.entrance = ReplayDestination.Entrance(service: service, port: found, role: .name)
            return result
        }
        let part = ReplayDestination.Part("\(host) is not known here; taken for an address of \(gateway.id)")
        return destination(at: gateway, port: port, way: [part])
    }

    /// The way back: an address and port outside that lead to a gateway's port, by the Service in front of it.
    package func entrance(of gateway: ProxyNode, port: UInt16) -> (host: String, port: Int)? {
        for service in mesh.services(inNamespace: gateway.namespace) {
            guard let selector = service.selector, !selector.isEmpty,
                selector.allSatisfy({ gateway.labels[$0.key] == $0.value }),
                let found = service.ports.first(where: { targetPort($0, of: gateway) == port })
            else { continue }
            let outside = service.loadBalancerIngress.lazy.compactMap { $0.ip ?? $0.hostname }.first
            return (outside ?? service.externalIPs.first ?? "$INGRESS_HOST", Int(found.port))
        }
        return nil
    }

    // MARK: From a Pod

    private func outbound(host: String, port: UInt16, from caller: ProxyNode) -> ReplayDestination {
        var address = host
        var part = ReplayDestination.Part("\(host) is an address")
        if let service = service(named: host, in: caller.namespace) {
            address =
                service.isHeadless || service.clusterIP.isEmpty ? firstEndpoint(of: service) ?? host : service.clusterIP
            part = ReplayDestination.Part(
                "\(host) is Service \(service.name).\(service.namespace), \(address)", source: service.sourceReference)
        } else if let entry = mesh.serviceEntries.first(where: { $0.hosts.contains { $0 == host } }) {
            address = entry.addresses.first { !$0.contains("/") } ?? Self.placeholder
            part = ReplayDestination.Part(
                "\(host) is ServiceEntry \(entry.namespace)/\(entry.name)", source: entry.sourceReference)
        } else if !Self.isAddress(host) {
            address = Self.placeholder
            part = ReplayDestination.Part("\(host) is not known in the mesh: an address from outside")
        }
        return ReplayDestination(
            proxy: caller, mode: .outbound, address: address, port: port,
            sourceIP: caller.ipAddresses.first ?? "127.0.0.1", sourceNamespace: caller.namespace,
            sourceLabels: caller.labels, way: [part, ReplayDestination.Part("caught by the sidecar of \(caller.id)")])
    }

    /// Stands for the address of a name that only the world outside can resolve.
    static let placeholder = "198.51.100.1"

    private static func isAddress(_ host: String) -> Bool {
        host.contains(":") || host.split(separator: ".").count == 4 && host.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// A Service by the names that a Pod's resolver tries.
    private func service(named host: String, in namespace: String) -> Service? {
        var name = host
        let suffixes = [".svc.\(mesh.options.domain)", ".svc"]
        for suffix in suffixes where name.hasSuffix(suffix) {
            name = String(name.dropLast(suffix.count))
            break
        }
        let pieces = name.split(separator: ".").map(String.init)
        switch pieces.count {
        case 1: return mesh.service(pieces[0], namespace: namespace)
        case 2: return mesh.service(pieces[0], namespace: pieces[1])
        default: return mesh.services.first { $0.clusterIP == host && !$0.isHeadless }
        }
    }

    private func firstEndpoint(of service: Service) -> String? {
        mesh.endpointSlices(ofService: service.name, namespace: service.namespace).lazy
            .flatMap(\.endpoints).flatMap(\.addresses).first
    }
}

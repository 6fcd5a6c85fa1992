import Documents
import MeshModel
import TrafficEngine

/// Load balancers for connections, node ports, Service addresses: from a Service to one of its Pods.
extension PathWalk {
    /// A connection to a Service's address, by whatever way it is reached.
    func through(
        _ service: Service, _ role: AddressBook.Role, host: String, port: Int, request: SyntheticRequest,
        fromOutside: Bool
    ) -> Ending {
        let found = service.ports.first { role == .nodePort ? $0.nodePort == port : $0.port == port }
        guard let found else {
            var hop = PathHop(
                role == .loadBalancer ? .networkLoadBalancer : .node, service.title, cluster: service.meta.cluster,
                source: service.sourceReference)
            hop.address = hostPort(host, port)
            hop.arrives = request
            let known = service.ports.map { $0.name.isEmpty ? "\($0.port)" : "\($0.port) (\($0.name))" }.joined(
                separator: ", ")
            hop.fail("Service \(service.namespacedName) has no port \(port); it has \(known)", service.sourceReference)
            path.append(hop)
            return .refused
        }
        var next = request
        var dialsPods = false
        if role == .loadBalancer {
            let balancer = NetworkLoadBalancer(service, tracer.manifests.annotations(of: service))
            path.append(balancer.hop(host: host, port: found, request: next))
            if let check = balancer.healthCheck {
                health.append(
                    report(check, by: balancer.name, service: service, port: found, dialsPods: balancer.dialsPods))
            }
            if balancer.hidesSource { next.sourceIP = NetworkLoadBalancer.privateAddress }
            if balancer.endsTLS(on: found), next.isTLS {
                next.reconnect(over: balancer.reencrypts ? .tls : .plaintext)
            }
            if let place = balancer.proxyHeader, let ending = proxyHeader(place, to: service) { return ending }
            dialsPods = balancer.dialsPods
            if let last = path.indices.last { path[last].sends = next.transport }
        }
        if dialsPods { return dialPod(of: service, found, next) }
        return toPods(
            of: service, found, next, fromOutside: fromOutside, entersAt: role == .nodePort ? host : nil)
    }

    /// A PROXY header that arrives at a gateway: read if the gateway was told to, else taken for a broken request.
    private func proxyHeader(_ place: SourceReference, to service: Service) -> Ending? {
        let words = "every connection begins with a PROXY header"
        guard let gateway = tracer.book.gateway(behind: service) else {
            path[path.count - 1].warn(words + ", which what is behind it must be told to read", place)
            return nil
        }
        if tracer.readsProxyHeader(gateway) {
            path[path.count - 1].note(words + ", which \(gateway.id) reads (gatewayTopology.proxyProtocol)", place)
            return nil
        }
        path[path.count - 1].fail(
            words + ", and \(gateway.id) was not told to read it (gatewayTopology.proxyProtocol): it answers 400", place
        )
        answeredBy = path.count - 1
        return .answered(.written(400, server: "istio-envoy", body: "Bad Request", contentType: "text/plain"))
    }

    /// From a load balancer straight to a Pod.
    private func dialPod(of service: Service, _ port: Service.Port, _ request: SyntheticRequest) -> Ending {
        let pods = tracer.book.pods(of: service).filter { $0.isReady ?? true }
        let place = path.count - 1
        guard let pod = pods.first, let target = tracer.book.targetPort(port, in: pod) else {
            path[place].fail(
                "Service \(service.namespacedName) has no Pod that is ready and has its target port",
                service.sourceReference)
            return .refused
        }
        path[place].ports.append(
            PathPort("target port", target, source: service.sourceReference(at: port.location)))
        var next = request
        next.address = pod.ips.first ?? ""
        return arrive(next, at: pod, port: target)
    }

    /// kube-proxy's part: from a node, or from the caller's own, to a Pod. `entersAt` is the node's address where it is known.
    func toPods(
        of service: Service, _ port: Service.Port, _ request: SyntheticRequest, fromOutside: Bool,
        entersAt: String? = nil
    ) -> Ending {
        let pods = tracer.book.pods(of: service).filter { $0.isReady ?? true }
        var next = request
        var chosen = pods.first
        if fromOutside {
            let isLocal = service.externalTrafficPolicy == "Local"
            var hop = PathHop(
                .node, entersAt ?? "a node", cluster: service.meta.cluster, source: service.sourceReference)
            if let entersAt {
                hop.address = hostPort(entersAt, port.nodePort ?? port.port)
            } else if let node = nodes(for: service, pods).first {
                hop.name = node.name
                hop.address = hostPort(node.internalAddress ?? node.name, port.nodePort ?? port.port)
            }
            hop.arrives = request
            hop.sends = request.transport
            hop.tls = request.isTLS ? .passes : .none
            hop.ports = ports(of: service, port, pod: chosen)
            if isLocal {
                hop.note(
                    "externalTrafficPolicy Local: the client's address stays; nodes without a Pod of it drop the connection",
                    service.sourceReference)
                if let entersAt,
                    let node = tracer.book.nodes(in: service.meta.cluster).first(where: { $0.has(entersAt) })
                {
                    let local = pods.filter { tracer.book.node(of: $0)?.name == node.name }
                    if local.isEmpty, !pods.isEmpty, pods.contains(where: { tracer.book.node(of: $0) != nil }) {
                        hop.fail(
                            "no Pod of Service \(service.namespacedName) runs on \(node.name): the connection is dropped",
                            service.sourceReference)
                        path.append(hop)
                        return .refused
                    }
                    chosen = local.first ?? chosen
                }
            } else {
                let node = nodes(for: service, pods).first?.internalAddress ?? pods.first?.hostIP
                next.sourceIP = node ?? Self.nodeAddress
                hop.warn(
                    "externalTrafficPolicy Cluster: the next hop sees the node\(node.map { " (\($0))" } ?? ""), not \(request.sourceIP)",
                    service.sourceReference, code: "MT0310")
            }
            path.append(hop)
        } else {
            var hop = PathHop(.node, "kube-proxy", cluster: service.meta.cluster, source: service.sourceReference)
            hop.address = hostPort(service.clusterIP.isEmpty ? service.name : service.clusterIP, port.port)
            hop.arrives = request
            hop.sends = request.transport
            hop.tls = request.isTLS ? .passes : .none
            hop.ports = ports(of: service, port, pod: chosen)
            if pods.count > 1 { hop.note("one of \(pods.count) Pods, at random for each connection") }
            path.append(hop)
        }
        guard let pod = chosen else { return withoutPods(service, port, next) }
        guard let target = tracer.book.targetPort(port, in: pod) else {
            path[path.count - 1].fail(
                "no container of \(pod.namespacedName) has a port that is called as target port of \(port.port)",
                service.sourceReference(at: port.location))
            return .refused
        }
        next.address = pod.ips.first ?? ""
        return arrive(next, at: pod, port: target)
    }

    /// No Pod of it: a gateway without manifest, endpoints by hand, or nobody.
    private func withoutPods(_ service: Service, _ port: Service.Port, _ request: SyntheticRequest) -> Ending {
        for slice in tracer.mesh.endpointSlices(ofService: service.name, namespace: service.namespace)
        where slice.meta.cluster == service.meta.cluster {
            guard let address = slice.endpoints.first(where: { $0.isReady ?? true })?.addresses.first,
                let number = (slice.ports.first { $0.name == port.name } ?? slice.ports.first)?.port
            else { continue }
            var next = request
            next.address = address
            next.port = UInt16(exactly: number) ?? 0
            return connect(next, host: address, port: number, from: service.meta.cluster)
        }
        path[path.count - 1].fail("Service \(service.namespacedName) has no Pod that is ready", service.sourceReference)
        return .refused
    }

    /// A node's address where no manifest has one.
    static let nodeAddress = "192.168.0.1"

    /// The nodes that a load balancer sends to, those with a Pod first.
    private func nodes(for service: Service, _ pods: [Pod]) -> [KubernetesNode] {
        let own = pods.compactMap { tracer.book.node(of: $0) }
        return own.isEmpty ? tracer.book.nodes(in: service.meta.cluster) : own
    }

    /// `node port 31246 → port 80 → target port 8080`.
    private func ports(of service: Service, _ port: Service.Port, pod: Pod?) -> [PathPort] {
        let place = service.sourceReference(at: port.location)
        var ports: [PathPort] = []
        if let node = port.nodePort { ports.append(PathPort("node port", node, source: place)) }
        ports.append(PathPort("port", port.port, source: place))
        if let target = tracer.book.targetPort(port, in: pod) {
            ports.append(PathPort("target port", target, source: place))
        }
        return ports
    }
}

extension Service {
    var title: String { "Service \(namespacedName)" }
}

extension KubernetesNode {
    func has(_ host: String) -> Bool { name == host || addresses.contains { $0.address == host } }
}

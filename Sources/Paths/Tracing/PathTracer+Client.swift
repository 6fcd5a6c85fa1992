import Documents
package import MeshModel
package import TrafficEngine

/// Who makes the request.
package enum PathCaller: Sendable {
    /// From the world outside, or from an address of it.
    case outside
    /// A Pod; through its sidecar if it has one.
    case pod(ProxyNode)
    /// A Pod without a sidecar.
    case plainPod(Pod)
}

extension PathTracer {
    /// The way of a client's request, from the address that it connects to. `chosen` is where names and addresses go that nothing in
    /// the manifests knows. The request's mode, address and port are found out.
    package func trace(
        _ request: SyntheticRequest, host: String, port: Int, caller: PathCaller, chosen: ProxyNode?,
        application: Application? = nil
    ) throws(UnreachableDestination) -> (RequestPath, ReplayDestination?) {
        let walk = PathWalk(self, application)
        switch caller {
        case .outside: return try fromOutside(request, host, port, chosen, walk)
        case .plainPod(let pod): return (try fromPod(request, host, port, pod, walk), nil)
        case .pod(let proxy):
            let destination = try resolver.destination(host: host, port: port, chosen: chosen, caller: proxy)
            if destination.address == DestinationResolver.placeholder { walk.outsideName = host }
            return (walk.start(request, at: destination, mode: .mesh), destination)
        }
    }

    private func fromOutside(
        _ request: SyntheticRequest, _ host: String, _ port: Int, _ chosen: ProxyNode?, _ walk: PathWalk
    ) throws(UnreachableDestination) -> (RequestPath, ReplayDestination?) {
        var request = request
        if request.sourceIP.isEmpty || request.sourceIP == "127.0.0.1" {
            request.sourceIP = DestinationResolver.outsideAddress
        }
        if case .service(let service, let role)? = book.owner(outside: host, port: port) {
            if role == .nodePort || role == .loadBalancer || role == .external, book.gateway(behind: service) == nil {
                walk.begin(request, host, port)
                let ending = walk.through(service, role, host: host, port: port, request: request, fromOutside: true)
                if walk.mode == nil { walk.mode = .direct }
                return (walk.finish(ending, client: request), nil)
            }
        }
        if let front = fronts.front(at: host) ?? (chosen == nil ? fronts.front(forHost: host) : nil),
            !(book.owner(outside: host, port: port)?.isService ?? false)
        {
            walk.begin(request, host, port)
            let ending = walk.pass(request, front, port: port, address: host)
            return (walk.finish(ending, client: request), nil)
        }
        let destination = try resolver.destination(host: host, port: port, chosen: chosen, caller: nil)
        return (walk.start(request, at: destination, mode: .gateway, host: host, port: port), destination)
    }

    /// From a Pod without a sidecar: kube-proxy chooses, for each connection.
    private func fromPod(
        _ request: SyntheticRequest, _ host: String, _ port: Int, _ pod: Pod, _ walk: PathWalk
    ) throws(UnreachableDestination) -> RequestPath {
        guard UInt16(exactly: port) != nil else { throw UnreachableDestination(message: "there is no port \(port)") }
        var request = request
        request.sourceIP = pod.ips.first ?? request.sourceIP
        var client = PathHop(
            .client, "\(pod.name).\(pod.namespace)", cluster: pod.meta.cluster, source: source(of: pod))
        client.arrives = request
        client.note("a Pod without a sidecar: kube-proxy alone, plaintext")
        walk.path.append(client)
        walk.mode = .mesh
        var name = host
        if !host.contains("."), !host.contains(":") { name = "\(host).\(pod.namespace)" }
        let ending = walk.connect(request, host: name, port: port, from: pod.meta.cluster)
        return walk.finish(ending, client: request)
    }
}

extension AddressBook.Owner {
    fileprivate var isService: Bool {
        if case .service = self { return true }
        return false
    }
}

extension PathWalk {
    func begin(_ request: SyntheticRequest, _ host: String, _ port: Int) {
        var client = PathHop(.client, request.sourceIP)
        client.address = hostPort(host, port)
        client.arrives = request
        client.sends = request.transport
        path.append(client)
    }

    /// From a destination that was found: to a gateway through its Service, or through the caller's sidecar.
    fileprivate func start(
        _ request: SyntheticRequest, at destination: ReplayDestination, mode: RequestPath.Mode, host: String = "",
        port: Int = 0
    ) -> RequestPath {
        self.mode = mode
        var next = request
        next.mode = destination.mode
        next.address = destination.address
        next.port = destination.port
        next.sourceIP = destination.mode == .outbound ? destination.sourceIP : request.sourceIP
        next.sourceNamespace = destination.sourceNamespace
        next.sourceLabels = destination.sourceLabels
        var client = PathHop(.client, destination.mode == .outbound ? destination.proxy.id : request.sourceIP)
        client.address = host.isEmpty ? "" : hostPort(host, port)
        client.arrives = next
        client.sends = next.transport
        if destination.mode == .outbound { client.cluster = destination.proxy.cluster }
        path.append(client)
        let ending: Ending
        if let entrance = destination.entrance, entrance.role != .name, entrance.role != .clusterIP {
            ending = through(
                entrance.service, entrance.role, host: host, port: port, request: next, fromOutside: true)
        } else {
            ending = enter(destination.proxy, next)
        }
        return finish(ending, client: next)
    }
}

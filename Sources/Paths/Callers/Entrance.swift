import MeshModel
import TrafficEngine

/// One of the ways that lead to where a request goes.
struct Entrance: Hashable {
    /// In words, `load balancer of Service istio-system/istio-ingressgateway`.
    var words: String
    var host: String
    var port: Int
    /// What is spoken there, where that is something else than the line does: behind what ends TLS.
    var transport: ConnectionAttempt.Transport?
    /// The Service whose node port is dialled on a node that no manifest names.
    var nodePortOf: NamespacedName?
}

extension PathTracer {
    /// Every way in from outside: as the line has it, then the other addresses of the Service that it leads to, then load balancers
    /// that take its host.
    func entrances(_ request: SyntheticRequest, host: String, port: Int, chosen: ProxyNode?) -> [Entrance] {
        var list = [Entrance(words: words(for: host, port, chosen), host: host, port: port)]
        if let (service, servicePort, transport) = serviceBehind(request, host: host, port: port, chosen: chosen) {
            let first = list.count
            for address in service.loadBalancerIngress.compactMap({ $0.ip ?? $0.hostname }) {
                list.append(
                    Entrance(words: "load balancer of \(service.title)", host: address, port: servicePort.port))
            }
            for address in service.externalIPs {
                list.append(
                    Entrance(words: "external address of \(service.title)", host: address, port: servicePort.port))
            }
            list += nodeEntrances(service, servicePort)
            for index in list.indices.dropFirst(first) where transport != request.transport {
                list[index].transport = transport
                list[index].words += ", \(transport.rawValue)"
            }
        }
        list += frontEntrances(request)
        var seen = Set<String>()
        return list.filter { seen.insert(hostPort($0.host, $0.port)).inserted }
    }

    private func words(for host: String, _ port: Int, _ chosen: ProxyNode?) -> String {
        switch book.owner(outside: host, port: port) {
        case .service(let service, let role)?:
            switch role {
            case .loadBalancer: return "load balancer of \(service.title)"
            case .external: return "external address of \(service.title)"
            case .nodePort: return "node port of \(service.title)"
            case .clusterIP, .name: return service.title
            }
        case .kubernetesGateway(let gateway)?: return "address of Gateway \(gateway.namespacedName)"
        case .pod, .node, nil: break
        }
        if let front = fronts.front(at: host) ?? (chosen == nil ? fronts.front(forHost: host) : nil) {
            return front.name
        }
        if let service = book.service(named: host, from: nil) ?? book.service(atClusterAddress: host, from: nil) {
            return service.title
        }
        return "as the line has it"
    }

    /// The Service that the line leads to, or the one in front of the gateway that it arrives at, and what is spoken there.
    private func serviceBehind(
        _ request: SyntheticRequest, host: String, port: Int, chosen: ProxyNode?
    ) -> (Service, Service.Port, ConnectionAttempt.Transport)? {
        if case .service(let service, let role)? = book.owner(outside: host, port: port),
            let found = service.ports.first(where: { role == .nodePort ? $0.nodePort == port : $0.port == port })
        {
            return (service, found, request.transport)
        }
        let found = try? trace(request, host: host, port: port, caller: .outside, chosen: chosen)
        guard let gateway = found?.0.hops.first(where: { $0.kind == .gateway }), let arrival = gateway.arrives else {
            return nil
        }
        for service in mesh.services where service.type == .loadBalancer || service.type == .nodePort {
            guard let proxy = book.gateway(behind: service), proxy.id == gateway.name,
                proxy.cluster == gateway.cluster
            else { continue }
            let pod = book.pods(of: service).first
            if let port = service.ports.first(where: { book.targetPort($0, in: pod) == Int(arrival.port) }) {
                return (service, port, arrival.transport)
            }
        }
        return nil
    }

    /// Node ports: on a node with a Pod, and, where traffic stays on its node, on one without.
    private func nodeEntrances(_ service: Service, _ port: Service.Port) -> [Entrance] {
        guard let number = port.nodePort else { return [] }
        let pods = book.pods(of: service).filter { $0.isReady ?? true }
        let nodes = book.nodes(in: service.meta.cluster).filter { $0.internalAddress != nil }
        let own = Set(pods.compactMap { book.node(of: $0)?.name })
        let words = "node port of \(service.title)"
        var list: [Entrance] = []
        if let node = nodes.first(where: { own.contains($0.name) }) ?? nodes.first, let address = node.internalAddress {
            list.append(Entrance(words: "\(words), node \(node.name)", host: address, port: number))
        } else if let address = pods.lazy.compactMap(\.hostIP).first {
            list.append(Entrance(words: words, host: address, port: number))
        } else {
            list.append(Entrance(words: words, host: "a node", port: number, nodePortOf: service.namespacedName))
        }
        if service.externalTrafficPolicy == "Local", !own.isEmpty,
            let other = nodes.first(where: { !own.contains($0.name) }), let address = other.internalAddress
        {
            list.append(
                Entrance(words: "\(words), node \(other.name) without a Pod of it", host: address, port: number))
        }
        return list
    }

    /// Load balancers of Ingresses whose rules take the host; those in the cluster by their own Service.
    private func frontEntrances(_ request: SyntheticRequest) -> [Entrance] {
        let port = request.isTLS ? 443 : 80
        return fronts.entrances(forHost: request.hostName).compactMap { front, address in
            if let address { return Entrance(words: front.name, host: address, port: port) }
            for service in mesh.services where service.type == .loadBalancer && service.meta.cluster == front.cluster {
                guard let pod = book.pods(of: service).first, fronts.front(in: pod)?.name == front.name,
                    let address = service.loadBalancerIngress.lazy.compactMap({ $0.ip ?? $0.hostname }).first
                else { continue }
                return Entrance(words: front.name, host: address, port: port)
            }
            return nil
        }
    }
}

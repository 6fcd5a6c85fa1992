import Documents
package import MeshModel

/// Who has which address, over all clusters: an index made once.
package final class AddressBook: Sendable {
    /// What an address is to a Service.
    package enum Role: String, Hashable, Sendable { case loadBalancer, external, nodePort, clusterIP, name }

    enum Owner: Sendable {
        case service(Service, Role)
        case kubernetesGateway(KubernetesGateway)
        case pod(Pod)
        case node(KubernetesNode)
    }

    private let mesh: MeshSnapshot
    private let external: [String: [(service: Service, role: Role)]]
    private let nodePorts: [Int: [Service]]
    private let clusterAddresses: [String: [Service]]
    private let names: [String: [Service]]
    private let nodesByAddress: [String: [KubernetesNode]]
    private let nodeAddressesOfPods: [String: String]
    private let gatewaysByAddress: [String: [KubernetesGateway]]
    private let podsByAddress: [String: [Pod]]
    /// Gateway proxies by the address of their Pods.
    private let proxiesByAddress: [String: [ProxyNode]]
    private let gateways: [ProxyNode]

    package init(_ mesh: MeshSnapshot, proxies: [ProxyNode]) {
        self.mesh = mesh
        var external: [String: [(service: Service, role: Role)]] = [:]
        var nodePorts: [Int: [Service]] = [:]
        var clusterAddresses: [String: [Service]] = [:]
        var names: [String: [Service]] = [:]
        for service in mesh.services {
            for ingress in service.loadBalancerIngress {
                // The gateway of a network is reached by the address that stands for its name.
                let isNetworkGateway = service.meta.labels["topology.istio.io/network"] != nil
                let standIn = isNetworkGateway ? ingress.hostname.map(standInAddress) : nil
                for address in [ingress.ip, ingress.hostname, standIn] {
                    if let address, !address.isEmpty { external[address, default: []].append((service, .loadBalancer)) }
                }
            }
            for address in service.externalIPs { external[address, default: []].append((service, .external)) }
            if service.type == .nodePort || service.type == .loadBalancer {
                for port in service.ports {
                    if let node = port.nodePort { nodePorts[node, default: []].append(service) }
                }
            }
            if !service.isHeadless {
                for address in Set([service.clusterIP] + service.clusterIPs) where !address.isEmpty {
                    clusterAddresses[address, default: []].append(service)
                }
            }
            names["\(service.name).\(service.namespace)", default: []].append(service)
        }
        self.external = external
        self.nodePorts = nodePorts
        self.clusterAddresses = clusterAddresses
        self.names = names
        var nodesByAddress: [String: [KubernetesNode]] = [:]
        for node in mesh.nodes {
            for address in Set(node.addresses.map(\.address) + [node.name]) {
                nodesByAddress[address, default: []].append(node)
            }
        }
        self.nodesByAddress = nodesByAddress
        var podsByAddress: [String: [Pod]] = [:]
        var hosts: [String: String] = [:]
        for pod in mesh.pods where !pod.isTerminated {
            for address in pod.ips where !pod.spec.hostNetwork { podsByAddress[address, default: []].append(pod) }
            if let host = pod.hostIP { hosts[host] = pod.meta.cluster }
        }
        self.podsByAddress = podsByAddress
        nodeAddressesOfPods = hosts
        var gatewaysByAddress: [String: [KubernetesGateway]] = [:]
        for gateway in mesh.kubernetesGateways {
            for address in Set((gateway.statusAddresses + gateway.addresses).map(\.value)) {
                gatewaysByAddress[address, default: []].append(gateway)
            }
        }
        self.gatewaysByAddress = gatewaysByAddress
        var proxiesByAddress: [String: [ProxyNode]] = [:]
        for proxy in proxies {
            for address in proxy.ipAddresses { proxiesByAddress[address, default: []].append(proxy) }
        }
        self.proxiesByAddress = proxiesByAddress
        gateways = proxies.filter { $0.type == .gateway }
    }

    // MARK: Who has an address

    /// The owner of an address that the world outside can use; a node's address only with one of its node ports.
    func owner(outside host: String, port: Int) -> Owner? {
        if let found = external[host]?.first { return .service(found.service, found.role) }
        if isNode(host) {
            let cluster = nodeCluster(host)
            let services = nodePorts[port] ?? []
            if let service = services.first(where: { cluster == nil || $0.meta.cluster == cluster }) {
                return .service(service, .nodePort)
            }
        }
        if let gateway = gatewaysByAddress[host]?.first { return .kubernetesGateway(gateway) }
        return nil
    }

    /// The owner of an address as it is seen inside a cluster: a Pod, a Service, else what the world outside would find.
    func owner(inside cluster: String, host: String, port: Int) -> Owner? {
        if let pod = pod(at: host, seenFrom: cluster) { return .pod(pod) }
        if let service = nearest(clusterAddresses[host], to: cluster, \.meta.cluster) {
            return .service(service, .clusterIP)
        }
        if let service = service(named: host, from: cluster) { return .service(service, .name) }
        return owner(outside: host, port: port)
    }

    /// A Service by its full name, or `name.namespace`.
    func service(named host: String, from cluster: String?) -> Service? {
        var name = host
        for suffix in [".svc.\(mesh.options.domain)", ".svc"] where name.hasSuffix(suffix) {
            name = String(name.dropLast(suffix.count))
            break
        }
        return nearest(names[name], to: cluster, \.meta.cluster)
    }

    func service(atClusterAddress address: String, from cluster: String?) -> Service? {
        nearest(clusterAddresses[address], to: cluster, \.meta.cluster)
    }

    func service(_ name: String, namespace: String, cluster: String) -> Service? {
        nearest(names["\(name).\(namespace)"], to: cluster, \.meta.cluster)
    }

    func pod(at address: String, seenFrom cluster: String?) -> Pod? {
        nearest(podsByAddress[address], to: cluster, \.meta.cluster)
    }

    /// The proxy in a Pod: its sidecar, or the gateway that it is.
    func proxy(of pod: Pod) -> ProxyNode? {
        for address in pod.ips {
            if let found = proxiesByAddress[address]?.first(where: { $0.cluster == pod.meta.cluster }) { return found }
        }
        // All Pods of a gateway are one proxy, which has the first one's address.
        return gateways.first {
            $0.namespace == pod.namespace && $0.cluster == pod.meta.cluster && $0.name == pod.workload?.name
        }
    }

    func proxy(at address: String, seenFrom cluster: String?) -> ProxyNode? {
        nearest(proxiesByAddress[address], to: cluster, \.cluster)
    }

    /// The gateway whose Pods a Service selects.
    func gateway(behind service: Service) -> ProxyNode? {
        guard let selector = service.selector, !selector.isEmpty else { return nil }
        return gateways.first { proxy in
            proxy.namespace == service.namespace && proxy.cluster == service.meta.cluster
                && selector.allSatisfy { proxy.labels[$0.key] == $0.value }
        }
    }

    func proxy(of gateway: KubernetesGateway) -> ProxyNode? {
        gateways.first {
            $0.namespace == gateway.namespace && $0.cluster == gateway.meta.cluster
                && $0.labels["gateway.networking.k8s.io/gateway-name"] == gateway.name
        }
    }

    // MARK: Behind a Service

    /// The running Pods that a Service selects.
    func pods(of service: Service) -> [Pod] {
        guard let selector = service.selector else { return [] }
        return mesh.pods(inNamespace: service.namespace, selectedBy: selector).filter {
            $0.meta.cluster == service.meta.cluster && !$0.isTerminated
        }
    }

    /// The number that a Service's port leads to in a Pod; `nil` where its name is none of the Pod's.
    func targetPort(_ port: Service.Port, in pod: Pod?) -> Int? {
        switch port.targetPort {
        case nil: port.port
        case .number(let number): number
        case .name(let name): pod?.spec.port(named: name, protocol: port.protocol)
        }
    }

    /// The addresses that lead to a gateway, `host:port`, with the port of its Pods that they come to: its Service's load balancer,
    /// external addresses and cluster address, its Gateway's addresses.
    package func addresses(leadingTo gateway: ProxyNode) -> [String: Int] {
        var result: [String: Int] = [:]
        for service in mesh.services(inNamespace: gateway.namespace) where service.meta.cluster == gateway.cluster {
            guard self.gateway(behind: service)?.name == gateway.name else { continue }
            let balanced = service.loadBalancerIngress.flatMap { [$0.ip, $0.hostname] }.compactMap { $0 }
            let hosts = balanced + service.externalIPs + (service.isHeadless ? [] : [service.clusterIP])
            let pod = pods(of: service).first
            for port in service.ports {
                guard let target = targetPort(port, in: pod) else { continue }
                for host in hosts where !host.isEmpty { result[hostPort(host, port.port)] = target }
            }
        }
        return result
    }

    // MARK: Nodes

    func isNode(_ host: String) -> Bool { nodesByAddress[host] != nil || nodeAddressesOfPods[host] != nil }

    private func nodeCluster(_ host: String) -> String? {
        nodesByAddress[host]?.first?.meta.cluster ?? nodeAddressesOfPods[host]
    }

    func nodes(in cluster: String) -> [KubernetesNode] { mesh.nodes.filter { $0.meta.cluster == cluster } }

    /// The node that a Pod runs on.
    func node(of pod: Pod) -> KubernetesNode? {
        pod.spec.nodeName.flatMap { nearest(nodesByAddress[$0], to: pod.meta.cluster, \.meta.cluster) }
            ?? pod.hostIP.flatMap { nearest(nodesByAddress[$0], to: pod.meta.cluster, \.meta.cluster) }
    }

    private func nearest<Object>(
        _ candidates: [Object]?, to cluster: String?, _ key: (Object) -> String
    ) -> Object? {
        guard let candidates else { return nil }
        return candidates.first { key($0) == cluster } ?? candidates.first
    }
}

extension KubernetesNode {
    /// Where other machines of its network reach it.
    var internalAddress: String? {
        (addresses.first { $0.type == "InternalIP" } ?? addresses.first { $0.type == "ExternalIP" })?.address
    }
}

/// Stand-ins for gateways that the manifests configure but do not hold: people rarely load their Istio installation.
extension SnapshotBuilder {
    mutating func addStandInGateways() {
        var addresses = AddressPool(base: addressBase, bits: 14, inUse: podAddresses)
        var selectors = snapshot.gateways.compactMap(selectorToFind)
        if snapshot.ingresses.contains(where: snapshot.isProcessed) {
            selectors.append(snapshot.meshConfig.ingressGatewaySelector)
        }
        var seen: Set<[String: String]> = []
        for selector in selectors where seen.insert(selector).inserted {
            addIstioGateway(selectedBy: selector, addresses: &addresses)
        }
        for gateway in snapshot.kubernetesGateways { addManagedGateway(for: gateway, addresses: &addresses) }
    }

    /// The labels that the workload of a Gateway needs; `nil` when it needs none, or one that is there anyhow.
    private func selectorToFind(_ gateway: IstioGateway) -> [String: String]? {
        if gateway.meta.annotations["internal.istio.io/gateway-service"] != nil { return nil }
        if let selector = gateway.selector { return selector }
        return snapshot.pods.contains { $0.isGateway } ? nil : ["istio": "ingressgateway"]
    }

    /// A gateway of Istio's default installation for Gateways whose selector finds no Pod.
    private mutating func addIstioGateway(selectedBy selector: [String: String], addresses: inout AddressPool) {
        let isLoaded = snapshot.index.podsByNamespace.keys.contains {
            !snapshot.podPositions(inNamespace: $0, selectedBy: selector).isEmpty
        }
        if isLoaded { return }
        if let service = gatewayService(for: selector) {
            let labels = (service.selector ?? [:]).merging(selector) { _, new in new }
            addGatewayPod(service.name, namespace: service.namespace, labels: labels, addresses: &addresses)
            return
        }
        let name = Self.gatewayName(for: selector)
        let labels = ["app": name].merging(selector) { _, new in new }
        let namespace = snapshot.meshConfig.rootNamespace
        addGatewayPod(name, namespace: namespace, labels: labels, addresses: &addresses)
        guard snapshot.service(name, namespace: namespace) == nil else { return }
        addGatewayService(
            name, namespace: namespace, selector: labels, labels: labels,
            ports: [("status-port", 15021, 15021), ("http2", 80, 8080), ("https", 443, 8443)])
    }

    /// A loaded Service that would select the gateway: it has one of the labels, and no other value for another.
    private func gatewayService(for selector: [String: String]) -> Service? {
        snapshot.services.first { service in
            guard let own = service.selector else { return false }
            return own.contains { selector[$0.key] == $0.value }
                && own.allSatisfy { selector[$0.key] == nil || selector[$0.key] == $0.value }
        }
    }

    /// `istio: ingressgateway` is the label of `istio-ingressgateway`; other installations name theirs after `app`.
    private static func gatewayName(for selector: [String: String]) -> String {
        if let app = selector["app"] { return app }
        guard let value = selector["istio"] else {
            return selector.min { $0.key < $1.key }?.value ?? "istio-ingressgateway"
        }
        return value.hasPrefix("istio-") ? value : "istio-\(value)"
    }

    /// The Deployment and Service that Istio makes for a Gateway API Gateway of its class.
    private mutating func addManagedGateway(for gateway: KubernetesGateway, addresses: inout AddressPool) {
        guard let info = snapshot.gatewayClassInfo(gateway.gatewayClassName), info.controller == .gateway else {
            return
        }
        guard snapshot.isManaged(gateway) else {
            addManualGateway(for: gateway, addresses: &addresses)
            return
        }
        let name = gateway.managedName(info)
        let label = "gateway.networking.k8s.io/gateway-name"
        // Without labels and annotations of its own for them, what Istio makes has the Gateway's.
        var labels = gateway.infrastructureLabels.isEmpty ? gateway.meta.labels : gateway.infrastructureLabels
        let annotations =
            gateway.infrastructureAnnotations.isEmpty ? gateway.meta.annotations : gateway.infrastructureAnnotations
        labels[label] = gateway.name
        labels["service.istio.io/canonical-name"] = name
        var selector = [label: gateway.name]
        if let service = snapshot.service(name, namespace: gateway.namespace) {
            selector = service.selector ?? selector
            labels.merge(selector) { _, new in new }
        }
        if snapshot.podPositions(inNamespace: gateway.namespace, selectedBy: selector).isEmpty {
            addGatewayPod(
                name, namespace: gateway.namespace, labels: labels, annotations: annotations, addresses: &addresses)
        }
        guard snapshot.service(name, namespace: gateway.namespace) == nil else { return }
        var ports = [("status-port", 15021, 15021)]
        let sets = snapshot.listenerSets.filter {
            $0.parentRef.name == gateway.name && ($0.parentRef.namespace ?? $0.namespace) == gateway.namespace
        }
        for listener in gateway.listeners + sets.flatMap(\.listeners) {
            guard let port = listener.effectivePort, !ports.contains(where: { $0.1 == port }) else { continue }
            ports.append(("\(listener.protocol.lowercased())-\(port)", port, port))
        }
        addGatewayService(name, namespace: gateway.namespace, selector: selector, labels: labels, ports: ports)
        guard let place = snapshot.services.indices.last else { return }
        let type = gateway.meta.annotations["networking.istio.io/service-type"].flatMap(Service.ServiceType.init)
        snapshot.services[place].type = type ?? .loadBalancer
        // The load balancer is asked for the address that the Gateway wants.
        snapshot.services[place].loadBalancerIngress = gateway.addresses.map { address in
            var ingress = Service.Ingress()
            ingress.ip = address.value
            return ingress
        }
    }

    /// The workload behind a Service that a Gateway names by its address, where the Service is loaded and nothing else.
    private mutating func addManualGateway(for gateway: KubernetesGateway, addresses: inout AddressPool) {
        for address in gateway.addresses where (address.type ?? "Hostname") == "Hostname" {
            let parts = address.value.split(separator: ".", maxSplits: 2).map(String.init)
            let isFull = parts.count == 3 && parts[2] == "svc.\(snapshot.options.domain)"
            guard parts.count == 1 || isFull else { continue }
            let namespace = isFull ? parts[1] : gateway.namespace
            guard let service = snapshot.service(parts[0], namespace: namespace), let selector = service.selector,
                snapshot.podPositions(inNamespace: namespace, selectedBy: selector).isEmpty
            else { continue }
            addGatewayPod(service.name, namespace: namespace, labels: selector, addresses: &addresses)
        }
    }

    private mutating func addGatewayPod(
        _ name: String, namespace: String, labels: [String: String], annotations: [String: String] = [:],
        addresses: inout AddressPool
    ) {
        var workload = Workload(
            kind: .deployment, meta: ObjectMeta(name: name, namespace: namespace, apiVersion: "apps/v1"))
        workload.isStandIn = true
        workload.meta.cluster = cluster
        workload.templateLabels = labels
        workload.templateAnnotations = annotations
        workload.selector = LabelSelector(matchLabels: labels)
        var container = PodSpec.Container()
        container.name = "istio-proxy"
        container.args = ["proxy", "router"]
        workload.template.containers = [container]
        snapshot.workloads.append(workload)
        snapshot.index.workloadsByNamespace[namespace, default: []].append(snapshot.workloads.count - 1)
        for pod in workload.standInPods(addresses: &addresses) { add(pod) }
    }

    private mutating func addGatewayService(
        _ name: String, namespace: String, selector: [String: String], labels: [String: String],
        ports: [(name: String, port: Int, target: Int)]
    ) {
        var service = Service(meta: ObjectMeta(name: name, namespace: namespace, apiVersion: "v1"))
        service.meta.labels = labels
        service.meta.cluster = cluster
        service.isStandIn = true
        service.type = .loadBalancer
        service.selector = selector
        service.ports = ports.map { entry in
            var port = Service.Port()
            port.name = entry.name
            port.port = entry.port
            port.targetPort = .number(entry.target)
            return port
        }
        snapshot.services.append(service)
        snapshot.indexService(at: snapshot.services.count - 1)
    }
}

extension GatewayListener {
    /// A ListenerSet's listener without port has its protocol's (18.2.6).
    package var effectivePort: Int? {
        if let port, port != 0 { return port }
        return switch `protocol` {
        case "HTTP": 80
        case "HTTPS": 443
        default: nil
        }
    }
}

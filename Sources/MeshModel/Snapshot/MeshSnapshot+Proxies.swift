import Documents

extension MeshSnapshot {
    /// Gateway workloads, each once, then Pods with a sidecar; each group by namespace and name.
    func knownProxies() -> [ProxyNode] {
        let selectors = Set(gateways.compactMap(\.selector))
        var gatewayNodes: [String: ProxyNode] = [:]
        var sidecars: [ProxyNode] = []
        for pod in pods where !pod.isTerminated {
            if pod.isGateway || selectors.contains(where: { $0.isContained(in: pod.meta.labels) }) {
                let node = proxyNode(of: pod, type: .gateway)
                if gatewayNodes[node.id] == nil { gatewayNodes[node.id] = node }
            } else if hasSidecar(pod) {
                sidecars.append(proxyNode(of: pod, type: .sidecar))
            }
        }
        let order = { (left: ProxyNode, right: ProxyNode) in
            (left.namespace, left.name) < (right.namespace, right.name)
        }
        return gatewayNodes.values.sorted(by: order) + sidecars.sorted(by: order)
    }

    /// Whether the Pod has a sidecar, or would get one on being created: the injector's rules for labels.
    package func hasSidecar(_ pod: Pod) -> Bool {
        if (pod.spec.containers + pod.spec.initContainers).contains(where: { $0.name == "istio-proxy" }) { return true }
        if pod.spec.hostNetwork { return false }
        let own = pod.meta.labels["sidecar.istio.io/inject"] ?? pod.meta.annotations["sidecar.istio.io/inject"]
        if own == "false" { return false }
        let labels = namespace(pod.namespace)?.meta.labels ?? [:]
        if labels["istio-injection"] == "disabled" { return false }
        return labels["istio-injection"] == "enabled" || labels["istio.io/rev"] != nil || own == "true"
            || pod.meta.labels["istio.io/rev"] != nil
    }

    /// What istiod knows of the proxy in a Pod.
    package func proxyNode(of pod: Pod, type: ProxyNode.NodeType) -> ProxyNode {
        // All Pods of a gateway have the same configuration, so they are one proxy.
        let name = type == .gateway ? pod.workload?.name ?? pod.name : pod.name
        var node = ProxyNode(name: name, type: type, namespace: pod.namespace)
        node.labels = pod.meta.labels
        node.ipAddresses = pod.ips
        node.dnsDomain = "\(pod.namespace).svc.\(options.domain)"
        node.pod = pod.namespacedName
        node.workload = pod.workload?.name
        node.cluster = pod.meta.cluster
        node.nodeName = pod.spec.nodeName
        node.isStandIn = pod.isStandIn
        node.location = pod.meta.location
        node.locality = locality(of: pod)
        node.metadata = [
            "NAMESPACE": .string(pod.namespace), "CLUSTER_ID": .string(pod.meta.cluster),
            // The agent's defaults: its bootstrap listens there for health checks and for Prometheus.
            "ENVOY_STATUS_PORT": "15021", "ENVOY_PROMETHEUS_PORT": "15090",
        ]
        if let machine = pod.spec.nodeName { node.metadata["NODE_NAME"] = .string(machine) }
        var config = meshConfig.defaultConfig
        if let text = pod.meta.annotations["proxy.istio.io/config"],
            let root = DocumentReader.read(text, file: "proxy.istio.io/config").documents.first?.root
        {
            config = config.overlaid(by: root, sink: DiagnosticSink())
            node.proxyConfig = config
        }
        for (name, value) in config.proxyMetadata where name.hasPrefix("ISTIO_META_") {
            node.metadata[String(name.dropFirst("ISTIO_META_".count))] = .string(value)
        }
        if let mode = pod.meta.annotations["sidecar.istio.io/interceptionMode"] ?? config.interceptionMode {
            node.metadata["INTERCEPTION_MODE"] = .string(mode)
        }
        for container in pod.spec.servingContainers {
            for variable in container.environment where variable.name.hasPrefix("ISTIO_META_") {
                node.metadata[String(variable.name.dropFirst("ISTIO_META_".count))] = .string(variable.value)
            }
        }
        return node
    }

    /// `region/zone/subzone` of a Pod: its own label, else its node's labels (16.7).
    package func locality(of pod: Pod) -> String {
        let own = pod.meta.labels["topology.istio.io/locality"] ?? pod.meta.labels["istio-locality"]
        if let own { return own.contains("/") ? own : String(own.map { $0 == "." ? "/" : $0 }) }
        guard let labels = pod.spec.nodeName.flatMap({ node($0) })?.meta.labels else { return "" }
        let region = labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? ""
        let zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? ""
        let subzone = labels["topology.istio.io/subzone"] ?? ""
        if region.isEmpty, zone.isEmpty, subzone.isEmpty { return "" }
        return "\(region)/\(zone)/\(subzone)"
    }

    /// The proxies that `NAME` or `NAME.NAMESPACE` means: a proxy, a Pod, a workload, or a Gateway API Gateway. A Pod
    /// without a sidecar is given one. Several when a bare name is there in several namespaces.
    package func proxies(named text: String) -> [ProxyNode] {
        let candidates = splits(of: text)
        for (name, namespace) in candidates {
            let inNamespace = { (node: ProxyNode) in namespace == nil || node.namespace == namespace }
            let exact = proxies.filter { $0.name == name && inNamespace($0) }
            if !exact.isEmpty { return exact }
            let pods = pods.filter { $0.name == name && (namespace == nil || $0.namespace == namespace) }
            if !pods.isEmpty {
                return pods.map { pod in
                    proxies.first {
                        $0.pod == pod.namespacedName
                            || pod.workload.map(\.name) == $0.name
                                && $0.type == .gateway && $0.namespace == pod.namespace
                    } ?? proxyNode(of: pod, type: .sidecar)
                }
            }
            let ofWorkload = proxies.first { $0.workload == name && inNamespace($0) }
            if let ofWorkload { return [ofWorkload] }
            let ofGateway = proxies.filter {
                $0.labels["gateway.networking.k8s.io/gateway-name"] == name && inNamespace($0)
            }
            if !ofGateway.isEmpty { return ofGateway }
            let withoutSidecar = self.pods.first {
                $0.workload?.name == name && (namespace == nil || $0.namespace == namespace)
            }
            if let withoutSidecar { return [proxyNode(of: withoutSidecar, type: .sidecar)] }
        }
        return []
    }

    /// Names may hold dots themselves: the whole text first, then each dot as the one before the namespace.
    private func splits(of text: String) -> [(name: String, namespace: String?)] {
        var splits: [(name: String, namespace: String?)] = [(text, nil)]
        for index in text.indices.reversed() where text[index] == "." {
            splits.append((String(text[..<index]), String(text[text.index(after: index)...])))
        }
        return splits
    }
}

extension Pod {
    /// Whether the Pod says by itself that it is a gateway.
    package var isGateway: Bool {
        if meta.labels["gateway.networking.k8s.io/gateway-name"] != nil { return true }
        if meta.annotations["inject.istio.io/templates"]?.split(separator: ",").contains("gateway") == true {
            return true
        }
        return spec.containers.contains { $0.name == "istio-proxy" && ($0.args + $0.command).contains("router") }
    }
}

import Documents
package import MeshModel

/// What the manifests say about the variables and commands of tutorials: `$INGRESS_HOST`, `$(kubectl get svc …)`.
package struct MeshVariables: Sendable {
    private let mesh: MeshSnapshot

    package init(_ mesh: MeshSnapshot) { self.mesh = mesh }

    /// The value that a tutorial would have put into the variable; `nil` where no manifest gives it.
    package func value(_ name: String) -> String? {
        switch name {
        case "INGRESS_HOST", "GATEWAY_IP", "GATEWAY_URL", "INGRESS_DOMAIN":
            guard let host = entrance?.host else { return nil }
            return name == "GATEWAY_URL" ? value("INGRESS_PORT").map { "\(host):\($0)" } ?? host : host
        case "INGRESS_PORT": return port(["http2", "http", "http-web", "web", "default"], standard: 80)
        case "SECURE_INGRESS_PORT": return port(["https", "https-web"], standard: 443)
        case "TCP_INGRESS_PORT": return port(["tcp"], standard: 31400)
        case "INGRESS_NAME": return entrance?.service?.name
        case "INGRESS_NS": return entrance?.service?.namespace
        default: return nil
        }
    }

    /// Where the outside world comes in.
    private struct Entrance {
        var host: String
        var service: Service?
        var gateway: KubernetesGateway?
        /// The ports of the Service are reached through nodes.
        var isNodePort = false
    }

    private var entrance: Entrance? {
        let services = gatewayServices
        for service in services {
            if let address = service.loadBalancerIngress.first.flatMap({ $0.ip ?? $0.hostname }) {
                return Entrance(host: address, service: service)
            }
            if let address = service.externalIPs.first { return Entrance(host: address, service: service) }
        }
        for gateway in mesh.kubernetesGateways {
            guard
                let address = gateway.statusAddresses.first ?? gateway.addresses.first(where: { $0.type != "Hostname" })
            else { continue }
            return Entrance(host: address.value, gateway: gateway)
        }
        // No load balancer: the tutorials go to a node then.
        for service in services
        where service.ports.contains(where: { $0.nodePort != nil }) && service.type != .clusterIP {
            if let address = nodeAddress { return Entrance(host: address, service: service, isNodePort: true) }
        }
        if let service = services.first(where: { !$0.clusterIP.isEmpty && !$0.isHeadless }) {
            return Entrance(host: service.clusterIP, service: service)
        }
        return nil
    }

    private var nodeAddress: String? {
        let addresses = mesh.nodes.flatMap(\.addresses)
        return (addresses.first { $0.type == "ExternalIP" } ?? addresses.first { $0.type == "InternalIP" })?.address
            ?? mesh.pods.lazy.compactMap(\.hostIP).first
    }

    /// The Services in front of gateways, Istio's own name first.
    private var gatewayServices: [Service] {
        let gateways = mesh.proxies.filter { $0.type == .gateway }
        var found: [Service] = []
        var seen: Set<NamespacedName> = []
        for gateway in gateways {
            for service in mesh.services(inNamespace: gateway.namespace) {
                guard let selector = service.selector, !selector.isEmpty,
                    selector.allSatisfy({ gateway.labels[$0.key] == $0.value }),
                    seen.insert(service.namespacedName).inserted
                else { continue }
                found.append(service)
            }
        }
        return found.sorted { left, right in
            let names = [left, right].map { $0.name == "istio-ingressgateway" || $0.name == "istio-ingress" }
            return names[0] && !names[1]
        }
    }

    private func port(_ names: [String], standard: Int) -> String? {
        guard let entrance else { return nil }
        if let gateway = entrance.gateway {
            let listener = names.lazy.compactMap { name in gateway.listeners.first { $0.name == name } }.first
            let wanted = standard == 443 ? ["HTTPS", "TLS"] : standard == 80 ? ["HTTP"] : ["TCP"]
            return (listener ?? gateway.listeners.first { wanted.contains($0.protocol) })?.port.map { "\($0)" }
        }
        guard let service = entrance.service else { return nil }
        let named = names.lazy.compactMap { name in service.ports.first { $0.name == name } }.first
        guard let port = named ?? service.ports.first(where: { $0.port == standard }) else { return nil }
        return entrance.isNodePort ? port.nodePort.map { "\($0)" } : "\(port.port)"
    }

    // MARK: Commands

    /// What a command prints, for those that only read the cluster.
    package func output(_ words: [String]) -> String? {
        guard let name = words.first?.split(separator: "/").last else { return nil }
        switch name {
        case "kubectl", "oc", "k": return kubectl(Array(words.dropFirst()))
        case "minikube": return words.dropFirst().first == "ip" ? nodeAddress ?? entrance?.host : nil
        default: return nil
        }
    }

    private struct Query {
        var kind = ""
        var names: [String] = []
        var namespace = "default"
        var allNamespaces = false
        var labels: [String: String] = [:]
        var format = ""
    }

    private func kubectl(_ words: [String]) -> String? {
        guard let query = Self.query(words), let resources = resources(query) else { return nil }
        guard query.format.hasPrefix("jsonpath="), let path = JSONPath(String(query.format.dropFirst(9))) else {
            return nil
        }
        if query.names.count == 1, let first = resources.first { return path.evaluate(first) }
        guard query.names.isEmpty else { return nil }
        return path.evaluate(["kind": "List", "items": .array(resources)])
    }

    private static func query(_ words: [String]) -> Query? {
        var query = Query()
        var operands: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            func value() -> String? {
                if let equals = word.firstIndex(of: "="), word.hasPrefix("--") {
                    return String(word[word.index(after: equals)...])
                }
                return rest.popFirst()
            }
            if word == "-n" || word.hasPrefix("--namespace") {
                query.namespace = value() ?? ""
            } else if word == "-A" || word == "--all-namespaces" {
                query.allNamespaces = true
            } else if word == "-l" || word.hasPrefix("--selector") {
                for pair in (value() ?? "").split(separator: ",") {
                    let sides = pair.split(separator: "=", omittingEmptySubsequences: true)
                    if sides.count == 2 { query.labels[String(sides[0])] = String(sides[1]) }
                }
            } else if word == "-o" || word.hasPrefix("--output") {
                query.format = value() ?? ""
            } else if word.hasPrefix("-o") {
                query.format = String(word.dropFirst(2))
            } else if word == "--context" || word == "--kubeconfig" {
                _ = rest.popFirst()
            } else if !word.hasPrefix("-") {
                operands.append(word)
            }
        }
        guard operands.first == "get", operands.count > 1 else { return nil }
        let kind = operands[1].split(separator: "/", maxSplits: 1).map(String.init)
        query.kind = kind.first ?? ""
        query.names = Array(kind.dropFirst()) + operands.dropFirst(2)
        return query
    }

    /// The objects that kubectl would give; `nil` for kinds that are not known.
    private func resources(_ query: Query) -> [JSON]? {
        let kinds = ResourceKind.kinds(named: query.kind)
        guard !kinds.isEmpty else { return nil }
        let names = Set(kinds.map(\.name))
        var found: [JSON] = []
        for resource in mesh.resources where kinds.contains(where: { $0.isKind(of: resource) }) {
            let isNamespaced = resource.kind?.isNamespaced ?? true
            guard query.allNamespaces || !isNamespaced || resource.meta.namespace == query.namespace,
                query.names.isEmpty || query.names.contains(resource.meta.name),
                query.labels.allSatisfy({ resource.meta.labels[$0.key] == $0.value })
            else { continue }
            found.append(resource.node.json)
        }
        if found.isEmpty, names.contains("Pod") { found = standIns(query) }
        return found
    }

    /// Pods that no manifest has but a cluster would: enough of them for `jsonpath`.
    private func standIns(_ query: Query) -> [JSON] {
        mesh.pods.filter { pod in
            pod.isStandIn && (query.allNamespaces || pod.namespace == query.namespace)
                && (query.names.isEmpty || query.names.contains(pod.name))
                && query.labels.allSatisfy { pod.meta.labels[$0.key] == $0.value }
        }.map { pod in
            [
                "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
                "status": [
                    "podIP": .string(pod.ips.first ?? ""), "hostIP": .string(pod.hostIP ?? nodeAddress ?? ""),
                ],
            ]
        }
    }
}

package import Documents

/// What `istioctl install` leaves behind, as far as traffic is concerned.
package struct IstioInstallation: Hashable, Sendable {
    /// The profiles that meshtop knows; others count as `default`.
    package var profile = "default"
    /// The type of the ingress gateway's Service.
    package var serviceType = "LoadBalancer"
    package var serviceAnnotations: [String: String] = [:]
    /// Whether the ports are those that Istio 1.9 opened.
    package var isIstio1_9 = false
    /// MeshConfig as ConfigMap `istio` holds it.
    package var meshConfig: JSON = [
        "defaultConfig": ["discoveryAddress": "istiod.istio-system.svc:15012"], "enablePrometheusMerge": true,
        "rootNamespace": "istio-system", "trustDomain": "cluster.local",
    ]
    /// What `--set` and the file ask for that has no part in this.
    package var ignored: [String] = []

    package init(isIstio1_9: Bool = false) { self.isIstio1_9 = isIstio1_9 }

    /// Whether there is an ingress gateway.
    package var hasIngressGateway: Bool {
        !["minimal", "empty", "remote", "ambient", "external", "stable"].contains(profile)
    }

    package var hasEgressGateway: Bool { profile == "demo" }

    /// One `--set PATH=VALUE`.
    package mutating func set(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else { return }
        let path = text[..<equals]
        let value = String(text[text.index(after: equals)...])
        let gateway = ["values.gateways.istio-ingressgateway.", "spec.values.gateways.istio-ingressgateway."]
            .first { path.hasPrefix($0) }
        if path == "profile" || path == "spec.profile" {
            profile = value
        } else if let gateway, path.dropFirst(gateway.count) == "type" {
            serviceType = value
        } else if let gateway, path.dropFirst(gateway.count).hasPrefix("serviceAnnotations.") {
            let name = path.dropFirst(gateway.count + "serviceAnnotations.".count).replacing("\\.", with: ".")
            serviceAnnotations[String(name)] = value
        } else if path.hasPrefix("meshConfig.") || path.hasPrefix("spec.meshConfig.") {
            let steps = path.split(separator: ".").drop { $0 == "spec" || $0 == "meshConfig" }.map(String.init)
            meshConfig = meshConfig.setting(steps, to: Self.scalar(value))
        } else {
            ignored.append(text)
        }
    }

    /// A value as YAML would read it.
    private static func scalar(_ text: String) -> JSON {
        DocumentReader.read(text, file: "-").documents.first?.root.json ?? .string(text)
    }

    /// An IstioOperator file: its profile and its ingress gateway.
    package mutating func read(_ operatorObject: Node) {
        let spec = operatorObject["spec"]
        if let config = spec?["meshConfig"]?.json { meshConfig = meshConfig.merging(config, listKeys: ["name"]) }
        if let name = spec?["profile"]?.string { profile = name }
        if let type = spec?[path: "values", "gateways", "istio-ingressgateway", "type"]?.string { serviceType = type }
        for gateway in spec?[path: "components", "ingressGateways"]?.elements.map({ $0 }) ?? [] {
            let service = gateway[path: "k8s", "service"]
            if let type = service?["type"]?.string { serviceType = type }
            for entry in gateway[path: "k8s", "serviceAnnotations"]?.entries.map({ $0 }) ?? [] {
                serviceAnnotations[entry.key] = entry.value.text
            }
        }
    }

    /// The file that its objects name as theirs.
    package var file: String { "istioctl install, profile \(profile)" }

    /// What istioctl prints.
    package var output: [String] {
        var lines = ["✔ Istio core installed", "✔ Istiod installed"]
        if hasIngressGateway { lines.append("✔ Ingress gateways installed") }
        if hasEgressGateway { lines.append("✔ Egress gateways installed") }
        return lines + ["✔ Installation complete"]
    }

    private struct Port {
        var name: String
        var number: Int
        var target: Int
        var node: Int
    }

    private var ports: [Port] {
        var ports = [
            Port(name: "status-port", number: 15021, target: 15021, node: 30021),
            Port(name: "http2", number: 80, target: 8080, node: 30080),
            Port(name: "https", number: 443, target: 8443, node: 30443),
        ]
        if isIstio1_9 { ports.append(Port(name: "tcp-istiod", number: 15012, target: 15012, node: 30012)) }
        if profile == "demo" { ports.append(Port(name: "tcp", number: 31400, target: 31400, node: 31400)) }
        if isIstio1_9 || profile == "demo" {
            ports.append(Port(name: "tls", number: 15443, target: 15443, node: 30543))
        }
        return ports
    }

    /// The objects as a manifest.
    package var manifest: String {
        var text = """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: istio-system
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: istiod
              namespace: istio-system
              labels: {app: istiod, istio: pilot}
            spec:
              clusterIP: 10.96.0.79
              selector: {app: istiod, istio: pilot}
              ports:
              - {name: grpc-xds, port: 15010}
              - {name: https-dns, port: 15012}
              - {name: https-webhook, port: 443, targetPort: 15017}
              - {name: http-monitoring, port: 15014}

            """
        text +=
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: "
        text += JSON.string(meshConfig.yaml).text() + "\n"
        if hasIngressGateway { text += gateway("istio-ingressgateway", "ingressgateway", "10.96.0.80", serviceType) }
        if hasEgressGateway { text += gateway("istio-egressgateway", "egressgateway", "10.96.0.81", "ClusterIP") }
        return text
    }

    private func gateway(_ name: String, _ istio: String, _ address: String, _ type: String) -> String {
        let isIngress = istio == "ingressgateway"
        let annotations = isIngress ? serviceAnnotations.sorted { $0.key < $1.key } : []
        let lines = annotations.map { "    \(JSON.string($0.key).text()): \(JSON.string($0.value).text())\n" }
        var text = """
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: \(name)
              namespace: istio-system
              labels: {app: \(name), istio: \(istio)}
            \(lines.isEmpty ? "" : "  annotations:\n" + lines.joined())
            spec:
              type: \(type)
              clusterIP: \(address)
              selector: {app: \(name), istio: \(istio)}
              ports:

            """
        for port in isIngress ? ports : ports.filter({ $0.number == 80 || $0.number == 443 }) {
            let node = type == "ClusterIP" ? "" : ", nodePort: \(port.node)"
            text += "  - {name: \(port.name), port: \(port.number), targetPort: \(port.target)\(node)}\n"
        }
        if type == "LoadBalancer" {
            text += "status:\n  loadBalancer:\n    ingress:\n    - ip: 203.0.113.10\n"
        }
        return text + """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: \(name)
              namespace: istio-system
              labels: {app: \(name), istio: \(istio)}
            spec:
              replicas: 1
              selector:
                matchLabels: {app: \(name), istio: \(istio)}
              template:
                metadata:
                  labels: {app: \(name), istio: \(istio)}
                  annotations:
                    inject.istio.io/templates: gateway
                spec:
                  containers:
                  - name: istio-proxy
                    image: auto
                    readinessProbe:
                      failureThreshold: 30
                      httpGet: {path: /healthz/ready, port: 15021}

            """
    }
}

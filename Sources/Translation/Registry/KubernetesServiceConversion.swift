import Documents
import MeshModel

extension Service {
    /// istiod's view of a Kubernetes Service (istiod: `ConvertService`).
    convenience init(kubernetes object: MeshModel.Service, namespaceAnnotations: [String: String], domain: String) {
        var fields = Fields(
            hostname: Self.kubernetesHostname(name: object.name, namespace: object.namespace, domain: domain),
            namespace: object.namespace, name: object.name, source: object.sourceReference)
        fields.registry = .kubernetes
        fields.creationTime = object.meta.creationTime
        fields.labels = object.meta.labels
        fields.annotations = object.meta.annotations
        fields.ports = object.ports.map { port in
            Port(
                number: port.port, name: port.name,
                proto: PortProtocol(
                    port: port.port, name: port.name, transport: port.protocol, appProtocol: port.appProtocol),
                targetPort: port.targetPort?.number ?? 0, targetPortName: port.targetPort?.name ?? "")
        }
        fields.selector = object.selector.flatMap { $0.isEmpty ? nil : $0 }
        fields.isPublishingNotReady = object.publishNotReadyAddresses
        if object.type == .externalName, !object.externalName.isEmpty {
            fields.resolution = .alias
            fields.isMeshExternal = true
            fields.externalName = object.externalName
        } else if object.isHeadless {
            fields.resolution = .passthrough
        } else {
            let addresses = object.clusterIPs.isEmpty ? [object.clusterIP] : object.clusterIPs
            let given = addresses.filter { !$0.isEmpty && $0 != "None" }
            if let first = given.first {
                fields.address = first
                fields.clusterAddresses = [object.meta.cluster: given]
            }
        }
        if let exportTo = object.meta.annotations["networking.istio.io/exportTo"] {
            fields.exportTo = ExportTo(values: Set(exportTo.split(separator: ",").map(\.trimmed)))
        }
        fields.isNodeLocal = object.internalTrafficPolicy == "Local"
        fields.trafficDistribution = Self.trafficDistribution(
            spec: object.trafficDistribution, annotations: object.meta.annotations,
            namespaceAnnotations: namespaceAnnotations)
        self.init(fields)
    }

    static func kubernetesHostname(name: String, namespace: String, domain: String) -> String {
        "\(name).\(namespace).svc.\(domain)"
    }

    /// istiod: `GetTrafficDistribution`.
    private static func trafficDistribution(
        spec: String?, annotations: [String: String], namespaceAnnotations: [String: String]
    ) -> TrafficDistribution {
        switch spec {
        case "PreferClose", "PreferSameZone": return .preferSameZone
        case "PreferSameNode": return .preferSameNode
        default: break
        }
        let key = "networking.istio.io/traffic-distribution"
        switch (annotations[key] ?? namespaceAnnotations[key])?.lowercased() {
        case "preferclose", "prefersamezone": return .preferSameZone
        case "prefersamenode": return .preferSameNode
        default: return .any
        }
    }
}

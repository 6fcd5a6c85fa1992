import Documents

extension Service {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var service = Service(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("ServiceSpec") { fields in
            service.type = fields.enumeration("type") ?? .clusterIP
            let selector = fields.stringMap("selector")
            service.selector = selector.isEmpty ? nil : selector
            service.ports = fields.list("ports", of: "ServicePort") { Port(&$0) }
            service.clusterIP = fields.string("clusterIP") ?? ""
            service.clusterIPs = fields.strings("clusterIPs")
            service.externalIPs = fields.strings("externalIPs")
            service.externalName = fields.string("externalName") ?? ""
            service.loadBalancerIP = fields.string("loadBalancerIP") ?? ""
            service.internalTrafficPolicy = fields.string("internalTrafficPolicy")
            service.externalTrafficPolicy = fields.string("externalTrafficPolicy")
            service.trafficDistribution = fields.string("trafficDistribution")
            service.sessionAffinity = fields.string("sessionAffinity")
            service.ipFamilies = fields.strings("ipFamilies")
            service.publishNotReadyAddresses = fields.bool("publishNotReadyAddresses") ?? false
            service.loadBalancerClass = fields.string("loadBalancerClass")
            service.healthCheckNodePort = fields.port("healthCheckNodePort")
            service.loadBalancerSourceRanges = fields.strings("loadBalancerSourceRanges")
            fields.ignore("ipFamilyPolicy", "sessionAffinityConfig", "allocateLoadBalancerNodePorts")
        }
        object.status {
            service.hasStatus = true
            service.loadBalancerIngress = $0.loadBalancerAddresses
        }
        object.finish()
        return service
    }
}

extension FieldReader {
    /// `status.loadBalancer.ingress` of a Service or an Ingress.
    var loadBalancerAddresses: [Service.Ingress] {
        mutating get {
            guard let balancer = node("loadBalancer") else { return [] }
            return (balancer["ingress"]?.elements ?? balancer.elements).map { node in
                var ingress = Service.Ingress()
                ingress.ip = node["ip"]?.string
                ingress.hostname = node["hostname"]?.string
                return ingress
            }
        }
    }
}

extension Service.Port {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        name = fields.string("name") ?? ""
        `protocol` = fields.string("protocol") ?? "TCP"
        appProtocol = fields.string("appProtocol")
        port = fields.port("port") ?? 0
        targetPort = fields.portReference("targetPort")
        nodePort = fields.port("nodePort")
    }
}

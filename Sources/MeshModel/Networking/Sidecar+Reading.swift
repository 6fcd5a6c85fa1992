import Documents

extension Sidecar {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var sidecar = Sidecar(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink, spelling: .protobuf)
        object.spec("Sidecar") { fields in
            sidecar.workloadSelector = fields.object("workloadSelector", of: "WorkloadSelector") {
                $0.stringMap("labels")
            }
            sidecar.ingress = fields.list("ingress", of: "IstioIngressListener") { IngressListener(&$0) }
            sidecar.egress = fields.list("egress", of: "IstioEgressListener") { EgressListener(&$0) }
            sidecar.inboundConnectionPool = fields.object("inboundConnectionPool", of: "ConnectionPoolSettings") {
                ConnectionPoolSettings(&$0)
            }
            sidecar.outboundTrafficPolicy = fields.outboundTrafficPolicy("outboundTrafficPolicy")
        }
        object.finish()
        return sidecar
    }
}

extension Sidecar.IngressListener {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        port = fields.object("port", of: "SidecarPort") { Sidecar.Port(&$0) }
        bind = fields.string("bind") ?? ""
        captureMode = fields.enumeration("captureMode") ?? .default
        defaultEndpoint = fields.string("defaultEndpoint") ?? ""
        tls = fields.object("tls", of: "ServerTLSSettings") { ServerTLSSettings(&$0) }
        connectionPool = fields.object("connectionPool", of: "ConnectionPoolSettings") {
            ConnectionPoolSettings(&$0)
        }
    }
}

extension Sidecar.EgressListener {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        port = fields.object("port", of: "SidecarPort") { Sidecar.Port(&$0) }
        bind = fields.string("bind") ?? ""
        captureMode = fields.enumeration("captureMode") ?? .default
        (hosts, hostLocations) = fields.places("hosts")
    }
}

extension Sidecar.Port {
    init(_ fields: inout FieldReader) {
        self.init()
        number = fields.port("number") ?? 0
        `protocol` = fields.string("protocol") ?? ""
        name = fields.string("name") ?? ""
        fields.ignore("targetPort")
    }
}

extension FieldReader {
    /// A policy without a mode is REGISTRY_ONLY, the first value of the enumeration.
    mutating func outboundTrafficPolicy(_ name: String) -> OutboundTrafficPolicy? {
        object(name, of: "OutboundTrafficPolicy") { fields in
            OutboundTrafficPolicy(
                mode: fields.enumeration("mode") ?? .registryOnly, egressProxy: fields.destination("egressProxy"))
        }
    }
}

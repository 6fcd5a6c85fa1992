import Documents

extension EndpointSlice {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var slice = EndpointSlice(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.fields { fields in
            slice.addressType = fields.enumeration("addressType") ?? .ipv4
            slice.endpoints = fields.list("endpoints", of: "Endpoint") { Endpoint(&$0) }
            slice.ports = fields.list("ports", of: "EndpointPort") { Port(&$0) }
        }
        object.finish()
        return slice
    }
}

extension EndpointSlice.Endpoint {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        addresses = fields.strings("addresses")
        if let conditions = fields.node("conditions") {
            isReady = conditions["ready"]?.bool
            isServing = conditions["serving"]?.bool
            isTerminating = conditions["terminating"]?.bool
        }
        hostname = fields.string("hostname")
        nodeName = fields.string("nodeName")
        zone = fields.string("zone")
        targetRef = fields.targetReference("targetRef")
        fields.ignore("hints", "deprecatedTopology", "topology")
    }
}

extension EndpointSlice.Port {
    init(_ fields: inout FieldReader) {
        self.init()
        name = fields.string("name") ?? ""
        `protocol` = fields.string("protocol") ?? "TCP"
        appProtocol = fields.string("appProtocol")
        port = fields.port("port")
    }
}

extension FieldReader {
    fileprivate mutating func targetReference(_ name: String) -> TargetReference? {
        object(name, of: "ObjectReference") { fields in
            var reference = TargetReference()
            reference.kind = fields.string("kind") ?? ""
            reference.name = fields.string("name") ?? ""
            reference.namespace = fields.string("namespace") ?? ""
            fields.ignoreOthers()
            return reference
        }
    }
}

extension Endpoints {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var endpoints = Endpoints(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.fields { fields in
            endpoints.subsets = fields.list("subsets", of: "EndpointSubset") { fields in
                var subset = Subset()
                subset.addresses = fields.endpointAddresses("addresses", isReady: true)
                subset.notReadyAddresses = fields.endpointAddresses("notReadyAddresses", isReady: false)
                subset.ports = fields.list("ports", of: "EndpointPort") { EndpointSlice.Port(&$0) }
                return subset
            }
        }
        object.finish()
        return endpoints
    }
}

extension FieldReader {
    fileprivate mutating func endpointAddresses(_ name: String, isReady: Bool) -> [EndpointSlice.Endpoint] {
        list(name, of: "EndpointAddress") { fields in
            var endpoint = EndpointSlice.Endpoint()
            endpoint.location = fields.node.location
            endpoint.addresses = fields.string("ip").map { [$0] } ?? []
            endpoint.hostname = fields.string("hostname")
            endpoint.nodeName = fields.string("nodeName")
            endpoint.targetRef = fields.targetReference("targetRef")
            endpoint.isReady = isReady
            return endpoint
        }
    }
}

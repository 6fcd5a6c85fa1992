import Documents

extension VirtualService {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var service = VirtualService(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink, spelling: .protobuf)
        object.spec("VirtualService") { fields in
            (service.hosts, service.hostLocations) = fields.places("hosts")
            (service.gateways, service.gatewayLocations) = fields.places("gateways")
            service.http = fields.list("http", of: "HTTPRoute") { HTTPRoute(&$0) }
            service.tls = fields.list("tls", of: "TLSRoute") { TLSRoute(&$0) }
            service.tcp = fields.list("tcp", of: "TCPRoute") { TCPRoute(&$0) }
            service.exportTo = fields.strings("exportTo")
        }
        object.finish()
        return service
    }
}

extension VirtualService.TLSRoute {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        match = fields.list("match", of: "TLSMatchAttributes") { VirtualService.TLSMatch(&$0) }
        route = fields.list("route", of: "RouteDestination") { VirtualService.RouteDestination(&$0) }
    }
}

extension VirtualService.TCPRoute {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        match = fields.list("match", of: "L4MatchAttributes") { VirtualService.L4Match(&$0) }
        route = fields.list("route", of: "RouteDestination") { VirtualService.RouteDestination(&$0) }
    }
}

extension VirtualService.TLSMatch {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        sniHosts = fields.strings("sniHosts")
        destinationSubnets = fields.strings("destinationSubnets")
        port = fields.port("port") ?? 0
        sourceLabels = fields.stringMap("sourceLabels")
        gateways = fields.strings("gateways")
        sourceNamespace = fields.string("sourceNamespace") ?? ""
    }
}

extension VirtualService.L4Match {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        destinationSubnets = fields.strings("destinationSubnets")
        port = fields.port("port") ?? 0
        sourceSubnet = fields.string("sourceSubnet") ?? ""
        sourceLabels = fields.stringMap("sourceLabels")
        gateways = fields.strings("gateways")
        sourceNamespace = fields.string("sourceNamespace") ?? ""
    }
}

extension VirtualService.RouteDestination {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        destination = fields.destination("destination") ?? VirtualService.Destination()
        weight = fields.natural("weight") ?? 0
    }
}

extension FieldReader {
    mutating func destination(_ name: String) -> VirtualService.Destination? {
        object(name, of: "Destination") { fields in
            var destination = VirtualService.Destination(
                host: fields.string("host") ?? "", subset: fields.string("subset") ?? "")
            destination.location = fields.node.location
            destination.hostLocation = fields.place(of: "host")
            destination.subsetLocation = fields.place(of: "subset")
            destination.portLocation = fields.node[path: "port", "number"]?.location ?? fields.place(of: "port")
            destination.port = fields.portNumber("port")
            return destination
        }
    }
}

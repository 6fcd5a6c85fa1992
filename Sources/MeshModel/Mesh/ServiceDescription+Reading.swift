import Documents

extension ServiceDescription {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        hostname = fields.string("hostname") ?? ""
        namespace = fields.string("namespace") ?? ""
        ports = fields.list("ports", of: "ServicePort") { fields in
            var port = Port()
            port.number = fields.port("number") ?? 0
            port.name = fields.string("name") ?? ""
            port.protocol = fields.string("protocol") ?? ""
            return port
        }
        name = fields.string("name")
        registry = fields.enumeration("registry") ?? .external
        exportTo = fields.strings("exportTo")
        address = fields.string("address")
        for entry in fields.entries("addresses") {
            addresses[entry.key] = entry.value.elements.compactMap(\.strictString)
        }
        externalAddresses = fields.strings("externalAddresses")
        resolution = fields.enumeration("resolution") ?? .static
        isExternal = fields.bool("external") ?? false
        aliases = fields.strings("aliases")
        labels = fields.stringMap("labels")
        endpoints = fields.list("endpoints", of: "Endpoint") { fields in
            var endpoint = Endpoint()
            endpoint.address = fields.string("address") ?? ""
            endpoint.ports = fields.ports("ports")
            endpoint.labels = fields.stringMap("labels")
            return endpoint
        }
    }
}

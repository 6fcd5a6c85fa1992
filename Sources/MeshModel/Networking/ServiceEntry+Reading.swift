import Documents

extension ServiceEntry {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var entry = ServiceEntry(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink, spelling: .protobuf)
        object.spec("ServiceEntry") { fields in
            (entry.hosts, entry.hostLocations) = fields.places("hosts")
            entry.addresses = fields.strings("addresses")
            entry.ports = fields.list("ports", of: "ServicePort") { fields in
                var port = Port()
                port.number = fields.port("number") ?? 0
                port.protocol = fields.string("protocol") ?? ""
                port.name = fields.string("name") ?? ""
                port.targetPort = fields.port("targetPort") ?? 0
                port.location = fields.node.location
                return port
            }
            entry.location = fields.enumeration("location") ?? .meshExternal
            entry.resolution = fields.enumeration("resolution") ?? .none
            entry.endpoints = fields.list("endpoints", of: "WorkloadEntry") { WorkloadEntrySpec(&$0) }
            entry.workloadSelector = fields.object("workloadSelector", of: "WorkloadSelector") {
                $0.stringMap("labels")
            }
            entry.exportTo = fields.strings("exportTo")
            entry.subjectAltNames = fields.strings("subjectAltNames")
        }
        object.status { fields in
            entry.allocatedAddresses = fields.list("addresses", of: "ServiceEntryAddress") { fields in
                var address = AllocatedAddress()
                address.value = fields.string("value") ?? ""
                address.host = fields.string("host") ?? ""
                return address
            }
        }
        object.finish()
        return entry
    }
}

extension WorkloadEntrySpec {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        address = fields.string("address") ?? ""
        ports = fields.ports("ports")
        labels = fields.stringMap("labels")
        network = fields.string("network") ?? ""
        locality = fields.string("locality") ?? ""
        weight = fields.natural("weight") ?? 0
        serviceAccount = fields.string("serviceAccount") ?? ""
    }
}

extension WorkloadEntry {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var entry = WorkloadEntry(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink, spelling: .protobuf)
        object.spec("WorkloadEntry") { entry.spec = WorkloadEntrySpec(&$0) }
        object.status { fields in
            for condition in fields.list("conditions") where condition["type"]?.isText("Healthy") == true {
                entry.isHealthy = condition["status"]?.text == "True"
            }
        }
        object.finish()
        return entry
    }
}

extension WorkloadGroup {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var group = WorkloadGroup(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink, spelling: .protobuf)
        object.spec("WorkloadGroup") { fields in
            _ = fields.object("metadata", of: "WorkloadGroup.ObjectMeta") { fields in
                group.templateLabels = fields.stringMap("labels")
                group.templateAnnotations = fields.stringMap("annotations")
            }
            group.template =
                fields.object("template", of: "WorkloadEntry") { WorkloadEntrySpec(&$0) }
                ?? WorkloadEntrySpec()
            group.hasProbe = fields.node("probe") != nil
        }
        object.finish()
        return group
    }
}

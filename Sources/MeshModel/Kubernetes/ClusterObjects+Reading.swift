import Documents

extension Namespace {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("NamespaceSpec") { $0.ignoreOthers() }
        object.finish()
        return Namespace(meta: meta)
    }
}

extension KubernetesNode {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var machine = KubernetesNode(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("NodeSpec") { $0.ignoreOthers() }
        object.status { fields in
            machine.addresses = fields.list("addresses", of: "NodeAddress") { fields in
                var address = Address()
                address.type = fields.string("type") ?? ""
                address.address = fields.string("address") ?? ""
                return address
            }
        }
        object.finish()
        return machine
    }
}

extension Secret {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var secret = Secret(meta: meta)
        var values: [String: [UInt8]] = [:]
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.fields { fields in
            secret.type = fields.string("type") ?? ""
            // Messages must not quote what is in here.
            for entry in fields.entries("data") where !entry.value.isNull {
                if let bytes = entry.value.strictString.flatMap({ Base64.decode($0) }) {
                    values[entry.key] = bytes
                } else {
                    sink.error("field \(quoted(entry.key)) of a Secret: expected base 64", at: entry.value.location)
                }
            }
            for entry in fields.entries("stringData") where !entry.value.isNull {
                if let text = entry.value.strictString {
                    values[entry.key] = Array(text.utf8)
                } else {
                    sink.error("field \(quoted(entry.key)) of a Secret: expected a string", at: entry.value.location)
                }
            }
            fields.ignore("immutable")
        }
        object.finish()
        secret.data = SecretData(values)
        return secret
    }
}

extension ConfigMap {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var map = ConfigMap(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.fields { fields in
            map.data = fields.stringMap("data")
            for entry in fields.entries("data") { map.dataLocations[entry.key] = entry.value.location }
            fields.ignore("binaryData", "immutable")
        }
        object.finish()
        return map
    }
}

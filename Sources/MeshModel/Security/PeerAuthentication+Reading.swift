import Documents

extension PeerAuthentication {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var policy = PeerAuthentication(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink, spelling: .protobuf)
        object.spec("PeerAuthentication") { fields in
            policy.selector = fields.object("selector", of: "WorkloadSelector") { $0.stringMap("matchLabels") }
            policy.mtls = fields.object("mtls", of: "MutualTLS") { $0.enumeration("mode") ?? .unset }
            for entry in fields.entries("portLevelMtls") {
                guard let port = Int(entry.key), (1...65535).contains(port) else {
                    sink.error("field \"portLevelMtls\": \(quoted(entry.key)) is not a port", at: entry.keyLocation)
                    continue
                }
                var mode = FieldReader(entry.value, type: "MutualTLS", sink: sink, spelling: .protobuf)
                policy.portLevelMtls[port] = mode.enumeration("mode") ?? .unset
                mode.finish()
            }
        }
        object.finish()
        return policy
    }
}

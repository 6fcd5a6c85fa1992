import Documents

extension ObjectMeta {
    /// Reads `metadata`; errors are reported and leave the field out.
    init(_ root: Node, apiVersion: String, isNamespaced: Bool, sink: DiagnosticSink) {
        self.init(name: "", namespace: "", apiVersion: apiVersion, location: root.location)
        if let metadata = root["metadata"] {
            var fields = FieldReader(metadata, type: "ObjectMeta", sink: sink)
            name = fields.string("name") ?? ""
            nameLocation = fields.place(of: "name")
            namespace = fields.string("namespace") ?? ""
            for (field, value) in [("name", name), ("namespace", namespace)] where !Self.canBeName(value) {
                sink.error(
                    "\(value.quotedForMessage) cannot be a \(field)", at: fields.place(of: field),
                    hint: "names consist of small letters, digits, \"-\" and \".\"")
            }
            labels = fields.stringMap("labels")
            annotations = fields.stringMap("annotations")
            if let created = fields.node("creationTimestamp") {
                if let time = CreationTime(rfc3339: created.text) {
                    creationTime = time
                } else {
                    sink.wrongType(created, "creationTimestamp", expected: "a time such as 2024-05-01T12:00:00Z")
                }
            }
            generation = fields.int64("generation")
            uid = fields.string("uid")
            resourceVersion = fields.node("resourceVersion")?.text
            ownerReferences = fields.list("ownerReferences", of: "OwnerReference") { fields in
                var owner = OwnerReference()
                owner.apiVersion = fields.string("apiVersion") ?? ""
                owner.kind = fields.string("kind") ?? ""
                owner.name = fields.string("name") ?? ""
                owner.isController = fields.bool("controller") ?? false
                fields.ignoreOthers()
                return owner
            }
            fields.ignore(
                "generateName", "deletionTimestamp", "deletionGracePeriodSeconds", "finalizers", "managedFields",
                "selfLink", "clusterName")
            fields.finish()
            if name.isEmpty, metadata["generateName"] != nil { name = metadata["generateName"]?.text ?? "" }
        }
        hasExplicitNamespace = !namespace.isEmpty
        if !isNamespaced {
            namespace = ""
        } else if namespace.isEmpty {
            namespace = "default"
        }
        if name.isEmpty { sink.error("an object needs a name: metadata.name is missing", at: root.location) }
    }

    /// Whether some kind can have this name: Kubernetes' rule for all of them (a path segment), and no characters that no
    /// kind allows.
    private static func canBeName(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "%") }
    }
}

import Documents

/// Reads the parts of a whole object: `spec`, and `status` or other fields next to it where they count.
struct ObjectReader {
    private var root: FieldReader

    init(_ node: Node, kind: String, sink: DiagnosticSink, spelling: FieldReader.Spelling = .exact) {
        root = FieldReader(node, type: kind, sink: sink, spelling: spelling)
        root.ignore("apiVersion", "kind", "metadata", "status")
    }

    mutating func spec(_ type: String, _ body: (inout FieldReader) -> Void) {
        _ = root.object("spec", of: type, body)
    }

    /// Fields at the top of the object, of kinds without `spec`.
    mutating func fields(_ body: (inout FieldReader) -> Void) { body(&root) }

    /// What is written to `status` by others: read without complaint about the rest of it.
    mutating func status(_ body: (inout FieldReader) -> Void) {
        _ = root.object("status", of: "status") { fields in
            body(&fields)
            fields.ignoreOthers()
        }
    }

    mutating func finish() { root.finish() }
}

import Documents

/// Any bytes are a document or a diagnostic, and every node of a document answers every question.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
    for file in ["x.yaml", "x.json"] {
        let parsed = DocumentReader.read(bytes, file: file)
        for document in parsed.documents {
            walk(document.root, budget: 1000)
            _ = document.root.json.text(indent: 2)
        }
        for diagnostic in parsed.diagnostics { precondition(!diagnostic.rendered.isEmpty && diagnostic.location != nil) }
    }
    return 0
}

private func walk(_ node: Node, budget: Int) {
    _ = (node.location, node.keyLocation, node.string, node.bool, node.int, node.unsigned, node.double)
    guard budget > 0 else { return }
    for element in node.elements.prefix(20) { walk(element, budget: budget / 2) }
    for entry in node.entries.prefix(20) {
        precondition(node.hasKey(entry.key))
        walk(entry.value, budget: budget / 2)
    }
}

package import Documents

/// One object of a manifest: a document, or an item of a `List`.
package struct ManifestObject: Sendable {
    package let node: Node
    /// `apiVersion` and `kind` for an item that does not say them itself, from its `…List`; else empty.
    package let impliedAPIVersion: String
    package let impliedKind: String

    /// The objects of a document. Lists are taken apart, lists of lists too.
    package static func objects(of document: Document) -> [ManifestObject] {
        var objects: [ManifestObject] = []
        append(document.root, apiVersion: "", kind: "", depth: 0, to: &objects)
        return objects
    }

    private static func append(
        _ node: Node, apiVersion: String, kind: String, depth: Int, to objects: inout [ManifestObject]
    ) {
        guard depth < 8, let listKind = node["kind"]?.string, listKind.hasSuffix("List"),
            let items = node["items"], items.isSequence, node["apiVersion"]?.isScalar == true
        else {
            objects.append(ManifestObject(node: node, impliedAPIVersion: apiVersion, impliedKind: kind))
            return
        }
        // `kind: List` says nothing about its items, `ServiceList` does.
        let isTyped = listKind != "List"
        for item in items.elements {
            append(
                item, apiVersion: isTyped ? node["apiVersion"]?.string ?? "" : "",
                kind: isTyped ? String(listKind.dropLast(4)) : "", depth: depth + 1, to: &objects)
        }
    }
}

/// What a file holds: its good documents, and what is wrong with it.
package struct ParsedDocuments: Sendable {
    package var documents: [Document] = []
    package var diagnostics: [Diagnostic] = []

    package init(documents: [Document] = [], diagnostics: [Diagnostic] = []) {
        self.documents = documents
        self.diagnostics = diagnostics
    }

    /// Whether a document is missing because it could not be read.
    package var isBroken: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads the bytes of a file as YAML or JSON, whichever they are.
package enum DocumentReader {
    /// All documents of a file. A file whose name ends in `.json` is JSON; one that begins with `{` or `[` is tried as
    /// JSON first; everything else is YAML.
    package static func read(_ bytes: [UInt8], file: String) -> ParsedDocuments {
        if file.hasSuffix(".json") { return JSONReader.read(bytes, file: file) }
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            let parsed = JSONReader.read(bytes, file: file)
            if !parsed.isBroken { return parsed }
        }
        return YAMLReader.read(bytes, file: file)
    }

    /// All documents of a text.
    package static func read(_ text: String, file: String) -> ParsedDocuments {
        read(Array(text.utf8), file: file)
    }
}

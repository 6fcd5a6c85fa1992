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

    package mutating func append(_ other: ParsedDocuments) {
        documents += other.documents
        diagnostics += other.diagnostics
    }
}

/// Reads the bytes of a file as YAML or JSON, whichever they are.
package enum DocumentReader {
    /// A part of a file that can be read apart from the others, as by another thread.
    package enum Part: Sendable {
        /// The whole file; when that fails and it may be YAML that looks like JSON, it is read as YAML.
        case json(orYAML: Bool)
        case yaml(ArraySlice<YAMLPiece>)
    }

    /// All documents of a file. A file whose name ends in `.json` is JSON; one that begins with `{` or `[` is tried as
    /// JSON first; everything else is YAML.
    package static func read(_ bytes: [UInt8], file: String) -> ParsedDocuments {
        var parsed = ParsedDocuments()
        for part in parts(of: bytes, file: file, size: .max) { parsed.append(read(part, of: bytes, file: file)) }
        return parsed
    }

    /// All documents of a text.
    package static func read(_ text: String, file: String) -> ParsedDocuments {
        read(Array(text.utf8), file: file)
    }

    /// Cuts a file into parts of about so many bytes, between documents.
    package static func parts(of bytes: [UInt8], file: String, size: Int) -> [Part] {
        if file.hasSuffix(".json") { return [.json(orYAML: false)] }
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return [.json(orYAML: true)] }
        let pieces = YAMLReader.pieces(of: bytes)
        var parts: [Part] = []
        var start = 0
        for end in pieces.indices {
            let length = pieces[end].range.upperBound - pieces[start].range.lowerBound
            if length >= size || end == pieces.count - 1 {
                parts.append(.yaml(pieces[start...end]))
                start = end + 1
            }
        }
        return parts
    }

    /// The documents of one part.
    package static func read(_ part: Part, of bytes: [UInt8], file: String) -> ParsedDocuments {
        switch part {
        case .yaml(let pieces): return YAMLReader.read(bytes, pieces: pieces, file: file)
        case .json(let orYAML):
            let parsed = JSONReader.read(bytes, file: file)
            return parsed.isBroken && orYAML ? YAMLReader.read(bytes, file: file) : parsed
        }
    }
}

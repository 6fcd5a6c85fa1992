import CLibYAML

/// Reads YAML with libyaml's event parser.
package enum YAMLReader {
    /// A file may have so many diagnostics; what comes after them is counted only.
    static let maximumDiagnostics = 100

    /// All documents of a file. Empty documents are left out; broken ones are reported, the others are there.
    package static func read(_ bytes: [UInt8], file: String) -> ParsedDocuments {
        read(bytes, pieces: pieces(of: bytes)[...], file: file)
    }

    /// Where a file can be cut into documents that are read apart from each other, as by several threads.
    package static func pieces(of bytes: [UInt8]) -> [YAMLPiece] {
        bytes.withUnsafeBytes { YAMLSplitter.pieces(of: $0) }
    }

    /// The documents of some pieces of a file.
    package static func read(
        _ bytes: [UInt8], pieces: ArraySlice<YAMLPiece>, file: String
    ) -> ParsedDocuments {
        guard let first = pieces.first, let last = pieces.last else { return ParsedDocuments() }
        var builder = DocumentBuilder(expecting: last.range.upperBound - first.range.lowerBound)
        return bytes.withUnsafeBufferPointer { buffer in
            var diagnostics: [Diagnostic] = []
            if var parser = YAMLPieceParser(pieces, of: buffer, file: file), parser.parse(with: &builder) {
                diagnostics = parser.diagnostics
            } else {
                builder.removeAll()
                for position in pieces.indices {
                    guard var parser = YAMLPieceParser(pieces[position...position], of: buffer, file: file) else {
                        continue
                    }
                    let checkpoint = builder.checkpoint
                    if !parser.parse(with: &builder) { builder.restore(checkpoint) }
                    diagnostics += parser.diagnostics
                }
            }
            return ParsedDocuments(
                documents: builder.takeDocuments(file: file), diagnostics: diagnostics.bounded(to: maximumDiagnostics))
        }
    }
}

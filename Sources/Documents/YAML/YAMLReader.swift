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
        var parsed = ParsedDocuments()
        parsed.documents.reserveCapacity(pieces.count)
        var builder = DocumentBuilder()
        var unreported = 0
        bytes.withUnsafeBufferPointer { buffer in
            for piece in pieces {
                let slice = UnsafeBufferPointer(rebasing: buffer[piece.range])
                var parser = YAMLPieceParser(piece: piece, bytes: slice, file: file)
                let read = parser.parse(with: &builder)
                parsed.documents += read.documents
                let room = max(0, maximumDiagnostics - parsed.diagnostics.count)
                parsed.diagnostics += read.diagnostics.prefix(room)
                unreported += max(0, read.diagnostics.count - room)
            }
        }
        if unreported > 0, let last = parsed.diagnostics.last {
            parsed.diagnostics.append(
                Diagnostic(last.severity, "\(unreported) more like these in this file", at: last.location))
        }
        return parsed
    }
}

/// Reads JSON (RFC 8259) into the same tree as YAML.
///
/// Equal keys: the last one counts. Half of a surrogate pair becomes U+FFFD, as in Go. Numbers keep their text, so none
/// loses digits; see `Node.int`, `Node.unsigned`, `Node.double`.
package enum JSONReader {
    /// The values of a file, one after the other (usually one). What follows a mistake is not read.
    ///
    /// `firstLine` is the number of the first line, for a text that is cut from a larger one.
    package static func read(_ bytes: [UInt8], file: String, firstLine: Int = 1) -> ParsedDocuments {
        bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(bytes: buffer, file: file, firstLine: firstLine)
            return parser.parse()
        }
    }

    /// The values of a file of JSON Lines: a line with a mistake is reported, the others are there.
    package static func readLines(_ bytes: [UInt8], file: String) -> ParsedDocuments {
        var parsed = ParsedDocuments()
        var line = 0
        for slice in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            line += 1
            if slice.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            let read = slice.withUnsafeBufferPointer { buffer in
                var parser = JSONParser(bytes: buffer, file: file, firstLine: line)
                return parser.parse()
            }
            parsed.documents += read.documents
            if parsed.diagnostics.count < YAMLReader.maximumDiagnostics { parsed.diagnostics += read.diagnostics }
        }
        return parsed
    }
}

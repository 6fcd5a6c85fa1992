import Documents

/// Reads the documents of a file on all cores: parts of it at a time.
func parseInParts(_ bytes: [UInt8], file: String) async -> ParsedDocuments {
    let partSize = 256 << 10
    let parts = DocumentReader.parts(of: bytes, file: file, size: partSize)
    if parts.count < 2 { return parts.first.map { DocumentReader.read($0, of: bytes, file: file) } ?? ParsedDocuments() }
    return await withTaskGroup(of: (Int, ParsedDocuments).self) { group in
        for (index, part) in parts.enumerated() {
            group.addTask { (index, DocumentReader.read(part, of: bytes, file: file)) }
        }
        var read = [ParsedDocuments](repeating: ParsedDocuments(), count: parts.count)
        for await (index, parsed) in group { read[index] = parsed }
        var all = ParsedDocuments()
        for parsed in read { all.append(parsed) }
        return all
    }
}

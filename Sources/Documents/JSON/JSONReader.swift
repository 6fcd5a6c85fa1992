package enum JSONReader {
    package static func read(_ bytes: [UInt8], file: String) -> ParsedDocuments { YAMLReader.read(bytes, file: file) }
}

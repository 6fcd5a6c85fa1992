import FoundationEssentials

/// The rows of `Cases/<name>` beside the test file: one row, one named test.
package func cases<Row: Decodable>(_ name: String, testFile: String = #filePath) throws -> [Row] {
    let bytes = try readBytes(casesPath(name, of: testFile))
    return try JSONDecoder().decode([Row].self, from: Data(bytes))
}

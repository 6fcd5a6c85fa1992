import Documents
import TestSupport
import Testing

/// JSON with random blanks, and strings of every length and kind.
private struct RandomJSON {
    var random: SplitMix64

    mutating func blanks() -> String {
        let count = Int.random(in: 0...12, using: &random)
        return (0..<count).map { _ in [" ", " ", " ", "\t", "\n", "\r\n"].randomElement(using: &random) ?? "" }.joined()
            + String(repeating: " ", count: Int.random(in: 0...20, using: &random))
    }

    mutating func string() -> String {
        let pieces = ["a", "plain text", "é", "日本", "😀", "\\n", "\\\"", "\\\\", "\\u00e9", " ", "\u{7F}", "/"]
        let count = Int.random(in: 0...9, using: &random)
        return "\"" + (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined() + "\""
    }

    mutating func value(depth: Int) -> String {
        let count = Int.random(in: 0...4, using: &random)
        switch Int.random(in: 0...(depth > 0 ? 5 : 3), using: &random) {
        case 0, 1: return string()
        case 2: return ["0", "-12", "1.5e3", "123456789012"].randomElement(using: &random) ?? ""
        case 3: return ["true", "false", "null"].randomElement(using: &random) ?? ""
        case 4:
            let elements = (0..<count).map { _ in blanks() + value(depth: depth - 1) + blanks() }
            return "[" + elements.joined(separator: ",") + "]"
        default:
            let entries = (0..<count).map { number in
                blanks() + "\"k\(number)é\"" + blanks() + ":" + blanks() + value(depth: depth - 1) + blanks()
            }
            return "{" + entries.joined(separator: ",") + "}"
        }
    }
}

@Test("at the place of every JSON value stands its first character", arguments: UInt64(0)..<60)
func jsonPlaces(seed: UInt64) throws {
    var random = RandomJSON(random: SplitMix64(seed: seed))
    let text = (seed % 3 == 0 ? "\u{FEFF}" : "") + random.blanks() + "[" + random.value(depth: 4) + "]"
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    let parsed = JSONReader.read(Array(text.utf8), file: "a.json")
    #expect(parsed.diagnostics == [])
    func check(_ node: Node) {
        let (place, keyPlace) = (node.location, node.keyLocation)
        let first = lines[place.line - 1][place.column - 1]
        switch node.kind {
        case .mapping: #expect(first == "{")
        case .sequence: #expect(first == "[")
        case .string: #expect(first == "\"")
        default: #expect(node.text.unicodeScalars.first == first)
        }
        if keyPlace != place { #expect(lines[keyPlace.line - 1][keyPlace.column - 1] == "\"") }
        for element in node.elements { check(element) }
        for entry in node.entries { check(entry.value) }
    }
    check(try #require(parsed.documents.first).root)
}

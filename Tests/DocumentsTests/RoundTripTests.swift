import Documents
import TestSupport
import Testing

/// A value made of what trips writers and readers up.
private func randomValue(depth: Int, using random: inout SplitMix64) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .int(Int64(truncatingIfNeeded: random.next() >> UInt64.random(in: 0..<64, using: &random)))
    case 3:
        let value = Double(bitPattern: random.next())
        // Whole numbers come back as such.
        return value.isFinite && Int64(exactly: value) == nil && UInt64(exactly: value) == nil
            ? .double(value) : .int(-7)
    case 4, 5: return .string(randomText(using: &random))
    case 6:
        return .array(
            (0..<Int.random(in: 0...4, using: &random)).map { _ in randomValue(depth: depth - 1, using: &random) })
    default:
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            object[randomText(using: &random)] = randomValue(depth: depth - 1, using: &random)
        }
        return .object(object)
    }
}

private func randomText(using random: inout SplitMix64) -> String {
    let pieces = [
        "a", "b c", "yes", "no", "~", "null", "1", "0x1", "1e3", ".5", "-", "- ", ": ", ":", "#", " #", "'", "\"", "\\",
        "\n", "\n\n",
        " ", "  ", "\t", "[", "]", "{", "}", ",", "&", "*", "!", "|", ">", "%", "@", "`", "?", "? ", "=", "<<", "---",
        "...", "\u{0}",
        "\u{1B}[0m", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{202E}", "\u{FEFF}", "é", "日本", "😀", "2001-01-01",
        "1:20",
        "a long text of several words that goes on beyond the eightieth column of its line, surely",
    ]
    return (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
}

extension JSON {
    /// With the members of objects in the order of their keys.
    fileprivate var sorted: JSON {
        switch self {
        case .array(let elements): return .array(elements.map(\.sorted))
        case .object(let object):
            var sorted = JSONObject()
            for member in object.members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                sorted.add(member.key, member.value.sorted)
            }
            return .object(sorted)
        default: return self
        }
    }
}

struct RoundTripTests {
    @Test("what is written as JSON reads back the same, compact and indented", arguments: 0..<400 as Range<UInt64>)
    func json(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let value = JSON.array([randomValue(depth: 4, using: &random)])
        for text in [value.text(), value.text(indent: 4), value.text(indent: 2, escapesHTML: true)] {
            let parsed = JSONReader.read(Array(text.utf8), file: "x.json")
            try #require(parsed.diagnostics == [], "\(text)")
            #expect(parsed.documents.first?.root.json == value)
            #expect(!text.unicodeScalars.contains { $0.steersTerminals && $0 != "\n" })
        }
    }

    @Test("what is written as YAML reads back the same", arguments: 0..<400 as Range<UInt64>)
    func yaml(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let value = JSON.array([randomValue(depth: 4, using: &random)])
        let text = value.yaml
        let parsed = YAMLReader.read(Array(text.utf8), file: "x.yaml")
        try #require(parsed.diagnostics == [], "\(text)")
        #expect(parsed.documents.first?.root.json.sorted == value.sorted, "\(text)")
    }

    @Test("JSON is the same tree by either reader", arguments: 0..<200 as Range<UInt64>)
    func readers(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let value = JSON.array([randomValue(depth: 3, using: &random)])
        let bytes = Array(value.text(indent: 1).utf8)
        let json = try #require(JSONReader.read(bytes, file: "x").documents.first?.root)
        let yaml = try #require(YAMLReader.read(bytes, file: "x").documents.first?.root)
        func compare(_ left: Node, _ right: Node) {
            #expect(left.location == right.location)
            #expect(left.kind == right.kind)
            #expect(left.count == right.count)
            for (one, other) in zip(left.elements, right.elements) { compare(one, other) }
            for (one, other) in zip(left.entries, right.entries) {
                #expect(one.key == other.key)
                #expect(one.keyLocation == other.keyLocation)
                compare(one.value, other.value)
            }
        }
        compare(json, yaml)
    }

    @Test("a large mapping finds each of its keys, and no other")
    func manyKeys() throws {
        for count in [15, 16, 17, 31, 32, 33, 1000] {
            let text = (0..<count).map { "key\($0): \($0)\n" }.joined()
            let root = try #require(DocumentReader.read(text, file: "x.yaml").documents.first?.root)
            #expect(root.count == count)
            for number in 0..<count { #expect(root["key\(number)"]?.int == Int64(number)) }
            #expect(root["key\(count)"] == nil)
            #expect(root[""] == nil)
        }
    }

    @Test(
        "documents cut at their markers are those of the whole file",
        arguments: [
            ("a: 1\n---\nb: |\n  x\n--- \nc: 'q\n  r'\n...\n# c\n%YAML 1.1\n---\n- d\n", 4),
            ("---\r\na: 1\r\n---\tb\r\n", 2),
            ("--- a\n--- b\n...\n", 2),
        ])
    func splitting(text: String, count: Int) {
        let bytes = Array(text.utf8)
        let pieces = YAMLReader.pieces(of: bytes)
        #expect(pieces.first?.range.lowerBound == 0)
        let documents = YAMLReader.read(bytes, file: "x").documents
        var line = 1
        for piece in pieces {
            #expect(piece.line >= line)
            line = piece.line
        }
        let alone = pieces.indices.flatMap { YAMLReader.read(bytes, pieces: pieces[$0...$0], file: "x").documents }
        #expect(documents.count == count)
        #expect(alone.map(\.root.json) == documents.map(\.root.json))
        #expect(alone.map(\.root.location) == documents.map(\.root.location))
    }
}

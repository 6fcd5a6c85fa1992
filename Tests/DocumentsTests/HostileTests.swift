import Documents
import TestSupport
import Testing

struct HostileTests {
    /// Every file of `Cases/hostile`: what is wrong with it, and what is still there.
    @Test("hostile files give errors with places, and the good documents beside them")
    func hostile() throws {
        var report = ""
        for name in try names(in: casesPath("hostile")) {
            let bytes = try readBytes(casesPath("hostile") + "/" + name)
            let parsed = DocumentReader.read(bytes, file: name)
            report += "== \(name): \(parsed.documents.count) documents\n"
            for document in parsed.documents {
                let text = document.root.json.text()
                report += "\(document.root.location.line): \(text.prefix(160))\(text.count > 160 ? "…" : "")\n"
            }
            for diagnostic in parsed.diagnostics.prefix(6) { report += diagnostic.rendered + "\n" }
            if parsed.diagnostics.count > 6 { report += "(\(parsed.diagnostics.count) in all)\n" }
        }
        expectGolden(report, "hostile.txt")
    }

    @Test("no hostile file stops being one when it is cut or changed anywhere")
    func mutations() throws {
        var random = SplitMix64(seed: 0x5EED)
        for name in try names(in: casesPath("hostile")) {
            let bytes = try readBytes(casesPath("hostile") + "/" + name)
            guard !bytes.isEmpty, bytes.count < 4096 else { continue }
            for _ in 0..<60 {
                var changed = bytes
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed.removeLast(Int.random(in: 0..<changed.count, using: &random))
                case 1:
                    changed[Int.random(in: 0..<changed.count, using: &random)] = .random(in: 0...255, using: &random)
                case 2:
                    let start = Int.random(in: 0..<changed.count, using: &random)
                    changed.removeSubrange(start..<Int.random(in: start...changed.count, using: &random))
                default:
                    let start = Int.random(in: 0..<changed.count, using: &random)
                    let end = Int.random(in: start...changed.count, using: &random)
                    let place = Int.random(in: 0..<changed.count, using: &random)
                    changed.insert(contentsOf: changed[start..<end], at: place)
                }
                let parsed = DocumentReader.read(changed, file: name)
                for document in parsed.documents { walk(document.root) }
                for diagnostic in parsed.diagnostics {
                    let place = try #require(diagnostic.location)
                    #expect(place.line >= 1 && place.column >= 1)
                    #expect(!diagnostic.rendered.unicodeScalars.contains { $0.steersTerminals && $0 != "\n" })
                }
            }
        }
    }

    /// Visits every node, asking all it can be asked.
    private func walk(_ node: Node) {
        #expect(node.location.line >= 1 && node.keyLocation.column >= 1)
        _ = (node.string, node.bool, node.int, node.unsigned, node.double, node.json)
        for element in node.elements.prefix(20) { walk(element) }
        for entry in node.entries.prefix(20) {
            #expect(node.hasKey(entry.key) || entry.keyNode.isMapping || entry.keyNode.isSequence)
            walk(entry.value)
        }
    }
}

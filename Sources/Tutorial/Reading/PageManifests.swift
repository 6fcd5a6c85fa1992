import Documents
import MeshModel

/// The manifests of a page, for everything that reads manifests: what is none becomes blanks, so that all lines and bytes stay
/// where they are.
package enum PageManifests {
    /// `nil` for a text that is no page. Of tabs the chosen one counts, else the first; of an object that is shown several times the
    /// last one, as if each had been applied; what boxes say is left out.
    package static func bytes(of bytes: [UInt8], file: String, tab: String?) -> [UInt8]? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard isPage(text) else { return nil }
        let page = PageReader.read(text, file: file)
        var kept: [(identity: String, lines: Range<Int>)] = []
        for block in page.blocks(ofTab: tab) where block.aside == nil {
            for range in ranges(of: block, file: file) {
                let lines = page.lines[range.clamped(to: page.lines.indices)].map { Self.line($0) }
                let read = ManifestText(lines.joined(separator: "\n"), file: file, line: 1).read()
                let identity = read.resources.map(\.identity).joined(separator: "\n")
                if !identity.isEmpty { kept.removeAll { $0.identity == identity } }
                kept.append((identity, range))
            }
        }
        return masked(bytes, kept.map(\.lines))
    }

    /// Fences and shortcodes stand at the beginning of lines, where no YAML has them.
    private static func isPage(_ text: String) -> Bool {
        text.split(separator: "\n", omittingEmptySubsequences: true).contains { line in
            ["```", "~~~", "{{<", "{{%", "<pre"].contains { line.hasPrefix($0) }
        }
    }

    /// A line that says that something was left out would end a document.
    private static func line(_ line: String) -> String { PrintedText.isWildcard(line.trimmed) ? "" : line }

    /// The lines of the page, from 0, that each document of a block has.
    private static func ranges(of block: TutorialBlock, file: String) -> [Range<Int>] {
        let first = block.line - 1
        switch BlockContent(block, file: file) {
        case .manifest(let texts):
            return texts.map { text in
                let count = text.text.split(separator: "\n", omittingEmptySubsequences: false).count
                return text.line - 1..<text.line - 1 + count
            }
        case .commands: return hereDocuments(in: block.lines).map { first + $0.lowerBound..<first + $0.upperBound }
        case .fragment, .output: return []
        }
    }

    /// The documents of here-documents, as places among the lines.
    private static func hereDocuments(in lines: [String]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < lines.count {
            guard let delimiter = delimiter(in: lines[index]) else {
                index += 1
                continue
            }
            var start = index + 1
            index = start
            func close() {
                if lines[start..<index].contains(where: { $0.trimmed.hasPrefix("apiVersion:") }) {
                    found.append(start..<index)
                }
            }
            while index < lines.count, lines[index].trimmed != delimiter {
                if lines[index].trimmed == "---" {
                    close()
                    start = index + 1
                }
                index += 1
            }
            close()
            index += 1
        }
        return found
    }

    /// `EOF` of `kubectl apply -f - <<-'EOF'`.
    private static func delimiter(in line: String) -> String? {
        guard let mark = line.firstRange(of: "<<"), !line[mark.upperBound...].hasPrefix("<") else { return nil }
        let word = line[mark.upperBound...].drop { $0 == "-" || $0 == " " }.drop { $0 == "'" || $0 == "\"" }
            .prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return word.isEmpty ? nil : String(word)
    }

    /// The bytes with everything but some lines turned into blanks; in front of each of them a document begins.
    private static func masked(_ bytes: [UInt8], _ kept: [Range<Int>]) -> [UInt8] {
        var result = bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
        func range(_ line: Int) -> Range<Int> {
            guard starts.indices.contains(line) else { return bytes.count..<bytes.count }
            return starts[line]..<(line + 1 < starts.count ? starts[line + 1] - 1 : bytes.count)
        }
        for lines in kept {
            for number in lines {
                let place = range(number)
                let text = String(decoding: bytes[place], as: UTF8.self)
                if !PrintedText.isWildcard(text.trimmed) { result.replaceSubrange(place, with: bytes[place]) }
            }
            guard lines.lowerBound > 0 else { continue }
            let mark = range(lines.lowerBound - 1)
            for offset in 0..<min(3, mark.count) { result[mark.lowerBound + offset] = UInt8(ascii: "-") }
        }
        return result
    }
}

import TerminalUI

/// What was tried and the patch of the best of it, told apart.
enum PatchText {
    private static let labelWidth = 10

    static func lines(_ texts: [String]) -> [TextLine] {
        let start = texts.firstIndex { $0.hasPrefix("--- ") } ?? texts.count
        return texts[..<start].map(advice) + texts[start...].map(patch)
    }

    /// A label, and what it says.
    private static func advice(_ text: String) -> TextLine {
        let label = text.prefix(labelWidth)
        let rest = String(text.dropFirst(labelWidth))
        let role: Role = ["fix", "or", "request", "and"].contains { label.hasPrefix($0 + " ") } ? .name : .text
        return [Span(String(label), .title), Span(rest, rest.hasPrefix("tried: ") ? .textDim : role)]
    }

    private static func patch(_ text: String) -> TextLine {
        if text.hasPrefix("--- ") || text.hasPrefix("+++ ") { return TextLine(text, .title) }
        return switch text.first {
        case "+": TextLine(text, .added)
        case "-": TextLine(text, .removed)
        case "@": TextLine(text, .info)
        default: TextLine(text)
        }
    }
}

/// What changed for requests: each request, what became of it, what becomes of it now.
enum DifferenceText {
    static func lines(_ texts: [String]) -> [TextLine] {
        texts.map { text in
            let body = text.drop { $0 == " " }
            if text.first != " " { return TextLine(text, .title) }
            if body.hasPrefix("curl ") { return TextLine(text, .name) }
            if body.hasPrefix("was ") { return TextLine(text, .removed) }
            if body.hasPrefix("now ") { return TextLine(text, .added) }
            return TextLine(text, .textDim)
        }
    }
}

/// Texts with their colours.
enum SourceText {
    /// JSON with its keys, values and brackets told apart.
    static func json(_ text: String) -> [TextLine] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let colon = line.firstRange(of: "\": "), line.drop(while: { $0 == " " }).first == "\"" else {
                return TextLine(String(line), .yamlValue)
            }
            let key = String(line[..<line.index(after: colon)])
            let value = String(line[line.index(after: colon)...].dropFirst())
            return [Span(key, .yamlKey), Span(":", .yamlColon), Span(value, .yamlValue)]
        }
    }

    /// A manifest with line numbers; the line `marked` (from 1) has a cursor.
    static func lines(_ lines: [String], marked: Int, from first: Int = 1) -> [TextLine] {
        let width = String(first + lines.count).count
        return lines.enumerated().map { offset, line in
            let number = first + offset
            let isMarked = number == marked
            let text = String(repeating: " ", count: max(0, width - String(number).count)) + String(number)
            let gutter = Span((isMarked ? ">" : " ") + text + "  ", isMarked ? .mark : .textDim)
            return TextLine([gutter] + yaml(line, isMarked: isMarked))
        }
    }

    private static func yaml(_ line: String, isMarked: Bool) -> [Span] {
        let attributes: Attributes = isMarked ? .bold : []
        let body = line.drop { $0 == " " || $0 == "-" }
        if body.first == "#" { return [Span(line, .yamlComment)] }
        guard let colon = body.firstIndex(of: ":"), !body.isEmpty else { return [Span(line, .yamlValue, attributes)] }
        let after = body.index(after: colon)
        guard after == body.endIndex || body[after] == " ", body.first != "\"", body.first != "'" else {
            return [Span(line, .yamlValue, attributes)]
        }
        let key = String(line[..<colon])
        let rest = String(line[after...])
        return [Span(key, .yamlKey, attributes), Span(":", .yamlColon), Span(rest, .yamlValue, attributes)]
    }
}

extension StringProtocol {
    /// Where a text occurs first.
    func firstRange(of wanted: String) -> String.Index? {
        let text = String(self)
        guard let range = text.firstRange(of: wanted) else { return nil }
        let offset = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
        return utf8.index(startIndex, offsetBy: offset)
    }
}

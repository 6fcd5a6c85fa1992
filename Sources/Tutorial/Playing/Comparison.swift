/// What a document prints beside what is predicted: which lines fit, which do not, and what was not compared.
package struct Comparison: Hashable, Sendable {
    package struct Difference: Hashable, Sendable {
        /// A line of the document; `nil` for a predicted line that has no counterpart.
        package var printed: String?
        /// Its place among the printed lines.
        package var index: Int?
        /// The predicted line that comes nearest.
        package var predicted: String?
    }

    package private(set) var differences: [Difference] = []
    /// What cannot be predicted and was passed over, each once.
    package private(set) var ignored: [String] = []
    /// Predicted lines that the document leaves out.
    package private(set) var leftOut: [String] = []
    /// Whether the lines come in another order.
    package private(set) var isReordered = false

    package var isEqual: Bool { differences.isEmpty }

    /// What the lines of an answer are, which decides what may be missing.
    package enum Content: Hashable, Sendable {
        case lines
        /// An HTTP answer of an application that is not known: its own headers and body cannot be predicted.
        case unknownApplication
        /// The body alone of such an answer.
        case unknownBody
    }

    /// Compares by words. `...` in the document stands for anything.
    package init(printed: [String], predicted: [PredictedLine], content: Content = .lines) {
        var open = predicted.enumerated().filter { !$0.element.isBlank }.map { (offset: $0.offset, line: $0.element) }
        var last = -1
        var hasWildcard = false
        var unmatched: [(index: Int, line: String)] = []
        var isBody = content == .unknownBody
        for (index, raw) in printed.enumerated() {
            let line = PrintedText.plain(raw)
            if line.isEmpty {
                isBody = isBody || index > 0
                continue
            }
            if PrintedText.isWildcard(line) {
                hasWildcard = true
                continue
            }
            guard let place = open.firstIndex(where: { Self.fits(line, $0.line) != nil }) else {
                if let reason = PrintedText.unpredictable(line) {
                    ignore(reason)
                    continue
                }
                if content != .lines, isBody || Self.isApplicationHeader(line, predicted) {
                    ignore("the application's own answer")
                    continue
                }
                unmatched.append((index, raw))
                continue
            }
            for reason in Self.fits(line, open[place].line) ?? [] { ignore(reason) }
            if open[place].offset < last { isReordered = true }
            last = open[place].offset
            open.remove(at: place)
        }
        for miss in unmatched {
            let near = open.firstIndex { Self.isSimilar(miss.line, $0.line) }
            let counterpart = near.map { open.remove(at: $0).line.text }
            differences.append(Difference(printed: miss.line.trimmed, index: miss.index, predicted: counterpart))
        }
        if !hasWildcard { leftOut = open.map(\.line.text) }
    }

    private mutating func ignore(_ reason: String) {
        if !ignored.contains(reason) { ignored.append(reason) }
    }

    /// Whether a printed line is the predicted one; what was passed over in it. `nil`: it is not.
    private static func fits(_ line: String, _ predicted: PredictedLine) -> [String]? {
        var words = line.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        var reasons: [String] = []
        // Older pages print the answer that -v shows without curl's mark.
        let isUnmarked = predicted.words.first == .exact("<") && words.first != "<"
        for word in predicted.words.dropFirst(isUnmarked ? 1 : 0) {
            switch word {
            case .rest(_, let why): return reasons + [why]
            case .exact(let text):
                guard let printed = words.popFirst() else { return nil }
                // A comma at the end of a line of JSON depends on the line below.
                if printed == text || printed.withoutComma == text.withoutComma { continue }
                guard PrintedText.glob(printed, matches: text) else { return nil }
            case .generated(let text, let why):
                guard let printed = words.popFirst() else { return nil }
                if printed == text { continue }
                // A cluster that gives nothing is told from one that gives something.
                guard printed.hasPrefix("<") == text.hasPrefix("<") else { return nil }
                reasons.append(why)
            case .ports(let text):
                guard let printed = words.popFirst() else { return nil }
                if printed == text || PrintedText.glob(printed, matches: text) { continue }
                guard withoutNodePorts(printed) == withoutNodePorts(text) else { return nil }
                reasons.append("node ports")
            }
        }
        let rest = words.joined(separator: " ")
        return rest.isEmpty || PrintedText.isWildcard(rest) ? reasons : nil
    }

    private static func withoutNodePorts(_ list: String) -> String {
        list.split(separator: ",").map { port in
            guard let colon = port.firstIndex(of: ":") else { return String(port) }
            return String(port[..<colon]) + String(port[colon...].drop { $0 != "/" })
        }.joined(separator: ",")
    }

    /// Whether two lines are about the same thing: the first words agree.
    private static func isSimilar(_ line: String, _ predicted: PredictedLine) -> Bool {
        let first = PrintedText.plain(line).firstWord
        guard let other = predicted.words.first?.text else { return false }
        if first == other { return true }
        // Status lines, whatever the version.
        return first.hasPrefix("HTTP/") && other.hasPrefix("HTTP/")
    }

    /// A header that the application may have sent: one that no predicted line has another value for.
    private static func isApplicationHeader(_ line: String, _ predicted: [PredictedLine]) -> Bool {
        guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("HTTP/") else { return false }
        let name = line[...colon].lowercased()
        guard name.dropLast().allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else { return false }
        return !predicted.contains { $0.text.lowercased().hasPrefix(name) } || name == "content-type:"
            || name == "content-length:"
    }
}

/// Printed text as documents mangle it.
enum PrintedText {
    /// Typographic quotes and blanks undone, ends trimmed.
    static func plain(_ line: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            switch scalar {
            case "\u{201C}", "\u{201D}": scalars.append("\"")
            case "\u{2018}", "\u{2019}": scalars.append("'")
            case "\u{A0}", "\u{202F}", "\u{2009}", "\u{3000}": scalars.append(" ")
            case "\u{200B}", "\u{FEFF}": break
            // istioctl decorates its messages.
            case "\u{1F300}"..."\u{1FAFF}", "\u{FE0F}", "\u{26F5}": break
            default: scalars.append(scalar)
            }
        }
        return String(scalars).trimmed
    }

    static func isWildcard(_ line: String) -> Bool {
        ["...", "…", "[...]", "[…]", "(...)", "<...>", "# ...", "{...}", "<snip>"].contains(line)
    }

    /// Why nobody can know a line: curl's remarks on its own work, its progress, headers of generated values.
    static func unpredictable(_ line: String) -> String? {
        if isGeneratedHeader(line) { return "generated headers" }
        if line.hasPrefix("* ") || line == "*" || line.hasPrefix("} [") || line.hasPrefix("{ [") {
            return "curl's remarks"
        }
        if line.hasPrefix("% Total") || line.hasPrefix("Dload ") { return "curl's progress" }
        if line.lowercased().hasPrefix("> user-agent:") { return "generated headers" }
        return nil
    }

    /// A line of httpbin's JSON that tells of a header whose value nobody can know, or which client sent it.
    static func isGeneratedHeader(_ line: String) -> Bool {
        guard line.hasPrefix("\""), let colon = line.firstIndex(of: ":") else { return false }
        let name = line[..<colon].filter { $0 != "\"" }.trimmed.lowercased()
        return name.hasPrefix("x-b3-") || name.hasPrefix("x-envoy-") || ["user-agent", "content-length"].contains(name)
            || ["x-request-id", "traceparent", "tracestate", "x-forwarded-client-cert", "x-forwarded-for"].contains(
                name)
    }

    /// Whether a printed word with `...`, `…` or `***` in it can stand for the other.
    static func glob(_ printed: String, matches text: String) -> Bool {
        var pattern = printed
        for mark in ["...", "…", "***"] { pattern = pattern.replacing(mark, with: "\u{0}") }
        let parts = pattern.split(separator: "\u{0}", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return false }
        guard text.hasPrefix(first) else { return false }
        var rest = text.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.count >= last.count && rest.hasSuffix(last)
    }
}

extension String {
    fileprivate var withoutComma: Substring { hasSuffix(",") ? dropLast() : self[...] }
}

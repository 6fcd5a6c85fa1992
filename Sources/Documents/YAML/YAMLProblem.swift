import CLibYAML

/// What libyaml has to say about a broken document, with its place and the next step.
struct YAMLProblem {
    private let parser: yaml_parser_t
    private let piece: YAMLPieceParser

    init(_ parser: yaml_parser_t, in piece: YAMLPieceParser) {
        self.parser = parser
        self.piece = piece
    }

    var diagnostic: Diagnostic {
        let problem = parser.problem.map { String(cString: $0) } ?? "cannot be read"
        switch parser.error {
        case YAML_MEMORY_ERROR: return Diagnostic(.error, "no memory to read the file", at: piece.location(0, 0))
        case YAML_READER_ERROR: return encodingProblem(problem)
        default:
            let mark = parser.problem_mark
            return Diagnostic(
                .error, problem + contextText, at: piece.location(mark.line, mark.column), hint: hint(for: problem))
        }
    }

    /// ` while parsing a block mapping that begins in line 3`.
    private var contextText: String {
        guard let context = parser.context.map({ String(cString: $0) }) else { return "" }
        let begin = piece.location(parser.context_mark.line, 0).line
        let isElsewhere = parser.context_mark.line != parser.problem_mark.line
        return " " + context + (isElsewhere ? " that begins in line \(begin)" : "")
    }

    private func hint(for problem: String) -> String? {
        switch problem {
        case "found character that cannot start any token":
            switch problemByte {
            case 0x09: return "indent with blanks; YAML does not allow tabs there"
            case let byte?:
                return "put the value in quotes; it cannot begin with \"\(Character(Unicode.Scalar(byte)))\""
            case nil: return nil
            }
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return "indent with blanks, not with tabs"
        case "mapping values are not allowed in this context":
            return "check the indentation, and put a value that contains \": \" in quotes"
        case "could not find expected ':'": return "a key needs \": \" behind it; check the line before, too"
        case "did not find expected key": return "check the indentation of this line and quotes in the line before"
        case "did not find expected node content":
            return "a \"[\" or \"{\" before it is not closed, or a value that begins with such a sign needs quotes"
        case "did not find expected '-' indicator":
            return "every element of a list begins with \"- \" in the same column"
        case "found unexpected end of stream", "found unexpected document indicator": return "a quote is not closed"
        case "did not find expected ',' or ']'": return "a \"[\" is not closed"
        case "did not find expected ',' or '}'": return "a \"{\" is not closed"
        case "did not find expected <document start>": return "begin another document with a line \"---\""
        case "did not find expected alphabetic or numeric character":
            return "put a value that begins with \"*\" or \"&\" in quotes"
        default: return nil
        }
    }

    /// The byte at the problem's place: libyaml counts characters, so look through its line.
    private var problemByte: UInt8? {
        var line = 0
        var position = 0
        while line < parser.problem_mark.line, position < piece.bytes.count {
            if piece.bytes[position] == 0x0A { line += 1 }
            position += 1
        }
        let column = piece.bytes.dropFirst(position).lazy.filter { $0 & 0xC0 != 0x80 }.dropFirst(
            parser.problem_mark.column)
        return column.first.flatMap { $0 < 0x80 ? $0 : nil }
    }

    /// An error below the characters: its place is an offset in bytes.
    private func encodingProblem(_ problem: String) -> Diagnostic {
        let before = piece.bytes.prefix(parser.problem_offset)
        let line = before.lazy.filter { $0 == 0x0A }.count
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = before[lineStart...].lazy.filter { $0 & 0xC0 != 0x80 }.count
        let isControl = problem == "control characters are not allowed"
        let value = String(max(0, Int(parser.problem_value)), radix: 16, uppercase: true)
        let message =
            isControl
            ? "control character U+\(String(repeating: "0", count: max(0, 4 - value.count)))\(value)" : problem
        return Diagnostic(
            .error, message + (isControl ? " is not allowed in YAML" : parser.problem_value > 0 ? " (0x\(value))" : ""),
            at: piece.location(line, column),
            hint: isControl
                ? "remove it, or write it as an escape in double quotes" : "save the file as UTF-8; is it a text file?")
    }
}

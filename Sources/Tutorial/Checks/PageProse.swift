package import Documents

/// What a page says between its blocks, and the names in it that are marked as such.
struct PageProse {
    struct Line {
        var number: Int
        var text: String
        /// What stands in backticks or between double stars.
        var marked: [String]
    }

    let page: TutorialPage
    let lines: [Line]
    /// All code of the page in one text.
    let code: String

    init(_ page: TutorialPage) {
        self.page = page
        var inside: Set<Int> = []
        for block in page.blocks { inside.formUnion(block.line..<(block.line + block.lines.count)) }
        lines = page.lines.enumerated().compactMap { index, text in
            inside.contains(index + 1) || text.isEmpty
                ? nil : Line(number: index + 1, text: text, marked: Self.marked(in: text))
        }
        code = page.blocks.map(\.text).joined(separator: "\n")
    }

    /// Whether a word occurs anywhere in the page.
    func mentions(_ word: String) -> Bool { code.contains(word) || lines.contains { $0.text.contains(word) } }

    private static func marked(in text: String) -> [String] {
        var found: [String] = []
        for mark in ["`", "**"] {
            let pieces = text.split(separator: mark, omittingEmptySubsequences: false)
            for index in pieces.indices where index % 2 == 1 && index + 1 < pieces.count {
                let word = pieces[index].filter { $0 != "`" && $0 != "*" }
                if !word.isEmpty { found.append(word) }
            }
        }
        return found
    }

    /// The words of a text that can be names of fields: letters and digits only.
    static func identifiers(in text: String) -> [String] {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }.map(String.init)
    }

    /// The words of a text that are written as annotations are.
    static func annotations(in text: String) -> [String] {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "./-_".contains($0))) }.map(String.init)
            .filter { word in
                let pieces = word.split(separator: "/", omittingEmptySubsequences: false)
                return pieces.count >= 2 && pieces[0].contains(".") && !pieces.contains("")
                    && !word.hasPrefix("http") && !word.hasPrefix("//")
            }
    }
}

/// One thing that a page says and that is not so: found in its words, by rule.
struct ProseCheck: Sendable {
    let codes: [String]
    let check: @Sendable (PageProse) -> [Diagnostic]

    /// Every check; a new one is a file and a name here.
    static let all: [ProseCheck] = [
        .annotations, .ports, .fields, .deprecatedValues, .failover, .defaultPolicy, .lostMarkup,
    ]
}

extension TutorialPage {
    /// What the words of the page get wrong.
    package var proseFindings: [Diagnostic] {
        let prose = PageProse(self)
        return ProseCheck.all.flatMap { $0.check(prose) }
    }
}

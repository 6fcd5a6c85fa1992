package import Documents

/// A tutorial taken apart: its blocks of code in order, with their places, and what it says about choices.
package struct TutorialPage: Sendable {
    /// The file as the user named it.
    package var file: String
    package var blocks: [TutorialBlock] = []
    /// Every line, for what stands between the blocks.
    package var lines: [String] = []
    /// The names of tabs in order, by the category that most of them belong to: each is a way through the page.
    package var tabs: [String] = []
    /// What was repaired or could not be read.
    package var notes: [Diagnostic] = []

    package init(file: String) { self.file = file }

    package func location(line: Int, column: Int = 1) -> SourceLocation {
        SourceLocation(file: file, line: line, column: column)
    }
}

/// A block of code.
package struct TutorialBlock: Hashable, Sendable {
    /// Its lines without the block's own indentation.
    package var lines: [String]
    /// The line of the page that the first of them is, 1-based.
    package var line: Int
    /// What the block calls itself (`bash`, `yaml`); empty where it says nothing.
    package var language: String
    /// The tab it stands in, and all tabs beside that one.
    package var tab: String?
    package var tabsBeside: [String] = []
    /// The box it stands in (`tip`, `warning`): what is in there is one possibility among others.
    package var aside: String?
    /// The heading above.
    package var heading = ""

    package init(lines: [String], line: Int, language: String) {
        self.lines = lines
        self.line = line
        self.language = language
    }

    package var text: String { lines.joined(separator: "\n") }
}

extension TutorialPage {
    /// The blocks that belong to a way through the page: those of the chosen tab; of tabs among which it is not, the first.
    package func blocks(ofTab tab: String?) -> [TutorialBlock] {
        blocks.filter { block in
            guard let own = block.tab else { return true }
            if let tab, block.tabsBeside.contains(tab) { return own == tab }
            return own == block.tabsBeside.first
        }
    }
}

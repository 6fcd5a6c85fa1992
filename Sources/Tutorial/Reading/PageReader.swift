import Documents

/// Reads Markdown, Hugo's dialect of it, and plain text for blocks of code. Knows no shell and no YAML.
package struct PageReader {
    private var page: TutorialPage
    private var index = 0
    private var heading = ""
    /// Boxes that are open: `tip`, `warning`.
    private var asides: [String] = []
    private var tabSets: [TabSet] = []
    /// Per set of tabs: its category and its tabs in order.
    private var sets: [(category: String, names: [String])] = []
    /// Which set each block's tab belongs to.
    private var setOfBlock: [Int: Int] = [:]

    private struct TabSet {
        var number: Int
        var current: String?
        /// The indentation of `=== "name"`: such a tab ends with the first line that is not deeper.
        var indentation: Int?
    }

    /// Longer pages are no tutorials.
    package static let longest = 8 << 20

    package static func read(_ text: String, file: String) -> TutorialPage {
        var reader = PageReader(text, file: file)
        return reader.read()
    }

    private init(_ text: String, file: String) {
        page = TutorialPage(file: file)
        let bounded = text.utf8.count <= Self.longest ? text[...] : text.prefix(Self.longest)
        page.lines = bounded.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
        }
        if page.lines.first?.hasPrefix("\u{FEFF}") == true { page.lines[0].removeFirst() }
    }

    private mutating func read() -> TutorialPage {
        skipFrontMatter()
        while index < page.lines.count {
            let line = page.lines[index]
            let trimmed = line.trimmed
            closeIndentedTabs(before: line, trimmed)
            if let fence = Fence(line) {
                readFence(fence)
            } else if let shortcode = Shortcode(trimmed) {
                read(shortcode)
            } else if trimmed.hasPrefix("<pre") {
                readPreformatted()
            } else {
                readProse(trimmed)
            }
        }
        if page.blocks.isEmpty { readPlainText() }
        finishTabs()
        return page
    }

    private mutating func skipFrontMatter() {
        guard page.lines.first == "---" || page.lines.first == "+++" else { return }
        let mark = page.lines[0]
        guard let end = page.lines.dropFirst().firstIndex(of: mark) else { return }
        index = end + 1
    }

    private mutating func readProse(_ trimmed: String) {
        if trimmed.hasPrefix("#") {
            heading = trimmed.drop { $0 == "#" }.trimmed
            if let anchor = heading.firstRange(of: "{#") { heading = heading[..<anchor.lowerBound].trimmed }
        } else if trimmed.hasPrefix(":::") {
            // Docusaurus: ":::tip" … ":::".
            let name = trimmed.drop { $0 == ":" }.trimmed
            if name.isEmpty { _ = asides.popLast() } else { asides.append(name.firstWord) }
        } else if let name = Self.indentedTab(trimmed) {
            // MkDocs: `=== "name"` with everything below it indented.
            if tabSets.last?.indentation == nil {
                openTabs(category: "")
                tabSets[tabSets.count - 1].indentation = page.lines[index].indentation
            }
            openTab(name)
        } else if trimmed.hasPrefix("<Tabs") {
            openTabs(category: Shortcode.attribute("groupId", of: trimmed) ?? "")
        } else if trimmed.hasPrefix("</Tabs") {
            _ = tabSets.popLast()
        } else if trimmed.hasPrefix("<TabItem") {
            openTab(Shortcode.attribute("label", of: trimmed) ?? Shortcode.attribute("value", of: trimmed) ?? "tab")
        } else if isIndentedCode {
            readIndented()
            return
        }
        index += 1
    }

    // MARK: Blocks

    private mutating func add(_ lines: [String], from first: Int, language: String) {
        let indentation = lines.filter { !$0.trimmed.isEmpty }.map(\.indentation).min() ?? 0
        var block = TutorialBlock(
            lines: lines.map { String($0.dropFirst(min(indentation, $0.indentation))) }, line: first + 1,
            language: language.lowercased())
        block.heading = heading
        block.aside = asides.last
        if let set = tabSets.last, let tab = set.current {
            block.tab = tab
            setOfBlock[page.blocks.count] = set.number
        }
        page.blocks.append(block)
    }

    private mutating func readFence(_ fence: Fence) {
        let first = index + 1
        var end = first
        while end < page.lines.count, !fence.isClosed(by: page.lines[end]) { end += 1 }
        if end == page.lines.count {
            page.notes.append(
                Diagnostic(.warning, "this block of code is not closed", at: page.location(line: index + 1)))
        }
        // The indentation of the fence belongs to the list that it stands in.
        let lines = page.lines[first..<end].map { String($0.dropFirst(min(fence.indentation, $0.indentation))) }
        add(lines, from: first, language: fence.language)
        index = min(end + 1, page.lines.count)
    }

    private mutating func readPreformatted() {
        let first = index
        var lines: [String] = []
        var isClosed = false
        while index < page.lines.count, !isClosed {
            var line = page.lines[index]
            isClosed = line.contains("</pre>")
            line = HTMLText.plain(line)
            lines.append(line)
            index += 1
        }
        add(lines, from: first, language: "")
    }

    /// Markdown's other form of code: indented by four, after a blank line; in lists that is text, so only what reads like a
    /// command or a manifest counts.
    private var isIndentedCode: Bool {
        let line = page.lines[index]
        guard line.indentation >= 4, index == 0 || page.lines[index - 1].trimmed.isEmpty else { return false }
        let trimmed = line.trimmed
        return trimmed.hasPrefix("$ ") || trimmed.hasPrefix("apiVersion:") || PlainCommand.isCommand(trimmed)
    }

    private mutating func readIndented() {
        let first = index
        let indentation = page.lines[index].indentation
        var end = index
        while index < page.lines.count {
            let line = page.lines[index]
            if !line.trimmed.isEmpty {
                guard line.indentation >= indentation else { break }
                end = index + 1
            }
            index += 1
        }
        index = end
        add(Array(page.lines[first..<end]), from: first, language: "")
    }

    /// A page without any block: text that lost its markup. Lines that are commands, and manifests, can still be told.
    private mutating func readPlainText() {
        index = 0
        while index < page.lines.count {
            let trimmed = page.lines[index].trimmed
            let isManifest = page.lines[index].hasPrefix("apiVersion:")
            guard isManifest || PlainCommand.isCommand(trimmed) else {
                index += 1
                continue
            }
            let first = index
            while index < page.lines.count, !page.lines[index].trimmed.isEmpty { index += 1 }
            add(Array(page.lines[first..<index]), from: first, language: isManifest ? "yaml" : "")
        }
    }

    // MARK: Shortcodes

    private mutating func read(_ shortcode: Shortcode) {
        let first = index + 1
        switch shortcode.name {
        case "text", "highlight", "code", "codeblock":
            guard !shortcode.isClosing else { break }
            var end = first
            while end < page.lines.count {
                if let other = Shortcode(page.lines[end].trimmed), other.isClosing, other.name == shortcode.name {
                    break
                }
                end += 1
            }
            add(Array(page.lines[first..<end]), from: first, language: shortcode.language)
            index = min(end + 1, page.lines.count)
            return
        case "mermaid":
            guard !shortcode.isClosing else { break }
            while index + 1 < page.lines.count, Shortcode(page.lines[index + 1].trimmed)?.isClosing != true {
                index += 1
            }
        case "tabset", "tabs":
            if shortcode.isClosing {
                _ = tabSets.popLast()
            } else {
                openTabs(category: shortcode.attribute("category-name") ?? "")
            }
        case "tab":
            if shortcode.isClosing {
                if !tabSets.isEmpty { tabSets[tabSets.count - 1].current = nil }
            } else {
                openTab(shortcode.attribute("name") ?? shortcode.words.first ?? "tab")
            }
        case "tip", "warning", "idea", "quote", "note", "callout", "caution", "important", "hint", "admonition", "info":
            if shortcode.isClosing {
                if let open = asides.lastIndex(of: shortcode.name) { asides.remove(at: open) }
            } else {
                asides.append(shortcode.name)
            }
        case "text_import", "text_file":
            page.notes.append(
                Diagnostic(
                    .warning, "the text of this block is in another file, which is not read",
                    at: page.location(line: index + 1)))
        default: break
        }
        index += 1
    }

    // MARK: Tabs

    private static func indentedTab(_ line: String) -> String? {
        guard line.hasPrefix("=== \""), line.hasSuffix("\""), line.count > 6 else { return nil }
        return String(line.dropFirst(5).dropLast())
    }

    private mutating func closeIndentedTabs(before line: String, _ trimmed: String) {
        while let indentation = tabSets.last?.indentation, !trimmed.isEmpty, line.indentation <= indentation,
            line.indentation < indentation || Self.indentedTab(trimmed) == nil
        {
            tabSets.removeLast()
        }
    }

    private mutating func openTabs(category: String) {
        sets.append((category, []))
        tabSets.append(TabSet(number: sets.count - 1))
    }

    private mutating func openTab(_ name: String) {
        if tabSets.isEmpty { openTabs(category: "") }
        let place = tabSets.count - 1
        tabSets[place].current = name
        let number = tabSets[place].number
        if !sets[number].names.contains(name) { sets[number].names.append(name) }
    }

    private mutating func finishTabs() {
        for (block, set) in setOfBlock { page.blocks[block].tabsBeside = sets[set].names }
        let counts = Dictionary(grouping: sets.filter { !$0.names.isEmpty }, by: \.category)
        let most = counts.values.map(\.count).max() ?? 0
        guard let main = sets.first(where: { (counts[$0.category]?.count ?? 0) == most && !$0.names.isEmpty }) else {
            return
        }
        for set in sets where set.category == main.category {
            for name in set.names where !page.tabs.contains(name) { page.tabs.append(name) }
        }
    }
}

/// A line of text being typed, with Emacs keys and a history.
package struct LineEditor: Hashable, Sendable {
    private var characters: [Character] = []
    /// Between 0 and the number of characters.
    package private(set) var cursor = 0
    private var killed: [Character] = []
    package private(set) var history: [String] = []
    private var historyIndex: Int?
    private var draft = ""
    private static let historyLimit = 200
    private static let lengthLimit = 1 << 16

    package init(_ text: String = "", history: [String] = []) {
        self.history = history
        set(text)
    }

    package var text: String { String(characters) }
    package var isEmpty: Bool { characters.isEmpty }

    /// Replaces the text; the cursor stands behind it.
    package mutating func set(_ text: String) {
        characters = Array(text.prefix(LineEditor.lengthLimit))
        cursor = characters.count
        historyIndex = nil
    }

    /// Puts text where the cursor is. Line ends become blanks, a backslash before them vanishes (a curl command of
    /// several lines is one line); other control characters are dropped.
    package mutating func insert(_ text: String) {
        var added: [Character] = []
        for character in text {
            if character.isNewline {
                if added.last == "\\" { added.removeLast() }
                if added.last != " " { added.append(" ") }
            } else if character == "\t" {
                added.append(" ")
            } else if character.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }) {
                added.append(character)
            }
        }
        added = Array(added.prefix(max(0, LineEditor.lengthLimit - characters.count)))
        characters.insert(contentsOf: added, at: cursor)
        cursor += added.count
    }

    /// Does what the key does; `false` when it is none of the editor's.
    package mutating func handle(_ key: Key) -> Bool {
        if let character = key.typed {
            insert(String(character))
            return true
        }
        switch key.description {
        case "left", "ctrl-b": cursor = max(0, cursor - 1)
        case "right", "ctrl-f": cursor = min(characters.count, cursor + 1)
        case "home", "ctrl-a": cursor = 0
        case "end", "ctrl-e": cursor = characters.count
        case "alt-b", "ctrl-left", "alt-left": cursor = wordStart
        case "alt-f", "ctrl-right", "alt-right": cursor = wordEnd
        case "backspace":
            guard cursor > 0 else { return true }
            cursor -= 1
            characters.remove(at: cursor)
        case "del", "ctrl-d": if cursor < characters.count { characters.remove(at: cursor) }
        case "ctrl-u": kill(0..<cursor)
        case "ctrl-k": kill(cursor..<characters.count)
        case "ctrl-w", "alt-backspace": kill(wordStart..<cursor)
        case "alt-d": kill(cursor..<wordEnd)
        case "ctrl-y": insert(String(killed))
        case "up", "ctrl-p": return recall(-1)
        case "down", "ctrl-n": return recall(1)
        default: return false
        }
        return true
    }

    /// Takes the text into the history and empties the line.
    package mutating func commit() -> String {
        let line = text
        if !line.trimmedBlanks.isEmpty {
            history.removeAll { $0 == line }
            history.append(line)
            if history.count > LineEditor.historyLimit { history.removeFirst() }
        }
        set("")
        return line
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, !isWord(characters[index - 1]) { index -= 1 }
        while index > 0, isWord(characters[index - 1]) { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < characters.count, !isWord(characters[index]) { index += 1 }
        while index < characters.count, isWord(characters[index]) { index += 1 }
        return index
    }

    private func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "-"
    }

    private mutating func kill(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        killed = Array(characters[range])
        characters.removeSubrange(range)
        cursor = range.lowerBound
    }

    private mutating func recall(_ step: Int) -> Bool {
        guard !history.isEmpty else { return true }
        if historyIndex == nil { draft = text }
        let next = (historyIndex ?? history.count) + step
        if next < 0 { return true }
        if next >= history.count {
            set(draft)
            historyIndex = nil
        } else {
            set(history[next])
            historyIndex = next
        }
        return true
    }

    /// The part of the text that fits, and the column in it where the cursor stands.
    package func window(width: Int) -> (text: String, cursor: Int) {
        guard width > 1 else { return ("", 0) }
        func columns(_ range: Range<Int>) -> Int { TextWidth.of(String(characters[range])) }
        var start = 0
        if columns(0..<cursor) >= width {
            start = cursor
            while start > 0, columns(start - 1..<cursor) < width - 1 { start -= 1 }
        }
        var end = cursor
        while end < characters.count, columns(start..<end + 1) < width { end += 1 }
        return (String(characters[start..<end]), columns(start..<cursor))
    }
}

extension Surface {
    /// Draws a line being edited, scrolled so that the cursor is seen, and puts the hardware cursor there.
    package mutating func put(_ editor: LineEditor, in rect: Rect, _ ink: Ink, focused: Bool) {
        guard !rect.isEmpty else { return }
        let (text, column) = editor.window(width: rect.width)
        put(text, rect.x, rect.y, ink)
        if focused { cursor = Point(min(rect.x + column, rect.maxX - 1), rect.y) }
    }
}

/// One key with its modifiers.
///
/// Written as people write it: `j`, `G`, `ctrl-a`, `alt-x`, `enter`, `F1`, `shift-tab`, `space`.
package struct Key: Hashable, Sendable {
    package enum Base: Hashable, Sendable {
        case character(Character)
        case enter, escape, tab, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        case function(Int)
    }

    package struct Modifiers: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let shift = Modifiers(rawValue: 1)
        package static let alt = Modifiers(rawValue: 2)
        package static let control = Modifiers(rawValue: 4)
    }

    package var base: Base
    package var modifiers: Modifiers

    package init(_ base: Base, _ modifiers: Modifiers = []) {
        self.base = base
        self.modifiers = modifiers
    }

    /// The character that the key types, `nil` for keys that type none.
    package var typed: Character? {
        guard case .character(let character) = base, modifiers.subtracting(.shift).isEmpty else { return nil }
        return character
    }

    private static let named: [(String, Base)] = [
        ("enter", .enter), ("esc", .escape), ("tab", .tab), ("backspace", .backspace), ("del", .delete),
        ("insert", .insert), ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home),
        ("end", .end), ("pgup", .pageUp), ("pgdn", .pageDown), ("space", .character(" ")),
    ]

    /// Reads a key as it is written in tables and settings; `nil` when there is no such key.
    package init?(_ name: String) {
        var rest = name[...]
        var modifiers: Modifiers = []
        let prefixes: [(String, Modifiers)] = [("ctrl-", .control), ("alt-", .alt), ("shift-", .shift)]
        while let (prefix, modifier) = prefixes.first(where: { rest.hasPrefix($0.0) }) {
            modifiers.insert(modifier)
            rest = rest.dropFirst(prefix.count)
        }
        if let (_, base) = Key.named.first(where: { $0.0 == rest.lowercased() }) {
            self.init(base, modifiers)
        } else if rest.count == 1, let character = rest.first {
            self.init(.character(character), modifiers)
        } else if rest.first == "F", let number = Int(rest.dropFirst()), (1...24).contains(number) {
            self.init(.function(number), modifiers)
        } else {
            return nil
        }
    }

    /// As it is written in tables, footer and help.
    package var description: String {
        var text = ""
        if modifiers.contains(.control) { text += "ctrl-" }
        if modifiers.contains(.alt) { text += "alt-" }
        if modifiers.contains(.shift) { text += "shift-" }
        if let (name, _) = Key.named.first(where: { $0.1 == base }) { return text + name }
        switch base {
        case .character(let character): return text + String(character)
        case .function(let number): return text + "F" + String(number)
        default: return text
        }
    }
}

/// What the mouse did, at a cell.
package struct MouseEvent: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case press, release, drag, wheelUp, wheelDown
    }

    package enum Button: Hashable, Sendable {
        case left, middle, right, none
    }

    package var action: Action
    package var button: Button
    package var position: Point

    package init(_ action: Action, _ button: Button = .left, at position: Point) {
        self.action = action
        self.button = button
        self.position = position
    }
}

/// What a terminal tells the program.
package enum TerminalEvent: Hashable, Sendable {
    case key(Key)
    /// A text pasted as a whole, control characters and all.
    case paste(String)
    case mouse(MouseEvent)
    case resize(Size)
    /// The program was stopped and goes on: everything has to be drawn anew.
    case resumed
    /// The user wants to stop the program (a signal; the key is an ordinary key).
    case suspend
    /// The program is asked to end, by a signal of this number.
    case terminate(Int32)
    /// There is no terminal any more.
    case hangup
}

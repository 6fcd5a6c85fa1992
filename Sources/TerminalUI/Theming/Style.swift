/// How letters look besides their colour.
package struct Attributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let bold = Attributes(rawValue: 1)
    package static let dim = Attributes(rawValue: 2)
    package static let underline = Attributes(rawValue: 4)
    package static let reverse = Attributes(rawValue: 8)

    /// Reads the word of a theme file.
    package init?(word: String) {
        switch word {
        case "bold": self = .bold
        case "dim", "faint": self = .dim
        case "underline": self = .underline
        case "reverse", "inverse": self = .reverse
        case "normal", "none", "regular", "": self = []
        default: return nil
        }
    }
}

/// What a cell looks like in the end, in colours that the terminal has.
package struct Style: Hashable, Sendable {
    package var foreground: Color
    package var background: Color
    package var attributes: Attributes

    package init(foreground: Color = .terminal, background: Color = .terminal, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}

/// How many colours a terminal has.
package enum ColorDepth: Int, Hashable, Sendable, Comparable, CaseIterable {
    case mono = 0
    case eight = 8
    case sixteen = 16
    case palette = 256
    case direct = 16_777_216

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Reads what `--color` and `MESHTOP_COLOR` say; `nil` for `auto`, `always` and other words.
    package init?(word: String) {
        switch word {
        case "never", "mono", "0", "none", "off": self = .mono
        case "8": self = .eight
        case "16": self = .sixteen
        case "256": self = .palette
        case "truecolor", "24bit", "direct": self = .direct
        default: return nil
        }
    }

    /// The depth that environment and terminal allow. Order of authority: `choice` (the flag), `MESHTOP_COLOR`,
    /// `NO_COLOR`, `COLORTERM`, then what terminfo says.
    package static func detected(
        choice: String?, environment: (String) -> String?, terminfoColors: Int
    ) -> ColorDepth {
        if let depth = choice.flatMap(ColorDepth.init(word:)) { return depth }
        if let depth = environment("MESHTOP_COLOR").flatMap(ColorDepth.init(word:)) { return depth }
        let forced = choice == "always" || environment("FORCE_COLOR").map { !$0.isEmpty && $0 != "0" } == true
        if !forced, environment("NO_COLOR").map({ !$0.isEmpty }) == true { return .mono }
        if !forced, environment("CLICOLOR") == "0" { return .mono }
        let colorTerm = environment("COLORTERM") ?? ""
        if terminfoColors >= 8, colorTerm == "truecolor" || colorTerm == "24bit" { return .direct }
        switch terminfoColors {
        case 16_777_216...: return .direct
        case 256...: return .palette
        case 16...: return .sixteen
        case 8...: return .eight
        default: return forced ? .eight : .mono
        }
    }
}

extension Color {
    /// The colour as a terminal of this depth can show it.
    package func degraded(to depth: ColorDepth) -> Color {
        switch (depth, self) {
        case (_, .terminal), (.mono, _): return .terminal
        case (.direct, _): return self
        case (.palette, .rgb(let value)): return .indexed(value.nearest256)
        case (.palette, .indexed): return self
        case (.sixteen, _): return .indexed(sixteen)
        case (.eight, _): return .indexed(sixteen % 8)
        }
    }

    private var sixteen: UInt8 {
        switch self {
        case .terminal: 7
        case .indexed(let index): index < 16 ? index : RGB.indexed(index).nearest16
        case .rgb(let value): value.nearest16
        }
    }
}

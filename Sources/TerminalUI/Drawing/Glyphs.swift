/// The signs that a terminal can show.
package struct Glyphs: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case unicode, blocks, ascii
    }

    package let kind: Kind

    /// Box lines, eighth blocks, braille.
    package static let unicode = Glyphs(kind: .unicode)
    /// Box lines and blocks, no braille: the Linux console.
    package static let blocks = Glyphs(kind: .blocks)
    /// Nothing beyond ASCII.
    package static let ascii = Glyphs(kind: .ascii)

    package var isASCII: Bool { kind == .ascii }

    package var horizontal: Character { isASCII ? "-" : "─" }
    package var vertical: Character { isASCII ? "|" : "│" }
    package var topLeft: Character { isASCII ? "+" : "╭" }
    package var topRight: Character { isASCII ? "+" : "╮" }
    package var bottomLeft: Character { isASCII ? "+" : "╰" }
    package var bottomRight: Character { isASCII ? "+" : "╯" }
    package var teeLeft: Character { isASCII ? "+" : "├" }
    package var teeRight: Character { isASCII ? "+" : "┤" }
    package var titleLeft: Character { isASCII ? " " : "┤" }
    package var titleRight: Character { isASCII ? " " : "├" }
    package var ellipsis: String { isASCII ? ".." : "…" }
    package var ellipsisWidth: Int { isASCII ? 2 : 1 }
    package var ascending: String { isASCII ? "^" : "↑" }
    package var descending: String { isASCII ? "v" : "↓" }
    package var cursor: String { isASCII ? ">" : "▶" }
    package var bullet: String { isASCII ? "*" : "•" }
    package var arrow: String { isASCII ? "->" : "→" }
    package var crumb: String { isASCII ? ">" : "›" }
    package var check: String { isASCII ? "ok" : "✔" }
    package var cross: String { isASCII ? "XX" : "✘" }
    package var scrollTrack: Character { isASCII ? "|" : "│" }
    package var scrollThumb: Character { isASCII ? "#" : "┃" }
    package var middleDot: String { isASCII ? "-" : "·" }
    package var branch: String { isASCII ? "|-" : "├─" }
    package var lastBranch: String { isASCII ? "`-" : "└─" }
    package var plainLink: String { isASCII ? "-->" : "──▶" }
    package var tlsLink: String { isASCII ? "==>" : "══▶" }
    package var barFull: Character { isASCII ? "#" : "█" }
    package var barEmpty: Character { isASCII ? "." : "░" }

    /// The signs as the environment allows them: UTF-8 in the locale, and no braille on the Linux console.
    package static func detected(term: String, locale: String?) -> Glyphs {
        let charset = (locale ?? "").uppercased()
        guard charset.contains("UTF-8") || charset.contains("UTF8") else { return .ascii }
        return term == "linux" ? .blocks : .unicode
    }
}

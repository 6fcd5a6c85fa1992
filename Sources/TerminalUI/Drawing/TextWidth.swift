/// How many columns text takes; one table for layout and for drawing.
package enum TextWidth {
    /// First and last scalar of each range of East Asian wide and fullwidth characters and of emoji shown as such
    /// (Unicode's EastAsianWidth W and F); ambiguous ones count 1.
    private static let wide: [(UInt32, UInt32)] = [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3),
        (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1),
        (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA),
        (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD), (0x2705, 0x2705), (0x270A, 0x270B),
        (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797),
        (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x2E80, 0x2E99),
        (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x2FF0, 0x303E), (0x3041, 0x3096), (0x3099, 0x30FF), (0x3105, 0x312F),
        (0x3131, 0x318E), (0x3190, 0x31E3), (0x31EF, 0x321E), (0x3220, 0x3247), (0x3250, 0x4DBF), (0x4E00, 0xA48C),
        (0xA490, 0xA4C6), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE52),
        (0xFE54, 0xFE66), (0xFE68, 0xFE6B), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x16FE4),
        (0x17000, 0x187F7), (0x18800, 0x18CD5), (0x1AFF0, 0x1AFFE), (0x1B000, 0x1B122), (0x1B150, 0x1B152),
        (0x1B164, 0x1B167), (0x1B170, 0x1B2FB), (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF), (0x1F18E, 0x1F18E),
        (0x1F191, 0x1F19A), (0x1F200, 0x1F202), (0x1F210, 0x1F23B), (0x1F240, 0x1F248), (0x1F250, 0x1F251),
        (0x1F260, 0x1F265), (0x1F300, 0x1F320), (0x1F32D, 0x1F335), (0x1F337, 0x1F37C), (0x1F37E, 0x1F393),
        (0x1F3A0, 0x1F3CA), (0x1F3CF, 0x1F3D3), (0x1F3E0, 0x1F3F0), (0x1F3F4, 0x1F3F4), (0x1F3F8, 0x1F43E),
        (0x1F440, 0x1F440), (0x1F442, 0x1F4FC), (0x1F4FF, 0x1F53D), (0x1F54B, 0x1F54E), (0x1F550, 0x1F567),
        (0x1F57A, 0x1F57A), (0x1F595, 0x1F596), (0x1F5A4, 0x1F5A4), (0x1F5FB, 0x1F64F), (0x1F680, 0x1F6C5),
        (0x1F6CC, 0x1F6CC), (0x1F6D0, 0x1F6D2), (0x1F6D5, 0x1F6D7), (0x1F6DC, 0x1F6DF), (0x1F6EB, 0x1F6EC),
        (0x1F6F4, 0x1F6FC), (0x1F7E0, 0x1F7EB), (0x1F7F0, 0x1F7F0), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945),
        (0x1F947, 0x1F9FF), (0x1FA70, 0x1FA7C), (0x1FA80, 0x1FA88), (0x1FA90, 0x1FABD), (0x1FABF, 0x1FAC5),
        (0x1FACE, 0x1FADB), (0x1FAE0, 0x1FAE8), (0x1FAF0, 0x1FAF8), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD),
    ]

    /// 0 for what joins the character before it or shows nothing, else 1 or 2.
    package static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator, .surrogate:
            return 0
        default: break
        }
        if value >= 0x1160 && value <= 0x11FF { return 0 }
        if value < 0x1100 { return 1 }
        var low = 0
        var high = wide.count
        while low < high {
            let middle = (low + high) / 2
            if wide[middle].1 < value { low = middle + 1 } else { high = middle }
        }
        return low < wide.count && wide[low].0 <= value ? 2 : 1
    }

    /// The columns that the text takes when drawn, control characters written out as `CellText` does.
    package static func of(_ text: String) -> Int {
        var total = 0
        var plain = true
        for byte in text.utf8 {
            guard byte >= 0x20 && byte < 0x7F else {
                plain = false
                break
            }
            total += 1
        }
        if plain { return total }
        return CellText.glyphs(of: text).reduce(0) { $0 + $1.width }
    }
}

/// One thing to be drawn in one or two columns.
package struct Glyph: Hashable, Sendable {
    package let character: Character
    package let width: Int
}

/// The one place where text from outside becomes cells: nothing else puts a character into a `Surface`.
package enum CellText {
    /// How many combining marks a cell keeps (ncurses holds five wide characters a cell).
    private static let marks = 3

    /// The glyphs of a text: control characters become visible text (`^[`, `\x9b`), direction and other format
    /// characters vanish, and a cluster of several base characters is cut to its first, so that all terminals agree
    /// on the width.
    package static func glyphs(of text: String) -> [Glyph] {
        var result: [Glyph] = []
        result.reserveCapacity(text.utf8.count)
        for character in text { append(character, to: &result) }
        return result
    }

    private static func append(_ character: Character, to result: inout [Glyph]) {
        if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F, character != "\r\n" {
            result.append(Glyph(character: character, width: 1))
            return
        }
        var base: Unicode.Scalar?
        var kept = String.UnicodeScalarView()
        for scalar in character.unicodeScalars {
            if isControl(scalar) {
                for visible in written(scalar) { result.append(Glyph(character: visible, width: 1)) }
            } else if base == nil {
                if TextWidth.of(scalar) > 0 {
                    base = scalar
                    kept.append(scalar)
                }
            } else if scalar.properties.generalCategory == .nonspacingMark, kept.count <= marks,
                !scalar.properties.isVariationSelector
            {
                kept.append(scalar)
            }
        }
        if let base { result.append(Glyph(character: Character(String(kept)), width: TextWidth.of(base))) }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value < 0xA0) || scalar.value == 0x2028
            || scalar.value == 0x2029
    }

    private static func written(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x09: " "
        case 0x0A, 0x2028, 0x2029: "^J"
        case 0x7F: "^?"
        case let value where value < 0x20: "^" + String(Character(Unicode.Scalar(UInt8(value) + 0x40)))
        case let value: "\\x" + String(value, radix: 16)
        }
    }

    /// The text without any control or direction characters, for the clipboard and for titles.
    package static func cleaned(_ text: String) -> String { String(glyphs(of: text).map(\.character)) }

    /// The text cut to so many columns, the last of them the ellipsis when something is missing.
    package static func fitted(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        guard width > 0 else { return "" }
        let glyphs = glyphs(of: text)
        if glyphs.reduce(0, { $0 + $1.width }) <= width { return String(glyphs.map(\.character)) }
        let mark = CellText.glyphs(of: ellipsis)
        let markWidth = mark.reduce(0) { $0 + $1.width }
        var used = 0
        var kept: [Character] = []
        for glyph in glyphs {
            if used + glyph.width > width - markWidth { break }
            used += glyph.width
            kept.append(glyph.character)
        }
        if markWidth <= width { kept += mark.map(\.character) }
        return String(kept)
    }
}

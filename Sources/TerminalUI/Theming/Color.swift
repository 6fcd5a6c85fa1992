/// A colour in 24 bits.
package struct RGB: Hashable, Sendable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    package init(hex: UInt32) {
        self.init(UInt8(hex >> 16 & 0xFF), UInt8(hex >> 8 & 0xFF), UInt8(hex & 0xFF))
    }

    /// `#rrggbb`.
    package var description: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// WCAG 2.1's relative luminance, 0...1.
    package var luminance: Double {
        func linear(_ channel: UInt8) -> Double {
            let value = Double(channel) / 255
            // 2.4 power without a mathematics library: x^2.4 = x^2 · x^0.4, by Newton's fifth root of x^2.
            return value <= 0.03928 ? value / 12.92 : power24((value + 0.055) / 1.055)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    private func power24(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        let square = x * x
        var root = 1.0
        for _ in 0..<40 {
            let fourth = root * root * root * root
            root -= (fourth * root - square) / (5 * fourth)
        }
        return square * root
    }

    /// WCAG 2.1's contrast ratio, 1...21.
    package func contrast(with other: RGB) -> Double {
        let (one, two) = (luminance, other.luminance)
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// The colour so far on the straight way to another, 0...1.
    package func mixed(with other: RGB, _ share: Double) -> RGB {
        func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
            let value = Double(from) + (Double(to) - Double(from)) * min(1, max(0, share))
            return UInt8(min(255, max(0, value.rounded())))
        }
        return RGB(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
    }

    /// The nearest of xterm's 6x6x6 cube and 24 greys.
    package var nearest256: UInt8 {
        let levels: [Int] = [0, 95, 135, 175, 215, 255]
        func index(_ value: UInt8) -> Int {
            levels.indices.min { abs(levels[$0] - Int(value)) < abs(levels[$1] - Int(value)) } ?? 0
        }
        let (r, g, b) = (index(red), index(green), index(blue))
        let cube = RGB(UInt8(levels[r]), UInt8(levels[g]), UInt8(levels[b]))
        let mean = (Int(red) + Int(green) + Int(blue)) / 3
        let step = min(23, max(0, (mean - 3) / 10))
        let level = UInt8(8 + 10 * step)
        let grey = RGB(level, level, level)
        return distance(to: grey) < distance(to: cube) ? UInt8(232 + step) : UInt8(16 + 36 * r + 6 * g + b)
    }

    /// The nearest of xterm's 16 colours.
    package var nearest16: UInt8 {
        let best = RGB.ansi.indices.min { distance(to: RGB.ansi[$0]) < distance(to: RGB.ansi[$1]) }
        return UInt8(best ?? 7)
    }

    /// Weighted by the mean red, which comes near to what the eye sees.
    private func distance(to other: RGB) -> Int {
        let mean = (Int(red) + Int(other.red)) / 2
        let (r, g, b) = (
            Int(red) - Int(other.red), Int(green) - Int(other.green), Int(blue) - Int(other.blue)
        )
        return (512 + mean) * r * r / 256 + 4 * g * g + (767 - mean) * b * b / 256
    }

    /// xterm's first sixteen colours.
    package static let ansi: [RGB] = [
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ].map { RGB(hex: $0) }

    /// The colour of an index of xterm's 256.
    package static func indexed(_ index: UInt8) -> RGB {
        if index < 16 { return ansi[Int(index)] }
        if index >= 232 {
            let level = UInt8(8 + 10 * (Int(index) - 232))
            return RGB(level, level, level)
        }
        let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
        let cube = Int(index) - 16
        return RGB(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    }
}

/// A colour as a theme names it.
package enum Color: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case terminal
    /// One of the terminal's first sixteen, or of xterm's 256.
    case indexed(UInt8)
    case rgb(RGB)

    /// What it looks like, `nil` for the terminal's own.
    package var rgb: RGB? {
        switch self {
        case .terminal: nil
        case .indexed(let index): RGB.indexed(index)
        case .rgb(let value): value
        }
    }

    private static let names: [String: UInt8] = [
        "black": 0, "red": 1, "green": 2, "yellow": 3, "blue": 4, "magenta": 5, "cyan": 6, "white": 7,
        "maroon": 1, "olive": 3, "navy": 4, "purple": 5, "teal": 6, "silver": 7,
        "gray": 8, "grey": 8, "brightblack": 8, "brightred": 9, "brightgreen": 10, "brightyellow": 11,
        "brightblue": 12, "brightmagenta": 13, "brightcyan": 14, "brightwhite": 15, "lime": 10, "fuchsia": 13,
        "aqua": 14,
    ]

    /// Names that k9s skins use as the web means them.
    private static let webNames: [String: UInt32] = [
        "red": 0xFF0000, "green": 0x008000, "yellow": 0xFFFF00, "blue": 0x0000FF, "white": 0xFFFFFF,
        "black": 0x000000, "orange": 0xFFA500, "orangered": 0xFF4500, "darkorange": 0xFF8C00,
        "dodgerblue": 0x1E90FF, "cadetblue": 0x5F9EA0, "steelblue": 0x4682B4, "lightskyblue": 0x87CEFA,
        "deepskyblue": 0x00BFFF, "skyblue": 0x87CEEB, "powderblue": 0xB0E0E6, "royalblue": 0x4169E1,
        "aqua": 0x00FFFF, "aquamarine": 0x7FFFD4, "turquoise": 0x40E0D0, "palegreen": 0x98FB98,
        "seagreen": 0x2E8B57, "lightgreen": 0x90EE90, "greenyellow": 0xADFF2F, "gold": 0xFFD700,
        "khaki": 0xF0E68C, "papayawhip": 0xFFEFD5, "fuchsia": 0xFF00FF, "magenta": 0xFF00FF, "violet": 0xEE82EE,
        "mediumpurple": 0x9370DB, "hotpink": 0xFF69B4, "pink": 0xFFC0CB, "salmon": 0xFA8072, "tomato": 0xFF6347,
        "coral": 0xFF7F50, "indianred": 0xCD5C5C, "firebrick": 0xB22222, "darkgray": 0xA9A9A9, "gray": 0x808080,
        "grey": 0x808080, "dimgray": 0x696969, "lightgray": 0xD3D3D3, "slategray": 0x708090, "ghostwhite": 0xF8F8FF,
        "wheat": 0xF5DEB3, "tan": 0xD2B48C, "beige": 0xF5F5DC, "lawngreen": 0x7CFC00, "springgreen": 0x00FF7F,
        "mediumspringgreen": 0x00FA9A, "cornflowerblue": 0x6495ED, "mediumvioletred": 0xC71585, "purple": 0x800080,
        "teal": 0x008080, "navy": 0x000080, "olive": 0x808000, "maroon": 0x800000, "silver": 0xC0C0C0,
        "lime": 0x00FF00, "darkslategray": 0x2F4F4F, "darkblue": 0x00008B, "cyan": 0x00FFFF, "crimson": 0xDC143C,
        "orchid": 0xDA70D6, "plum": 0xDDA0DD, "chartreuse": 0x7FFF00, "limegreen": 0x32CD32,
    ]

    /// Reads `#rgb`, `#rrggbb`, a name, an index 0...255, `default` or `-`.
    package init?(_ text: String, web: Bool = false) {
        let word = text.trimmedBlanks.lowercased()
        if word.isEmpty { return nil }
        if word == "default" || word == "-" || word == "transparent" {
            self = .terminal
        } else if word.hasPrefix("#") {
            guard let value = RGB(hexDigits: String(word.dropFirst())) else { return nil }
            self = .rgb(value)
        } else if let index = UInt8(word) {
            self = .indexed(index)
        } else if web, let hex = Color.webNames[word] {
            self = .rgb(RGB(hex: hex))
        } else if let index = Color.names[word] {
            self = .indexed(index)
        } else if let hex = Color.webNames[word] {
            self = .rgb(RGB(hex: hex))
        } else {
            return nil
        }
    }
}

extension RGB {
    /// Three or six hexadecimal digits.
    package init?(hexDigits: String) {
        guard hexDigits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        guard let value = UInt32(hexDigits, radix: 16) else { return nil }
        switch hexDigits.utf8.count {
        case 6: self.init(hex: value)
        case 3:
            self.init(UInt8(value >> 8 & 0xF) * 17, UInt8(value >> 4 & 0xF) * 17, UInt8(value & 0xF) * 17)
        default: return nil
        }
    }
}

extension StringProtocol {
    /// Without blanks and tabs at both ends.
    var trimmedBlanks: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
        var view = self[...]
        while let first = view.first, isBlank(first) { view = view.dropFirst() }
        while let last = view.last, isBlank(last) { view = view.dropLast() }
        return String(view)
    }
}

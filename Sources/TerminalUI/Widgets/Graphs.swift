/// Bars and graphs out of characters, in Unicode or ASCII.
package enum Graph {
    private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let signs: [Character] = Array(" .:-=+*#%@")

    /// The full part of a horizontal bar and the number of columns it takes; the rest of `width` is empty.
    package static func bar(_ share: Double, width: Int, glyphs: Glyphs) -> String {
        let share = share.isFinite ? min(1, max(0, share)) : 0
        if glyphs.isASCII { return String(repeating: "#", count: Int((share * Double(width)).rounded())) }
        let parts = Int((share * Double(width) * 8).rounded())
        var text = String(repeating: "█", count: parts / 8)
        if parts % 8 > 0 { text.append(eighths[parts % 8 - 1]) }
        return text
    }

    /// The last `width` values as one line of signs, scaled to `maximum` (or to the largest value).
    package static func sparkline(_ values: [Double], width: Int, maximum: Double? = nil, glyphs: Glyphs) -> String {
        let values = values.suffix(max(0, width))
        let top = maximum ?? values.max() ?? 0
        let signs = glyphs.isASCII ? signs : levels
        let line = values.map { value -> Character in
            guard top > 0, value > 0, value.isFinite else { return glyphs.isASCII ? " " : " " }
            let index = Int((value / top * Double(signs.count - 1)).rounded(.up))
            return signs[min(signs.count - 1, max(glyphs.isASCII ? 1 : 0, index))]
        }
        return String(repeating: " ", count: max(0, width - line.count)) + String(line)
    }

    /// A filled graph in braille, two values a column and four levels a row; eighth blocks or signs where braille
    /// cannot be shown. Rows from top to bottom.
    package static func area(
        _ values: [Double], width: Int, height: Int, maximum: Double? = nil, glyphs: Glyphs
    ) -> [String] {
        guard width > 0, height > 0 else { return [] }
        let perColumn = glyphs.kind == .unicode ? 2 : 1
        let steps = glyphs.kind == .unicode ? 4 : (glyphs.isASCII ? signs.count - 1 : 8)
        var values = Array(values.suffix(width * perColumn))
        values.insert(contentsOf: Array(repeating: 0, count: width * perColumn - values.count), at: 0)
        let top = maximum ?? values.max() ?? 0
        let heights = values.map { value -> Int in
            guard top > 0, value > 0, value.isFinite else { return 0 }
            return max(1, Int((min(1, value / top) * Double(height * steps)).rounded()))
        }
        return (0..<height).map { row in
            let base = (height - 1 - row) * steps
            return String(
                (0..<width).map { column -> Character in
                    let filled = { (index: Int) in min(steps, max(0, heights[index] - base)) }
                    if perColumn == 2 { return braille(filled(column * 2), filled(column * 2 + 1)) }
                    let level = filled(column)
                    if level == 0 { return " " }
                    return glyphs.isASCII ? signs[min(signs.count - 1, level)] : levels[level - 1]
                })
        }
    }

    private static func braille(_ left: Int, _ right: Int) -> Character {
        let leftDots: [UInt32] = [0, 0x40, 0x44, 0x46, 0x47]
        let rightDots: [UInt32] = [0, 0x80, 0xA0, 0xB0, 0xB8]
        let bits = leftDots[min(4, left)] | rightDots[min(4, right)]
        if bits == 0 { return " " }
        return Unicode.Scalar(0x2800 + bits).map { Character($0) } ?? " "
    }
}

extension Surface {
    /// Draws a bar: its full part in `ink`, the rest faint.
    package mutating func putBar(_ share: Double, _ x: Int, _ y: Int, width: Int, _ ink: Ink) {
        guard width > 0 else { return }
        fill(Rect(x, y, width, 1), with: glyphs.isASCII ? "." : "·", Ink(.border))
        let text = Graph.bar(share, width: width, glyphs: glyphs)
        for (offset, character) in text.enumerated() {
            put(Glyph(character: character, width: 1), x + offset, y, ink)
        }
    }

    /// Draws a filled graph, coloured by height along the theme's gradient.
    package mutating func putGraph(_ values: [Double], in rect: Rect, maximum: Double? = nil) {
        let lines = Graph.area(values, width: rect.width, height: rect.height, maximum: maximum, glyphs: glyphs)
        for (row, line) in lines.enumerated() {
            let height = rect.height > 1 ? Double(rect.height - 1 - row) / Double(rect.height - 1) : 0
            put(line, rect.x, rect.y + row, Ink(.graph, step: UInt8(1 + Int(height * 100))))
        }
    }
}

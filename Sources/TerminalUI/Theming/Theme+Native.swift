/// What came of reading a theme file: never nothing, so that a bad file does not take the screen away.
package struct ThemeReading: Sendable {
    package var theme: Theme
    package var warnings: [String]
}

extension Theme {
    /// Reads a theme file in one of the four formats, told apart by content (product.md 3.6). Foreign themes get their
    /// contrast raised where a pair is too hard to read.
    ///
    /// `tree` parses YAML; `base` finds the theme that another one extends.
    package static func read(
        _ text: String, name: String, tree: (String) -> SettingsTree?, base: (String) -> Theme?
    ) -> ThemeReading {
        if isBtop(text) { return ThemeReading(theme: btop(text, name: name).raisingContrast(), warnings: []) }
        guard let root = tree(text) else {
            return ThemeReading(theme: Theme(name: name), warnings: ["the theme \(name) is not readable as YAML"])
        }
        return read(root, name: name, base: base)
    }

    /// Reads a theme that is already parsed.
    package static func read(_ root: SettingsTree, name: String, base: (String) -> Theme?) -> ThemeReading {
        if let own = root["meshtop"] { return native(own, name: name, base: base) }
        if let skin = root["k9s"] { return ThemeReading(theme: k9s(skin, name: name).raisingContrast(), warnings: []) }
        let palette = root["palette"] ?? root
        if palette["base00"] != nil {
            let theme = base16(palette, root: root, name: name).raisingContrast()
            return ThemeReading(theme: theme, warnings: [])
        }
        return ThemeReading(
            theme: Theme(name: name),
            warnings: ["the theme \(name) is none of: meshtop, k9s skin, btop theme, base16"])
    }

    private static func native(_ root: SettingsTree, name: String, base: (String) -> Theme?) -> ThemeReading {
        var theme = root["extends"]?.scalar.flatMap(base) ?? Theme(name: name)
        var warnings: [String] = []
        theme.name = root["name"]?.scalar ?? name
        if let variant = root["variant"]?.scalar.flatMap(Variant.init(rawValue:)) { theme.variant = variant }
        for member in root["roles"]?.members ?? [] {
            guard let role = Role(rawValue: member.key) else {
                warnings.append("theme \(name): there is no role \(member.key)")
                continue
            }
            if role == .graph, let stops = member.value.list {
                theme.gradient = stops.compactMap { $0.scalar.flatMap { Color($0)?.rgb } }
                if let last = theme.gradient.first { theme.looks[.graph] = Look(foreground: .rgb(last)) }
                continue
            }
            guard let look = look(member.value) else {
                warnings.append("theme \(name): \(member.key) is not a colour or a style")
                continue
            }
            if role == .background {
                theme.looks[role] = Look(background: look.background ?? look.foreground)
            } else {
                theme.looks[role] = look
            }
        }
        for member in root["styles"]?.members ?? [] {
            if let role = Role(rawValue: member.key) { theme.monochrome[role] = attributes(member.value) }
        }
        return ThemeReading(theme: theme, warnings: warnings)
    }

    private static func look(_ value: SettingsTree) -> Look? {
        switch value {
        case .scalar(let text):
            guard let color = Color(text) else { return nil }
            return Look(foreground: color)
        case .list: return nil
        case .map(let members):
            var look = Look()
            for member in members {
                switch member.key.lowercased() {
                case "fg": look.foreground = member.value.scalar.flatMap { Color($0) }
                case "bg": look.background = member.value.scalar.flatMap { Color($0) }
                case "style": look.attributes = attributes(member.value)
                default: break
                }
            }
            return look
        }
    }

    private static func attributes(_ value: SettingsTree) -> Attributes {
        let words = value.list?.compactMap(\.scalar) ?? value.scalar.map { [$0] } ?? []
        return words.reduce([]) { $0.union(Attributes(word: $1.lowercased()) ?? []) }
    }
}

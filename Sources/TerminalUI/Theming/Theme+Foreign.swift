extension Theme {
    /// A theme out of named colours: what the three foreign formats come down to. A background of a role is written
    /// `role/bg`.
    private static func make(
        name: String, variant: Variant?, colors: [String: Color], styles: [Role: Attributes] = [:], gradient: [RGB]
    ) -> Theme {
        var theme = Theme(name: name)
        for (key, color) in colors {
            let parts = key.split(separator: "/")
            guard let role = parts.first.flatMap({ Role(rawValue: String($0)) }) else { continue }
            if parts.count > 1 || role == .background {
                theme.looks[role, default: Look()].background = color
            } else {
                theme.looks[role, default: Look()].foreground = color
            }
        }
        for (role, attributes) in styles { theme.looks[role, default: Look()].attributes = attributes }
        theme.gradient = gradient
        let paper = theme.looks[.background]?.background?.rgb
        theme.variant = variant ?? (paper.map { $0.luminance > 0.4 } == true ? .light : .dark)
        // Red against green must not be the only difference.
        theme.looks[.error, default: Look()].attributes = .bold
        theme.looks[.title, default: Look()].attributes = .bold
        if theme.looks[.cursor]?.background == nil { theme.looks[.cursor] = Look(attributes: .reverse) }
        return theme
    }

    /// A k9s skin: `root` is what stands below `k9s:`.
    static func k9s(_ root: SettingsTree, name: String) -> Theme {
        var colors: [String: Color] = [:]
        func take(_ key: String, _ paths: String...) {
            for path in paths where colors[key] == nil {
                if let text = root.at(path)?.scalar { colors[key] = Color(text, web: true) }
            }
        }
        take("text", "body.fgColor")
        take("background", "body.bgColor")
        take("textDim", "frame.status.completedColor")
        take("border", "frame.border.fgColor")
        take("borderFocus", "frame.border.focusColor")
        take("title", "frame.title.fgColor")
        take("tabActive/bg", "frame.crumbs.activeColor")
        take("tabActive", "frame.crumbs.fgColor")
        take("tableHeader", "views.table.header.fgColor")
        take("sortColumn", "views.table.header.sorterColor")
        take("cursor", "views.table.cursorFgColor")
        take("cursor/bg", "views.table.cursorBgColor", "views.table.cursorColor")
        take("mark", "views.table.markColor")
        take("match", "frame.title.filterColor")
        take("key", "frame.menu.keyColor")
        take("keyText", "frame.menu.fgColor")
        take("prompt", "prompt.fgColor")
        take("suggestion", "prompt.suggestColor")
        take("ok", "frame.status.addColor")
        take("warn", "frame.status.pendingColor", "frame.status.highlightColor")
        take("error", "frame.status.errorColor")
        take("info", "frame.status.newColor")
        take("removed", "frame.status.killColor")
        take("changed", "frame.status.modifyColor")
        take("plaintext", "frame.status.errorColor")
        take("yamlKey", "views.yaml.keyColor")
        take("yamlColon", "views.yaml.colonColor", "views.yaml.colorColor")
        take("yamlValue", "views.yaml.valueColor")
        take("dialog", "dialog.fgColor")
        take("dialog/bg", "dialog.bgColor")
        take("button", "dialog.buttonFgColor")
        take("buttonFocus", "dialog.buttonFocusFgColor")
        take("buttonFocus/bg", "dialog.buttonFocusBgColor")
        let dials = (root.at("views.charts.defaultDialColors")?.list ?? []).compactMap { item in
            item.scalar.flatMap { Color($0, web: true) }
        }
        if let first = dials.first { colors["predicted"] = first }
        if dials.count > 1 { colors["observed"] = dials[1] }
        let chart = (root.at("views.charts.defaultChartColors")?.list ?? []).compactMap { item in
            item.scalar.flatMap { Color($0, web: true)?.rgb }
        }
        return make(name: name, variant: nil, colors: colors, gradient: Array(chart.prefix(3)))
    }

    /// A base16 or base24 scheme: `palette` holds `base00` and so on.
    static func base16(_ palette: SettingsTree, root: SettingsTree, name: String) -> Theme {
        func color(_ key: String) -> Color? {
            guard let text = palette[key]?.scalar else { return nil }
            return Color(text) ?? RGB(hexDigits: text).map { .rgb($0) }
        }
        func hexadecimal(_ key: String) -> Color? {
            guard let text = palette[key]?.scalar else { return nil }
            return RGB(hexDigits: text.hasPrefix("#") ? String(text.dropFirst()) : text).map { .rgb($0) }
        }
        let plan: [(String, String)] = [
            ("text", "base05"), ("background", "base00"), ("textDim", "base04"), ("border", "base03"),
            ("borderFocus", "base0D"), ("title", "base06"), ("tabActive", "base00"), ("tabActive/bg", "base0D"),
            ("tableHeader", "base0D"), ("sortColumn", "base0A"), ("cursor", "base07"), ("cursor/bg", "base02"),
            ("mark", "base0E"), ("match", "base00"), ("match/bg", "base0A"), ("key", "base0D"), ("keyText", "base05"),
            ("prompt", "base05"), ("suggestion", "base03"), ("ok", "base0B"), ("warn", "base0A"), ("error", "base08"),
            ("info", "base0C"), ("added", "base0B"), ("removed", "base08"), ("changed", "base0E"), ("mtls", "base0B"),
            ("tls", "base0C"), ("plaintext", "base09"), ("predicted", "base0D"), ("observed", "base09"),
            ("yamlKey", "base08"), ("yamlColon", "base05"), ("yamlValue", "base0B"), ("dialog", "base05"),
            ("dialog/bg", "base01"), ("button", "base0D"), ("buttonFocus", "base00"), ("buttonFocus/bg", "base0D"),
        ]
        var colors: [String: Color] = [:]
        for (key, source) in plan { colors[key] = hexadecimal(source) ?? color(source) }
        let gradient = ["base0B", "base0A", "base08"].compactMap { hexadecimal($0)?.rgb }
        var variant = root["variant"]?.scalar.flatMap(Variant.init(rawValue:))
        if variant == nil, let dark = hexadecimal("base00")?.rgb, let bright = hexadecimal("base07")?.rgb {
            variant = dark.luminance < bright.luminance ? .dark : .light
        }
        let title = root["name"]?.scalar ?? root["scheme"]?.scalar ?? name
        return make(name: title, variant: variant, colors: colors, gradient: gradient)
    }

    /// Whether a text has lines `theme[name]=value`.
    static func isBtop(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { $0.trimmedBlanks.hasPrefix("theme[") }
    }

    /// A btop theme.
    static func btop(_ text: String, name: String) -> Theme {
        var values: [String: RGB] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmedBlanks
            guard line.hasPrefix("theme["), let close = line.firstIndex(of: "]"),
                let equals = line.firstIndex(of: "="), close < equals
            else { continue }
            let key = String(line[line.index(line.startIndex, offsetBy: 6)..<close])
            let value = line[line.index(after: equals)...].trimmedBlanks.filter { $0 != "\"" && $0 != "'" }
            values[key] = btopColor(value)
        }
        var colors: [String: Color] = [:]
        func take(_ key: String, _ names: String...) {
            for name in names where colors[key] == nil { colors[key] = values[name].map { .rgb($0) } }
        }
        take("text", "main_fg")
        take("background", "main_bg")
        take("textDim", "inactive_fg")
        take("border", "div_line")
        take("borderFocus", "cpu_box")
        take("title", "title", "main_fg")
        take("tabActive", "selected_fg")
        take("tabActive/bg", "selected_bg")
        take("tableHeader", "title")
        take("sortColumn", "hi_fg")
        take("cursor", "selected_fg")
        take("cursor/bg", "selected_bg")
        take("mark", "proc_misc")
        take("match", "hi_fg")
        take("key", "hi_fg")
        take("keyText", "main_fg")
        take("prompt", "main_fg")
        take("suggestion", "inactive_fg")
        take("ok", "used_end", "cpu_start")
        take("warn", "cpu_mid", "temp_mid")
        take("error", "cpu_end", "temp_end")
        take("info", "download_end")
        take("added", "free_end")
        take("removed", "upload_end")
        take("changed", "cached_end")
        take("predicted", "download_end")
        take("observed", "upload_end")
        take("yamlKey", "hi_fg")
        take("yamlColon", "div_line")
        take("yamlValue", "main_fg")
        let gradient = ["cpu_start", "cpu_mid", "cpu_end"].compactMap { values[$0] }
        return make(name: name, variant: nil, colors: colors, gradient: gradient)
    }

    /// `#rrggbb`, `#hh` (grey), `"r g b"`.
    private static func btopColor(_ text: String) -> RGB? {
        if text.hasPrefix("#") {
            let digits = String(text.dropFirst())
            if digits.count == 2, let grey = UInt8(digits, radix: 16) { return RGB(grey, grey, grey) }
            return RGB(hexDigits: digits)
        }
        let parts = text.split(separator: " ").compactMap { UInt8($0) }
        return parts.count == 3 ? RGB(parts[0], parts[1], parts[2]) : nil
    }
}

/// A row of tabs with their keys.
package struct Tabs: Sendable {
    package struct Tab: Sendable {
        package let key: String
        package let title: String
        package let short: String
        package let isActive: Bool

        package init(key: String, title: String, short: String, active: Bool) {
            self.key = key
            self.title = title
            self.short = short
            isActive = active
        }
    }

    package let tabs: [Tab]
    package init(_ tabs: [Tab]) { self.tabs = tabs }

    /// Draws the tabs with long titles where they fit, else short ones.
    package func draw(on surface: inout Surface, in rect: Rect) {
        func total(_ title: KeyPath<Tab, String>, gap: Int) -> Int {
            tabs.reduce(1) { $0 + TextWidth.of($1[keyPath: title]) + TextWidth.of($1.key) + 1 + gap }
        }
        let isLong = total(\.title, gap: 1) <= rect.width
        let gap = total(isLong ? \.title : \.short, gap: 2) <= rect.width ? 2 : 1
        var x = rect.x
        for tab in tabs {
            let title = isLong ? tab.title : tab.short
            let width = TextWidth.of(tab.key) + 1 + TextWidth.of(title)
            guard x + width <= rect.maxX else { break }
            let line = Rect(x, rect.y, width + 2, 1).intersection(rect)
            if tab.isActive {
                // Brackets say it where there is no colour.
                let (left, right) = surface.glyphs.isASCII ? ("[", "]") : (" ", " ")
                surface.put(left + tab.key + " " + title + right, x, rect.y, .tabActive)
            } else {
                surface.put(tab.key, x + 1, rect.y, .key)
                surface.put(title, x + 2 + TextWidth.of(tab.key), rect.y, .tab)
            }
            surface.addTarget(line, .key(tab.key))
            x += width + gap
        }
    }
}

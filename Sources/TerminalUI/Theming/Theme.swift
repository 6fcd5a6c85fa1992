/// Colours and styles for roles.
package struct Theme: Hashable, Sendable {
    package enum Variant: String, Hashable, Sendable {
        case dark, light
    }

    /// What a theme says about one role; `nil` is nothing.
    package struct Look: Hashable, Sendable {
        package var foreground: Color?
        package var background: Color?
        package var attributes: Attributes?

        package init(foreground: Color? = nil, background: Color? = nil, attributes: Attributes? = nil) {
            self.foreground = foreground
            self.background = background
            self.attributes = attributes
        }
    }

    package var name: String
    package var variant: Variant
    package var looks: [Role: Look]
    /// What roles look like without colours, over `Role.monochrome`.
    package var monochrome: [Role: Attributes]
    /// Two or three colours, from little to much.
    package var gradient: [RGB]

    package init(
        name: String, variant: Variant = .dark, looks: [Role: Look] = [:], monochrome: [Role: Attributes] = [:],
        gradient: [RGB] = []
    ) {
        self.name = name
        self.variant = variant
        self.looks = looks
        self.monochrome = monochrome
        self.gradient = gradient
    }

    /// A theme that uses no colour at all, on any terminal.
    package var isMonochrome: Bool { looks.values.allSatisfy { $0.foreground == nil && $0.background == nil } }

    private func inherited<Value>(_ role: Role, _ value: (Look) -> Value?) -> Value? {
        var current: Role? = role
        while let here = current {
            if let found = looks[here].flatMap(value) { return found }
            current = here.parent
        }
        return nil
    }

    /// The foreground that a role has on a terminal with all colours.
    package func foreground(of role: Role) -> Color { inherited(role, \.foreground) ?? .terminal }

    /// The background that a role paints, `nil` where it leaves what is there. Backgrounds are not inherited but for
    /// the roles that are nothing without (a selected tab has the cursor's).
    package func background(of role: Role) -> Color? {
        if let own = looks[role]?.background { return own }
        return role == .tabActive || role == .buttonFocus ? looks[.cursor]?.background : nil
    }

    private var ground: Color { looks[.background]?.background ?? looks[.background]?.foreground ?? .terminal }

    /// The step 1...101 of the gradient.
    package func gradient(_ step: Int) -> Color {
        guard let first = gradient.first else { return foreground(of: .graph) }
        guard gradient.count > 1 else { return .rgb(first) }
        let position = Double(min(100, max(0, step - 1))) / 100 * Double(gradient.count - 1)
        let index = min(gradient.count - 2, Int(position))
        return .rgb(gradient[index].mixed(with: gradient[index + 1], position - Double(index)))
    }

    /// What a cell looks like on a terminal of this depth.
    package func style(of ink: Ink, depth: ColorDepth) -> Style {
        let role = ink.role
        if depth == .mono || isMonochrome {
            let own = monochrome[role] ?? role.monochrome
            // A row under the cursor must stay visible as such whatever its cells are.
            let under: Attributes = ink.backdrop == .cursor ? .reverse : []
            return Style(attributes: own.union(ink.attributes).union(under))
        }
        if depth <= .sixteen {
            let own = role.ansi(variant)
            let under = ink.backdrop.ansi(variant)
            // A theme with a ground of its own has one here, too: its words are made for that and no other.
            let paper: UInt8? = ground == .terminal ? nil : variant == .light ? 15 : 0
            let pen: UInt8? = paper.map { $0 == 0 ? 7 : 0 }
            let background = own.background ?? under.background ?? paper
            let foreground =
                (own.background == nil && under.background != nil ? under.foreground : own.foreground) ?? pen
            return Style(
                foreground: foreground.map { Color.indexed($0).degraded(to: depth) } ?? .terminal,
                background: background.map { Color.indexed($0).degraded(to: depth) } ?? .terminal,
                attributes: own.attributes.union(ink.attributes))
        }
        let background = background(of: role) ?? background(of: ink.backdrop) ?? ground
        let foreground = ink.step > 0 ? gradient(Int(ink.step)) : foreground(of: role)
        let attributes = inherited(role, \.attributes) ?? []
        return Style(
            foreground: foreground.degraded(to: depth), background: background.degraded(to: depth),
            attributes: attributes.union(ink.attributes))
    }
}

/// A pair of colours that is too hard to read.
package struct ContrastProblem: Hashable, Sendable {
    package let role: Role
    package let on: Role
    package let ratio: Double
    package let wanted: Double
}

extension Theme {
    /// The pairs of the theme that fail WCAG 2.1: 4.5:1 for text, 3:1 for dim text and lines. A transparent background
    /// is taken for nearly black or white, by the variant.
    package var contrastProblems: [ContrastProblem] {
        guard !isMonochrome else { return [] }
        let paper = variant == .dark ? RGB(hex: 0x1E1E1E) : RGB(hex: 0xFFFFFF)
        let pen = variant == .dark ? RGB(hex: 0xE5E5E5) : RGB(hex: 0x1E1E1E)
        var problems: [ContrastProblem] = []
        for role in Role.allCases where role != .background && role != .stripe {
            let faint: Set<Role> = [
                .textDim, .border, .suggestion, .yamlColon, .yamlComment, .source, .keyText, .graph,
            ]
            let wanted = faint.contains(role) ? 3.0 : 4.5
            let grounds: [Role] = background(of: role) == nil ? [.background, .dialog, .stripe] : [role]
            for ground in grounds {
                let under = (background(of: ground) ?? self.ground).rgb ?? paper
                let ratio = (foreground(of: role).rgb ?? pen).contrast(with: under)
                if ratio < wanted {
                    problems.append(ContrastProblem(role: role, on: ground, ratio: ratio, wanted: wanted))
                }
            }
        }
        return problems
    }

    /// The theme with each hard pair moved in lightness until it can be read.
    package func raisingContrast() -> Theme {
        var theme = self
        for problem in contrastProblems {
            let paper = variant == .dark ? RGB(hex: 0x1E1E1E) : RGB(hex: 0xFFFFFF)
            let under = (background(of: problem.on) ?? ground).rgb ?? paper
            let target = under.luminance < 0.18 ? RGB(hex: 0xFFFFFF) : RGB(hex: 0x000000)
            let start = theme.foreground(of: problem.role).rgb ?? target
            for step in 0...20 {
                let color = start.mixed(with: target, Double(step) / 20)
                guard color.contrast(with: under) >= problem.wanted else { continue }
                theme.looks[problem.role, default: Look()].foreground = .rgb(color)
                break
            }
        }
        return theme
    }
}

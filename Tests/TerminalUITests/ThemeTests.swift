import Glibc
import TestSupport
import Testing

@testable import TerminalUI

@Suite("themes") struct ThemeTests {
    @Test("BuiltInThemes holds the files of Themes/, letter for letter; UPDATE_GOLDENS=1 writes it anew")
    func builtIn() throws {
        let path = packageRoot + "/Sources/TerminalUI/Theming/BuiltInThemes.swift"
        let written = try readText(path)
        let expected = try Self.source(head: try #require(Self.head(of: written)))
        if getenv("UPDATE_GOLDENS") != nil { return try writeText(expected, to: path) }
        #expect(written == expected, "UPDATE_GOLDENS=1 swift test --filter builtIn writes BuiltInThemes.swift anew")
    }

    /// Up to the first theme.
    private static func head(of text: String) -> Substring? {
        text.firstRange(of: "] = [\n").map { text[..<$0.upperBound] }
    }

    /// The file as it should be: what stands before the themes, then each, the default first.
    private static func source(head: Substring) throws -> String {
        let names = try TestSupport.names(in: packageRoot + "/Themes").filter { $0.hasSuffix(".yaml") }
            .map { String($0.dropLast(".yaml".count)) }
            .sorted { ($0 != ThemeCatalog.defaultName ? 1 : 0, $0) < ($1 != ThemeCatalog.defaultName ? 1 : 0, $1) }
        let entries = try names.map { name in
            let lines = try readText(packageRoot + "/Themes/\(name).yaml")
                .split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.isEmpty ? "" : "            " + $0 }
            return "        (\n            \"\(name)\",\n            #\"\"\"\n"
                + lines.joined(separator: "\n") + "\n            \"\"\"#\n        ),\n"
        }
        return head + entries.joined() + "    ]\n}\n"
    }

    @Test("our own themes can be read: no warning, enough contrast", arguments: BuiltInThemes.all.map(\.name))
    func contrast(_ name: String) {
        let reading = ThemeCatalog().theme(name)
        #expect(reading.warnings.isEmpty)
        #expect(reading.theme.contrastProblems.isEmpty, "\(reading.theme.contrastProblems)")
    }

    @Test("there are a dark, a light, a high-contrast and a monochrome theme")
    func kinds() {
        let catalog = ThemeCatalog()
        #expect(catalog.theme("harbour").theme.variant == .dark)
        #expect(catalog.theme("daylight").theme.variant == .light)
        #expect(catalog.theme("mono").theme.isMonochrome)
        let strong = catalog.theme("high-contrast").theme
        let white = RGB(hex: 0xFFFFFF).contrast(with: RGB(hex: 0))
        #expect(abs(white - 21) < 0.01)
        #expect(strong.foreground(of: .error).rgb.map { $0.contrast(with: RGB(hex: 0)) > 7 } == true)
    }

    @Test("every role has its own letter and, without colour, severities still differ")
    func roles() {
        #expect(Set(Role.allCases.map(\.letter)).count == Role.allCases.count)
        let mono = ThemeCatalog().theme("harbour").theme
        func look(_ role: Role) -> Attributes { mono.style(of: Ink(role), depth: .mono).attributes }
        #expect(look(.error) != look(.text))
        #expect(look(.cursor).contains(.reverse))
        #expect(look(.error) != look(.warn))
    }

    @Test("no depth gives a colour that the terminal has not", arguments: ColorDepth.allCases)
    func depths(_ depth: ColorDepth) {
        for (name, _) in BuiltInThemes.all {
            let theme = ThemeCatalog().theme(name).theme
            for role in Role.allCases {
                let style = theme.style(of: Ink(role, step: role == .graph ? 50 : 0), depth: depth)
                for color in [style.foreground, style.background] {
                    switch (depth, color) {
                    case (_, .terminal), (.direct, _): break
                    case (.palette, .indexed): break
                    case (.sixteen, .indexed(let index)): #expect(index < 16)
                    case (.eight, .indexed(let index)): #expect(index < 8)
                    default: Issue.record("\(name) \(role) at \(depth): \(color)")
                    }
                }
            }
        }
    }

    @Test(
        "colour depth: flag before MESHTOP_COLOR before NO_COLOR before COLORTERM before terminfo",
        arguments: [
            (nil, [:], 256, ColorDepth.palette), (nil, ["NO_COLOR": "1"], 256, .mono),
            (nil, ["NO_COLOR": ""], 256, .palette),
            ("always", ["NO_COLOR": "1"], 256, .palette), ("never", ["COLORTERM": "truecolor"], 256, .mono),
            (nil, ["COLORTERM": "truecolor"], 256, .direct),
            (nil, ["MESHTOP_COLOR": "16", "NO_COLOR": "1"], 256, .sixteen),
            (nil, [:], 8, .eight), (nil, [:], -1, .mono), (nil, [:], 16_777_216, .direct),
        ] as [(String?, [String: String], Int, ColorDepth)])
    func detected(_ choice: String?, _ environment: [String: String], _ colors: Int, _ expected: ColorDepth) {
        #expect(
            ColorDepth.detected(choice: choice, environment: { environment[$0] }, terminfoColors: colors) == expected)
    }

    @Test("a k9s skin, a btop theme and a base16 scheme are told apart by content and become readable themes")
    func foreign() {
        let skin = """
            foreground: &fg "#f8f8f2"
            background: &bg "#282a36"
            k9s:
              body: {fgColor: *fg, bgColor: *bg}
              frame:
                border: {fgColor: "#44475a", focusColor: dodgerblue}
                status: {addColor: "#50fa7b", errorColor: "#ff5555"}
              views:
                table: {fgColor: *fg, cursorColor: "#44475a", showIcons: true}
            """
        let btop = """
            # a theme
            theme[main_bg]="#1e1e2e"
            theme[main_fg]="205 214 244"
            theme[cpu_start]="#a6e3a1"
            theme[cpu_mid]=""
            theme[cpu_end]="#f38ba8"
            theme[inactive_fg]="#40"
            """
        let base16 =
            "scheme: Ocean\\nauthor: x\\n".replacingEscapes
            + (0..<16).map { index in
                let digit = String(index, radix: 16).uppercased()
                return "base0\(digit): \"\(index < 8 ? String(repeating: digit + digit, count: 3) : "8fa1b3")\"\n"
            }.joined()
        for (text, background) in [(skin, RGB(hex: 0x282A36)), (btop, RGB(hex: 0x1E1E2E)), (base16, RGB(hex: 0))] {
            let reading = Theme.read(text, name: "x", tree: SettingsTree.init(yaml:), base: { _ in nil })
            #expect(reading.warnings.isEmpty, "\(reading.warnings)")
            #expect(reading.theme.background(of: .background) == .rgb(background))
            #expect(reading.theme.variant == .dark)
            #expect(reading.theme.contrastProblems.isEmpty, "\(reading.theme.contrastProblems)")
        }
    }

    @Test(
        "a bad theme never fails: it warns and draws",
        arguments: ["", "][", "meshtop: {roles: {text: 7x, nonesuch: red}}", "a: 1", "meshtop: []", "k9s: 3"])
    func bad(_ text: String) {
        let reading = Theme.read(text, name: "bad", tree: SettingsTree.init(yaml:), base: { _ in nil })
        _ = reading.theme.style(of: Ink(.error), depth: .direct)
    }

    @Test("aliases of aliases do not make a theme large")
    func laughs() {
        let lines =
            ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
            + (1..<12).map { level in
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]"
            }
        _ = SettingsTree(yaml: lines.joined(separator: "\n"))
    }
}

extension String {
    fileprivate var replacingEscapes: String {
        split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n")
    }
}

@Suite("themes in sixteen colours") struct SixteenColourTests {
    @Test("a painted theme stays painted: no word in the colour of its ground", arguments: ThemeCatalog().names)
    func painted(_ name: String) {
        let theme = ThemeCatalog().theme(name).theme
        for depth in [ColorDepth.sixteen, .eight] {
            let ground = theme.style(of: Ink(.text), depth: depth).background
            for role in Role.allCases {
                let style = theme.style(of: Ink(role), depth: depth)
                #expect(style.foreground != style.background || style.foreground == .terminal, "\(role) \(depth)")
                guard theme.background(of: role) == nil else { continue }
                #expect(style.background == ground || style.attributes.contains(.reverse), "\(role)")
            }
        }
    }
}

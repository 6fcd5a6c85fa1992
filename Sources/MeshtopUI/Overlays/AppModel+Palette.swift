import Presentation
import TerminalUI

extension AppModel {
    /// What can be completed to, best first: commands, then kinds of objects; behind a command what it takes.
    func completions(_ text: String) -> [String] {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let first = words.first else { return [] }
        if words.count > 1 {
            let rest = words.dropFirst().joined(separator: " ")
            return arguments(of: first).filter { $0.hasPrefix(rest) }.map { first + " " + $0 }
        }
        return commandNames.filter { $0.hasPrefix(first.lowercased()) }
    }

    /// The names that a line can begin with.
    var commandNames: [String] {
        ScreenID.allCases.map(\.rawValue) + AppModel.commands + Set(view.objects.map { $0.kind.lowercased() }).sorted()
    }

    private func arguments(of command: String) -> [String] {
        switch command {
        case "theme": themeNames
        case "want": wishes
        case "proxy": view.proxies.map(\.id)
        case "explain": ResponseFlag.all.map(\.name)
        case "ns", "namespace": ["all"] + namespaces
        case "mouse": ["on", "off"]
        case "set":
            ["ascii=on", "ascii=off", "interval=2s", "mouse=on", "mouse=off"] + themeNames.map { "theme=" + $0 }
        default: []
        }
    }

    var namespaces: [String] { Set(view.objects.map(\.namespace)).subtracting([""]).sorted() }

    static let commands = [
        "theme ", "proxy ", "ns ", "curl ", "want ", "times ", "explain ", "grep ", "open ", "set ", "mouse ",
        "interval ",
        "diff ", "rev ", "ascii", "reload", "help", "keys", "save", "traffic", "version", "quit", "q",
    ]

    mutating func press(_ key: Key, inPalette state: PaletteState) -> [Effect] {
        var state = state
        let options = completions(state.line.text)
        switch key.description {
        case "esc":
            overlay = nil
            return []
        case "tab":
            if let best = options.indices.contains(state.selection) ? options[state.selection] : options.first {
                state.line.set(best)
                state.selection = -1
            }
        case "right":
            if state.line.cursor == state.line.text.count, let best = options.first {
                state.line.set(best)
            } else {
                _ = state.line.handle(key)
            }
        case "down" where state.line.isEmpty == false && !options.isEmpty:
            state.selection = min(state.selection + 1, min(options.count, 8) - 1)
        case "up" where state.selection >= 0: state.selection -= 1
        case "enter":
            var text = state.line.text
            if options.indices.contains(state.selection) { text = options[state.selection] }
            state.line.set(text)
            _ = state.line.commit()
            commandHistory = state.line.history
            overlay = nil
            return run(command: text)
        case "backspace" where state.line.isEmpty:
            overlay = nil
            return []
        default:
            if state.line.handle(key) { state.selection = -1 }
        }
        overlay = .palette(state)
        return []
    }

    /// `indent`: where lines that are too long go on; `nil`: they are cut.
    mutating func openText(_ title: String, _ lines: [TextLine], indent: Int? = 2, copying: String? = nil) {
        let view = TextView(lines, isWrapped: indent != nil, indent: indent ?? 0)
        overlay = .text(TextState(title: title, view: view, copying: copying))
    }
}

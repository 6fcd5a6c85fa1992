import TerminalUI

extension AppModel {
    /// What can be completed to, best first: commands, then kinds of objects, proxies, themes.
    func completions(_ text: String) -> [String] {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let first = words.first else { return [] }
        if words.count > 1 {
            let rest = words.dropFirst().joined(separator: " ")
            switch first {
            case "theme": return themeNames.filter { $0.hasPrefix(rest) }.map { "theme " + $0 }
            case "want": return wishes.filter { $0.hasPrefix(rest) }.map { "want " + $0 }
            case "proxy": return view.proxies.map(\.id).filter { $0.hasPrefix(rest) }.map { "proxy " + $0 }
            case "explain":
                return ResponseFlagWords.all.map(\.flag).filter { $0.hasPrefix(rest) }.map { "explain " + $0 }
            default: return []
            }
        }
        var names = ScreenID.allCases.map(\.rawValue) + AppModel.commands
        names += Set(view.objects.map { $0.kind.lowercased() }).sorted()
        return names.filter { $0.hasPrefix(first.lowercased()) }
    }

    static let commands = [
        "theme ", "proxy ", "curl ", "want ", "explain ", "ascii", "reload", "help", "keys", "save", "traffic", "quit",
        "q",
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

    /// Carries out a command line.
    mutating func run(command text: String) -> [Effect] {
        let words = text.split(separator: " ").map(String.init)
        guard let name = words.first else { return [] }
        let rest = words.dropFirst().joined(separator: " ")
        switch name {
        case "q", "quit", "wq", "exit": return [.quit]
        case "curl":
            go(to: .simulator)
            return simulator.run(text)
        case "want":
            simulator.want = rest
            go(to: .simulator)
            return simulator.rerun(send: false)
        case "theme":
            if rest.isEmpty {
                overlay = .menu(themeMenu)
                return []
            }
            return [.setTheme(rest)]
        case "proxy", "ctx", "context":
            if rest.isEmpty {
                overlay = .menu(proxyMenu)
                return []
            }
            return [.selectProxy(rest)]
        case "ascii": return [.setGlyphs(ascii: !glyphs.isASCII)]
        case "reload": return [.reload]
        case "traffic": return perform(.traffic, Key(.enter))
        case "help", "h", "keys":
            overlay = .help(HelpState())
            return []
        case "save": return perform(.export, Key(.enter))
        case "explain":
            openText("response flag \(rest)", ResponseFlagWords.lines(for: rest).map { TextLine($0) })
            return []
        case "pc": return run(command: rest)
        default: break
        }
        if let screen = ScreenID(name: name) {
            go(to: screen)
            if !rest.isEmpty { setFilter(rest) }
            return wantedFiles()
        }
        if let kind = kind(named: name) {
            go(to: .store)
            setFilter("kind:^\(kind)$" + (rest.isEmpty ? "" : " " + rest))
            return wantedFiles()
        }
        let near = completions(String(name.prefix(1))).prefix(3).joined(separator: ", ")
        say("there is no command \(name)" + (near.isEmpty ? "" : "; nearest: " + near), isError: true)
        return []
    }

    private func kind(named name: String) -> String? {
        let short = [
            "vs": "virtualservice", "dr": "destinationrule", "gw": "gateway", "se": "serviceentry", "svc": "service",
            "po": "pod", "ing": "ingress", "gtw": "gateway", "deploy": "deployment", "ns": "namespace",
            "ep": "endpoints", "cm": "configmap", "httproutes": "httproute",
        ]
        var wanted = short[name] ?? name.lowercased()
        let kinds = Set(view.objects.map(\.kind))
        if let kind = kinds.first(where: { $0.lowercased() == wanted }) { return kind }
        if wanted.hasSuffix("es"), let kind = kinds.first(where: { $0.lowercased() == String(wanted.dropLast(2)) }) {
            return kind
        }
        if wanted.hasSuffix("s") { wanted.removeLast() }
        return kinds.first { $0.lowercased() == wanted }
    }

    /// `indent`: where lines that are too long go on; `nil`: they are cut.
    mutating func openText(_ title: String, _ lines: [TextLine], indent: Int? = 2, copying: String? = nil) {
        let view = TextView(lines, isWrapped: indent != nil, indent: indent ?? 0)
        overlay = .text(TextState(title: title, view: view, copying: copying))
    }
}

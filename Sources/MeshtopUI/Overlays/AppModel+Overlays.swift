import TerminalUI

extension AppModel {
    mutating func pressInOverlay(_ key: Key) -> [Effect] {
        switch overlay {
        case .help(let state): return press(key, inHelp: state)
        case .palette(let state): return press(key, inPalette: state)
        case .menu(let state): return press(key, inMenu: state)
        case .text(let state): return press(key, inText: state)
        case nil: return []
        }
    }

    // MARK: Help

    /// The keys of the screen in groups, those that fit the search.
    func helpLines(_ search: String) -> [Binding] {
        let wanted = search.lowercased()
        let bindings = KeyTables.bindings(of: screen)
        return Binding.Group.allCases.flatMap { group in
            bindings.filter { binding in
                guard binding.group == group else { return false }
                let text = (binding.keys.joined(separator: " ") + " " + binding.help).lowercased()
                return wanted.isEmpty || text.firstRange(of: wanted) != nil
            }
        }
    }

    private mutating func press(_ key: Key, inHelp state: HelpState) -> [Effect] {
        var state = state
        let lines = helpLines(state.search.text)
        if state.isSearching {
            switch key.description {
            case "esc":
                state.isSearching = false
                state.search.set("")
            case "enter", "down": state.isSearching = false
            default:
                if state.search.handle(key) { state.selection = 0 }
            }
            overlay = .help(state)
            return []
        }
        switch key.description {
        case "esc", "q", "?", "F1": overlay = nil
        case "j", "down": state.selection = min(state.selection + 1, max(0, lines.count - 1))
        case "k", "up": state.selection = max(0, state.selection - 1)
        case "g", "home": state.selection = 0
        case "G", "end": state.selection = max(0, lines.count - 1)
        case "pgdn", "ctrl-f": state.selection = min(state.selection + 10, max(0, lines.count - 1))
        case "pgup", "ctrl-b": state.selection = max(0, state.selection - 10)
        case "/": state.isSearching = true
        case "enter":
            overlay = nil
            guard lines.indices.contains(state.selection), let first = lines[state.selection].keys.first,
                let wanted = Key(first)
            else { return [] }
            return perform(lines[state.selection].effect, wanted)
        default: break
        }
        if overlay != nil { overlay = .help(state) }
        return []
    }

    // MARK: Menus

    private mutating func press(_ key: Key, inMenu state: MenuState) -> [Effect] {
        var state = state
        let before = state.selection
        switch key.description {
        case "esc", "q":
            overlay = nil
            return state.onCancel.map { choose($0) } ?? []
        case "down": state.selection = min(state.selection + 1, state.items.count - 1)
        case "up": state.selection = max(0, state.selection - 1)
        case "home": state.selection = 0
        case "end": state.selection = max(0, state.items.count - 1)
        case "pgdn": state.selection = min(state.selection + 10, state.items.count - 1)
        case "pgup": state.selection = max(0, state.selection - 10)
        case "enter":
            overlay = nil
            guard state.items.indices.contains(state.selection) else { return [] }
            return choose(state.items[state.selection].action)
        default:
            if let index = state.items.firstIndex(where: { !$0.key.isEmpty && $0.key == key.description }) {
                overlay = nil
                return choose(state.items[index].action)
            }
            if key.description == "j" { state.selection = min(state.selection + 1, state.items.count - 1) }
            if key.description == "k" { state.selection = max(0, state.selection - 1) }
        }
        state.selection = max(0, state.selection)
        overlay = .menu(state)
        // Themes are shown while one walks along them.
        if state.selection != before, state.items.indices.contains(state.selection),
            case .theme(let name) = state.items[state.selection].action
        {
            return [.setTheme(name)]
        }
        return []
    }

    private mutating func choose(_ action: MenuState.Action) -> [Effect] {
        switch action {
        case .sort(let title):
            withList { $0.sort(by: title) }
            return []
        case .copy(let text): return [.copy(text)]
        case .proxy(let id): return [.selectProxy(id)]
        case .theme(let name): return [.setTheme(name)]
        case .namespace(let name):
            show(namespace: name)
            return []
        }
    }

    var sortMenu: MenuState? {
        guard let list else { return nil }
        let natural = MenuState.Item(
            key: "o", title: "as it comes", detail: "the natural order", action: .sort(nil),
            isCurrent: list.sortColumn == nil)
        var used: Set<String> = ["o", "j", "k", "q"]
        let columns = list.titles.map { title -> MenuState.Item in
            let letter = title.lowercased().map(String.init).first { used.insert($0).inserted && $0 != " " } ?? ""
            return MenuState.Item(
                key: letter, title: title.lowercased(), detail: title == list.sortColumn ? "again: turned round" : "",
                action: .sort(title), isCurrent: title == list.sortColumn)
        }
        let items = [natural] + columns
        return MenuState(title: "Sort by", items: items, selection: items.firstIndex { $0.isCurrent } ?? 0)
    }

    var proxyMenu: MenuState {
        let items = view.proxies.enumerated().map { index, proxy in
            MenuState.Item(
                key: index < 9 ? String(index + 1) : "", title: proxy.id,
                detail: proxy.type + (proxy.isStandIn ? ", stand-in" : ""), action: .proxy(proxy.id),
                isCurrent: proxy.id == view.proxy)
        }
        return MenuState(title: "Proxy", items: items, selection: items.firstIndex { $0.isCurrent } ?? 0)
    }

    var namespaceMenu: MenuState {
        let all = MenuState.Item(
            key: "0", title: "all", detail: "", action: .namespace(nil), isCurrent: namespace == nil)
        let items = namespaces.enumerated().map { index, name in
            MenuState.Item(
                key: index < 9 ? String(index + 1) : "", title: name,
                detail: Words.count(view.objects.count { $0.namespace == name }, "object"), action: .namespace(name),
                isCurrent: name == namespace)
        }
        let list = [all] + items
        return MenuState(title: "Namespace", items: list, selection: list.firstIndex { $0.isCurrent } ?? 0)
    }

    var themeMenu: MenuState {
        let items = themeNames.map { name in
            MenuState.Item(key: "", title: name, detail: "", action: .theme(name), isCurrent: name == themeName)
        }
        return MenuState(
            title: "Theme", items: items, selection: items.firstIndex { $0.isCurrent } ?? 0,
            onCancel: .theme(themeName))
    }

    // MARK: Texts

    private mutating func press(_ key: Key, inText state: TextState) -> [Effect] {
        var state = state
        if var search = state.search {
            switch key.description {
            case "esc": state.search = nil
            case "enter":
                state.view.find(search.text)
                state.search = nil
            default:
                if search.handle(key) {
                    state.search = search
                    state.view.find(search.text)
                }
            }
            overlay = .text(state)
            return []
        }
        switch key.description {
        case "esc", "q", "y":
            overlay = nil
            return []
        case "/": state.search = LineEditor()
        case "c": return [.copy(state.copying ?? state.view.lines.map(\.text).joined(separator: "\n"))]
        case "e":
            if let file = state.file { return [.openEditor(file: file, line: max(1, state.line))] }
        default: _ = state.view.handle(key)
        }
        overlay = .text(state)
        return []
    }

    /// The file has come that an open text waits for.
    mutating func fillOverlay(file: String) {
        guard case .text(var state) = overlay, state.file == file, let lines = files[file] else { return }
        state.view.lines = SourceText.lines(lines, marked: state.line)
        state.view.layout(width: size.width - 3, height: size.height - 4)
        state.view.scroll(to: max(0, state.line - 1 - (size.height - 4) / 3))
        overlay = .text(state)
    }
}

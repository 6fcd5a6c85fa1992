import TerminalUI

extension AppModel {
    mutating func beginFilter() {
        guard list != nil else {
            say("nothing to filter here")
            return
        }
        var editor = LineEditor(history: filterHistory)
        editor.set(filters[screen] ?? "")
        filterLine = editor
    }

    mutating func pressInFilter(_ key: Key) -> [Effect] {
        switch key.description {
        case "enter":
            if let text = filterLine?.text, !text.isEmpty {
                filterHistory.removeAll { $0 == text }
                filterHistory.append(text)
            }
            filterLine = nil
        case "esc":
            filterLine = nil
            setFilter("")
        case "tab": completeFilter()
        case "pgdn", "pgup": withList { _ = $0.handle(key) }
        default:
            if filterLine?.handle(key) == true { applyFilterLine() }
        }
        return wantedFiles()
    }

    mutating func applyFilterLine() { setFilter(filterLine?.text ?? "") }

    /// Goes to the next row that was searched for, without a search to the next row.
    mutating func findNext(_ step: Int) {
        withList { list in
            if list.hasSearch {
                list.findNext(step, includingThis: false)
            } else {
                list.select(index: list.selection + step)
            }
        }
    }

    /// Narrows the list of the screen; `/text` only looks for it.
    mutating func setFilter(_ text: String) {
        filters[screen] = text
        let (isSearch, compile) = (text.hasPrefix("/"), compile)
        withList { list in
            let wanted = isSearch ? Filter(String(text.dropFirst()), columns: list.titles, compile: compile) : nil
            list.set(search: wanted)
            if wanted != nil { list.findNext(1, includingThis: true) }
            if isSearch { list.set(filter: nil) }
        }
        if isSearch { return }
        if screen == .tap {
            tap.setFilter(text, compile: compile)
            return
        }
        withList { list in
            list.set(filter: text.isEmpty ? nil : Filter(text, columns: list.titles, compile: compile))
        }
    }

    /// Completes the name of a column.
    private mutating func completeFilter() {
        guard let text = filterLine?.text, let list else { return }
        let word = text.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        guard !word.isEmpty else { return }
        let names = list.titles.filter { !$0.contains(" ") }.map { $0.lowercased() }
        guard let match = names.first(where: { $0.hasPrefix(word.lowercased()) }) else { return }
        filterLine?.set(String(text.dropLast(word.count)) + match + ":")
    }
}

import Presentation
import Documents
import TerminalUI

/// The commands of the palette.
extension AppModel {
    /// Carries out a command line.
    mutating func run(command text: String) -> [Effect] {
        let words = text.split(separator: " ").map(String.init)
        guard let name = words.first else { return [] }
        let rest = words.dropFirst().joined(separator: " ")
        if let effects = look(name, rest) ?? act(name, rest, line: text) { return effects }
        if let row = Int(name) {
            withList { $0.select(index: row - 1) }
            return wantedFiles()
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
        say("there is no command \(name); nearest: " + nearest(name).joined(separator: ", "), isError: true)
        return []
    }

    /// What changes how things look.
    private mutating func look(_ name: String, _ rest: String) -> [Effect]? {
        switch name {
        case "theme":
            if !rest.isEmpty { return [.setTheme(rest)] }
            overlay = .menu(themeMenu)
        case "ascii": return [.setGlyphs(ascii: !glyphs.isASCII)]
        case "mouse": return set("mouse", rest.isEmpty ? "on" : rest)
        case "interval": return set("interval", rest)
        case "set":
            let parts = rest.split(separator: "=", maxSplits: 1).map { String($0.filter { $0 != " " }) }
            return set(parts.first ?? "", parts.count > 1 ? parts[1] : "on")
        case "ns", "namespace":
            if rest.isEmpty {
                overlay = .menu(namespaceMenu)
            } else {
                show(namespace: ["all", "<all>", "0"].contains(rest) ? nil : rest)
            }
        case "help", "h", "keys": overlay = .help(HelpState())
        case "explain": openText("response flag \(rest)", ResponseFlag.lines(for: rest).map { TextLine($0) })
        case "version": return [.showVersion]
        default: return nil
        }
        return []
    }

    /// `:set KEY=VALUE`
    private mutating func set(_ key: String, _ value: String) -> [Effect] {
        let isOn = ["on", "true", "1", "yes"].contains(value)
        switch key {
        case "theme": return [.setTheme(value)]
        case "ascii": return [.setGlyphs(ascii: isOn)]
        case "mouse": return [.setMouse(isOn)]
        case "interval":
            let digits = value.filter { $0.isNumber || $0 == "." }
            guard let number = Double(digits), number > 0 else {
                say("an interval is a number of seconds: 2s, 0.5, 500ms", isError: true)
                return []
            }
            return [.setInterval(max(0.1, min(60, value.hasSuffix("ms") ? number / 1000 : number)))]
        default:
            say("there is no setting \(key); known: theme ascii mouse interval", isError: true)
            return []
        }
    }

    /// What does something.
    private mutating func act(_ name: String, _ rest: String, line: String) -> [Effect]? {
        switch name {
        case "q", "quit", "wq", "exit": return [.quit]
        case "curl":
            go(to: .simulator)
            return simulator.run(line)
        case "want":
            simulator.want = rest
            go(to: .simulator)
            return simulator.rerun(send: false)
        case "times":
            go(to: .simulator)
            guard let count = Int(rest), (2...100_000).contains(count) else {
                say("how many times? 2 to 100000", isError: true)
                return []
            }
            return simulator.rerun(send: false, count: count)
        case "proxy", "ctx", "context":
            if !rest.isEmpty { return [.selectProxy(rest)] }
            overlay = .menu(proxyMenu)
            return []
        case "grep":
            if rest.isEmpty { say("grep for what?", isError: true) }
            return rest.isEmpty ? [] : [.grep(rest)]
        case "open":
            let place = rest.split(separator: ":").map(String.init)
            return openFile(place.first ?? "", line: place.count > 1 ? Int(place[1]) ?? 1 : 1)
        case "reload": return [.reload]
        case "diff":
            say("comparing …")
            return [.difference(since: Int(rest))]
        case "rev":
            if rest.isEmpty || rest == "now" { return [.travel(nil)] }
            guard let number = Int(rest) else {
                say("which revision? a number, or now", isError: true)
                return []
            }
            return [.travelTo(number)]
        case "traffic": return perform(.traffic, Key(.enter))
        case "save":
            if rest.isEmpty { return perform(.export, Key(.enter)) }
            return [.save(name: rest, text: screenText)]
        case "pc": return run(command: rest)
        default: return nil
        }
    }

    /// A file of the sources by its name, or by its path.
    private mutating func openFile(_ name: String, line: Int) -> [Effect] {
        let known = view.objects.lazy.compactMap(\.location?.file).first { $0 == name || Words.fileName($0) == name }
        guard let file = known else {
            say("no file \(name) among the sources; 0 lists their objects", isError: true)
            return []
        }
        return openManifest(at: SourceLocation(file: file, line: line, column: 1))
    }

    /// The three commands that are most like a word.
    private func nearest(_ name: String) -> [String] {
        let names = commandNames.map { $0.filter { $0 != " " } }
        let ranked = names.enumerated().map { index, known in
            (known, distance: AppModel.difference(name.lowercased(), known), index)
        }
        return ranked.sorted { ($0.distance, $0.2) < ($1.distance, $1.2) }.prefix(3).map(\.0)
    }

    /// How many letters must be changed, added or left out to make one word of the other.
    private static func difference(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
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
}

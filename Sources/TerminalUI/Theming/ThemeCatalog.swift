/// The themes that there are: those built in, and the files that were found.
package struct ThemeCatalog: Sendable {
    /// Where a theme comes from, and its text.
    package struct Entry: Hashable, Sendable {
        /// What `--theme` and `:theme` call it: the file's name without its ending.
        package let name: String
        /// The file, `nil` for one that is built in.
        package let file: String?
        package let text: String

        package init(name: String, file: String?, text: String) {
            self.name = name
            self.file = file
            self.text = text
        }
    }

    package static let defaultName = "harbour"
    package static let defaultLightName = "daylight"

    /// By name; a file takes the place of a built-in theme of its name.
    package private(set) var entries: [Entry]

    package init(files: [Entry] = []) {
        entries = BuiltInThemes.all.map { Entry(name: $0.name, file: nil, text: $0.text) }
        for file in files {
            entries.removeAll { $0.name == file.name }
            entries.append(file)
        }
    }

    package var names: [String] { entries.map(\.name) }

    /// Reads a theme by its name; a name that is not there gives the default and a warning.
    package func theme(_ name: String) -> ThemeReading {
        read(name, depth: 0)
            ?? ThemeReading(
                theme: read(ThemeCatalog.defaultName, depth: 0)?.theme ?? Theme(name: name),
                warnings: ["there is no theme \(name); themes: \(names.joined(separator: ", "))"])
    }

    private func read(_ name: String, depth: Int) -> ThemeReading? {
        guard depth < 5, let entry = entries.first(where: { $0.name == name }) else { return nil }
        return Theme.read(
            entry.text, name: name, tree: SettingsTree.init(yaml:),
            base: { base in base == name ? nil : read(base, depth: depth + 1)?.theme })
    }
}

import TerminalUI

/// What lies over a screen and has the keys.
enum Overlay: Sendable {
    case help(HelpState)
    case palette(PaletteState)
    case menu(MenuState)
    case text(TextState)
}

/// The keys of the screen, searchable.
struct HelpState: Sendable {
    var search = LineEditor()
    var isSearching = false
    var selection = 0
    var top = 0
}

/// The command line at the bottom.
struct PaletteState: Sendable {
    var line: LineEditor
    /// The completion that is chosen, -1 for none.
    var selection = -1
}

/// A list to choose from.
struct MenuState: Sendable {
    enum Action: Hashable, Sendable {
        case sort(String?)
        case copy(String)
        case proxy(String)
        case theme(String)
        case namespace(String?)
    }

    struct Item: Hashable, Sendable {
        /// Chooses it at once; empty for none.
        var key: String
        var title: String
        var detail: String
        var action: Action
        var isCurrent = false
    }

    var title: String
    var items: [Item]
    var selection: Int
    var top = 0
    /// What to go back to when nothing is chosen.
    var onCancel: Action?
}

/// A text over the whole screen: JSON, a manifest, a request.
struct TextState: Sendable {
    var title: String
    var view: TextView
    /// The file whose lines are shown, when it is one; `line` is marked.
    var file: String?
    var line = 0
    var search: LineEditor?
    /// What `c` copies, where that is not all of it.
    var copying: String?
    /// It is about the request under the tap's cursor.
    var isTapDetail = false
}

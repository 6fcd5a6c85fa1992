import TerminalUI

typealias Binding = KeyBinding<Command>

/// The keys of each screen: its own first, then those that work everywhere.
enum KeyTables {
    static func bindings(of screen: ScreenID) -> [Binding] { own(screen) + common(screen) }

    private static func own(_ screen: ScreenID) -> [Binding] {
        switch screen {
        case .overview: overview
        case .listeners: listeners
        case .routes: routes
        case .clusters: clusters
        case .endpoints: endpoints
        case .lb: balance
        case .simulator: simulator
        case .path: path
        case .tap: tap
        case .problems: problems
        case .store: store
        }
    }

    private static let overview: [Binding] = [
        Binding(["enter"], "open", help: "open what the cursor is on", .look, .open),
        Binding(["t"], "trace", help: "try a request in the simulator", .act, .trace),
        Binding(["P"], "proxy", help: "choose another proxy", .look, .proxies),
        Binding(["p"], "pause traffic", help: "stop or restart the sample traffic", .act, hinted: false, .traffic),
    ]

    private static let listeners: [Binding] = [
        Binding(["enter"], "routes", help: "the routes (or clusters) of this listener", .look, .open),
        Binding(["y"], "json", help: "the listener as Envoy's JSON", .look, .raw),
        Binding(["Y"], "manifest", help: "the manifest it comes from", .look, .manifest),
        Binding(["e"], "edit", help: "edit the manifest at the line", .act, .edit),
        Binding(["P"], "proxy", help: "choose another proxy", .look, .proxies),
    ]

    private static let routes: [Binding] = [
        Binding(["enter"], "clusters", help: "the clusters that this route leads to", .look, .open),
        Binding(["t"], "trace", help: "try a request that this route is made for", .act, .trace),
        Binding(["C"], "copy curl", help: "copy a curl line that this route is made for", .act, .copyCurl),
        Binding(["y"], "json", help: "the virtual host as Envoy's JSON", .look, .raw),
        Binding(["Y"], "manifest", help: "the manifest it comes from", .look, .manifest),
        Binding(["e"], "edit", help: "edit the manifest at the line", .act, .edit),
    ]

    private static let clusters: [Binding] = [
        Binding(["enter"], "endpoints", help: "the endpoints of this cluster", .look, .open),
        Binding(["d"], "distribution", help: "how requests are spread over its endpoints", .look, .distribution),
        Binding(["y"], "json", help: "the cluster as Envoy's JSON", .look, .raw),
        Binding(["Y"], "manifest", help: "the manifest it comes from", .look, .manifest),
        Binding(["e"], "edit", help: "edit the manifest at the line", .act, .edit),
    ]

    private static let endpoints: [Binding] = [
        Binding(["enter"], "distribution", help: "how requests are spread over its cluster", .look, .open),
        Binding(["y"], "json", help: "the load assignment as Envoy's JSON", .look, .raw),
    ]

    private static let balance: [Binding] = [
        Binding([".", ","], "other cluster", help: "the next or previous cluster", .look, .nextSibling),
        Binding(["x"], "eject", help: "what if this endpoint were ejected (only predicted)", .act, .eject),
        Binding(["u"], "undo", help: "take the what-if back", .act, hinted: false, .undo),
        Binding(["R"], "reset", help: "count from zero", .act, .resetCounters),
        Binding(["enter"], "endpoints", help: "the endpoints of this cluster", .look, .open),
        Binding(["p"], "pause traffic", help: "stop or restart the sample traffic", .act, .traffic),
        Binding(["y"], "json", help: "the cluster as Envoy's JSON", .look, .raw),
        Binding(["Y"], "manifest", help: "the manifest it comes from", .look, .manifest),
    ]

    private static let simulator: [Binding] = [
        Binding(["i", "enter"], "edit", help: "type or paste a curl line", .act, .editRequest),
        Binding(["space", "r"], "run", help: "run the request again", .act, .run),
        Binding(["S"], "send", help: "send it through the embedded proxy too", .act, .send),
        Binding(["*"], "times", help: "so many of them in a row: where they end", .act, hinted: false, .times),
        Binding(["K"], "keep", help: "keep request and answer as a test of meshtop test", .act, hinted: false, .keep),
        Binding(["x"], "fix", help: "changes that would bring it there, tried; the patch", .look, .patch),
        Binding(["W"], "want", help: "why not: name the cluster, service or status meant", .act, .want),
        Binding(
            ["m"], "callers", help: "the same request from everywhere, as a table", .look,
            hinted: false, .callers),
        Binding(["tab"], "history", help: "between the steps and the requests tried before", .move, .nextPane),
        Binding(["Y"], "manifest", help: "the manifest behind this step", .look, .manifest),
        Binding(["e"], "edit manifest", help: "edit the manifest behind this step", .act, .edit),
        Binding(["C"], "copy curl", help: "copy the request as a curl line", .act, .copyCurl),
        Binding(["y"], "raw", help: "the request and its answer as text", .look, .raw),
    ]

    private static let path: [Binding] = [
        Binding(["i"], "request", help: "type or paste a curl line in the simulator", .act, .editRequest),
        Binding(["space", "r"], "run", help: "run the request again", .act, .run),
        Binding(["enter"], "steps", help: "the steps of the proxies, in the simulator", .look, .open),
        Binding(
            ["m"], "callers", help: "the same request from everywhere, as a table", .look, .callers),
        Binding(["y"], "detail", help: "all about this hop", .look, .raw),
        Binding(
            ["Y"], "manifest", help: "the manifest behind this hop, or behind its fault", .look, .manifest),
        Binding(["e"], "edit manifest", help: "edit the manifest behind this hop", .act, .edit),
        Binding(["C"], "copy curl", help: "copy the request as a curl line", .act, .copyCurl),
    ]

    private static let tap: [Binding] = [
        Binding(["f"], "follow", help: "stay at the newest request", .view, .follow),
        Binding(["p"], "pause", help: "hold the list still", .view, .pause),
        Binding(["t", "r"], "trace", help: "explain this request in the simulator", .act, .trace),
        Binding(["C"], "copy curl", help: "copy the request as a curl line", .act, .copyCurl),
        Binding(["enter", "y"], "detail", help: "all about this request", .look, .raw),
    ]

    private static let problems: [Binding] = [
        Binding(["enter", "Y"], "source", help: "the manifest at the line", .look, .manifest),
        Binding(["x"], "fix", help: "a change that puts it right, tried, and its patch", .look, .patch),
        Binding(["t"], "trace", help: "try a request that this is about", .act, .trace),
        Binding(["e"], "edit", help: "edit the manifest at the line", .act, .edit),
        Binding(["z"], "errors only", help: "only errors, or all", .view, .faultsOnly),
        Binding(["I"], "ignore", help: "do not show this one any more, until meshtop ends", .view, .ignore),
        Binding(["u"], "undo", help: "show again what was ignored", .view, hinted: false, .takeIgnoredBack),
    ]

    private static let store: [Binding] = [
        Binding(["enter", "Y"], "manifest", help: "the manifest at the line", .look, .manifest),
        Binding(
            ["u"], "rows", help: "the rows that this object has made", .look, .rowsOfObject),
        Binding(["e"], "edit", help: "edit the manifest at the line", .act, .edit),
        Binding(["P"], "proxy", help: "choose another proxy", .look, .proxies),
    ]

    private static func common(_ screen: ScreenID) -> [Binding] {
        var bindings: [Binding] = [
            Binding(
                ["/"], "filter",
                help: "narrow the list (see below); //text only searches", .view,
                .filter),
            Binding(["s"], "sort", help: "sort by a column; the same one again turns it round", .view, .sort),
            Binding(
                [":"], "command", help: "screens, kinds, :ns :theme :proxy :curl :grep :set", .look, .palette),
            Binding(["c"], "copy", help: "copy the cell, row, table or place", .act, .copyMenu),
            Binding(["?", "F1"], "help", help: "this list", .look, hinted: false, .help),
            Binding(["esc"], "back", help: "one step back; clears the filter first", .move, hinted: false, .back),
            Binding(["q"], "quit", help: "back, at the top level quit", .act, .quit),
            Binding(["Q", "ctrl-c"], "quit now", help: "quit from anywhere", .act, hinted: false, .quitNow),
            Binding(["-"], "last", help: "the screen before this one", .move, hinted: false, .last),
            Binding(["["], "backward", help: "back through the screens seen", .move, hinted: false, .backward),
            Binding(["]"], "forward", help: "forward through the screens seen", .move, hinted: false, .forward),
            Binding(["n"], "next", help: "next match of //text, else the next row", .move, hinted: false, .nextMatch),
            Binding(
                ["N"], "previous", help: "previous match of //text, else the previous row", .move, hinted: false,
                .previousMatch),
            Binding(["space"], "mark", help: "mark the row: c copies all marked", .act, hinted: false, .mark),
            Binding(
                ["d"], "describe", help: "all about the row, over the whole screen", .look, hinted: false, .describe),
            Binding(["\\"], "maximise", help: "the list over the whole screen", .view, hinted: false, .maximise),
            Binding(["+"], "larger list", help: "the list larger", .view, hinted: false, .grow),
            Binding(["_"], "smaller list", help: "the list smaller", .view, hinted: false, .shrink),
            Binding(["w"], "wide", help: "all columns; h and l scroll them", .view, hinted: false, .wide),
            Binding(["l", "right"], "right", help: "columns to the right", .move, hinted: false, .columnRight),
            Binding(["h", "left"], "left", help: "columns to the left", .move, hinted: false, .columnLeft),
            Binding(["E"], "export", help: "save this screen as a text file", .act, hinted: false, .export),
            Binding(["P"], "proxy", help: "choose another proxy", .look, hinted: false, .proxies),
            Binding(
                ["D"], "diff", help: "what the last change changed for requests", .look, hinted: false, .difference),
            Binding(["{"], "older", help: "the revision before this one", .look, hinted: false, .older),
            Binding(["}"], "newer", help: "the revision after this one", .look, hinted: false, .newer),
            Binding(["="], "now", help: "back to the newest revision", .look, hinted: false, .now),
            Binding(["T"], "theme", help: "choose a theme", .view, hinted: false, .themes),
            Binding(
                ["ctrl-\\", "del"], "clear filter", help: "show everything again", .view, hinted: false, .clearFilter),
            Binding(["ctrl-r"], "reload", help: "read the manifests again", .act, hinted: false, .reload),
            Binding(["ctrl-l"], "repaint", help: "draw the screen anew", .view, hinted: false, .repaint),
            Binding(["ctrl-z"], "suspend", help: "stop as a job of the shell", .act, hinted: false, .suspend),
            Binding(
                [
                    "j", "down", "k", "up", "g", "home", "G", "end", "pgdn", "ctrl-f", "pgup", "ctrl-b", "ctrl-d",
                    "ctrl-u",
                ],
                "move", help: "down, up, top, bottom, page, half a page", .move, hinted: false, .move),
            Binding(
                ["shift-left", "shift-right"], "sort column", help: "sort by the next column", .view, hinted: false,
                .move),
        ]
        for other in ScreenID.allCases {
            bindings.append(
                Binding(
                    [other.key], other.title, help: "the screen " + other.title, .view, hinted: false, .screen(other)))
        }
        // Where a key of the screen means something else, the common one gives way.
        let taken = Set(own(screen).flatMap(\.keys))
        let hasList = ![.overview, .lb, .simulator, .path].contains(screen)
        return bindings.filter { binding in
            !binding.keys.contains { taken.contains($0) } && (hasList || !binding.effect.needsList)
        }
    }
}

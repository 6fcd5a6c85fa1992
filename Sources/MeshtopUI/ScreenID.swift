/// The screens; the order is that of the tabs. Tab, palette entry, help and headless rendering come from here.
package enum ScreenID: String, Hashable, Sendable, CaseIterable {
    case overview, listeners, routes, clusters, endpoints, lb, simulator, path, tap, problems, store

    /// The key that opens it.
    package var key: String {
        switch self {
        case .overview: "1"
        case .listeners: "2"
        case .routes: "3"
        case .clusters: "4"
        case .endpoints: "5"
        case .lb: "6"
        case .simulator: "7"
        case .path: "L"
        case .tap: "8"
        case .problems: "9"
        case .store: "0"
        }
    }

    package var title: String {
        switch self {
        case .overview: "Overview"
        case .listeners: "Listeners"
        case .routes: "Routes"
        case .clusters: "Clusters"
        case .endpoints: "Endpoints"
        case .lb: "LB"
        case .simulator: "Simulator"
        case .path: "Path"
        case .tap: "Tap"
        case .problems: "Problems"
        case .store: "Store"
        }
    }

    /// For narrow terminals.
    package var short: String {
        switch self {
        case .overview: "Ovr"
        case .listeners: "Lis"
        case .routes: "Rou"
        case .clusters: "Clu"
        case .endpoints: "End"
        case .lb: "LB"
        case .simulator: "Sim"
        case .path: "Pth"
        case .tap: "Tap"
        case .problems: "Prb"
        case .store: "Sto"
        }
    }

    /// Other names in the palette, as k9s and istioctl users type them.
    package var aliases: [String] {
        switch self {
        case .overview: ["ovr", "pulse", "home"]
        case .listeners: ["l", "listener", "lis"]
        case .routes: ["r", "route", "rou"]
        case .clusters: ["c", "cluster", "clu"]
        case .endpoints: ["ep", "endpoint", "e"]
        case .lb: ["distribution", "balance"]
        case .simulator: ["sim", "trace"]
        case .path: ["ladder", "hops", "pth"]
        case .tap: ["top", "traffic"]
        case .problems: ["analyze", "findings", "prb"]
        case .store: ["objects", "sto"]
        }
    }

    /// The screen of a name or alias.
    package init?(name: String) {
        let wanted = name.lowercased()
        guard
            let found = ScreenID.allCases.first(where: { $0.rawValue == wanted || $0.aliases.contains(wanted) })
        else { return nil }
        self = found
    }
}

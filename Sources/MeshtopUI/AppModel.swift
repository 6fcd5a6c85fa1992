import EnvoyModel
import TrafficEngine
package import TerminalUI

/// The whole user interface as a value: messages change it and say what is to be done, drawing shows it.
package struct AppModel: Sendable {
    package internal(set) var size: Size
    package internal(set) var glyphs: Glyphs
    package internal(set) var screen = ScreenID.overview
    package internal(set) var view = MeshView()
    package internal(set) var themeName: String
    let themeNames: [String]
    let compile: Filter.Compiler

    var clock = ""
    var time = 0.0
    var meters = Meters()
    var scope = Scope()
    /// The tables show this namespace alone.
    var namespace: String?
    /// Findings that the user does not want to see, by code and object.
    var ignored: Set<String> = []
    /// The list has all of the screen, and by how many rows it is larger than it would be.
    var isMaximised = false
    var paneShift = 0
    /// The row at which the mouse took hold of that border.
    var dragStart: Int?
    var backward: [Place] = []
    var forward: [Place] = []
    var overlay: Overlay?
    /// The filter of the current screen while it is being typed.
    var filterLine: LineEditor?
    var filters: [ScreenID: String] = [:]
    var filterHistory: [String] = []
    var commandHistory: [String] = []
    var notice: Notice?
    var files: [String: [String]] = [:]
    /// The user chose the cluster of the distribution; until then it is the busiest one.
    var isClusterChosen = false
    /// When rows that have come stop being told apart.
    var freshUntil: Double?
    var lastClick: (point: Point, time: Double)?

    /// What the tables are filled with.
    private(set) var rows = ViewRows()
    var allRoutes: [RouteItem] { rows.routes }
    var allClusters: [ClusterItem] { rows.clusters }
    var assignments: [String: ClusterLoadAssignment] { rows.assignments }
    var routeTargets: [String: [String]] { rows.targets }
    /// The screens whose tables do not show the view yet: each is filled when it is looked at.
    var stale: Set<ScreenID> = []
    /// What the overview lists, ranked once a tick.
    private(set) var busiestRoutes: [RouteItem] = []
    private(set) var busiestClusters: [ClusterItem] = []
    private(set) var worstFindings: [Finding] = []

    var listeners = ListenerItem.table
    var routes = RouteItem.table
    var clusters = ClusterItem.table
    var endpoints = EndpointItem.table
    var findings = Finding.table
    var objects = ObjectItem.table
    var overview = OverviewState()
    var lb = LBState()
    var simulator = SimulatorState()
    var path = PathState()
    var tap = TapState()
    var reasons = Reasons()
    /// By cluster: the share of each endpoint by the engine, as far as a page showed them.
    var predictedShares: [String: [Double]] = [:]

    /// A short message on the last line.
    struct Notice: Hashable, Sendable {
        let text: String
        let isError: Bool
        /// In seconds of the tick's clock.
        let until: Double
    }

    /// What a drill-down has narrowed the tables to.
    struct Scope: Hashable, Sendable {
        var listener: String?
        var routeConfiguration: String?
        /// What the clusters table shows, and what that is called.
        var clusters: [String]?
        var clustersTitle = ""
        var cluster: String?
        /// `Kind NAMESPACE/NAME`: rows that this object has made.
        var object: String?
    }

    /// Where the user was.
    struct Place: Hashable, Sendable {
        let screen: ScreenID
        let scope: Scope
    }

    package init(
        size: Size, glyphs: Glyphs = .unicode, theme: String = ThemeCatalog.defaultName,
        themes: [String] = ThemeCatalog().names, compile: @escaping Filter.Compiler = textSearch
    ) {
        self.size = size
        self.glyphs = glyphs
        themeName = theme
        themeNames = themes
        self.compile = compile
    }

    /// Takes in what happened; returns what is to be done.
    package mutating func update(_ message: Message) -> [Effect] {
        switch message {
        case .terminal(let event): return handle(event)
        case .mesh(let view):
            return view.serial < self.view.serial ? [] : show(view) + wantedFiles()
        case .tick(let tick):
            take(tick)
            return wantedReasons()
        case .witnesses(let found):
            reasons.witnesses = found
            markHidden()
            return []
        case .causes(let kind, let lines):
            reasons.causes[kind] = lines
            refreshTapDetail()
            return []
        case .fixed(let fix):
            show(fix)
            return []
        case .difference(let title, let lines):
            notice = nil
            openText(title, DifferenceText.lines(lines), indent: 9)
            return []
        case .grepped(let text, let hits):
            show(hits, of: text)
            return []
        case .simulated(let simulation):
            if simulation.occasion == .asked { notice = nil }
            if let change = simulator.take(simulation, clock: clock) { say(change) }
            if simulator.current == simulation { path.select(in: simulation.ladder) }
            return wantedFiles()
        case .callers(let table):
            show(table)
            return wantedFiles()
        case .file(let name, let lines):
            files[name] = lines
            fillOverlay(file: name)
            return []
        case .copied(let text): return [.copy(text)]
        case .notice(let text, let isError):
            say(text, isError: isError)
            return []
        case .glyphs(let glyphs):
            self.glyphs = glyphs
            return []
        case .theme(let name):
            themeName = name
            return []
        }
    }

    mutating func say(_ text: String, isError: Bool = false) {
        notice = Notice(text: text, isError: isError, until: time + 5)
    }

    /// Opens a screen before any key is pressed: for `render`.
    package mutating func open(_ screen: ScreenID) -> [Effect] {
        self.screen = screen
        freshen()
        return wantedFiles()
    }

    private mutating func show(_ view: MeshView) -> [Effect] {
        let isOtherProxy = view.proxy != self.view.proxy
        let isNew = view.revision != self.view.revision
        self.view = view
        predictedShares = [:]
        if isOtherProxy {
            scope = Scope()
            meters.reset()
        }
        if isNew { files = [:] }
        if isNew || isOtherProxy { reasons = Reasons() }
        rows.show(view.snapshot)
        worstFindings = Array(view.findings.sorted { $0.severity > $1.severity }.prefix(8))
        meters.index(allRoutes)
        refreshTables(telling: isNew && !isOtherProxy)
        rank()
        if lb.cluster.map({ name in !view.snapshot.clusters.contains { $0.name == name } }) ?? true {
            lb.show(busiestCluster ?? view.snapshot.clusters.first?.name, of: view.snapshot)
        }
        lb.predict(view.snapshot)
        return simulator.refresh(exampleLines, isNew: isNew || isOtherProxy)
    }

    private mutating func take(_ tick: Tick) {
        clock = tick.clock
        time = tick.time
        if let until = notice?.until, until < time { notice = nil }
        if let until = freshUntil, until < time {
            freshUntil = nil
            forgetFresh()
        }
        take(tick.live)
        meters.take(tick)
        rank()
        tap.take(tick.tap, lost: tick.lost)
        if !isClusterChosen, screen != .lb, let busiest = busiestCluster, busiest != lb.cluster,
            meters.requests(cluster: busiest) > 0
        {
            lb.show(busiest, of: view.snapshot)
        }
    }

    /// Says when the proxy that is looked at is lost or found again.
    private mutating func take(_ live: LiveSource?) {
        guard let live, live != view.live else { return }
        if live.isLost != (view.live?.isLost ?? false) {
            say(
                live.problem.map { "\(live.address) is lost: \($0)" } ?? "\(live.address) answers again",
                isError: live.isLost)
        }
        view.live = live
    }

    /// Orders routes and clusters by their requests; those without any keep their order behind them.
    private mutating func rank() {
        let hits = meters.hits
        let own = allRoutes.lazy.filter { !$0.isInline }
        let busy =
            hits.isEmpty
            ? []
            : own.filter { hits[$0.id] != nil }.sorted {
                (hits[$0.id] ?? 0, $1.order) > (hits[$1.id] ?? 0, $0.order)
            }
        busiestRoutes = Array((busy + own.filter { hits[$0.id] == nil }.prefix(8)).prefix(8))
        let meters = meters
        let served = allClusters.lazy.filter { $0.endpoints > 0 }
        let counts =
            meters.hosts.isEmpty
            ? []
            : served.map { (item: $0, count: meters.requests(cluster: $0.id)) }
                .filter { $0.count > 0 }
        let active = counts.sorted { ($0.count, $1.item.order) > ($1.count, $0.item.order) }
        busiestClusters = Array(
            (active.map(\.item) + served.filter { meters.requests(cluster: $0.id) == 0 }.prefix(4)).prefix(4))
    }

    /// The cluster with the most requests.
    var busiestCluster: String? {
        if meters.hosts.isEmpty { return view.snapshot.clusters.first?.name }
        return view.snapshot.clusters.map(\.name).max { meters.requests(cluster: $0) < meters.requests(cluster: $1) }
    }
}

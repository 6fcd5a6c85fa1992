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
    var lastClick: (point: Point, time: Double)?

    var listeners = ListenerItem.table
    var routes = RouteItem.table
    var clusters = ClusterItem.table
    var endpoints = EndpointItem.table
    var findings = Finding.table
    var objects = ObjectItem.table
    var overview = OverviewState()
    var lb = LBState()
    var simulator = SimulatorState()
    var tap = TapState()

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

        var isEmpty: Bool { self == Scope() }
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
            show(view)
            return wantedFiles()
        case .tick(let tick):
            take(tick)
            return []
        case .simulated(let simulation):
            simulator.take(simulation, clock: clock)
            return wantedFiles()
        case .file(let name, let lines):
            files[name] = lines
            fillOverlay(file: name)
            return []
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
        return wantedFiles()
    }

    private mutating func show(_ view: MeshView) {
        let isOtherProxy = view.proxy != self.view.proxy
        let isNew = view.revision != self.view.revision
        self.view = view
        if isOtherProxy {
            scope = Scope()
            meters.reset()
        }
        if isNew { files = [:] }
        meters.index(RouteItem.items(of: view.snapshot))
        refreshTables()
        if lb.cluster.map({ name in !view.snapshot.clusters.contains { $0.name == name } }) ?? true {
            lb.show(busiestCluster ?? view.snapshot.clusters.first?.name, of: view.snapshot)
        }
        lb.predict(view.snapshot)
    }

    /// Fills the tables from the view and the scope.
    mutating func refreshTables() {
        let snapshot = view.snapshot
        let assignments = snapshot.assignmentsByCluster
        listeners.set(ListenerItem.items(of: snapshot, bindings: view.embedded?.bindings ?? []))
        let allRoutes = RouteItem.items(of: snapshot)
        let scope = scope
        routes.set(
            allRoutes.filter { scope.routeConfiguration == nil || $0.configuration == scope.routeConfiguration })
        let allClusters = ClusterItem.items(of: snapshot, assignments: assignments)
        if let names = scope.clusters.map(Set.init) {
            clusters.set(allClusters.filter { names.contains($0.id) })
        } else {
            clusters.set(allClusters)
        }
        let allEndpoints = EndpointItem.items(of: snapshot, assignments: assignments)
        endpoints.set(allEndpoints.filter { scope.cluster == nil || $0.cluster == scope.cluster })
        findings.set(view.findings)
        objects.set(view.objects)
    }

    private mutating func take(_ tick: Tick) {
        clock = tick.clock
        time = tick.time
        if let until = notice?.until, until < time { notice = nil }
        meters.take(tick)
        tap.take(tick.tap, lost: tick.lost)
        if !isClusterChosen, let busiest = busiestCluster, busiest != lb.cluster, meters.requests(cluster: busiest) > 0
        {
            lb.show(busiest, of: view.snapshot)
        }
    }

    /// The cluster with the most requests.
    var busiestCluster: String? {
        view.snapshot.clusters.map(\.name).max { meters.requests(cluster: $0) < meters.requests(cluster: $1) }
    }
}

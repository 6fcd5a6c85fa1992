import EnvoyModel
import Presentation
import TerminalUI
import TrafficEngine

/// Where the cursor of the overview stands.
struct OverviewState: Sendable {
    var selection = 0

    mutating func move(_ key: Key, count: Int) {
        switch key.description {
        case "j", "down": selection += 1
        case "k", "up": selection -= 1
        case "g", "home": selection = 0
        case "G", "end": selection = count - 1
        case "pgdn", "ctrl-f", "ctrl-d": selection += 5
        case "pgup", "ctrl-b", "ctrl-u": selection -= 5
        default: break
        }
        selection = max(0, min(selection, count - 1))
    }
}

/// Which cluster the distribution is about.
struct LBState: Sendable {
    var cluster: String?
    var selection = 0
    /// The places of endpoints that are taken for ejected.
    var ejected: Set<Int> = []
    /// The share of each endpoint by the engine, as things are and with some ejected.
    private(set) var predicted: [Double] = []
    private(set) var whatIf: [Double]?

    /// Computes the shares of the cluster anew.
    mutating func predict(_ snapshot: XDSSnapshot) {
        guard let cluster = snapshot.clusters.first(where: { $0.name == cluster }) else {
            predicted = []
            whatIf = nil
            return
        }
        let assignment =
            cluster.type == .eds
            ? snapshot.endpoints.first { $0.clusterName == cluster.endpointsName } : cluster.loadAssignment
        predicted = WorkerState.shares(of: cluster, assignment)
        ejected = ejected.filter { $0 < predicted.count }
        whatIf = ejected.isEmpty ? nil : WorkerState.shares(of: cluster, assignment, ejected: ejected)
    }

    /// Shows another cluster.
    mutating func show(_ name: String?, of snapshot: XDSSnapshot, endpoint: Int = 0) {
        if name != cluster { ejected = [] }
        cluster = name
        selection = endpoint
        predict(snapshot)
    }

    mutating func move(_ key: Key) {
        switch key.description {
        case "j", "down": selection += 1
        case "k", "up": selection -= 1
        case "g", "home": selection = 0
        case "G", "end": selection = .max / 2
        case "pgdn", "ctrl-f", "ctrl-d": selection += 10
        case "pgup", "ctrl-b", "ctrl-u": selection -= 10
        default: break
        }
        selection = max(0, selection)
    }
}

/// The list of requests that ended.
struct TapState: Sendable {
    private static let limit = 5_000

    var table = TapEntry.table
    private(set) var entries: [TapEntry] = []
    private(set) var lost = 0
    private(set) var total = 0
    private(set) var isPaused = false
    private(set) var isFollowing = true
    private(set) var filter: TapFilter?
    /// Why the filter typed last is none.
    private(set) var problem: String?

    mutating func take(_ new: [TapEntry], lost: Int) {
        self.lost += lost
        total += new.count + lost
        entries += new
        if entries.count > TapState.limit { entries.removeFirst(entries.count - TapState.limit * 3 / 4) }
        if !isPaused, !new.isEmpty { refresh() }
    }

    mutating func refresh() {
        let filter = filter
        // Newest first, as people read them.
        table.set(entries.reversed().filter { filter?.accepts($0) ?? true })
        if isFollowing { table.select(index: 0) }
    }

    mutating func togglePause() {
        isPaused.toggle()
        if !isPaused { refresh() }
    }

    mutating func toggleFollow() {
        isFollowing.toggle()
        if isFollowing { table.select(index: 0) }
    }

    mutating func setFilter(_ text: String, compile: @escaping Filter.Compiler) {
        switch TapFilter.parse(text, compile: compile) {
        case .success(let filter):
            self.filter = filter
            problem = nil
        case .failure(let error): problem = error.description
        }
        refresh()
    }

    /// Does something with the table; moving away from the newest request stops following.
    mutating func apply<Result>(_ body: (inout any ListControl) -> Result) -> Result {
        let result = AppModel.apply(&table, body)
        isFollowing = isFollowing && table.selection == 0
        return result
    }
}

extension TapEntry {
    static let table = TableView<TapEntry>(
        "tap", naturalOrder: "newest first",
        columns: [
            TableColumn("TIME", min: 12, max: 12, weight: 0, role: { _ in .textDim }) { $0.time },
            TableColumn("METH", min: 4, max: 7, weight: 0) { $0.method },
            TableColumn("HOST", min: 18, max: 34, drop: 2) { $0.authority },
            TableColumn("PATH", min: 16, max: 60, weight: 3, role: { _ in .name }) { $0.path },
            TableColumn(
                "CODE", min: 4, role: { $0.statusRole }, number: { Double($0.status) }, text: { String($0.status) }),
            TableColumn("FLAGS", min: 5, max: 8, weight: 0, role: { $0.flags == "-" ? .textDim : .flag }) { $0.flags },
            TableColumn("MS", min: 6, number: { $0.milliseconds }, text: { Words.milliseconds($0.milliseconds) }),
            TableColumn("CLUSTER", min: 18, max: 34, weight: 2, drop: 3) {
                $0.cluster.isEmpty ? "-" : ClusterName($0.cluster).short
            },
            TableColumn("ENDPOINT", min: 20, max: 21, drop: 1) { $0.endpoint.isEmpty ? "-" : $0.endpoint },
        ])

    var statusRole: Role {
        switch status {
        case 200..<300: .http2xx
        case 300..<400: .http3xx
        case 400..<500: .http4xx
        case 500...: .http5xx
        default: .textDim
        }
    }

    /// The request as a curl line, without its headers, which the tap does not keep.
    var curl: String {
        let flag = method == "HEAD" ? " -I" : method == "GET" ? "" : " -X " + method
        let plain = "http://\(authority)\(path)"
        let isSafe = plain.allSatisfy { $0.isLetter || $0.isNumber || "/:._-%=".contains($0) }
        return "curl\(flag) " + (isSafe ? plain : "'" + plain.filter { $0 != "'" } + "'")
    }

    /// Everything that is known of the request.
    func detailLines(_ route: RouteItem?, isExplained: Bool = false) -> [TextLine] {
        var lines: [TextLine] = [
            [
                Span("\(method) \(path)", .name, .bold), Span("   "), Span("\(status)", statusRole),
                Span("   \(Words.milliseconds(milliseconds)) ms", .text),
            ],
            [Span("Host: ", .textDim), Span(authority)],
        ]
        func add(_ key: String, _ value: String, _ role: Role = .text) {
            guard !value.isEmpty else { return }
            lines.append([
                Span(key + String(repeating: " ", count: max(1, 11 - key.count)), .textDim), Span(value, role),
            ])
        }
        add("flags", flags == "-" ? "" : flags, .flag)
        add("details", details)
        add("route", virtualHost.isEmpty ? "" : virtualHost + "  " + (route?.matchText ?? self.route))
        add("source", route?.source.placeText ?? "", .source)
        add("cluster", cluster)
        add("endpoint", endpoint)
        add("client", downstream)
        let upstream = upstreamMilliseconds.map { ", upstream \(Words.milliseconds($0)) ms" } ?? ""
        add(
            "sizes",
            "\(Words.bytes(bytesReceived)) in, \(Words.bytes(bytesSent)) out, \(Words.count(attempts, "attempt"))\(upstream)"
        )
        add("id", requestID)
        for entry in ResponseFlag.entries(for: flags) {
            lines.append([Span("\(entry.name)  ", .flag), Span(entry.short, .name)])
            for (index, cause) in entry.causes.enumerated() where !isExplained {
                lines.append([Span("   \(index + 1)  ", .textDim), Span(cause)])
            }
        }
        return lines
    }
}

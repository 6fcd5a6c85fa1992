import EnvoyModel

/// What was counted of the requests, over all time and over the last minute.
struct Meters: Sendable {
    /// What one tick brought.
    struct Bucket: Sendable {
        var time = 0.0
        var seconds = 1.0
        var requests = 0
        /// By hundreds: `classes[2]` are the 2xx.
        var classes = [0, 0, 0, 0, 0, 0]
        var flags: [String: Int] = [:]
        var latencies: [Double] = []
        var groups: [String: Group] = [:]
    }

    /// Requests that have something in common.
    struct Group: Sendable {
        var requests = 0
        var good = 0
        var latencies: [Double] = []
        var flags: [String: Int] = [:]

        mutating func add(_ entry: TapEntry) {
            requests += 1
            if entry.status < 500 && entry.flags == "-" || (200..<400).contains(entry.status) { good += 1 }
            if latencies.count < 300 { latencies.append(entry.milliseconds) }
            if entry.flags != "-", !entry.flags.isEmpty { flags[entry.flags, default: 0] += 1 }
        }

        mutating func merge(_ other: Group) {
            requests += other.requests
            good += other.good
            if latencies.count < 2000 { latencies += other.latencies }
            flags.merge(other.flags, uniquingKeysWith: +)
        }
    }

    static let window = 60.0
    private static let historyLength = 400
    private static let groupLimit = 300

    private(set) var buckets: [Bucket] = []
    /// Requests per second, a value a tick.
    private(set) var rates: [Double] = []
    private(set) var successes: [Double] = []
    private(set) var total = 0
    private(set) var hits: [String: Int] = [:]
    private(set) var hosts: [String: [String: HostStats]] = [:]
    /// What the proxy said last.
    private var stats = StatsSnapshot()
    private var baseline: [String: [String: UInt64]] = [:]
    private var previousHosts: [String: UInt64] = [:]
    /// Requests per second of a cluster at the last tick.
    private(set) var clusterRates: [String: Double] = [:]
    /// Requests per second of the clusters that had some, a value a tick.
    private(set) var clusterHistory: [String: [Double]] = [:]
    private var lastTime: Double?
    /// What the running proxy had counted when it last answered.
    private(set) var live: LiveTotals?
    /// The clusters of the routes that share none with another route.
    private var ownClusters: [String: [String]] = [:]
    private var routesByName: [String: [RouteItem]] = [:]

    /// The routes that are not in the look-ups yet, which nobody needs before the first request.
    private var unindexed: [RouteItem]?

    /// Whether there is nothing to show of any row.
    var isIdle: Bool { total == 0 && live == nil && hosts.isEmpty }

    /// Learns which routes there are, to count their hits.
    mutating func index(_ routes: [RouteItem]) {
        unindexed = routes
        if !isIdle { indexRoutes() }
    }

    private mutating func indexRoutes() {
        guard let routes = unindexed else { return }
        unindexed = nil
        routesByName = Dictionary(grouping: routes) { $0.virtualHost + "|" + $0.route.name }
        var users: [String: Int] = [:]
        let targets = routes.map { route in Set(route.targets.map(\.cluster)) }
        for cluster in targets.joined() { users[cluster, default: 0] += 1 }
        ownClusters = [:]
        for (route, clusters) in zip(routes, targets) where !clusters.isEmpty {
            if clusters.allSatisfy({ users[$0] == 1 }) { ownClusters[route.id] = clusters.sorted() }
        }
    }

    mutating func reset() { self = Meters() }

    mutating func take(_ tick: Tick) {
        if !tick.tap.isEmpty || tick.live != nil { indexRoutes() }
        if tick.live != nil {
            if tick.isAnswered { takeLive(tick) }
            return
        }
        let seconds = max(0.05, tick.time - (lastTime ?? tick.time - 1))
        lastTime = tick.time
        var bucket = Bucket(time: tick.time, seconds: seconds, requests: tick.tap.count + tick.lost)
        for entry in tick.tap {
            let hundreds = entry.status / 100
            bucket.classes[(1...5).contains(hundreds) ? hundreds : 0] += 1
            if entry.flags != "-" {
                for flag in entry.flags.split(separator: ",") { bucket.flags[String(flag), default: 0] += 1 }
            }
            if bucket.latencies.count < 1000 { bucket.latencies.append(entry.milliseconds) }
            let key = entry.method + " " + entry.authority + " " + entry.pathOnly
            if bucket.groups[key] != nil || bucket.groups.count < Meters.groupLimit {
                bucket.groups[key, default: Group()].add(entry)
            }
            if let id = route(of: entry)?.id { hits[id, default: 0] += 1 }
        }
        total += bucket.requests
        append(bucket, answered: tick.tap.count)
        if !tick.stats.counters.isEmpty { stats = tick.stats }
        take(hosts: tick.stats.hosts, seconds: seconds)
    }

    private mutating func append(_ bucket: Bucket, answered: Int) {
        buckets.append(bucket)
        buckets.removeAll { $0.time < bucket.time - Meters.window }
        rates.append(Double(bucket.requests) / bucket.seconds)
        successes.append(answered == 0 ? 1 : 1 - Double(bucket.classes[5]) / Double(answered))
        if rates.count > Meters.historyLength {
            rates.removeFirst()
            successes.removeFirst()
        }
    }

    /// The same from a running proxy's counters. The first answer only says where they stand.
    private mutating func takeLive(_ tick: Tick) {
        let totals = LiveTotals(tick.stats)
        let seconds = max(0.05, tick.time - (lastTime ?? tick.time - 1))
        lastTime = tick.time
        if let before = live {
            let new = totals.since(before)
            var bucket = Bucket(time: tick.time, seconds: seconds, requests: Int(clamping: new.requests))
            bucket.classes = new.classes.map { Int(clamping: $0) }
            bucket.flags = new.flags.mapValues { Int(clamping: $0) }
            append(bucket, answered: bucket.classes.reduce(0, +))
        }
        live = totals
        total = Int(clamping: totals.requests)
        stats = tick.stats
        take(hosts: tick.stats.hosts, seconds: seconds)
        // Envoy counts by cluster, not by route.
        hits = ownClusters.mapValues { $0.reduce(0) { $0 + requests(cluster: $1) } }.filter { $0.value > 0 }
    }

    private mutating func take(hosts: [String: [String: HostStats]], seconds: Double) {
        guard !hosts.isEmpty else { return }
        let isFirst = previousHosts.isEmpty
        self.hosts = hosts
        clusterRates = [:]
        for (cluster, members) in hosts {
            let sum = members.values.reduce(UInt64(0)) { $0 &+ $1.rqTotal }
            let before = previousHosts[cluster] ?? (isFirst ? sum : 0)
            clusterRates[cluster] = sum >= before ? Double(sum - before) / seconds : 0
            previousHosts[cluster] = sum
            let rate = clusterRates[cluster] ?? 0
            guard rate > 0 || clusterHistory[cluster] != nil, clusterHistory.count < 500 else { continue }
            clusterHistory[cluster, default: []].append(rate)
            if clusterHistory[cluster, default: []].count > Meters.historyLength {
                clusterHistory[cluster]?.removeFirst()
            }
        }
    }

    /// The route that a request took, as far as names and the path tell.
    func route(of entry: TapEntry) -> RouteItem? {
        guard let named = routesByName[entry.virtualHost + "|" + entry.route] else { return nil }
        if named.count == 1 { return named.first }
        let path = entry.pathOnly
        let fitting = named.filter { item in
            item.route.match.admits(path: path)
                && (entry.cluster.isEmpty || item.targets.contains { $0.cluster == entry.cluster })
        }
        return fitting.first
    }

    /// Requests that took a route; `nil` where a running proxy's counters cannot tell, because others lead to the same clusters.
    func hits(of route: RouteItem) -> Int? {
        hits[route.id] ?? (live == nil || ownClusters[route.id] != nil ? 0 : nil)
    }

    /// A counter or gauge by Envoy's name, as the proxy gave it last.
    func value(_ name: String) -> UInt64? { stats.counters[name] ?? stats.gauges[name] }

    /// A quantile of the time that requests took, in milliseconds: Envoy's own where a proxy is asked.
    func latency(_ quantile: Double, of summary: Bucket) -> Double {
        guard let live else { return summary.latency(quantile) }
        let names = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1]
        guard let index = names.firstIndex(of: quantile), index < live.latencies.count else { return 0 }
        return live.latencies[index]
    }

    /// Forgets the requests per endpoint so far.
    mutating func resetHosts() {
        baseline = hosts.mapValues { members in members.mapValues(\.rqTotal) }
    }

    /// Requests of an endpoint since the counters were reset.
    func requests(cluster: String, endpoint: String) -> Int {
        let now = hosts[cluster]?[endpoint]?.rqTotal ?? 0
        let before = baseline[cluster]?[endpoint] ?? 0
        return now >= before ? Int(clamping: now - before) : 0
    }

    func requests(cluster: String) -> Int {
        hosts[cluster]?.keys.reduce(0) { $0 + requests(cluster: cluster, endpoint: $1) } ?? 0
    }

    /// What a proxy has counted of one endpoint.
    func stats(cluster: String, endpoint: String) -> HostStats? { hosts[cluster]?[endpoint] }

    func isEjected(cluster: String, endpoint: String) -> Bool { hosts[cluster]?[endpoint]?.isEjected ?? false }

    /// All buckets of the last minute as one.
    var summary: Bucket {
        var sum = Bucket()
        sum.seconds = 0
        if buckets.isEmpty, let live {
            // The first answer: nothing can have come since, so all that there is.
            sum.classes = live.classes.map { Int(clamping: $0) }
            sum.flags = live.flags.mapValues { Int(clamping: $0) }
        }
        for bucket in buckets {
            sum.seconds += bucket.seconds
            sum.requests += bucket.requests
            for index in sum.classes.indices { sum.classes[index] += bucket.classes[index] }
            sum.flags.merge(bucket.flags, uniquingKeysWith: +)
            if sum.latencies.count < 6000 { sum.latencies += bucket.latencies }
            for (key, group) in bucket.groups { sum.groups[key, default: Group()].merge(group) }
        }
        sum.latencies.sort()
        return sum
    }
}

extension Meters.Bucket {
    /// A quantile of the latencies, which must be sorted.
    func latency(_ quantile: Double) -> Double { latencies.quantile(quantile) }
}

extension Array<Double> {
    /// A quantile of sorted values; 0 of none.
    func quantile(_ quantile: Double) -> Double {
        guard !isEmpty else { return 0 }
        return self[Swift.min(count - 1, Int((Double(count) * quantile).rounded(.down)))]
    }
}

extension TapEntry {
    /// The path without its query.
    var pathOnly: String { path.firstIndex(of: "?").map { String(path[..<$0]) } ?? path }
}

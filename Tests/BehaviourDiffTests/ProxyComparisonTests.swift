import Documents
import EnvoyModel
import Glibc
import TestSupport
import Testing
import TrafficEngine

@testable import BehaviourDiff

@Suite("Differences in behaviour")
struct ProxyComparisonTests {
    /// 100 pairs and 10,000 requests with `MESHTOP_THOROUGH=1`, fewer otherwise.
    private static let isThorough = getenv("MESHTOP_THOROUGH") != nil

    @Test("agrees with a brute-force comparison: no difference missed, none invented")
    func bruteForce() {
        var changedPairs = 0
        var differing = 0
        for seed in 0..<UInt64(Self.isThorough ? 100 : 25) {
            var maker = RandomRoutes(random: SplitMix64(seed: seed))
            let first = maker.configuration()
            let (old, new) = (RandomRoutes.snapshot(first), RandomRoutes.snapshot(maker.changed(first)))
            let comparison = ProxyComparison(old: old, new: new, modes: [.gateway])
            if !comparison.changes.isEmpty { changedPairs += 1 }
            for change in comparison.changes {
                let outcomes = [old, new].map {
                    Outcome(simulate(change.witness, with: $0, proxy: ""), comparesEndpoints: false)
                }
                #expect(outcomes[0] == change.before && outcomes[1] == change.after, "seed \(seed)")
                #expect(outcomes[0] != outcomes[1], "seed \(seed): invented \(change.witness)")
            }
            for _ in 0..<(Self.isThorough ? 10_000 : 200) {
                let request = maker.request()
                let outcomes = [old, new].map {
                    Outcome(simulate(request, with: $0, proxy: ""), comparesEndpoints: false)
                }
                if outcomes[0] != outcomes[1] { differing += 1 }
                #expect(comparison.covers(request), "seed \(seed): missed \(request.json.text())")
            }
        }
        // The comparison is of little worth where nothing differs.
        #expect(changedPairs > 10)
        #expect(differing > 200)
    }

    @Test("a configuration does not differ from itself, whatever its manifests' lines")
    func identity() {
        var maker = RandomRoutes(random: SplitMix64(seed: 7))
        let routes = maker.configuration()
        var moved = routes
        moved.virtualHosts[0].sources = [
            SourceReference(
                kind: "VirtualService", namespace: "a", name: "b",
                location: SourceLocation(file: "x.yaml", line: 3, column: 1))
        ]
        let comparison = ProxyComparison(
            old: RandomRoutes.snapshot(routes), new: RandomRoutes.snapshot(moved), modes: [.gateway])
        #expect(comparison.isEmpty)
        #expect(comparison.notes.isEmpty)
    }

    @Test("settings that no answer shows are compared by name: of routes, of listeners, of clusters")
    func settings() throws {
        var action = RouteAction(.cluster("v1"))
        action.timeout = .seconds(15)
        var host = VirtualHost(name: "a", domains: ["*"])
        host.routes = [Route(name: "", match: RouteMatch(.prefix("/")), action: .route(action))]
        var routes = RouteConfiguration(name: "r")
        routes.virtualHosts = [host]
        action.timeout = .seconds(3)
        var changed = routes
        changed.virtualHosts[0].routes[0].action = .route(action)
        let comparison = ProxyComparison(
            old: RandomRoutes.snapshot(routes), new: RandomRoutes.snapshot(changed), modes: [.gateway])
        let change = try #require(comparison.changes.first)
        #expect(comparison.changes.count == 1)
        #expect(change.changed == ["request_headers", "timeout"])
        #expect(change.before.values["timeout"] == "15s")
        #expect(change.after.values["timeout"] == "3s")

        var other = RandomRoutes.snapshot(routes).snapshot
        other.clusters[0].connectTimeout = .seconds(1)
        let clusters = ProxyComparison(
            old: RandomRoutes.snapshot(routes), new: CompiledSnapshot(other), modes: [.gateway])
        #expect(clusters.changes.isEmpty)
        #expect(clusters.settings.map(\.subject) == ["cluster v1"])
        #expect(clusters.settings.first?.values.map(\.name) == ["connect_timeout"])
    }

    @Test("a listener that goes takes all its requests along")
    func listenerGone() {
        var maker = RandomRoutes(random: SplitMix64(seed: 3))
        let old = RandomRoutes.snapshot(maker.configuration())
        let comparison = ProxyComparison(old: old, new: CompiledSnapshot(XDSSnapshot()), modes: [.gateway])
        #expect(!comparison.changes.isEmpty)
        #expect(comparison.changes.allSatisfy { $0.after.values["error"] == "no-listener" })
    }

    @Test(
        "samples of an expression are taken by it, one for each alternative",
        arguments: [
            ("/api/v[0-9]+/.*", 4), ("(GET|POST|PUT)", 3), ("a{2,3}", 2), ("^x?y$", 2), ("[[:digit:]]\\.\\w", 1),
            ("(?:a|b)c*", 4), ("(?i)abc", 1), ("[^/]+", 2),
        ])
    func expressions(pattern: String, least: Int) {
        let samples = RegexSamples.of(pattern)
        #expect(samples.count >= least, "\(samples)")
        #expect(samples.allSatisfy { StringMatcher(.safeRegex(pattern)).matches($0) })
    }

    @Test("no expression takes long or crashes", arguments: ["(((((", "a{99999999}", "[", "\\", "((a*)*)*", "a{2"])
    func hostileExpressions(pattern: String) { #expect(RegexSamples.of(pattern).count < 100) }
}

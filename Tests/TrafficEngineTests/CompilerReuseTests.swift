import Documents
import EnvoyModel
import TestSupport
import Testing

@testable import TrafficEngine

@Suite("What of a compiled configuration is taken over") struct CompilerReuseTests {
    /// A configuration that changes at random: some clusters, and virtual hosts that lead to them.
    private struct Changing {
        var random: SplitMix64
        var clusters: [(name: String, weights: [Int])] = []
        var hosts: [(name: String, targets: [String], timeout: Int)] = []

        mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

        mutating func change() {
            switch number(0...6) {
            case 0:
                let name = "c\(number(0...7))"
                if clusters.allSatisfy({ $0.name != name }) {
                    clusters.insert((name, [1]), at: number(0...clusters.count))
                }
            case 1: if !clusters.isEmpty { clusters.remove(at: number(0...clusters.count - 1)) }
            case 2:
                if !clusters.isEmpty {
                    clusters[number(0...clusters.count - 1)].weights = (0...number(0...2)).map { _ in number(1...9) }
                }
            case 3:
                let name = "v\(number(0...7))"
                if hosts.allSatisfy({ $0.name != name }) {
                    hosts.insert((name, ["c1"], 1), at: number(0...hosts.count))
                }
            case 4: if !hosts.isEmpty { hosts.remove(at: number(0...hosts.count - 1)) }
            case 5:
                if !hosts.isEmpty {
                    hosts[number(0...hosts.count - 1)].targets = (0...number(0...1)).map { _ in "c\(number(0...7))" }
                }
            default: if !hosts.isEmpty { hosts[number(0...hosts.count - 1)].timeout = number(1...3) }
            }
        }

        func snapshot() throws -> XDSSnapshot {
            let routes = hosts.map { host in
                let weighted = host.targets.map { "{\"name\": \"\($0)\", \"weight\": 1}" }.joined(separator: ",")
                let choice =
                    host.targets.count == 1
                    ? "\"cluster\": \"\(host.targets[0])\"" : "\"weighted_clusters\": {\"clusters\": [\(weighted)]}"
                return """
                    {"name": "\(host.name)", "domains": ["\(host.name).org"], "routes":
                     [{"match": {"prefix": "/"}, "route": {\(choice), "timeout": "\(host.timeout)s"}}]}
                    """
            }
            return try Bench(
                routes: "\"virtual_hosts\": [\(routes.joined(separator: ","))]",
                clusters: clusters.map { Bench.cluster($0.name, weights: $0.weights) }
            ).snapshot.snapshot
        }
    }

    @Test("after any changes requests get what a configuration made from scratch gives", arguments: 1...20)
    func decisions(seed: Int) throws {
        var changing = Changing(random: SplitMix64(seed: UInt64(seed)))
        for _ in 0..<10 { changing.change() }
        var compiled = CompiledSnapshot(try changing.snapshot())
        for step in 0..<30 {
            for _ in 0..<changing.number(0...2) { changing.change() }
            let snapshot = try changing.snapshot()
            let before = compiled
            compiled = CompiledSnapshot(snapshot, previous: before)
            let whole = CompiledSnapshot(snapshot)
            for host in changing.hosts {
                var request = SyntheticRequest()
                request.authority = "\(host.name).org"
                request.path = "/"
                let own = simulate(request, with: compiled, proxy: "p")
                let other = simulate(request, with: whole, proxy: "p")
                #expect(own.json.text() == other.json.text(), "seed \(seed), step \(step), \(host.name)")
            }
            // Routes hold the clusters themselves: no route may lead to one that is no longer there.
            let actions = try #require(compiled.listeners.first?.chains.first?.manager?.routes).virtualHosts
                .flatMap(\.routes).map(\.action)
            for cluster in actions.flatMap({ [$0.cluster] + $0.entries.map(\.cluster) }).compactMap(\.self) {
                #expect(compiled.clusters[cluster.index] === cluster, "seed \(seed), step \(step)")
            }
        }
    }

    @Test("a change of one cluster compiles that cluster and the hosts that lead to it, nothing else")
    func oneCluster() throws {
        var changing = Changing(random: SplitMix64(seed: 1))
        changing.clusters = [("a", [1]), ("b", [1]), ("c", [1])]
        changing.hosts = [("va", ["a"], 1), ("vb", ["b"], 1), ("vbc", ["b", "c"], 1)]
        let before = CompiledSnapshot(try changing.snapshot())
        changing.clusters[2].weights = [1, 2]
        let after = CompiledSnapshot(try changing.snapshot(), previous: before)
        #expect(zip(before.clusters, after.clusters).map { $0 === $1 } == [true, true, false])
        func hosts(_ compiled: CompiledSnapshot) -> [CompiledVirtualHost] {
            compiled.listeners.first?.chains.first?.manager?.routes?.virtualHosts ?? []
        }
        #expect(zip(hosts(before), hosts(after)).map { $0 === $1 } == [true, true, false])
    }
}

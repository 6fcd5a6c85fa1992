import EnvoyModel
import TestSupport
import Testing

@testable import TrafficEngine

@Suite("Load balancing") struct BalancingTests {
    private static let route = #"{"match": {"prefix": "/"}, "route": {"cluster": "c"}}"#

    private func picks(_ bench: Bench, count: Int) -> [String] {
        var request = bench.request("/")
        request.count = count
        return bench.trace(request).picks?.map { String($0.split(separator: ":")[0].split(separator: ".")[3]) } ?? []
    }

    @Test(
        "round robin by earliest deadline, ties by insertion",
        arguments: [
            ([1, 2, 3], "323123323123"), ([1, 1, 1], "123123123123"), ([2, 2], "121212121212"),
        ] as [([Int], String)])
    func roundRobin(weights: [Int], expected: String) throws {
        let bench = try Bench(routes: Bench.routes(Self.route), clusters: [Bench.cluster(weights: weights)])
        let got = picks(bench, count: 24).joined()
        // The place in the cycle is free; the order is not.
        #expect((got + got).contains(expected), "\(got)")
    }

    @Test("deadlines are compared exactly: no drift over a million picks")
    func exactDeadlines() {
        let weights: [UInt64] = [3, 7, 11, 11, 1]
        var queue = DeadlineQueue(weights.map { ExactWeight($0) })
        let cycle = (0..<33).map { _ in queue.next() }
        for index in weights.indices { #expect(cycle.count { $0 == index } == Int(weights[index])) }
        for _ in 0..<30_000 {
            #expect((0..<33).map { _ in queue.next() } == cycle)
        }
    }

    @Test(
        "random pre-picks stand where that many single picks would, ties included",
        arguments: Array(0...60) + [1023, 1024, 1025, 5000, 1_000_003])
    func prePicks(skipped: UInt64) {
        for numbers: [UInt64] in [[1, 2, 3, 5], [7, 8, 3, 1, 9, 7], [2, 2, 4]] {
            let weights = numbers.map { ExactWeight($0) }
            let sum = numbers.reduce(0, +)
            var ahead = DeadlineQueue(weights, skipping: skipped)
            var queue = DeadlineQueue(weights)
            for _ in 0..<(skipped % sum) { _ = queue.next() }
            for pick in 0..<(3 * sum) {
                let (one, other) = (ahead.next(), queue.next())
                #expect(one == other, "pick \(pick) of \(numbers) after \(skipped)")
            }
        }
    }

    @Test(
        "priorities as in the rule book's example",
        arguments: [(1, [100, 0]), (2, [84, 16]), (3, [56, 44]), (4, [28, 72]), (5, [0, 100])] as [(UInt64, [UInt64])])
    func priorities(unhealthy: UInt64, load: [UInt64]) {
        let counts = [
            PriorityLoads.Counts(hosts: 5, healthy: 5 - unhealthy), PriorityLoads.Counts(hosts: 2, healthy: 2),
        ]
        let loads = PriorityLoads(counts, overprovisioning: 140, byWeight: false, panicThreshold: 50)
        #expect(loads.healthy == load)
        #expect(loads.panics == [false, false])
    }

    @Test("below the threshold all priorities panic, and the load goes by hosts")
    func panic() {
        let counts = [PriorityLoads.Counts(hosts: 4, healthy: 1), PriorityLoads.Counts(hosts: 2, healthy: 0)]
        let loads = PriorityLoads(counts, overprovisioning: 140, byWeight: false, panicThreshold: 50)
        #expect(loads.panics == [true, true])
        #expect(loads.healthy == [67, 33])
    }

    @Test(
        "shares sum to 1, and picks fit them",
        arguments: ["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "RING_HASH", "MAGLEV"],
        [[1], [1, 1, 1], [1, 2, 5], [9, 1]])
    func shares(policy: String, weights: [Int]) throws {
        let bench = try Bench(
            routes: Bench.routes(Self.route), clusters: [Bench.cluster(weights: weights, policy: policy)])
        let candidates = bench.trace("/").hops.first?.candidates ?? []
        #expect(abs(candidates.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        var worker = WorkerState(bench.snapshot, seed: 42)
        var counts: [String: Double] = [:]
        let total = 20_000
        for _ in 0..<total {
            var request = bench.request("/").head
            let decision = decideFast(&request, on: bench.connection, worker: &worker)
            counts[decision.host?.address ?? "", default: 0] += 1
        }
        for candidate in candidates {
            let seen = (counts[candidate.host?.address ?? ""] ?? 0) / Double(total)
            #expect(abs(seen - candidate.share) < 0.02, "seed 42, \(policy) \(weights): \(seen) for \(candidate.share)")
        }
    }

    @Test("a runtime fraction and weighted clusters share one random value")
    func randomClasses() throws {
        let weighted = #""weighted_clusters": {"clusters": [{"name": "a", "weight": 50}, {"name": "b", "weight": 50}]}"#
        let bench = try Bench(
            routes: Bench.routes(
                #"{"name": "half", "match": {"prefix": "/", "runtime_fraction": {"default_value": {"numerator": 30}}}, "route": {"cluster": "a"}}"#,
                "{\"name\": \"rest\", \"match\": {\"prefix\": \"/\"}, \"route\": {\(weighted)}}"),
            clusters: [Bench.cluster("a"), Bench.cluster("b")])
        let candidates = bench.trace("/").hops.first?.candidates ?? []
        let shares = candidates.map { "\($0.route?.name ?? "") \($0.cluster) \(($0.share * 1000).rounded() / 1000)" }
        #expect(Set(shares) == ["half a 0.3", "rest a 0.2", "rest b 0.5"])
    }

    @Test(
        "the hash balance factor gives the recorded picks", arguments: [("alice", "55757757"), ("carol", "44646646")])
    func hashBalance(key: String, expected: String) throws {
        let endpoints = (3...7).map {
            "{\"endpoint\": {\"address\": {\"socket_address\": {\"address\": \"10.1.2.\($0)\", \"port_value\": 8000}}}}"
        }
        let cluster = """
            {"name": "c", "type": "STATIC", "lb_policy": "RING_HASH",
             "common_lb_config": {"consistent_hashing_lb_config": {"hash_balance_factor": 150}},
             "load_assignment": {"cluster_name": "c", "endpoints": [{"lb_endpoints": [\(endpoints.joined(separator: ","))]}]}}
            """
        let bench = try Bench(
            routes: Bench.routes(
                #"{"match": {"prefix": "/"}, "route": {"cluster": "c", "hash_policy": [{"header": {"header_name": "x-key"}}]}}"#
            ),
            clusters: [cluster])
        var worker = WorkerState(bench.snapshot, seed: 1)
        var picks = ""
        for _ in 0..<8 {
            var request = bench.request("/", headers: [("x-key", key)]).head
            let decision = decideFast(&request, on: bench.connection, worker: &worker)
            let host = try #require(decision.host)
            worker.requestStarted(at: host, of: try #require(decision.cluster))
            picks += String(host.address.split(separator: ":")[0].last ?? "?")
        }
        #expect(picks == expected)
    }

    @Test(
        "retries of a hashed request avoid the hosts they had",
        arguments: [("RING_HASH", "alice", "57355"), ("MAGLEV", "alice", "54755"), ("RING_HASH", "dave", "45666")])
    func retries(policy: String, key: String, expected: String) throws {
        let endpoints = (3...7).map {
            "{\"endpoint\": {\"address\": {\"socket_address\": {\"address\": \"10.1.2.\($0)\", \"port_value\": 8000}}}}"
        }
        let cluster = """
            {"name": "c", "type": "STATIC", "lb_policy": "\(policy)",
             "load_assignment": {"cluster_name": "c", "endpoints": [{"lb_endpoints": [\(endpoints.joined(separator: ","))]}]}}
            """
        let predicate =
            #""retry_policy": {"retry_on": "5xx", "num_retries": 4, "host_selection_retry_max_attempts": 5, "retry_host_predicate": [{"name": "envoy.retry_host_predicates.previous_hosts"}]}"#
        let bench = try Bench(
            routes: Bench.routes(
                "{\"match\": {\"prefix\": \"/\"}, \"route\": {\"cluster\": \"c\", \(predicate), \"hash_policy\": [{\"header\": {\"header_name\": \"x-key\"}}]}}"
            ),
            clusters: [cluster])
        var worker = WorkerState(bench.snapshot, seed: 1)
        var request = bench.request("/", headers: [("x-key", key)]).head
        var decision = decideFast(&request, on: bench.connection, worker: &worker)
        var attempted = [try #require(decision.host)]
        for attempt in 1...4 {
            let next = chooseAgain(&decision, attempt: attempt, attempted: attempted, worker: &worker)
            attempted.append(try #require(next))
        }
        #expect(attempted.map { String($0.address.split(separator: ":")[0].last ?? "?") }.joined() == expected)
    }

    @Test("a new snapshot with the same hosts goes on in the order of the old one")
    func install() throws {
        let bench = try Bench(routes: Bench.routes(Self.route), clusters: [Bench.cluster(weights: [1, 1, 1])])
        let again = try Bench(routes: Bench.routes(Self.route), clusters: [Bench.cluster(weights: [1, 1, 1])])
        var worker = WorkerState(bench.snapshot, seed: 3)
        var picks: [Int] = []
        for index in 0..<6 {
            if index == 3 { worker.install(again.snapshot) }
            var request = bench.request("/").head
            let connection = index < 3 ? bench.connection : again.connection
            picks.append(decideFast(&request, on: connection, worker: &worker).host?.index ?? -1)
        }
        #expect(Array(picks[0..<3]) == Array(picks[3..<6]))
    }
}

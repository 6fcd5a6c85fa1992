import Testing
import TestSupport

@testable import TrafficEngine

@Suite("What the first bytes of a path tell about routes")
struct PathGuessTests {
    /// Routes that differ in a byte here and there, of every kind of condition.
    private static func route(_ text: String, _ number: Int, _ random: inout SplitMix64) -> String {
        let name = "\"name\": \"r\(number)\", \"direct_response\": {\"status\": 200}"
        let ignoresCase = random.next() % 3 == 0 ? ", \"case_sensitive\": false" : ""
        return switch random.next() % 4 {
        case 0: "{\"match\": {\"path\": \"\(text)\"\(ignoresCase)}, \(name)}"
        case 1: "{\"match\": {\"prefix\": \"\(text)\"\(ignoresCase)}, \(name)}"
        case 2 where text.count > 1: "{\"match\": {\"path_separated_prefix\": \"\(text)\"\(ignoresCase)}, \(name)}"
        default: "{\"match\": {\"safe_regex\": {\"regex\": \"\(text).*\"}}, \(name)}"
        }
    }

    private static func path(_ random: inout SplitMix64) -> String {
        let letters = ["a", "b", "A"]
        let count = Int(random.next() % 12)
        return "/" + (0..<count).map { _ in letters[Int(random.next() % 3)] }.joined()
    }

    @Test("they rule out no route that takes the path", arguments: 1...8 as ClosedRange<UInt64>)
    func guesses(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let routes = (0..<40).map { Self.route(Self.path(&random), $0, &random) }.joined(separator: ",")
        let bench = try Bench(
            routes: "\"virtual_hosts\": [{\"name\": \"v\", \"domains\": [\"*\"], \"routes\": [\(routes)]}]")
        var found = 0
        for _ in 0..<400 {
            let path = Self.path(&random) + (random.next() % 4 == 0 ? "?q" : "")
            var (fast, slow) = (bench.request(path).head, bench.request(path).head)
            var worker = WorkerState(bench.snapshot, seed: seed)
            var trace = Explanation()
            let left = decideFast(&fast, on: bench.connection, worker: &worker)
            let right = decideExplained(&slow, on: bench.connection, worker: &worker, trace: &trace)
            #expect(left.route === right.route, "seed \(seed), \(path)")
            if left.route != nil { found += 1 }
        }
        #expect(found > 50)
    }
}

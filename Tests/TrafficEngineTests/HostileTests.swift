import EnvoyModel
import TestSupport
import Testing

@testable import TrafficEngine

@Suite("Hostile requests") struct HostileTests {
    private static let managers = [
        "", #""use_remote_address": true, "normalize_path": true, "merge_slashes": true, "strip_any_host_port": true"#,
        #""path_with_escaped_slashes_action": "UNESCAPE_AND_REDIRECT", "strip_trailing_host_dot": true, "via": "p""#,
    ]
    private static let routes = Bench.routes(
        #"{"match": {"path": "/"}, "redirect": {"https_redirect": true, "prefix_rewrite": "x"}}"#,
        #"{"match": {"safe_regex": {"regex": "/r.*"}}, "route": {"cluster": "c", "regex_rewrite": {"pattern": {"regex": "r(.)"}, "substitution": "\\1"}}}"#,
        #"{"match": {"path_separated_prefix": "/p"}, "route": {"cluster": "c", "prefix_rewrite": "/", "host_rewrite_header": "x-h", "append_x_forwarded_host": true}}"#,
        #"{"match": {"prefix": "/", "query_parameters": [{"name": "q"}]}, "direct_response": {"status": 302}}"#,
        #"{"match": {"prefix": ""}, "route": {"cluster": "c", "hash_policy": [{"cookie": {"name": "a", "ttl": "1s"}}, {"header": {"header_name": "x-h"}}, {"query_parameter": {"name": "q"}}]}, "request_headers_to_add": [{"header": {"key": "x-f", "value": "%REQ(x-h):3% %PATH(NQ)% %QUERY_PARAM(q)%"}}]}"#
    )

    private func bytes(_ random: inout SplitMix64, upTo count: Int) -> [UInt8] {
        let alphabet = Array("/.%2eEfF5cC\\?#;:=,&\"[]{}| aqrp@*-_\0".utf8) + [0x80, 0xff]
        return (0..<Int.random(in: 0...count, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
    }

    @Test("no bytes stop a decision", arguments: managers, 1...8 as ClosedRange<UInt64>)
    func bytes(manager: String, seed: UInt64) throws {
        let bench = try Bench(
            routes: Self.routes, clusters: [Bench.cluster(weights: [1, 2], policy: "RING_HASH")], manager: manager)
        let names = [
            "x-h", "cookie", "x-forwarded-for", "x-forwarded-proto", "connection", "upgrade", "te", "expect", "origin",
            "x-request-id", "content-type", "x-envoy-internal", "via", "accept",
        ]
        var random = SplitMix64(seed: seed)
        var worker = WorkerState(bench.snapshot, seed: seed)
        for round in 0..<1500 {
            var head = RequestHead()
            head.method = head.block.store(bytes(&random, upTo: 6))
            head.path = head.block.store((round % 3 == 0 ? [] : [0x2f]) + bytes(&random, upTo: 24))
            head.authority = head.block.store(bytes(&random, upTo: 12))
            head.hasHost = round % 17 != 0
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                head.block.append(
                    name: (names.randomElement(using: &random) ?? "x").utf8, value: bytes(&random, upTo: 30))
            }
            var decision = decideFast(&head, on: bench.connection, worker: &worker)
            var response = ResponseHead()
            var context = ResponseContext()
            if let reply = decision.localReply {
                _ = finishLocalReply(
                    reply, into: &response, to: head, decision: decision, on: bench.connection,
                    context: ResponseContext())
            } else {
                response.status = 200
                finishResponse(
                    &response, to: &head, decision: &decision, on: bench.connection, context: &context)
                #expect(decision.host != nil, "seed \(seed), round \(round)")
            }
            #expect(response.status > 0)
        }
    }

    @Test("without a trace and with one the decision is the same", arguments: 1...5 as ClosedRange<UInt64>)
    func oneEngine(seed: UInt64) throws {
        let bench = try Bench(
            routes: Self.routes, clusters: [Bench.cluster(weights: [1, 2, 3])], manager: Self.managers[1])
        var random = SplitMix64(seed: seed)
        var fast = WorkerState(bench.snapshot, seed: seed)
        var explained = WorkerState(bench.snapshot, seed: seed)
        for _ in 0..<500 {
            let path = "/" + String(decoding: bytes(&random, upTo: 12).filter { $0 > 0x20 && $0 < 0x7f }, as: UTF8.self)
            var one = bench.request(path).head
            var other = one
            var trace = Explanation()
            let left = decideFast(&one, on: bench.connection, worker: &fast)
            let right = decideExplained(&other, on: bench.connection, worker: &explained, trace: &trace)
            #expect(left.host === right.host, "seed \(seed), path \(path)")
            #expect(left.localReply?.status == right.localReply?.status)
            #expect(one.block.string(one.path) == other.block.string(other.path))
        }
    }
}

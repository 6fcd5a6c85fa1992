import Foundation
import TestSupport
import Testing

/// One engine, proved: the simulator, the embedded proxy and a real Envoy say the same about generated requests.
@Suite(.serialized, .enabled(if: Program.path != nil, "the program has not been built"))
struct AgreementTests {
    /// A sample with what its requests are made of.
    struct Sample: Sendable, CustomTestStringConvertible {
        var name: String
        var hosts: [String]
        var paths: [String]
        var headers: [[String]]
        var testDescription: String { name }

        init(_ name: String, hosts: [String], paths: [String], headers: [[String]] = [[]]) {
            (self.name, self.hosts, self.paths, self.headers) = (name, hosts, paths, headers)
        }
    }

    private static let common = [
        "/", "/status/200", "/statusx", "/status", "/delay/0", "/headers", "/Status/200", "/x/../status/1", "//status",
    ]

    static let samples: [Sample] = [
        Sample("httpbin", hosts: ["httpbin.example.com", "other.example.com"], paths: common),
        Sample("httpbin-wildcard", hosts: ["httpbin.example.com", "203.0.113.10", "any"], paths: common),
        Sample("httpbin-gateway-api", hosts: ["httpbin.example.com", "other.example.com"], paths: common),
        Sample("httpbin-gateway-api-wildcard", hosts: ["httpbin.example.com", "any"], paths: common),
        Sample("alb/4-virtualservice", hosts: ["istio-test-alb.example.com", "other"], paths: common),
        Sample("alb/5-fixed", hosts: ["istio-test-alb.example.com", "other"], paths: common),
        Sample("lb-types/corrected", hosts: ["my-service.example.com", "other"], paths: common),
        Sample(
            "lb-types/each-policy",
            hosts: [
                "round-robin.example.com", "ring-header.example.com", "maglev-header.example.com", "random.example.com",
                "ring-query.example.com", "distribute.example.com", "failover.example.com", "other.example.com",
            ],
            paths: ["/", "/?user=ann", "/?user=bob", "/x"], headers: [[], ["x-user: ann"], ["x-user: bob"]]),
        Sample(
            "bookinfo", hosts: ["bookinfo.example.com", "BOOKINFO.example.com", "other.example.com"],
            paths: [
                "/productpage", "/productpage/", "/productpage?u=test", "/static/x.css", "/reviews/1", "/ratings/1",
                "/api/v1/products/0", "/login",
            ],
            headers: [[], ["end-user: jason"], ["end-user: Jason"], ["end-user: "]]),
        Sample(
            "demo", hosts: ["bookinfo.example.com", "shop.example.com", "httpbin.example.com", "else.example.com"],
            paths: [
                "/productpage", "/reviews/1", "/cart", "/catalog/42", "/catalog", "/beta", "/next", "/old/1",
                "/status/1", "/headers",
            ],
            headers: [[], ["end-user: jason"], ["x-user: ann"], ["x-user: bob"]]),
    ]

    struct Request {
        var method: String
        var host: String
        var path: String
        var headers: [String]

        var text: String {
            let lines = ["\(method) \(path) HTTP/1.1", "host: \(host)", "user-agent: test"] + headers
            return lines.joined(separator: "\r\n") + "\r\n\r\n"
        }
    }

    static func requests(of sample: Sample, seed: UInt64, count: Int) -> [Request] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            Request(
                method: ["GET", "GET", "GET", "HEAD", "DELETE"].randomElement(using: &random) ?? "GET",
                host: (sample.hosts.randomElement(using: &random) ?? "a")
                    + (["", "", "", ":80"].randomElement(using: &random) ?? ""),
                path: sample.paths.randomElement(using: &random) ?? "/",
                headers: sample.headers.randomElement(using: &random) ?? [])
        }
    }

    /// Where a request ended.
    struct End: Equatable, CustomStringConvertible {
        var status: Int
        var cluster: String
        var route: String
        var description: String { "\(status) \(cluster) \(route)" }
    }

    // MARK: Simulator

    struct Prediction {
        var status: Int
        /// Where it may land, with a chance above 0.
        var clusters: Set<String>
        var route: String
    }

    private static func predictions(_ sample: Sample, _ requests: [Request], port: Int) throws -> [Prediction] {
        var lines = ""
        for (index, request) in requests.enumerated() {
            let headers: [[String]] = (["user-agent: test"] + request.headers).map { line in
                let colon = line.firstIndex(of: ":") ?? line.endIndex
                return [String(line[..<colon]), line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)]
            }
            let object: [String: Any] = [
                "id": "\(index)", "method": request.method, "authority": request.host, "path": request.path,
                "headers": headers, "port": port, "address": "127.0.0.1", "source": ["ip": "127.0.0.1"],
            ]
            lines += String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self) + "\n"
        }
        let finished = try Program.run(
            ["simulate", "-f", Program.sample(sample.name), "--requests", "-"], input: lines)
        try #require(finished.status == 0, "\(finished.errors)")
        return try finished.output.split(separator: "\n").map { line in
            let trace = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            let hop = (trace["hops"] as? [[String: Any]])?.first ?? [:]
            let candidates = hop["candidates"] as? [[String: Any]] ?? []
            var clusters = Set(
                candidates.filter { ($0["share"] as? Double ?? 0) > 0 }.compactMap { $0["cluster"] as? String })
            if let cluster = hop["cluster"] as? String, clusters.isEmpty { clusters = [cluster] }
            let response = trace["response"] as? [String: Any]
            return Prediction(
                status: response?["status"] as? Int ?? 0, clusters: clusters, route: hop["route"] as? String ?? "")
        }
    }

    // MARK: Proxies

    private static func send(_ requests: [Request], port: Int, preamble: String = "") throws -> [Int] {
        let connection = HTTPConnection(port: port, preamble: preamble)
        return try requests.map { try connection.send($0.text, isHead: $0.method == "HEAD").status }
    }

    /// The lines of an access log, waited for.
    private static func log(_ path: String, count: Int) throws -> [[String: Any]] {
        var lines: [Substring] = []
        for _ in 0..<400 {
            lines = ((try? readText(path)) ?? "").split(separator: "\n")
            if lines.count >= count { break }
            usleep(25_000)
        }
        return try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
    }

    private static func ends(_ path: String, count: Int) throws -> [End] {
        try log(path, count: count).map { entry in
            func text(_ key: String) -> String {
                let value = entry[key] as? String ?? ""
                return value == "-" ? "" : value
            }
            return End(
                status: entry["response_code"] as? Int ?? Int(text("response_code")) ?? 0,
                cluster: text("upstream_cluster"), route: text("route_name"))
        }
    }

    struct Serving {
        var process: ChildProcess
        /// The loopback port of each listener by its own port.
        var ports: [Int: Int]
    }

    static func serve(_ path: String, _ folder: TemporaryFolder, log: String) throws -> Serving {
        let ready = folder.path("ready.json")
        let process = try ChildProcess([
            Program.path ?? "meshtop", "serve", "-f", path, "--echo", "--ready-file", ready, "--access-log", log,
        ])
        var ports: [Int: Int] = [:]
        for _ in 0..<800 where ports.isEmpty {
            usleep(25_000)
            guard let data = try? Data(readBytes(ready)),
                let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
                let listeners = object["listeners"] as? [[String: Any]]
            else { continue }
            for listener in listeners {
                let proxy = listener["proxy"] as? String ?? ""
                guard let own = port(listener["address"]), let bound = port(listener["bound"]),
                    proxy.contains("gateway")
                else { continue }
                ports[own] = bound
            }
        }
        return Serving(process: process, ports: ports)
    }

    private static func port(_ address: Any?) -> Int? {
        (address as? String)?.split(separator: ":").last.flatMap { Int($0) }
    }

    private static func compare(_ predictions: [Prediction], _ ends: [End], _ requests: [Request], _ who: String) {
        #expect(predictions.count == requests.count && ends.count == requests.count, "\(who)")
        var wrong: [String] = []
        for (index, request) in requests.enumerated() where index < ends.count && index < predictions.count {
            let predicted = predictions[index]
            let end = ends[index]
            let isCluster = predicted.clusters.isEmpty ? end.cluster.isEmpty : predicted.clusters.contains(end.cluster)
            // Envoy logs no cluster for what it answers by itself.
            let isLocal = end.cluster.isEmpty && (predicted.status >= 300)
            if predicted.status != end.status || predicted.route != end.route || !(isCluster || isLocal) {
                wrong.append(
                    "\(request.method) \(request.host)\(request.path) \(request.headers): predicted \(predicted.status) "
                        + "\(predicted.clusters.sorted()) \(predicted.route), \(who) \(end)")
            }
        }
        #expect(
            wrong.isEmpty, "\(who): \(wrong.count) of \(requests.count)\n\(wrong.prefix(5).joined(separator: "\n"))")
    }

    private static func listenerPort(_ sample: Sample) -> Int { sample.name.contains("gateway-api") ? 80 : 8080 }

    @Test("the embedded proxy does what the simulator says", arguments: samples)
    func embedded(_ sample: Sample) throws {
        let folder = try TemporaryFolder()
        let requests = Self.requests(of: sample, seed: 1, count: 500)
        let port = Self.listenerPort(sample)
        let predictions = try Self.predictions(sample, requests, port: port)
        let log = folder.path("access.log")
        let serving = try Self.serve(Program.sample(sample.name), folder, log: log)
        let bound = try #require(serving.ports[port], "no listener for \(port): \(serving.ports)")
        let statuses = try Self.send(requests, port: bound)
        let ends = try Self.ends(log, count: requests.count)
        #expect(statuses == ends.map(\.status))
        Self.compare(predictions, ends, requests, "the embedded proxy")
        serving.process.send(SIGTERM)
        #expect(serving.process.finish().status == 0)
    }

    @Test(
        "a real Envoy does what the simulator says", .enabled(if: envoyPath != nil, "there is no Envoy"),
        arguments: samples)
    func realEnvoy(_ sample: Sample) throws {
        let envoy = try #require(envoyPath)
        let folder = try TemporaryFolder()
        let exported = try Program.run(["export", "envoy", "-f", Program.sample(sample.name)])
        try #require(exported.status == 0, "\(exported.errors)")
        // As it is, Envoy takes it.
        let original = try folder.write(exported.output, to: "exported.json")
        let validated = try spawn([envoy, "--mode", "validate", "-c", original], timeout: 60)
        #expect(validated.status == 0, "\(validated.errors.suffix(2000))")
        let requests = Self.requests(of: sample, seed: 2, count: 500)
        let port = Self.listenerPort(sample)
        let predictions = try Self.predictions(sample, requests, port: port)
        let upstream = try PlainUpstream()
        let run = try EnvoyRun(bootstrap: exported.output, upstreams: [upstream.port])
        let bound = try #require(run.port(ownPort: port))
        _ = try Self.send(requests, port: bound, preamble: "PROXY TCP4 127.0.0.1 127.0.0.1 20000 \(port)\r\n")
        let ends = try run.records(requests: requests.count).filter(\.isHTTP).map {
            End(status: $0.status, cluster: $0.cluster, route: $0.route)
        }
        Self.compare(predictions, ends, requests, "Envoy")
    }
}

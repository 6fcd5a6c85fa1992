import Foundation
import TestSupport
import Testing

/// Three gateways in one process: a live request goes through the same clusters as the predicted one.
@Suite(.serialized, .enabled(if: Program.path != nil, "the program has not been built"))
struct TwoTierTests {
    private static let clusters = ["tier1", "us-west1-1", "us-west1-2"]
    private static let options = clusters.flatMap { ["--cluster", "\($0)=" + Program.sample("bookinfo-mc/" + $0)] }
    private static let environment = ["GATEWAY_IP": "203.0.113.40"]

    /// The curl lines of the tutorial, as printed there, and the cluster that each is meant for.
    static let lines: [(line: String, cluster: String)] = [
        (
            #"curl -Ss "http://bookinfo.tetrate.io/productpage" --resolve "bookinfo.tetrate.io:80:$GATEWAY_IP" -v > index1.html"#,
            "us-west1-1"
        ),
        (
            #"curl -Ss "http://bookinfo.tetrate.io/productpage" --resolve "bookinfo.tetrate.io:80:$GATEWAY_IP" -v -H "X-CLUSTER-SELECTOR: gke-jimmy-us-west1-1" > index2.html"#,
            "us-west1-1"
        ),
        (
            #"curl -Ss "http://bookinfo.tetrate.io/productpage" --resolve "bookinfo.tetrate.io:80:$GATEWAY_IP" -v -H "X-CLUSTER-SELECTOR: gke-jimmy-us-west1-2" > index3.html"#,
            "us-west1-2"
        ),
    ]

    private struct Hop: Equatable {
        var proxy: String
        var cluster: String
        var endpoint: String
    }

    private func predicted(_ line: String) throws -> [Hop] {
        let arguments = ["curl"] + Self.options + ["-o", "json", "--", line]
        let finished = try Program.run(arguments, environment: Self.environment)
        #expect(finished.status == 0, "\(finished.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(finished.output.utf8)) as? [String: Any]
        return (object?["hops"] as? [[String: Any]] ?? []).map { hop in
            Hop(
                proxy: hop["proxy"] as? String ?? "", cluster: hop["cluster_name"] as? String ?? "",
                endpoint: hop["endpoint"] as? String ?? "")
        }
    }

    @Test("the tutorial's three lines reach, live, the clusters that the trace predicts")
    func tutorial() throws {
        if let seedFolder {
            let seed = try readText(seedFolder + "/004_e294f31cc671fedd.txt")
            for (line, _) in Self.lines { #expect(seed.contains(line), "the tutorial has another line than \(line)") }
        }
        let folder = try TemporaryFolder()
        let ready = folder.path("ready.json")
        let process = try ChildProcess(
            [Program.path ?? "meshtop", "serve"] + Self.options + ["--echo", "--ready-file", ready])
        defer {
            process.send(SIGTERM)
            #expect(process.finish().status == 0)
        }
        let listeners = try bindings(ready)
        #expect(Set(listeners.map(\.proxy)).count == 3, "\(listeners)")
        let entrance = try #require(
            listeners.first { $0.proxy.contains("tier1-gateway") && $0.address.hasSuffix(":8080") })
        for (line, cluster) in Self.lines {
            let hops = try predicted(line)
            #expect(hops.map(\.cluster) == ["tier1", cluster, cluster], "\(line)")
            #expect(hops.map(\.proxy).prefix(2) == ["tier1-gateway.tier1", "istio-ingressgateway.istio-system"])
            let selector = line.firstRange(of: "X-CLUSTER-SELECTOR: ").map { range in
                "x-cluster-selector: " + line[range.upperBound...].prefix { $0 != "\"" } + "\r\n"
            }
            let answer = try HTTPConnection(port: entrance.bound).send(
                "GET /productpage HTTP/1.1\r\nhost: bookinfo.tetrate.io\r\n\(selector ?? "")\r\n")
            #expect(answer.status == 200)
            let body = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            #expect(body?["deployment"] as? String == "productpage-v1")
            #expect(body?["endpoint"] as? String == hops.last?.endpoint, "\(line)")
            // Both gateways have appended the address that they saw.
            let headers = (body?["headers"] as? [[String]] ?? []).filter { $0.first == "x-forwarded-for" }
            #expect(headers.first?.last?.split(separator: ",").count == 2, "\(headers)")
        }
    }

    private func bindings(_ ready: String) throws -> [(proxy: String, address: String, bound: Int)] {
        for _ in 0..<800 {
            if let data = try? Data(readBytes(ready)),
                let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
            {
                return (object["listeners"] as? [[String: Any]] ?? []).map { listener in
                    let bound = (listener["bound"] as? String ?? "").split(separator: ":").last.flatMap { Int($0) }
                    return (listener["proxy"] as? String ?? "", listener["address"] as? String ?? "", bound ?? 0)
                }
            }
            usleep(25_000)
        }
        throw FileProblem("wait for", ready)
    }

    @Test("curl --live goes through every gateway of the prediction", arguments: lines.indices)
    func live(_ index: Int) throws {
        let (line, cluster) = Self.lines[index]
        let finished = try Program.run(["curl"] + Self.options + ["--live", "--", line], environment: Self.environment)
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        #expect(finished.output.hasSuffix("as predicted\n"))
        #expect(finished.output.contains("through tier1-gateway.tier1: outbound|80|\(cluster)|bookinfo.tetrate.io"))
        #expect(finished.output.contains("through istio-ingressgateway.istio-system"))
    }
}

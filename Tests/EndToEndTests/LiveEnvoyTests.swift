import Foundation
import TestSupport
import Testing

/// A real Envoy with an exported sample, looked at through its admin address: what meshtop shows is what Envoy's own pages say.
@Suite(
    .serialized, .enabled(if: Program.path != nil, "the program has not been built"),
    .enabled(if: envoyPath != nil, "there is no Envoy here: MESHTOP_ENVOY, .build/envoy-venv/bin/envoy"))
struct LiveEnvoyTests {
    /// A running Envoy that serves `Samples/demo`.
    private final class Live {
        static let preamble = "PROXY TCP4 127.0.0.1 127.0.0.1 20000 8080\r\n"

        let port: Int
        private let run: EnvoyRun
        private let upstreams: [PlainUpstream]
        var admin: Int { run.adminPort }

        init() throws {
            let upstreams = try (0..<8).map { _ in try PlainUpstream() }
            self.upstreams = upstreams
            let exported = try Program.run(["export", "envoy", "-f", Program.sample("demo")])
            try #require(exported.status == 0, "\(exported.errors)")
            run = try EnvoyRun(bootstrap: exported.output, upstreams: upstreams.map(\.port), concurrency: 2)
            port = try #require(run.port(ownPort: 8080))
        }

        /// A mix of answers, or `same`: all to one cluster.
        func send(_ count: Int, same: Bool = false) throws {
            let connection = HTTPConnection(port: port, preamble: Live.preamble)
            for index in 0..<count {
                let (host, path) = [
                    ("shop.example.com", "/cart"), ("shop.example.com", "/catalog/\(index)"),
                    ("bookinfo.example.com", "/productpage"), ("bookinfo.example.com", "/nowhere"),
                ][same ? 0 : index % 4]
                _ = try connection.send("GET \(path) HTTP/1.1\r\nhost: \(host)\r\nx-user: u\(index)\r\n\r\n")
            }
        }

        func page(_ path: String) throws -> String {
            let answer = try HTTPConnection(port: admin).send(
                "GET \(path) HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n\r\n")
            return String(decoding: answer.body, as: UTF8.self)
        }

        func json(_ path: String) throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(try page(path).utf8)) as? [String: Any] ?? [:]
        }

        func stop() { run.stop() }
    }

    private func render(_ screen: String, _ live: Live, _ more: [String] = []) throws -> String {
        let result = try Program.run(
            ["render", "--screen", screen, "--size", "200x60", "--ascii", "--admin", "127.0.0.1:\(live.admin)"] + more)
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    /// The words of the first line with all of these texts.
    private func words(_ screen: String, with texts: String...) -> [String] {
        let line = screen.split(separator: "\n").first { line in texts.allSatisfy { line.contains($0) } } ?? ""
        return line.split { " |>#".contains($0) }.map(String.init)
    }

    @Test("counters, hosts and shares on the screens are those of Envoy's own pages")
    func values() throws {
        let live = try Live()
        defer { live.stop() }
        try live.send(200)
        let stats = try live.json("/stats?format=json&usedonly")
        func counter(_ name: String) -> Int {
            let entry = (stats["stats"] as? [[String: Any]] ?? []).first { $0["name"] as? String == name }
            return entry?["value"] as? Int ?? 0
        }
        let prefix = "http.outbound_0.0.0.0_8080.downstream_rq_"
        try #require(counter(prefix + "total") == 200)
        let overview = try render("overview", live)
        #expect(overview.contains("total 200"))
        #expect(overview.contains("LIVE") && overview.contains("127.0.0.1:\(live.admin)"))
        #expect(counter(prefix + "4xx") == 50 && overview.contains("4xx 25.0%"))
        #expect(overview.contains("NR \(counter("http.outbound_0.0.0.0_8080.no_route"))"))

        let clusters = try live.json("/clusters?format=json")["cluster_statuses"] as? [[String: Any]] ?? []
        let tables = (clusters: try render("clusters", live), endpoints: try render("endpoints", live))
        var compared = 0
        for cluster in clusters {
            let name = cluster["name"] as? String ?? ""
            let pieces = name.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard pieces.count == 4 else { continue }
            let hosts = cluster["host_statuses"] as? [[String: Any]] ?? []
            let counts = hosts.map { host -> Int in
                let metric = (host["stats"] as? [[String: Any]] ?? []).first { $0["name"] as? String == "rq_total" }
                return Int(metric?["value"] as? String ?? "0") ?? 0
            }
            let total = counts.reduce(0, +)
            let row = words(tables.clusters, with: pieces[3], pieces[1], pieces[2].isEmpty ? " - " : " \(pieces[2]) ")
            #expect(row.contains("\(hosts.count)/\(hosts.count)"), "\(name): \(row)")
            #expect(row.contains("\(total)"), "\(name): \(row)")
            let short = pieces[3].split(separator: ".").prefix(2).joined(separator: ".") + ":" + pieces[1]
            for (host, count) in zip(hosts, counts) {
                let address = (host["address"] as? [String: Any])?["socket_address"] as? [String: Any] ?? [:]
                let place = "\(address["address"] ?? ""):\(address["port_value"] ?? "")"
                let end = pieces[2].isEmpty ? short + " " : short + "/" + pieces[2]
                let row = words(tables.endpoints, with: place, end)
                #expect(row.contains("\(count)"), "\(name) \(place): \(row)")
                if total > 0 {
                    let share = String(format: "%.1f%%", Double(count) / Double(total) * 100)
                    #expect(row.contains(share), "\(name) \(place) \(share): \(row)")
                    compared += 1
                }
            }
        }
        #expect(compared >= 8)
        let listeners = try render("listeners", live)
        #expect(words(listeners, with: " \(live.port) ").contains("200"))
        // Predicted beside observed, of the hosts that Envoy reports.
        let balance = try render("lb", live)
        #expect(balance.contains("cart.shop:80") && balance.contains("predicted") && balance.contains("n 50"))
    }

    @Test("the tables of proxy-config are made of the same dump, and its requests are predicted as Envoy answers them")
    func tables() throws {
        let live = try Live()
        defer { live.stop() }
        let address = "http://127.0.0.1:\(live.admin)"
        let names = (try live.json("/clusters?format=json")["cluster_statuses"] as? [[String: Any]] ?? [])
            .compactMap { $0["name"] as? String }.sorted()
        let printed = try Program.run(["pc", "clusters", "--admin", address, "-o", "json"])
        let listed = try JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [[String: Any]] ?? []
        #expect(listed.compactMap { $0["name"] as? String }.sorted() == names)
        for kind in ["listeners", "routes", "endpoints", "eds", "bootstrap", "all", "log"] {
            let result = try Program.run(["pc", kind, "--admin", address])
            #expect(result.status == 0 && !result.output.isEmpty, "\(kind): \(result.errors)")
        }
        _ = try Program.run(["pc", "log", "--admin", address, "--level", "http:debug"])
        let levels = try Program.run(["pc", "log", "--admin", address])
        #expect(levels.output.contains("http: debug"))

        for (host, path, status) in [
            ("bookinfo.example.com", "/productpage", 200), ("bookinfo.example.com", "/nowhere", 404),
            ("shop.example.com", "/next", 0), ("else.example.com", "/", 404),
        ] {
            let line =
                "{\"id\":\"1\",\"authority\":\"\(host)\",\"path\":\"\(path)\",\"address\":\"127.0.0.1\",\"port\":\(live.port)}"
            let result = try Program.run(["simulate", "--admin", address, "--requests", "-"], input: line + "\n")
            let trace = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
            let predicted = (trace["response"] as? [String: Any])?["status"] as? Int
            let connection = HTTPConnection(port: live.port, preamble: Live.preamble)
            let answer = try connection.send("GET \(path) HTTP/1.1\r\nhost: \(host)\r\n\r\n")
            #expect(predicted == answer.status, "\(host)\(path): \(result.output)")
            if status > 0 { #expect(answer.status == status) }
        }
    }

    @Test("the screens follow Envoy's counters by themselves, and say when it is gone", .enabled(if: Tmux.isThere))
    func follows() throws {
        let live = try Live()
        defer { live.stop() }
        let tmux = try Tmux(width: 120, height: 36)
        defer { tmux.end() }
        tmux.start(arguments: "--admin 127.0.0.1:\(live.admin)")
        try tmux.wait(for: "LIVE")
        try live.send(40, same: true)
        try tmux.wait(for: "total 40")
        tmux.press("6")
        try tmux.wait(for: "n 40")
        try live.send(40, same: true)
        try tmux.wait(for: "n 80")
        tmux.press("2")
        tmux.press("/")
        tmux.type("bookinfo")
        tmux.press("Enter")
        try tmux.wait(for: "80 requests, 80 2xx")
        live.stop()
        try tmux.wait(for: "LOST")
        tmux.press("1")
        try tmux.wait(for: "connection refused")
        tmux.press("Q")
        try tmux.wait(for: "ended with 0")
        #expect(tmux.flagsAreRestored)
    }
}

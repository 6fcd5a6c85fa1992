import TestSupport
import Testing

/// The tables that the article about a load balancer in front of the gateway prints, in its five states.
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct BalancerTableTests {
    struct State: Sendable, CustomTestStringConvertible {
        var folder: String
        /// Rows of today's tables, runs of blanks folded.
        var listeners: [String]
        var routes: [String]
        var testDescription: String { folder }
    }

    private static let probes = [
        "0.0.0.0 15021 ALL Inline Route: /healthz/ready*", "0.0.0.0 15090 ALL Inline Route: /stats/prometheus*",
    ]
    private static let probeRoutes = ["backend * /healthz/ready*", "backend * /stats/prometheus*"]
    private static let gateway = ["0.0.0.0 8080 ALL Route: http.8080"] + probes
    private static let served =
        ["http.8080 istio-test-alb.example.com:80 istio-test-alb.example.com /* test-virtualservice.test-ns"]
        + probeRoutes

    static let states = [
        State(folder: "1-install", listeners: probes, routes: probeRoutes),
        State(folder: "2-app", listeners: probes, routes: probeRoutes),
        State(folder: "3-gateway", listeners: gateway, routes: ["http.8080 blackhole:80 * /* 404"] + probeRoutes),
        State(folder: "4-virtualservice", listeners: gateway, routes: served),
        State(folder: "5-fixed", listeners: gateway, routes: served),
    ]

    private func table(_ kind: String, _ state: State, _ more: String...) throws -> [String] {
        let finished = try Program.run(
            [
                "proxy-config", kind, "-n", "istio-system", "istio-ingressgateway", "-f",
                Program.sample("alb/" + state.folder),
            ]
                + more)
        #expect(finished.status == 0, "\(finished.errors)")
        return finished.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    }

    @Test("listeners and routes of each state, in today's columns", arguments: states)
    func current(state: State) throws {
        #expect(try table("listeners", state) == ["ADDRESSES PORT MATCH DESTINATION"] + state.listeners)
        #expect(try table("routes", state) == ["NAME VHOST NAME DOMAINS MATCH VIRTUAL SERVICE"] + state.routes)
    }

    @Test("listeners and routes of each state, as the article prints them", arguments: states)
    func article(state: State) throws {
        let listeners = state.listeners.map { $0.replacing("Route: http.8080", with: "Route: http.80") }
        #expect(
            try table("listeners", state, "--compat", "istio-1.9") == ["ADDRESS PORT MATCH DESTINATION"] + listeners)
        let routes = state.routes.map { row in
            // Without the column of virtual hosts.
            var words = row.split(separator: " ")
            words.remove(at: words.first == "backend" ? 0 : 1)
            return words.joined(separator: " ").replacing("http.8080", with: "http.80")
        }
        #expect(
            try table("routes", state, "--compat", "istio-1.9") == [
                "NOTE: This output only contains routes loaded via RDS.", "NAME DOMAINS MATCH VIRTUAL SERVICE",
            ] + routes)
    }
}

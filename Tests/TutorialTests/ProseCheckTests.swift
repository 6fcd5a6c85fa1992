import Documents
import Testing

@testable import Tutorial

/// What the words of a page get wrong.
struct ProseCheckTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var text: String
        /// `LINE CODE`.
        var findings: [String]
        var testDescription: String { text }
    }

    static let code = "\n```bash\ncurl http://x:15021/\n```\n"

    static let rows: [Row] = [
        Row(text: "The status port is 15012.", findings: []),
        Row(text: "The status port\nis 12021, as all know.", findings: ["2 MT0220"]),
        Row(text: "Port 30021 is a node port, 54321 any port.", findings: []),
        Row(text: "Version 1.12021 and 10.0.12021.1 are no ports.", findings: []),
        Row(text: "Set `consistentHashLB` for sessions.", findings: ["1 IST0106"]),
        Row(text: "Set `consistentHash` and `readinessProbe`.", findings: []),
        Row(text: "- **maglev**: a table (tableSize) and a ring (minimumRingSize)", findings: ["1 IST0106"]),
        Row(text: "- **ringHash**: a ring (minimumRingSize)", findings: []),
        Row(text: "`simple` can be LEAST_CONN", findings: ["1 IST0135"]),
        Row(text: "**failover** moves requests", findings: ["1 MT0120"]),
        Row(text: "**failover** moves requests when `outlierDetection` says so", findings: []),
        Row(text: "By default requests go round robin.", findings: ["1 MT0401"]),
        Row(text: "Round robin takes turns.", findings: []),
        Row(
            text: "Use `alb.ingress.kubernetes.io/alb.ingress.kubernetes.io/healthcheck-path`.", findings: ["1 MT0222"]),
        Row(text: "Set `alb.ingress.kubernetes.io/healthcheck-port` on the Ingress.", findings: ["1 MT0221"]),
        Row(text: "nginx.ingress.kubernetes.io/service-upstream: \"true\"", findings: ["1 MT0331"]),
        Row(
            text:
                "nginx.ingress.kubernetes.io/service-upstream: \"true\"\nnginx.ingress.kubernetes.io/upstream-vhost: a.b",
            findings: []),
    ]

    @Test("a finding has its line and code", arguments: rows)
    func finds(row: Row) {
        let page = PageReader.read(row.text + Self.code, file: "t.md")
        #expect(page.proseFindings.map { "\($0.location?.line ?? 0) \($0.code ?? "")" } == row.findings)
    }

    @Test("a page without code says so, at the line that was code")
    func lostMarkup() {
        let page = PageReader.read("Some words.\nexample.com/mode: \"x\"\nMore.", file: "t.txt")
        #expect(page.proseFindings.map(\.code) == ["MT0502"])
        #expect(page.proseFindings.first?.location?.line == 2)
    }
}

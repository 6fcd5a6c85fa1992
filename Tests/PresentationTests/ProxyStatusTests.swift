import EnvoyModel
import Testing

@testable import Presentation

struct ProxyStatusTests {
    /// A made-up line is told from its neighbours by its number.
    private func lines(_ count: Int, changing changes: [Int: String] = [:]) -> String {
        (1...count).map { changes[$0] ?? "line \($0)" }.joined(separator: "\n")
    }

    @Test("equal texts have no difference")
    func equal() { #expect(UnifiedDiff.text(from: "a\nb", named: "x", to: "a\nb", named: "y") == "") }

    @Test("seven lines of context; distant changes are hunks of their own")
    func hunks() {
        let text = UnifiedDiff.text(
            from: lines(60), named: "Istiod Routes", to: lines(60, changing: [10: "new", 50: "newer"]),
            named: "Envoy Routes")
        let found = text.split(separator: "\n")
        #expect(found.prefix(3) == ["--- Istiod Routes", "+++ Envoy Routes", "@@ -3,15 +3,15 @@"])
        #expect(found.filter { $0.hasPrefix("@@") } == ["@@ -3,15 +3,15 @@", "@@ -43,15 +43,15 @@"])
        #expect(found.filter { $0.hasPrefix("-") }.dropFirst() == ["-line 10", "-line 50"])
        #expect(found.filter { $0.hasPrefix("+") }.dropFirst() == ["+new", "+newer"])
    }

    @Test("lines that only one side has")
    func insertion() {
        #expect(
            UnifiedDiff.text(from: "a\nc", named: "x", to: "a\nb\nc", named: "y")
                == "--- x\n+++ y\n@@ -1,2 +1,3 @@\n a\n+b\n c\n")
        #expect(UnifiedDiff.text(from: "a", named: "x", to: "b", named: "y") == "--- x\n+++ y\n@@ -1 +1 @@\n-a\n+b\n")
    }

    @Test("order and versions do not matter, a different cluster does")
    func comparison() {
        let clusters = ["b", "a"].map { Cluster(name: $0, type: .static) }
        let left = ConfigDump(XDSSnapshot(revision: 1, clusters: clusters))
        let right = ConfigDump(XDSSnapshot(revision: 2, clusters: clusters.reversed()))
        #expect(ProxyStatusReport.compare(istiod: left, envoy: right).matches)
        let changed = ConfigDump(XDSSnapshot(clusters: [Cluster(name: "a", type: .static)]))
        let (text, matches) = ProxyStatusReport.compare(istiod: left, envoy: changed)
        #expect(!matches)
        #expect(text.hasPrefix("Clusters Don't Match\n--- Istiod Clusters\n+++ Envoy Clusters\n@@ "))
        #expect(text.contains("\n\nListeners Match\nRoutes Match\n"))
    }

    @Test("times as Go's RFC 1123")
    func times() {
        #expect(ProxyStatusReport.rfc1123("2026-11-20T23:21:59.123Z") == "Fri, 20 Nov 2026 23:21:59 UTC")
        #expect(ProxyStatusReport.rfc1123("2024-02-29T00:00:00Z") == "Thu, 29 Feb 2024 00:00:00 UTC")
        #expect(ProxyStatusReport.rfc1123("soon") == nil)
    }
}

import Documents
import MeshModel
import TestSupport
import Testing

@testable import Tutorial

/// The manifests of a page, read as a file of manifests is (6.2, row 33; trap 17).
struct PageManifestsTests {
    private static let page = """
        ---
        title: A page
        ---

        Some words, and `code`: with a colon.

        {{< tabset >}}
        {{< tab name="Istio APIs" >}}
        {{< text bash >}}
        $ kubectl apply -f - <<'EOF'
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata:
          name: web # 使用 Istio 默认网关实现
        spec:
          selector: {istio: ingressgateway}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: web
        spec:
          hosts: ["first.example.com"]
        EOF
        virtualservice.networking.istio.io/web created
        {{< /text >}}
        {{< /tab >}}
        {{< tab name="Gateway API" >}}
        ```yaml
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata:
          name: web
        spec:
          gatewayClassName: istio
        ```
        {{< /tab >}}
        {{< /tabset >}}

        1. In a list:

           ```yaml
           apiVersion: networking.istio.io/v1
           kind: VirtualService
           metadata:
             name: web
           ...
           spec:
             hosts: ["last.example.com"]
           ```

        {{< tip >}}
        ```yaml
        apiVersion: v1
        kind: Service
        metadata: {name: perhaps}
        ```
        {{< /tip >}}
        """

    private func mesh(_ text: String, tab: String? = nil) throws -> MeshSnapshot {
        let bytes = try #require(PageManifests.bytes(of: Array(text.utf8), file: "page.md", tab: tab))
        #expect(bytes.count == text.utf8.count)
        let parsed = DocumentReader.read(String(decoding: bytes, as: UTF8.self), file: "page.md")
        #expect(parsed.diagnostics.isEmpty, "\(parsed.diagnostics.map(\.rendered))")
        return MeshSnapshot.build(files: [ManifestFile.read(path: "page.md", documents: parsed.documents)]).0
    }

    @Test("of tabs the first, or the chosen one; of an object the last text; boxes are left out; lines stay")
    func tabs() throws {
        let first = try mesh(Self.page)
        #expect(first.gateways.map { $0.meta.location?.line } == [11])
        #expect(first.kubernetesGateways.isEmpty)
        #expect(first.virtualServices.map(\.hosts) == [["last.example.com"]])
        #expect(first.virtualServices.first?.meta.location?.line == 43)
        #expect(first.services.allSatisfy { $0.name != "perhaps" })
        let other = try mesh(Self.page, tab: "Gateway API")
        #expect(other.gateways.isEmpty)
        #expect(other.kubernetesGateways.map(\.name) == ["web"])
        #expect(other.kubernetesGateways.first?.meta.location?.line == 30)
    }

    @Test("what is kept stands at its own bytes, so that a patch of it fits")
    func bytes() throws {
        let text = Array(Self.page.utf8)
        let masked = try #require(PageManifests.bytes(of: text, file: "page.md", tab: nil))
        let blank = UInt8(ascii: " "), mark = UInt8(ascii: "-")
        for (index, byte) in masked.enumerated() {
            #expect(byte == text[index] || byte == blank || byte == mark, "\(index)")
        }
        #expect(masked.filter { $0 == UInt8(ascii: "\n") }.count == text.filter { $0 == UInt8(ascii: "\n") }.count)
    }

    @Test("a file of manifests is no page", arguments: ["kind: Service\n", "a: |\n  ```\n  b\n  ```\n", ""])
    func manifests(text: String) {
        #expect(PageManifests.bytes(of: Array(text.utf8), file: "x.txt", tab: nil) == nil)
    }

    @Test("no bytes make it fail", arguments: UInt64(0)..<200)
    func hostile(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces = [
            "```", "```yaml\n", "{{< text bash >}}\n", "{{< /text >}}\n", "kubectl apply -f - <<EOF\n", "EOF\n", "<<",
            "<<'", "---\n", "apiVersion: v1\n", "kind: X\n", "metadata: {name: a}\n", "...\n", "\n", " ", "é", "\u{0}",
            "<pre>", "</pre>\n", "{{< tab name=\"A\" >}}\n", "{{< /tab >}}\n",
        ]
        let text = "```\n" + (0..<40).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        var bytes = Array(text.utf8)
        if seed % 3 == 0 { bytes[Int(seed) % bytes.count] = 0xFF }
        let masked = PageManifests.bytes(of: bytes, file: "x.md", tab: seed % 2 == 0 ? "A" : nil)
        #expect(masked.map(\.count) ?? bytes.count == bytes.count)
    }
}

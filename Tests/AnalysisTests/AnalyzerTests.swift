import Analysis
import Documents
import MeshModel
import Testing

@Suite("Analyzers")
struct AnalyzerTests {
    private static let mesh = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec:
          selector: {app: web}
          ports:
          - {name: http, port: 80, targetPort: 8080}
          - {name: admin, port: 81}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web, version: v1}}
            spec: {containers: [{name: web, image: web}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: shop}
        spec:
          selector: {istio: ingressgateway}
          servers:
          - port: {number: 80, name: http, protocol: HTTP}
            hosts: [shop.example.com]

        """

    private func findings(_ text: String) -> [Finding] {
        let parsed = DocumentReader.read(Self.mesh + "---\n" + text, file: "mesh.yaml")
        let file = ManifestFile.read(path: "mesh.yaml", documents: parsed.documents)
        return Analyzer.findings(in: MeshSnapshot.build(files: [file]).0)
    }

    private func codes(_ text: String) -> [String] {
        findings(text).filter { $0.diagnostic.code != "IST0118" }.compactMap(\.diagnostic.code)
    }

    private func virtualService(
        hosts: String = "[shop.example.com]", gateways: String = "[edge]", http: String
    ) -> String {
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: shop, namespace: shop}
        spec:
          hosts: \(hosts)
          gateways: \(gateways)
          http: \(http)
        """
    }

    private static let plain = "[{route: [{destination: {host: web, port: {number: 80}}}]}]"

    @Test("what fits together has no findings")
    func clean() { #expect(codes(virtualService(http: Self.plain)) == []) }

    @Test(
        "a gateway is looked for as Istio looks for it",
        arguments: [
            ("[edge]", []), ("[shop/edge]", []), ("[./edge]", []), ("[mesh]", []), ("[edgee]", ["IST0101"]),
            ("[default/edge]", ["IST0101"]), ("[edge.shop.svc.cluster.local]", ["IST0133"]),
        ])
    func gateways(_ gateways: String, _ expected: [String]) {
        #expect(codes(virtualService(gateways: gateways, http: Self.plain)) == expected)
    }

    @Test("a missing gateway is reported at its line, with the nearest name")
    func nearestGateway() throws {
        let finding = try #require(
            findings(virtualService(gateways: "[edgee]", http: Self.plain)).first {
                $0.diagnostic.code == "IST0101"
            })
        #expect(finding.diagnostic.location?.line == 33)
        #expect(finding.object == "VirtualService shop/shop")
        #expect(finding.diagnostic.hint?.contains("shop/edge") == true)
    }

    @Test(
        "hosts are compared with those that the Gateway serves",
        arguments: [
            ("[shop.example.com]", []), ("[\"*.example.com\"]", []), ("[other.example.com]", ["IST0132"]),
            ("[\"*\"]", []),
        ])
    func hosts(_ hosts: String, _ expected: [String]) {
        #expect(codes(virtualService(hosts: hosts, http: Self.plain)) == expected)
    }

    @Test("a destination must be a service, and say which of several ports")
    func destinations() {
        #expect(
            codes(virtualService(http: "[{route: [{destination: {host: wep, port: {number: 80}}}]}]")) == ["IST0101"])
        #expect(codes(virtualService(http: "[{route: [{destination: {host: web}}]}]")) == ["IST0112"])
        let nearest = findings(virtualService(http: "[{route: [{destination: {host: wep, port: {number: 80}}}]}]"))
        #expect(nearest.contains { $0.diagnostic.hint?.contains("web.shop.svc.cluster.local") == true })
    }

    @Test("subsets must be defined, and select Pods")
    func subsets() {
        let route = virtualService(
            http: "[{route: [{destination: {host: web, subset: v1, port: {number: 80}}}]}]")
        #expect(codes(route) == ["IST0101"])
        func rule(_ version: String, host: String = "web") -> String {
            """

            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: shop}
            spec: {host: \(host), subsets: [{name: v1, labels: {version: \(version)}}]}
            """
        }
        #expect(codes(route + rule("v1")) == [])
        #expect(codes(route + rule("v9")) == ["IST0173"])
        #expect(codes(route + rule("v1", host: "wob")).sorted() == ["IST0101", "IST0174"])
    }

    @Test("a rule behind one that takes everything is never used")
    func unreachable() {
        let destination = "route: [{destination: {host: web, port: {number: 80}}}]"
        #expect(codes(virtualService(http: "[{\(destination)}, {name: late, \(destination)}]")) == ["IST0130"])
        #expect(
            codes(
                virtualService(
                    http:
                        "[{match: [{uri: {prefix: /}}], \(destination)}, {match: [{uri: {prefix: /a}}], \(destination)}]"
                )) == ["IST0130"])
    }

    @Test("a match that an earlier one covers is reported, one that it does not cover is not")
    func covered() {
        let destination = "route: [{destination: {host: web, port: {number: 80}}}]"
        func rules(_ first: String, _ second: String) -> [String] {
            codes(
                virtualService(
                    http: "[{match: [{\(first)}], \(destination)}, {match: [{\(second)}], \(destination)}]"))
        }
        #expect(rules("uri: {prefix: /a}", "uri: {prefix: /a/b}") == ["IST0131"])
        #expect(rules("uri: {prefix: /a}", "uri: {prefix: /a}").sorted() == ["IST0130", "IST0131"])
        #expect(rules("uri: {prefix: /a/b}", "uri: {prefix: /a}") == [])
        #expect(rules("uri: {prefix: /a}, headers: {x: {exact: why}}", "uri: {prefix: /a/b}") == [])
        #expect(
            rules("uri: {prefix: /a}", "uri: {exact: /a}, headers: {x: {exact: why}}") == ["IST0131"])
    }

    @Test("a selector without workloads is reported, except the installation's own")
    func selectors() {
        let gateway = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: other, namespace: shop}
            spec:
              selector: {istio: edge}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [other.example.com]}]
            """
        #expect(codes(gateway) == ["IST0101"])
        #expect(codes(gateway.replacing("istio: edge", with: "istio: ingressgateway")) == [])
    }

    @Test("port names that tell no protocol are mentioned")
    func portNames() {
        let found = findings(virtualService(http: Self.plain)).filter { $0.diagnostic.code == "IST0118" }
        #expect(found.map(\.diagnostic.location?.line) == [8])
        #expect(found.map(\.object) == ["Service shop/web"])
    }
}

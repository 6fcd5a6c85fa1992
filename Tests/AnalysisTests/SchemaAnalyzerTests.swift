import Analysis
import Documents
import MeshModel
import Testing

/// What reading, versions and Istio's own deprecations give; and checks of meshtop's own.
@Suite("Schema, versions, failover")
struct SchemaAnalyzerTests {
    private func findings(_ text: String, clusters: [String: String] = [:]) -> [Finding] {
        var files = [ManifestFile.read(path: "a.yaml", documents: DocumentReader.read(text, file: "a.yaml").documents)]
        for (cluster, text) in clusters.sorted(by: { $0.key < $1.key }) {
            let path = "\(cluster).yaml"
            files.append(
                ManifestFile.read(
                    path: path, cluster: cluster, documents: DocumentReader.read(text, file: path).documents))
        }
        return Analyzer.findings(in: MeshSnapshot.build(files: files).0, reading: files.flatMap(\.diagnostics))
    }

    private func lines(_ findings: [Finding], _ codes: String...) -> [String] {
        findings.filter { codes.contains($0.diagnostic.code ?? "") }.map {
            "\($0.diagnostic.code ?? "") \($0.diagnostic.location?.line ?? 0) \($0.object)"
        }
    }

    @Test("a weight on the wrong level and a misspelled field are schema errors at their lines")
    func unknownFields() {
        let found = findings(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: split, namespace: shop}
            spec:
              hosts: [a.example.com]
              http:
              - route: [{destination: {host: web, subset: v1}}]
                weight: 80
              - route: [{destination: {host: web, subset: v2}}]
                weight: 20
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: shop}
            spec:
              host: web
              trafficPolicy:
                loadBalancer:
                  consistentHashLB: {httpHeaderName: x}
            """)
        #expect(
            lines(found, "IST0106", "IST0130") == [
                "IST0106 8 VirtualService shop/split", "IST0130 9 VirtualService shop/split",
                "IST0106 10 VirtualService shop/split", "IST0106 19 DestinationRule shop/web",
            ])
        let schema = found.filter { $0.diagnostic.code == "IST0106" }
        #expect(schema.allSatisfy { $0.diagnostic.severity == .error })
        #expect(schema[0].analyzer == "schema.ValidationAnalyzer.VirtualService")
        #expect(schema[0].diagnostic.message == "Schema validation error: field \"weight\" is not part of HTTPRoute")
        #expect(schema[2].diagnostic.message.contains("did you mean \"consistentHash\"?"))
    }

    @Test("unknown fields of Kubernetes' own kinds are no findings of Istio's schema")
    func kubernetesFields() {
        let found = findings(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {ports: [{port: 80, name: http}], frob: 1}
            """)
        #expect(lines(found, "IST0106").isEmpty)
    }

    @Test(
        "API versions that nobody serves any more, at the line of apiVersion, with the one to use",
        arguments: [
            ("extensions/v1beta1", "Ingress", "Kubernetes 1.22", "use networking.k8s.io/v1"),
            ("extensions/v1beta1", "Deployment", "Kubernetes 1.16", "use apps/v1"),
            ("networking.k8s.io/v1beta1", "Ingress", "Kubernetes 1.22", "use networking.k8s.io/v1"),
            ("apps/v1beta2", "StatefulSet", "Kubernetes 1.16", "use apps/v1"),
            ("gateway.networking.k8s.io/v1alpha2", "HTTPRoute", "Gateway API 1.0", "use gateway.networking.k8s.io/v1"),
        ])
    func removed(version: String, kind: String, release: String, hint: String) {
        let found = findings("kind: \(kind)\napiVersion: \(version)\nmetadata: {name: a, namespace: b}\nspec: {}")
        let finding = found.first { $0.diagnostic.code == "MT0201" }
        #expect(finding?.diagnostic.location?.line == 2)
        #expect(finding?.diagnostic.message == "\(kind) of \(version) was removed in \(release)")
        #expect(finding?.diagnostic.hint == hint)
    }

    @Test("versions that are served are no findings")
    func served() {
        for (version, kind) in [
            ("networking.k8s.io/v1", "Ingress"), ("apps/v1", "Deployment"), ("networking.istio.io/v1alpha3", "Gateway"),
            ("gateway.networking.k8s.io/v1alpha2", "TCPRoute"), ("networking.k8s.io/v1beta1", "ServiceCIDR"),
        ] {
            let found = findings("apiVersion: \(version)\nkind: \(kind)\nmetadata: {name: a, namespace: b}\nspec: {}")
            #expect(lines(found, "MT0201").isEmpty, "\(version) \(kind)")
        }
    }

    @Test("values that Istio's API has deprecated")
    func deprecations() {
        let found = findings(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: a, namespace: shop}
            spec:
              hosts: [web]
              http:
              - fault: {delay: {percent: 10, fixedDelay: 1s}}
                route: [{destination: {host: web}}]
              - fault: {delay: {percentage: {value: 10}, fixedDelay: 1s}}
                route: [{destination: {host: web}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: shop}
            spec:
              host: web
              trafficPolicy:
                loadBalancer: {simple: LEAST_CONN}
              subsets:
              - name: v1
                trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}
            """)
        #expect(
            lines(found, "IST0002") == ["IST0002 7 VirtualService shop/a", "IST0002 18 DestinationRule shop/web"])
    }

    private static let pods = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{port: 80, name: http}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 4
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: web}]}
        ---

        """

    private func rule(_ policy: String) -> String {
        Self.pods + """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: shop}
            spec: {host: web, trafficPolicy: {\(policy)}}
            """
    }

    @Test(
        "failover that can never happen",
        arguments: [
            ("loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}", ["IST0133"]),
            ("loadBalancer: {localityLbSetting: {failoverPriority: [version]}}", ["IST0133"]),
            ("loadBalancer: {localityLbSetting: {enabled: false, failover: [{from: a, to: b}]}}", []),
            ("loadBalancer: {localityLbSetting: {distribute: [{from: a/*, to: {a/*: 100}}]}}", []),
            ("outlierDetection: {consecutive5xxErrors: 5}", ["MT0121"]),
            ("outlierDetection: {maxEjectionPercent: 24}", ["MT0121"]),
            ("outlierDetection: {maxEjectionPercent: 25}", []),
            (
                "loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}, outlierDetection: {maxEjectionPercent: 50}",
                ["MT0102"]
            ),
        ])
    func failover(policy: String, codes: [String]) {
        let found = findings(rule(policy)).compactMap(\.diagnostic.code).filter {
            $0.hasPrefix("MT01") || $0 == "IST0133"
        }
        #expect(found == codes)
    }

    @Test("a Service that differs between clusters, and one that does not")
    func multiCluster() {
        func service(_ spec: String) -> String {
            "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {\(spec)}"
        }
        let same = [
            "east": service("ports: [{port: 80, name: http}]"), "west": service("ports: [{port: 80, name: http}]"),
        ]
        #expect(lines(findings("", clusters: same), "IST0170").isEmpty)
        let ports = [
            "east": service("ports: [{port: 80, name: http}]"), "west": service("ports: [{port: 81, name: http}]"),
        ]
        let found = findings("", clusters: ports).first { $0.diagnostic.code == "IST0170" }
        #expect(found?.diagnostic.message.hasSuffix("across clusters east, west: ports differ") == true)
        let headless = [
            "east": service("ports: [{port: 80, name: http}]"),
            "west": service("clusterIP: None, ports: [{port: 80, name: http}]"),
        ]
        #expect(
            findings("", clusters: headless).contains {
                $0.diagnostic.code == "IST0170" && $0.diagnostic.message.contains("headless in some clusters only")
            })
    }

    @Test(
        "a suppression silences its code for the objects that it names",
        arguments: [
            ("IST0133=DestinationRule web.shop", true), ("IST0133=DestinationRule *.shop", true), ("IST0133=*", true),
            ("IST0133=DestinationRule w*b.s*p", true), ("IST0133=DestinationRule web.other", false),
            ("MT0121=DestinationRule web.shop", false), ("IST0133=DestinationRule", false),
        ])
    func suppression(text: String, silences: Bool) throws {
        let found = findings(rule("loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}"))
        let finding = try #require(found.first { $0.diagnostic.code == "IST0133" })
        #expect(try #require(Suppression(text)).silences(finding) == silences)
        #expect(Suppression("IST0133") == nil)
    }

    @Test("SARIF has a rule a code, a result a finding, and places that a scanner can show")
    func sarif() throws {
        let found = findings(rule("outlierDetection: {}, loadBalancer: {simple: LEAST_CONN}"))
        let text = SARIFReport(found, version: "1.2.3").json.text()
        let run = try #require(DocumentReader.read(text, file: "sarif.json").documents.first?.root["runs"]?[0])
        let rules = run.at("tool", "driver", "rules")
        let results = run["results"]?.elements.map { $0 } ?? []
        #expect(results.count == found.count)
        for result in results {
            let rule = rules?[Int(result["ruleIndex"]?.int ?? -1)]
            #expect(rule?["id"]?.text == result["ruleId"]?.text)
            let level = result["level"]?.text ?? ""
            #expect(["error", "warning", "note"].contains(level))
            let place = result["locations"]?[0]?["physicalLocation"]
            let file: String? = place?.at("artifactLocation", "uri")?.text
            #expect(file == "a.yaml")
            let line = place?.at("region", "startLine")?.int ?? 0
            #expect(line > 0)
        }
    }
}

extension Node {
    fileprivate func at(_ keys: String...) -> Node? {
        keys.reduce(Optional(self)) { node, key in node?[key] }
    }
}

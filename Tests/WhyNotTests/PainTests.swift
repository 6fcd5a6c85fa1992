import Documents
import TestSupport
import Testing
import TrafficEngine
import WhyNot

/// What users report (design: "What users struggle with"), one row a cause: the manifest is broken as they break it, and the
/// reason, the fix and its object are compared.
@Suite struct PainTests {
    struct Pain: Sendable, CustomTestStringConvertible {
        var name: String
        var old: String
        var new: String
        var outcome: String
        /// What the first fix changes.
        var fix: String
        /// A part of the reason.
        var reason: String
        var path = "/catalog/1"
        var testDescription: String { name }
    }

    static let pains: [Pain] = [
        Pain(
            name: "gateway named without its namespace", old: "  - istio-system/public", new: "  - public",
            outcome: "no-route", fix: "spec.gateways[0]: public -> istio-system/public",
            reason: "means shop/public, which does not exist"),
        Pain(
            name: "no gateways at all", old: "  gateways:\n  - istio-system/public\n", new: "", outcome: "no-route",
            fix: "spec.gateways: [\"istio-system/public\"]", reason: "has no gateways: it is for the mesh only"),
        Pain(
            name: "match.port is the backend's", old: "    - uri:\n        prefix: /catalog",
            new: "    - uri:\n        prefix: /catalog\n      port: 9080", outcome: "no-route",
            fix: "spec.http[0].match[0].port: 9080 -> 80", reason: "which is the port of the Gateway's server"),
        Pain(
            name: "exportTo", old: "  hosts:\n  - shop.example.com\n  gateways",
            new: "  exportTo: [\".\"]\n  hosts:\n  - shop.example.com\n  gateways",
            outcome: "no-route", fix: "spec.exportTo: add istio-system", reason: "is exported to . only"),
        Pain(
            name: "Service exported to its namespace only",
            old: "  name: catalog\n  namespace: shop\nspec:\n  selector",
            new:
                "  name: catalog\n  namespace: shop\n  annotations:\n    networking.istio.io/exportTo: \".\"\nspec:\n  selector",
            outcome: "cluster-not-found", fix: "metadata.annotations.networking.istio.io/exportTo: . -> *",
            reason: "a proxy in istio-system does not see it"),
        Pain(
            name: "Gateway hosts do not cover the host", old: "    hosts:\n    - shop.example.com",
            new: "    hosts:\n    - \"*.example.org\"",
            outcome: "no-route", fix: "spec.servers[0].hosts[0]: *.example.org -> *.example.com",
            reason: "is for *.example.org, not for shop.example.com"),
        Pain(
            name: "Gateway selector fits no pod", old: "  selector:\n    istio: ingressgateway\n  servers",
            new: "  selector:\n    istio: ingress\n  servers", outcome: "no-listener",
            fix: "spec.selector.istio: ingress -> ingressgateway", reason: "wants istio=ingress"),
        Pain(
            name: "Gateway port is the target port of something else", old: "      number: 80\n",
            new: "      number: 8000\n",
            outcome: "no-listener", fix: "spec.servers[0].port.number: 8000 -> 80",
            reason: "has a server on port 8000, none on 80"),
        Pain(
            name: "subset that no rule defines", old: "        subset: v1", new: "        subset: v3",
            outcome: "cluster-not-found", fix: "spec.http[0].route[0].destination.subset: v3 -> v1",
            reason: "which no DestinationRule defines (known: v1, v2)"),
        Pain(
            name: "labels of the subset on no Pod", old: "        subset: v1", new: "        subset: v2",
            outcome: "no-healthy-host", fix: "spec.http[0].route[0].destination.subset: v2 -> v1", reason: "v2"),
        Pain(
            name: "port of the destination is not the Service's", old: "          number: 9080",
            new: "          number: 8080",
            outcome: "cluster-not-found", fix: "spec.http[0].route[0].destination.port.number: 8080 -> 9080",
            reason: "which has only 9080"),
        Pain(
            name: "short host is completed with the object's own namespace",
            old: "        host: catalog\n        subset",
            new: "        host: catalog.front.svc.cluster.local\n        subset", outcome: "cluster-not-found",
            fix: "host: catalog.front.svc.cluster.local -> catalog.shop.svc.cluster.local",
            reason: "which is no service of the mesh"),
        Pain(
            name: "exact where a prefix was meant", old: "        prefix: /catalog", new: "        exact: /catalog",
            outcome: "no-route",
            fix: "spec.http[0].match[0].uri: {\"exact\":\"/catalog\"} -> {\"prefix\":\"/catalog\"}",
            reason: "takes exact \"/catalog\", the path is /catalog/1"),
        Pain(
            name: "a star is no glob", old: "        prefix: /catalog", new: "        prefix: /catalog/*",
            outcome: "no-route", fix: "spec.http[0].match[0].uri.prefix: /catalog/* -> /catalog/",
            reason: "takes prefix \"/catalog/*\""),
        Pain(
            name: "selector of the Service on no Pod", old: "    app: catalog\n  ports",
            new: "    app: catalogue\n  ports",
            outcome: "no-healthy-host", fix: "spec.selector.app: catalogue -> catalog", reason: "which no Pod has"),
        Pain(
            name: "sourceLabels at a gateway", old: "    - uri:\n        prefix: /catalog",
            new: "    - uri:\n        prefix: /catalog\n      sourceLabels:\n        app: web", outcome: "no-route",
            fix: "remove spec.http[0].match[0].sourceLabels.app (web)", reason: "is for callers with app=web"),
        Pain(
            name: "rule in a third namespace", old: "  name: catalog\n  namespace: shop\nspec:\n  host: catalog",
            new: "  name: catalog\n  namespace: rules\nspec:\n  host: catalog.shop.svc.cluster.local",
            outcome: "cluster-not-found",
            fix: "metadata.namespace: rules -> shop", reason: "is in namespace rules"),
    ]

    @Test("each cause is named and its fix is proven", arguments: pains)
    func pain(_ pain: Pain) throws {
        let whole = TestMesh(Shop.whole)
        let request = SyntheticRequest(host: "shop.example.com", pain.path)
        #expect(try #require(whole.ask(request, want: "catalog.shop")).isMet)
        #expect(Shop.whole.contains(pain.old), "the row's text is not in the mesh")
        let mesh = TestMesh(Shop.whole.replacing(pain.old, with: pain.new, maxReplacements: 1))
        let answer = try #require(mesh.ask(request, want: "catalog.shop", at: whole.gateway))
        #expect(answer.attempt.outcome.name == pain.outcome)
        let fix = try #require(answer.fixes.first)
        #expect(fix.proposals.map(\.summary).joined(separator: "; ").hasSuffix(pain.fix))
        #expect(answer.firstReason?.text.contains(pain.reason) == true, "\(answer.firstReason?.text ?? "")")
        #expect(fix.patch.contains("--- mesh.yaml\n+++ mesh.yaml\n@@ "))
    }

    @Test("every route that names the host has one state")
    func attachments() throws {
        let text =
            Shop.whole.replacing("  - istio-system/public", with: "  - public") + """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: wildcard
                  namespace: shop
                spec:
                  hosts: ["*.example.com"]
                  gateways: [istio-system/public]
                  http:
                  - match:
                    - uri:
                        prefix: /other
                    route:
                    - destination:
                        host: catalog
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: inside
                  namespace: shop
                spec:
                  hosts: [shop.example.com]
                  http:
                  - route:
                    - destination:
                        host: catalog

                """
        let mesh = TestMesh(text)
        let answer = try #require(mesh.ask(SyntheticRequest(host: "shop.example.com", "/catalog/1")))
        let lines = answer.attachments.map { attachment -> String in
            switch attachment.state {
            case .attached(let rows): "\(attachment.object.name) \(rows)"
            case .detached(let why): "\(attachment.object.name) \(why)"
            }
        }
        #expect(
            lines == [
                "catalog gateways: \"public\" means shop/public, which does not exist; there is istio-system/public",
                "inside it has no gateways: for the mesh only", "wildcard 1",
            ])
        #expect(answer.attachments.first?.object.location?.line == 59)
        #expect(answer.attachments.first?.others.first?.name == "public")
    }

    @Test("the clinic judges the causes of a flag by the manifests")
    func clinic() throws {
        let text = Shop.whole.replacing(
            "  name: catalog\n  namespace: shop\nspec:\n  host",
            with: "  name: catalog\n  namespace: rules\nspec:\n  host"
        ).replacing("  host: catalog\n", with: "  host: catalog.shop.svc.cluster.local\n")
        let mesh = TestMesh(text)
        let answer = try #require(mesh.ask(SyntheticRequest(host: "shop.example.com", "/catalog/1")))
        let clinic = try #require(answer.clinic)
        #expect(clinic.flag == "NC")
        #expect(clinic.causes.first?.text == "the DestinationRule is in a namespace that is not searched")
        #expect(
            clinic.causes.first?.evidence
                == "rules/catalog is in none of client istio-system, service shop, root istio-system")
        #expect(clinic.causes.filter { $0.verdict == .yes }.count == 1)
        #expect(
            clinic.causes.contains { $0.verdict == .no && $0.evidence == "catalog.shop.svc.cluster.local is known" })
    }

    @Test("two mistakes are put right together")
    func two() throws {
        let text = Shop.whole.replacing("  - istio-system/public", with: "  - public")
            .replacing("        subset: v1", with: "        subset: v4")
        let mesh = TestMesh(text)
        let answer = try #require(mesh.ask(SyntheticRequest(host: "shop.example.com", "/catalog/1")))
        let fix = try #require(answer.fixes.first)
        #expect(fix.proposals.count == 2)
        #expect(fix.patch.contains("+  - istio-system/public\n"))
        #expect(fix.patch.contains("+        subset: v1\n"))
    }

    @Test("the smallest change of the request is one that works")
    func request() throws {
        let mesh = TestMesh(Shop.whole)
        let answer = try #require(mesh.ask(SyntheticRequest(host: "shop.example.com", "/katalog/1")))
        #expect(answer.requestFixes.first?.changes == [.path("/catalog")])
        #expect(answer.requestFixes.first?.attempt.outcome == .arrived)
    }
}

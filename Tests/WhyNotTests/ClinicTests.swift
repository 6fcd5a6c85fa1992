import Documents
import MeshModel
import Presentation
import TestSupport
import Testing
import TrafficEngine

@testable import WhyNot

/// The response-flag clinic (product research, 8.2): for each flag a mesh on which each of its causes is the real one.
@Suite struct ClinicTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var flag: String
        /// The cause that is the real one: it has to come first.
        var cause: String
        var verdict = Diagnosis.Cause.Verdict.yes
        /// A part of the evidence.
        var evidence: String
        /// Changes of the shop's text.
        var changes: [(old: String, new: String)] = []
        /// More manifests.
        var more = ""
        var path = "/catalog/1"
        var host = "shop.example.com"
        var isTLS = false
        /// Asked from the mesh, at the sidecar of `front`.
        var isInside = false
        /// The kind of the object that the evidence names; empty where there is none.
        var kind = ""
        var testDescription: String { "\(flag): \(cause)" }
    }

    private static func rule(_ policy: String) -> String {
        """
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: policy, namespace: shop}
        spec:
          host: catalog.shop.svc.cluster.local
          trafficPolicy: \(policy)

        """
    }

    private static let strict = """
        ---
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: strict, namespace: shop}
        spec: {mtls: {mode: STRICT}}

        """

    private static let injected = """
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {istio-injection: enabled}}

        """

    private static func http(_ fields: String) -> (old: String, new: String) {
        (
            "    route:\n    - destination:\n        host: catalog\n        subset: v1",
            "    \(fields)\n    route:\n    - destination:\n        host: catalog\n        subset: v1"
        )
    }

    private static func policy(_ name: String, _ spec: String) -> String {
        "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: \(name), namespace: shop}\nspec: \(spec)\n"
    }

    private static func balancer(_ annotations: String, mesh: String = "{}") -> [(old: String, new: String)] {
        [
            (
                "  name: istio-ingressgateway\n  namespace: istio-system\nspec:\n  selector:\n    istio: ingressgateway\n  ports",
                "  name: istio-ingressgateway\n  namespace: istio-system\n  annotations: \(annotations)\nspec:\n  type: LoadBalancer\n  selector:\n    istio: ingressgateway\n  ports"
            )
        ]
    }

    private static func meshConfig(_ text: String) -> String {
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    \(text)\n"
    }

    static let rows: [Row] = [
        // NR
        Row(
            flag: "NR", cause: "no route names the host", evidence: "nothing in the manifests has other.org",
            host: "other.org"),
        Row(flag: "NR", cause: "the path", evidence: "1 of 1 routes fail by their path alone", path: "/other"),
        Row(
            flag: "NR", cause: "a route names the host and is not attached", evidence: "1 not attached",
            changes: [("  - istio-system/public", "  - public")], kind: "VirtualService"),
        Row(
            flag: "NR", cause: "a header, the method or the authority", evidence: "1 of 1 fail by it alone",
            changes: [
                (
                    "        prefix: /catalog",
                    "        prefix: /catalog\n      headers:\n        x-v:\n          exact: \"2\""
                )
            ]),
        Row(
            flag: "NR", cause: "a query parameter", evidence: "1 of 1 fail by it alone",
            changes: [
                (
                    "        prefix: /catalog",
                    "        prefix: /catalog\n      queryParams:\n        v:\n          exact: \"2\""
                )
            ]),
        // NC
        Row(
            flag: "NC", cause: "no DestinationRule defines the subset",
            evidence: "subset v3 is asked for; known: v1, v2",
            changes: [("        subset: v1", "        subset: v3")], kind: ""),
        Row(
            flag: "NC", cause: "the DestinationRule is in a namespace that is not searched", evidence: "rules/catalog",
            changes: [
                (
                    "  name: catalog\n  namespace: shop\nspec:\n  host: catalog",
                    "  name: catalog\n  namespace: rules\nspec:\n  host: catalog.shop.svc.cluster.local"
                )
            ], kind: "DestinationRule"),
        Row(
            flag: "NC", cause: "the service does not exist", evidence: "nothing is called",
            changes: [("        host: catalog\n        subset: v1", "        host: catalogue")]),
        Row(
            flag: "NC", cause: "the port is not the Service's", evidence: "port 9999 was asked",
            changes: [
                ("        subset: v1\n        port:\n          number: 9080", "        port:\n          number: 9999")
            ], kind: "Service"),
        Row(
            flag: "NC", cause: "the Service is not exported to this proxy", evidence: "exportTo is .",
            changes: [
                (
                    "  name: catalog\n  namespace: shop\nspec:\n  selector",
                    "  name: catalog\n  namespace: shop\n  annotations:\n    networking.istio.io/exportTo: \".\"\nspec:\n  selector"
                ),
                ("        subset: v1\n", ""),
            ], kind: "Service"),
        // UH
        Row(
            flag: "UH", cause: "the labels of the subset are on no Pod", evidence: "version=v2: 0 of",
            changes: [("        subset: v1", "        subset: v2")], kind: "DestinationRule"),
        Row(
            flag: "UH", cause: "the selector of the Service finds no Pod", evidence: "app=catalogue: 0 Pods",
            changes: [("    app: catalog\n  ports", "    app: catalogue\n  ports")], kind: "Service"),
        Row(
            flag: "UH", cause: "all endpoints are ejected", verdict: .maybe,
            evidence: "after 3 errors in a row, at most 100 %",
            more: rule("{outlierDetection: {consecutive5xxErrors: 3, maxEjectionPercent: 100}}"),
            kind: "DestinationRule"),
        // UF
        Row(
            flag: "UF", cause: "nobody listens on the target port",
            evidence: "target port 7777; the containers name 9080",
            changes: [("    port: 9080\n", "    port: 9080\n    targetPort: 7777\n")], kind: "Service"),
        Row(
            flag: "UF", cause: "plain text to a workload that wants mTLS",
            evidence: "STRICT by PeerAuthentication shop/strict",
            more: injected + strict + rule("{tls: {mode: DISABLE}}"), kind: "PeerAuthentication"),
        Row(
            flag: "UF", cause: "mTLS to a workload without sidecar", evidence: "0 of",
            more: rule("{tls: {mode: ISTIO_MUTUAL}}"), kind: "DestinationRule"),
        Row(
            flag: "UF", cause: "TLS to a port that speaks plain text", evidence: "port 9080 is called http",
            more: rule("{tls: {mode: SIMPLE}}"), kind: "DestinationRule"),
        Row(
            flag: "UF", cause: "a NetworkPolicy keeps the caller out", verdict: .maybe,
            evidence: "shop/closed selects these Pods",
            more:
                "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: closed, namespace: shop}\nspec: {podSelector: {matchLabels: {app: catalog}}, policyTypes: [Ingress]}\n",
            kind: "NetworkPolicy"),
        // UC
        Row(
            flag: "UC", cause: "plain text to a workload that wants mTLS",
            evidence: "tls of DestinationRule shop/policy",
            more: injected + strict + rule("{tls: {mode: DISABLE}}"), kind: "PeerAuthentication"),
        Row(
            flag: "UC", cause: "HTTP/2 to a server that speaks HTTP/1.1", verdict: .maybe,
            evidence: "called grpc-catalog",
            changes: [("  - name: http\n    port: 9080", "  - name: grpc-catalog\n    port: 9080")], kind: "Service"),
        Row(
            flag: "UC", cause: "the endpoint closes idle connections before its caller does", verdict: .maybe,
            evidence: "the caller keeps them for 300s", more: rule("{connectionPool: {http: {idleTimeout: 300s}}}"),
            kind: "DestinationRule"),
        Row(
            flag: "UC", cause: "plain text to a port that wants TLS", evidence: "called https-catalog",
            changes: [("  - name: http\n    port: 9080", "  - name: https-catalog\n    port: 9080")], kind: "Service"),
        // UO
        Row(
            flag: "UO", cause: "connectionPool of the caller's rule",
            evidence: "maxConnections 1, http1MaxPendingRequests 2",
            more: rule("{connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 2}}}"),
            kind: "DestinationRule"),
        // UT
        Row(
            flag: "UT", cause: "the route's timeout", evidence: "timeout 2s", changes: [http("timeout: 2s")],
            kind: "VirtualService"),
        Row(
            flag: "UT", cause: "perTryTimeout", evidence: "perTryTimeout 1s bounds the first try too",
            changes: [http("retries: {attempts: 3, perTryTimeout: 1s}")], kind: "VirtualService"),
        Row(
            flag: "UT", cause: "an injected delay takes the time", evidence: "injects 5s into 50.0 % of the requests",
            changes: [http("timeout: 2s\n    fault: {delay: {fixedDelay: 5s, percentage: {value: 50}}}")],
            kind: "VirtualService"),
        // URX
        Row(
            flag: "URX", cause: "every one of 5 tries failed", evidence: "retries: 4, on 5xx",
            changes: [http("retries: {attempts: 4, retryOn: 5xx}")], kind: "VirtualService"),
        // UR, LR
        Row(
            flag: "UR", cause: "the application resets the request", verdict: .maybe, evidence: "look at its log"),
        Row(
            flag: "UR", cause: "an error of HTTP/2", verdict: .maybe, evidence: "called grpc-catalog",
            changes: [("  - name: http\n    port: 9080", "  - name: grpc-catalog\n    port: 9080")], kind: "Service"),
        Row(
            flag: "LR", cause: "maxRequestsPerConnection ends connections", evidence: "after 10 requests",
            more: rule("{connectionPool: {http: {maxRequestsPerConnection: 10}}}"), kind: "DestinationRule"),
        // DC, DT
        Row(
            flag: "DC", cause: "the client gave up", verdict: .maybe, evidence: "no timeout: it would wait for ever",
            kind: "VirtualService"),
        Row(
            flag: "DC", cause: "the idle timeout of a load balancer in front", evidence: "10 s by service.beta",
            changes: balancer("{service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout: \"10\"}"),
            kind: "Service"),
        Row(
            flag: "DT", cause: "maxConnectionDuration of the rule", evidence: "connections end after 60s",
            more: rule("{connectionPool: {tcp: {maxConnectionDuration: 60s}}}"), kind: "DestinationRule"),
        // DPE
        Row(
            flag: "DPE", cause: "https to a port without tls", evidence: "no chain of this listener ends TLS",
            isTLS: true, kind: "Gateway"),
        Row(
            flag: "DPE", cause: "a PROXY header that the gateway was not told to read",
            evidence: "proxyProtocol is not set",
            changes: balancer("{service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: \"*\"}"), kind: "Service"),
        Row(
            flag: "DPE", cause: "a PROXY header that the gateway waits for and nobody sends",
            evidence: "proxyProtocol is set",
            more: meshConfig("defaultConfig: {gatewayTopology: {proxyProtocol: {}}}"), kind: "Service"),
        // UPE
        Row(
            flag: "UPE", cause: "HTTP/2 to a server that speaks HTTP/1.1", verdict: .maybe,
            evidence: "h2UpgradePolicy UPGRADE",
            more: rule("{connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}"), kind: "DestinationRule"),
        Row(
            flag: "UPE", cause: "TLS to a port that speaks plain text", evidence: "the client sends tls",
            more: rule("{tls: {mode: SIMPLE}}"), kind: "DestinationRule"),
        // FI, DI
        Row(
            flag: "FI", cause: "fault.abort of a VirtualService",
            evidence: "injects status 555 into 10.0 % of the requests",
            changes: [http("fault: {abort: {httpStatus: 555, percentage: {value: 10}}}")], kind: "VirtualService"),
        Row(
            flag: "DI", cause: "fault.delay of a VirtualService", evidence: "injects 2s into 30.0 %",
            changes: [http("fault: {delay: {fixedDelay: 2s, percentage: {value: 30}}}")], kind: "VirtualService"),
        // RL, UAEX, RBAC
        Row(
            flag: "RL", cause: "an EnvoyFilter limits the rate", evidence: "istio-system/limit",
            more:
                "---\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: limit, namespace: istio-system}\nspec: {workloadSelector: {labels: {istio: ingressgateway}}, configPatches: [{applyTo: HTTP_FILTER, patch: {operation: INSERT_BEFORE, value: {name: envoy.filters.http.local_ratelimit}}}]}\n",
            kind: "EnvoyFilter"),
        Row(
            flag: "UAEX", cause: "an AuthorizationPolicy with action CUSTOM", evidence: "shop/ask asks opa",
            more: policy("ask", "{action: CUSTOM, provider: {name: opa}, rules: [{}]}"), kind: "AuthorizationPolicy"),
        Row(
            flag: "403", cause: "an AuthorizationPolicy with action DENY", verdict: .maybe, evidence: "shop/deny",
            more: policy("deny", "{action: DENY, rules: [{to: [{operation: {paths: [/catalog*]}}]}]}"),
            kind: "AuthorizationPolicy"),
        Row(
            flag: "403", cause: "an AuthorizationPolicy ALLOW that names others only", verdict: .maybe,
            evidence: "shop/some",
            more: policy(
                "some", "{selector: {matchLabels: {app: catalog}}, rules: [{to: [{operation: {methods: [POST]}}]}]}"),
            kind: "AuthorizationPolicy"),
        Row(
            flag: "403", cause: "the caller has no identity: it speaks plain text, and a policy asks who it is",
            evidence: "the client sends plaintext",
            more: policy("who", "{rules: [{from: [{source: {principals: [cluster.local/ns/a/sa/b]}}]}]}"),
            kind: "AuthorizationPolicy"),
        // Answers without a flag
        Row(
            flag: "301", cause: "httpsRedirect of the Gateway", evidence: "port 80 of istio-system/public",
            changes: [
                (
                    "    hosts:\n    - shop.example.com",
                    "    tls: {httpsRedirect: true}\n    hosts:\n    - shop.example.com"
                )
            ], kind: "Gateway"),
        Row(
            flag: "301", cause: "redirect of the route", evidence: "the route answers with it by itself",
            changes: [
                (
                    "    route:\n    - destination:\n        host: catalog\n        subset: v1\n        port:\n          number: 9080",
                    "    redirect: {uri: /new}"
                )
            ], kind: "VirtualService"),
        Row(
            flag: "502", cause: "outboundTrafficPolicy REGISTRY_ONLY refuses hosts that are not in the registry",
            evidence: "block_all", more: injected + meshConfig("outboundTrafficPolicy: {mode: REGISTRY_ONLY}"),
            host: "unknown.example.org", isInside: true),
        // Names
        Row(
            flag: "DF", cause: "a ServiceEntry with resolution DNS whose name DNS does not know",
            evidence: "looks up api.example.net",
            changes: [("        host: catalog\n        subset: v1", "        host: api.example.net")],
            more:
                "---\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: api, namespace: shop}\nspec: {hosts: [api.example.net], resolution: DNS, location: MESH_EXTERNAL, ports: [{number: 9080, name: http, protocol: HTTP}]}\n",
            kind: "ServiceEntry"),
        Row(
            flag: "SI", cause: "nothing was sent for as long as streams may be silent", verdict: .maybe,
            evidence: "stream"),
    ]

    private func diagnosis(_ row: Row) throws -> Diagnosis {
        var text = Shop.whole
        for change in row.changes {
            #expect(text.contains(change.old), "the row's text is not in the mesh: \(change.old)")
            text = text.replacing(change.old, with: change.new, maxReplacements: 1)
        }
        let mesh = TestMesh(text + row.more)
        var request = SyntheticRequest(host: row.host, row.path)
        var proxy = mesh.gateway
        if row.isTLS {
            request.transport = .tls
            request.serverName = row.host
        }
        if row.isInside {
            proxy = mesh.state.snapshot.proxies.first { $0.type == .sidecar }
            request.mode = .outbound
            request.port = 80
        }
        let node = try #require(proxy)
        let attempt = SyntheticRequester(request, at: node).attempt([], in: mesh.state)
        let context = try #require(RepairContext(attempt, goal: .anywhere, in: mesh.state))
        return try #require(Clinic(context: context, observed: row.flag).diagnosis)
    }

    @Test("the real cause comes first, with its evidence and its object", arguments: rows)
    func cause(_ row: Row) throws {
        let diagnosis = try diagnosis(row)
        let words = diagnosis.causes.map { "\($0.verdict.rawValue) \($0.text): \($0.evidence)" }.joined(separator: "\n")
        let own = diagnosis.causes.first { $0.text == row.cause }
        #expect(own?.verdict == row.verdict, "\(words)")
        #expect(own?.evidence.contains(row.evidence) == true, "\(words)")
        if row.verdict == .yes { #expect(diagnosis.causes.first { $0.verdict == .yes && $0.text == row.cause } != nil) }
        if !row.kind.isEmpty {
            #expect(own?.source?.kind == row.kind, "\(own?.source?.kind ?? "none")")
            #expect(own?.source?.location != nil)
        }
        #expect(!diagnosis.meaning.isEmpty)
    }

    @Test("on a mesh where nothing is wrong no cause of a flag is certain", arguments: ResponseFlag.all.map(\.name))
    func innocent(flag: String) throws {
        let diagnosis = try diagnosis(Row(flag: flag, cause: "", evidence: ""))
        let certain = diagnosis.causes.filter { $0.verdict == .yes }.map(\.text)
        // Istio retries without being told to.
        let expected = flag == "URX" ? ["every one of 3 tries failed"] : []
        #expect(certain == expected)
    }

    @Test("every flag of Envoy's that is predicted or can be logged has a sentence", arguments: ResponseFlag.all)
    func sentence(flag: ResponseFlag) {
        #expect(!flag.meaning.isEmpty && !flag.short.isEmpty)
        #expect(ResponseFlag.named(flag.name.lowercased()) == flag)
        #expect(ResponseFlag.lines(for: flag.name).first?.hasPrefix(flag.name) == true)
    }

    @Test("over all routes: the causes that the manifests show, and the rows that they concern")
    func round() throws {
        let text = Shop.whole + Self.rule("{connectionPool: {tcp: {maxConnections: 1}}}")
        let mesh = TestMesh(text)
        let gateway = try #require(mesh.gateway)
        let round = ClinicRound("UO", at: [gateway], in: mesh.state) { false }
        #expect(round.found.map(\.cause.text) == ["connectionPool of the caller's rule"])
        #expect(round.found.first?.rows.count == 1)
        #expect(round.found.first?.request.path == "/catalog")
        #expect(ClinicRound("UF", at: [gateway], in: mesh.state) { false }.found.isEmpty)
        #expect(ClinicRound("UO", at: [gateway], in: mesh.state) { true }.wasCut)
    }
}

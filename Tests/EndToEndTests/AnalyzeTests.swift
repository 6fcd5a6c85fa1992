import Documents
import TestSupport
import Testing

/// `meshtop analyze` and `meshtop explain` as they are typed.
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct AnalyzeTests {
    /// What each sample is to show; of the others it is nothing worse than a warning.
    private static let errors: [String: Set<String>] = [
        "alb/1-install": ["MT0201"], "alb/2-app": ["MT0201"], "alb/3-gateway": ["MT0201"],
        "alb/4-virtualservice": ["MT0201"], "demo": ["IST0101", "IST0173"], "lb-types/as-written": ["IST0106"],
    ]

    private static let samples = [
        "alb/1-install", "alb/2-app", "alb/3-gateway", "alb/4-virtualservice", "alb/5-fixed", "bookinfo",
        "bookinfo-mc/failover", "bookinfo-mc/tier1", "bookinfo-mc/us-west1-1", "bookinfo-mc/us-west1-2", "demo", "docs",
        "httpbin", "httpbin-gateway-api", "httpbin-gateway-api-wildcard", "httpbin-wildcard", "lb-types/as-written",
        "lb-types/corrected", "lb-types/each-policy", "third-party/emissary", "third-party/gclb", "third-party/nginx",
        "third-party/nginx-upstream-vhost", "third-party/nlb", "third-party/standalone-strict",
    ]

    private func findings(_ arguments: [String], input: String = "") throws -> [Node] {
        let found = try Program.run(["analyze", "-o", "json"] + arguments, input: input)
        let root = try #require(DocumentReader.read(found.output, file: "findings.json").documents.first?.root)
        return Array(root.elements)
    }

    @Test("samples have the errors that they show, and no others", arguments: samples)
    func sample(name: String) throws {
        let errors = try findings([Program.sample(name)]).filter { $0["level"]?.text == "Error" }
        #expect(Set(errors.compactMap { $0["code"]?.text }) == Self.errors[name] ?? [], "\(errors.map(\.json))")
    }

    /// The ladder's findings, by sample: what is in the seeds' architectures (product 6.1, 6.3).
    private static let ways: [(String, [String])] = [
        ("alb/1-install", ["MT0210 ingress.yaml", "MT0310 istio-ingressgateway.yaml", "MT0311 ingress.yaml"]),
        ("alb/5-fixed", ["MT0310 istio-ingressgateway.yaml", "MT0311 ingress.yaml"]),
        ("third-party/nginx", ["MT0331 ingress.yaml"]),
        ("third-party/nginx-upstream-vhost", []),
        ("third-party/standalone-strict", ["MT0311 app.yaml"]),
        ("third-party/emissary", ["MT0311 app.yaml", "MT0331 mapping.yaml"]),
        ("third-party/gclb", ["MT0311 ingress.yaml"]),
        ("third-party/nlb", []),
    ]

    @Test("ways through load balancers have their findings, at the object that is to be changed", arguments: ways)
    func way(name: String, expected: [String]) throws {
        let found = try findings([Program.sample(name)]).filter {
            ($0["code"]?.text ?? "").hasPrefix("MT03") || $0["code"]?.text == "MT0210"
        }
        let places = found.map { finding in
            "\(finding["code"]?.text ?? "") \(finding["file"]?.text.split(separator: "/").last ?? "")"
        }
        #expect(Array(Set(places)).sorted() == expected)
        for finding in found { #expect(finding["line"]?.int ?? 0 > 0) }
    }

    /// Annotations of the AWS load balancer controller that do not do what they are there for.
    private static let annotations: [(String, String, [String])] = [
        ("Service", "alb.ingress.kubernetes.io/healthcheck-port: \"12021\"", ["MT0220 Service istio-system/gw"]),
        ("Service", "alb.ingress.kubernetes.io/healthcheck-port: \"30218\"", []),
        ("Ingress", "alb.ingress.kubernetes.io/healthcheck-port: \"30218\"", ["MT0221 Ingress istio-system/in"]),
        (
            "Service", "alb.ingress.kubernetes.io/alb.ingress.kubernetes.io/healthcheck-path: /healthz/ready",
            ["MT0222 Service istio-system/gw"]
        ),
        ("Service", "alb.ingress.kubernetes.io/healthcheck-path: /healthz/ready", []),
    ]

    @Test("health checks of a load balancer that ask nobody", arguments: annotations)
    func annotation(kind: String, annotation: String, expected: [String]) throws {
        let on = { (name: String) in name == kind ? "{\(annotation)}" : "{}" }
        let manifests = """
            apiVersion: v1
            kind: Service
            metadata: {name: gw, namespace: istio-system, annotations: \(on("Service"))}
            spec:
              type: NodePort
              selector: {istio: ingressgateway}
              ports:
              - {name: status-port, port: 15021, targetPort: 15021, nodePort: 30218}
              - {name: http2, port: 80, targetPort: 8080, nodePort: 31246}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: gw, namespace: istio-system}
            spec:
              selector: {matchLabels: {istio: ingressgateway}}
              template:
                metadata: {labels: {istio: ingressgateway}}
                spec: {containers: [{name: istio-proxy, image: auto, args: [proxy, router]}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw, namespace: istio-system}
            spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: in, namespace: istio-system, annotations: \(on("Ingress"))}
            spec:
              ingressClassName: alb
              rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: gw, port: {number: 80}}}}]}}]
            """
        let found = try findings(["-f", "-"], input: manifests).filter { ($0["code"]?.text ?? "").hasPrefix("MT02") }
        #expect(
            found.map { "\($0["code"]?.text ?? "") \($0["object"]?.text ?? "")" } == expected, "\(found.map(\.json))")
    }

    private static let demo = Program.sample("demo")

    private static let flags: [([String], status: Int, lines: Int)] = [
        ([demo], 1, 2), ([demo, "--fail-on", "error"], 1, 2), ([demo, "--failure-threshold", "Error"], 1, 2),
        ([demo, "-S", "IST0173=*"], 1, 1), ([demo, "-S", "IST0173=DestinationRule *.shop", "-S", "IST0101=*"], 0, 1),
        ([demo, "-n", "shop"], 1, 2), ([demo, "-n", "other"], 0, 1), ([demo, "-A"], 1, 2), ([demo, "-k=false"], 1, 2),
        ([demo, "--analyzer", "virtualservice.DestinationRuleAnalyzer"], 1, 1),
        ([Program.sample("alb/5-fixed")], 0, 2),
        ([Program.sample("alb/5-fixed"), "--fail-on", "info"], 1, 2),
        ([Program.sample("alb/5-fixed"), "--fail-on", "Warn", "--output-threshold", "Warn"], 1, 1),
        ([Program.sample("httpbin")], 0, 1), (["not-there"], 2, 0), ([], 2, 0), ([demo, "-S", "IST0101"], 2, 0),
        ([demo, "--analyzer", "none.Such"], 2, 0), ([demo, "-n", "shop", "-A"], 2, 0),
    ]

    @Test("flags as istioctl's users type them", arguments: flags)
    func flag(arguments: [String], status: Int, lines: Int) throws {
        let found = try Program.run(["analyze"] + arguments)
        #expect(found.status == Int32(status), "\(found.output)\(found.errors)")
        let own = found.output.split(separator: "\n").filter { !$0.hasPrefix("  hint") }
        #expect(own.count == lines, "\(found.output)")
    }

    @Test("what is a finding is said once, and the rest of the file is read")
    func once() throws {
        let manifests = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: a, namespace: shop}
            spec: {hosts: [a.com], http: [{timeout: banana, route: [{destination: {host: web}}]}]}
            """
        let found = try Program.run(["analyze", "-f", "-"], input: manifests)
        #expect(found.status == 1)
        #expect(found.output.contains("-:4:41: error: Schema validation error: field \"timeout\""), "\(found.output)")
        #expect(!found.errors.contains("timeout"), "\(found.errors)")
    }

    @Test("codes and flags are explained, others have a nearest one")
    func explain() throws {
        let found = try Program.run(["explain", "ist0145", "MT0121", "UH"])
        #expect(found.status == 0)
        for words in ["IST0145: ConflictingGateways", "istio.io", "MT0121: nothing is ever ejected", "UH"] {
            #expect(found.output.contains(words))
        }
        let unknown = try Program.run(["explain", "IST01445"])
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("did you mean IST0145"))
        let all = try Program.run(["explain"])
        #expect(all.output.split(separator: "\n").count > 100)
    }
}

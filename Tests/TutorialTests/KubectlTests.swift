import Documents
import MeshModel
import Testing

@testable import Tutorial

/// What kubectl does to objects, and prints.
struct KubectlTests {
    private static let manifest = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec:
          type: LoadBalancer
          selector: {app: web}
          ports:
          - {name: http, port: 80, targetPort: 8080, nodePort: 30123}
          - {name: admin, port: 9000}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - {name: web, image: "web:1"}
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: door, namespace: shop}
        spec:
          selector: {istio: ingressgateway}
          servers:
          - port: {number: 80, name: http, protocol: HTTP}
            hosts: ["*"]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: door, namespace: shop}
        spec:
          gatewayClassName: istio
          listeners:
          - {name: http, port: 80, protocol: HTTP}
        """

    private static func kubectl() -> Kubectl {
        var cluster = PlayedCluster()
        _ = cluster.apply(manifest, file: "t.md", line: 10)
        return Kubectl(cluster, at: SourceLocation(file: "t.md", line: 100, column: 1))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var line: String
        var output: [String]
        var testDescription: String { line }

        init(_ line: String, _ output: String...) {
            self.line = line
            self.output = output
        }
    }

    static let rows: [Row] = [
        Row("get ns", "NAME STATUS AGE", "shop Active 0s"),
        Row(
            "get svc web -n shop", "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE",
            "web LoadBalancer 10.96.0.1 203.0.113.20 80:30123/TCP,9000/TCP 0s"),
        Row("get svc web", "Error from server (NotFound): services \"web\" not found"),
        Row("get svc -n shop -l app=other", "No resources found in shop namespace."),
        Row("get deploy/web -n shop", "NAME READY UP-TO-DATE AVAILABLE AGE", "web 2/2 2 2 0s"),
        Row("get gateway.networking.istio.io -A", "NAMESPACE NAME AGE", "shop door 0s"),
        Row(
            "get gtw -n shop door", "NAME CLASS ADDRESS PROGRAMMED AGE", "door istio 203.0.113.21 True 0s"),
        Row("get svc web -n shop -o jsonpath={.status.loadBalancer.ingress[0].ip}", "203.0.113.20"),
        Row("get svc -n shop -o name", "service/web"),
        Row("delete gtw door -n shop", "gateway.gateway.networking.k8s.io \"door\" deleted"),
        Row("delete svc none -n shop --ignore-not-found"),
        Row("delete svc none -n shop", "Error from server (NotFound): services \"none\" not found"),
        Row("label ns shop istio-injection=enabled", "namespace/shop labeled"),
        Row("annotate svc web -n shop a/b=c", "service/web annotated"),
        Row("scale deploy web -n shop --replicas=3", "deployment.apps/web scaled"),
        Row("set image deploy/web web=web:2 -n shop", "deployment.apps/web image updated"),
        Row("create namespace shop", "Error from server (AlreadyExists): namespace/shop already exists"),
        Row("create ns other", "namespace/other created"),
        Row("wait --for=condition=programmed gtw door -n shop", "gateway.gateway.networking.k8s.io/door condition met"),
        Row("rollout status deploy/web -n shop", "deployment \"web\" successfully rolled out"),
        Row("expose deploy web -n shop --name inner --port 8080", "service/inner exposed"),
    ]

    @Test("a line prints what kubectl prints", arguments: rows)
    func prints(row: Row) {
        var kubectl = Self.kubectl()
        let words = row.line.split(separator: " ").map(String.init)
        let prediction = kubectl.run(KubectlLine(words), files: [], missing: [])
        let lines = prediction.lines.map { line in
            line.text.split(separator: " ").joined(separator: " ")
        }
        #expect(lines == row.output)
        #expect(prediction.refusal == nil)
    }

    @Test("objects keep their places in the page, also with the address that a cloud gives them")
    func places() throws {
        let mesh = Self.kubectl().cluster.snapshot.mesh
        let service = try #require(mesh.services.first { $0.name == "web" })
        #expect(service.meta.location?.line == 14)
        #expect(service.ports.map { $0.location?.line } == [21, 22])
        #expect(service.loadBalancerIngress.first?.ip == "203.0.113.20")
    }

    @Test("a second apply says what changed, and an address stays")
    func reapplied() {
        var kubectl = Self.kubectl()
        let changed = Self.manifest.replacing("nodePort: 30123", with: "nodePort: 30124")
        let line = KubectlLine(["apply", "-f", "x.yaml"])
        let prediction = kubectl.run(line, files: [PlacedText(text: changed, file: "t.md", line: 10)], missing: [])
        #expect(
            prediction.effects == [
                "unchanged namespace/shop", "configured service/web", "unchanged deployment.apps/web",
                "unchanged gateway.networking.istio.io/door", "unchanged gateway.gateway.networking.k8s.io/door",
            ])
        #expect(kubectl.cluster.snapshot.mesh.services.first?.loadBalancerIngress.first?.ip == "203.0.113.20")
    }

    @Test("objects without a namespace get that of -n, whatever their kind")
    func namespaced() {
        var kubectl = Self.kubectl()
        let text = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n"
        for namespace in ["one", "two"] {
            let prediction = kubectl.run(
                KubectlLine(["apply", "-n", namespace, "-f", "x"]),
                files: [PlacedText(text: text, file: "t.md", line: 1)], missing: [])
            #expect(prediction.effects == ["created serviceaccount/web"])
        }
    }

    @Test("a namespace takes its objects with it")
    func namespaceDeleted() {
        var kubectl = Self.kubectl()
        _ = kubectl.run(KubectlLine(["delete", "ns", "shop"]), files: [], missing: [])
        #expect(kubectl.cluster.objects.isEmpty)
    }

    @Test(
        "patches change what they name",
        arguments: [
            (
                #"["patch","svc","web","-n","shop","--type","merge","-p","{\"spec\":{\"type\":\"NodePort\"}}"]"#,
                "type", "\"NodePort\""
            ),
            (
                #"["patch","svc","web","-n","shop","-p","{\"spec\":{\"ports\":[{\"name\":\"http\",\"port\":81}]}}"]"#,
                "ports",
                #"[{"name":"http","port":81,"targetPort":8080,"nodePort":30123},{"name":"admin","port":9000}]"#
            ),
            (
                #"["patch","svc","web","-n","shop","--type=json","-p","[{\"op\":\"remove\",\"path\":\"/spec/ports/0\"}]"]"#,
                "ports", #"[{"name":"admin","port":9000}]"#
            ),
        ])
    func patched(line: String, field: String, expected: String) throws {
        let words = try #require(DocumentReader.read(line, file: "-").documents.first).root.elements.map(\.text)
        var kubectl = Self.kubectl()
        _ = kubectl.run(KubectlLine(words), files: [], missing: [])
        let service = try #require(kubectl.cluster.resources { $0.kindName == "Service" }.first)
        let value = try #require(service.node["spec"]?[field]?.json)
        #expect(value.text().filter { $0 != " " } == expected)
    }

    @Test("kubectl of two APIs with one word says so")
    func ambiguous() {
        var kubectl = Self.kubectl()
        let prediction = kubectl.run(KubectlLine(["get", "gateway", "-n", "shop"]), files: [], missing: [])
        #expect(prediction.notes.map(\.message).joined().contains("two APIs"))
        #expect(prediction.lines.count == 4)
    }
}

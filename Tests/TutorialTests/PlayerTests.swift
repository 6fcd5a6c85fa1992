import CurlCommand
import Documents
import MeshModel
import TestSupport
import Testing

@testable import Tutorial

/// An oracle that says what it was asked.
private struct Echo: MeshOracle {
    func curl(_ invocation: CurlInvocation, in mesh: MeshSnapshot) -> Prediction {
        Prediction(lines: invocation.transfers.map { "\($0.request.method) \($0.request.url.description)" })
    }
    func proxyConfig(_ words: [String], in mesh: MeshSnapshot) -> Prediction {
        Prediction(lines: ["\(words.joined(separator: " ")): \(mesh.virtualServices.map(\.name))"])
    }
    func findings(in mesh: MeshSnapshot) -> [Diagnostic] {
        mesh.virtualServices.map { Diagnostic(.warning, "there is \($0.name)", at: $0.meta.location) }
    }
}

/// How a page is played.
struct PlayerTests {
    private func play(_ text: String, tab: String? = nil, file: @escaping @Sendable (String) -> String? = { _ in nil })
        -> TutorialRun
    {
        var settings = PlaySettings()
        settings.sources = TutorialSources(file: file)
        return TutorialPlayer.play(PageReader.read(text, file: "t.md"), tab: tab, settings: settings, oracle: Echo())
    }

    private static let virtualService = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: web
        spec:
          hosts: [web]
        """

    @Test("variables go from block to block, and from kubectl into them")
    func variables() {
        let run = play(
            """
            ```bash
            export NAME=istio-ingressgateway
            export HOST=$(kubectl -n istio-system get svc "$NAME" -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
            ```
            ```bash
            curl -I "http://$HOST/x"
            echo "at ${HOST}"
            ```
            """)
        #expect(
            run.steps.map { $0.predicted.map(\.text) } == [[], [], ["HEAD http://203.0.113.10/x"], ["at 203.0.113.10"]])
        #expect(run.steps.map(\.location.line) == [2, 3, 6, 7])
        #expect(run.steps[1].effects == ["HOST=203.0.113.10"])
    }

    @Test("what asks for something that is not there leaves its variable empty, and says so")
    func missing() {
        let run = play(
            """
            ```bash
            export HOST=$(kubectl get svc none -o jsonpath='{.spec.clusterIP}')
            curl --resolve "a.example.com:80:$HOST" http://a.example.com/
            ```
            """)
        #expect(run.steps[0].notes.first?.message.contains("services \"none\" not found") == true)
        #expect(run.steps[1].predicted.first?.text.hasPrefix("curl: (49)") == true)
        #expect(run.findings.map { $0.location?.line } == [2, 3])
    }

    @Test("a load balancer with a name has no address, and the hint says where the name is")
    func namedLoadBalancer() {
        let patch = #"{"status":{"loadBalancer":{"ingress":[{"hostname":"lb.example.net"}]}}}"#
        let run = play(
            """
            ```bash
            kubectl patch svc istio-ingressgateway -n istio-system --type merge -p '\(patch)'
            export HOST=$(kubectl get svc istio-ingressgateway -n istio-system -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
            export HOST=$(kubectl get svc istio-ingressgateway -n istio-system -o jsonpath='{.status.loadBalancer.ingress[0].hostname}')
            ```
            """)
        #expect(run.findings.map { $0.location?.line } == [3])
        #expect(run.findings.first?.hint?.contains(".hostname") == true)
        #expect(run.steps.last?.effects == ["HOST=lb.example.net"])
    }

    @Test("clusters of several contexts are kept apart")
    func contexts() {
        let run = play(
            """
            ```bash
            istioctl install --context="${CTX_CLUSTER1}" --set profile=minimal -y
            kubectl create --context="${CTX_CLUSTER1}" namespace one
            kubectl create --context="${CTX_CLUSTER2}" namespace two
            kubectl get ns --context=cluster1 -o name
            kubectl get ns --context=cluster2 -o name
            ```
            """)
        #expect(
            run.steps[3].predicted.map(\.text) == ["namespace/default", "namespace/istio-system", "namespace/one"])
        #expect(run.steps[4].predicted.map(\.text) == ["namespace/two"])
    }

    @Test("objects come from here-documents, from pipes, from files that the page writes or shows, and from beside it")
    func files() {
        let body = Self.virtualService
        let run = play(
            """
            ```bash
            kubectl apply -f - <<EOF
            \(body.replacing("name: web", with: "name: a"))
            EOF
            cat <<EOF | kubectl apply -f -
            \(body.replacing("name: web", with: "name: b"))
            EOF
            cat > c.yaml <<EOF
            \(body.replacing("name: web", with: "name: c"))
            EOF
            kubectl apply -f c.yaml
            ```
            ```yaml
            \(body.replacing("name: web", with: "name: d"))
            ```
            ```bash
            kubectl apply -f shown.yaml
            kubectl apply -f beside.yaml
            kubectl apply -f none.yaml
            kubectl apply -f @samples/httpbin/httpbin.yaml@
            kubectl apply -f https://example.com/istio/release-1.28/samples/curl/curl.yaml
            ```
            """, file: { $0 == "beside.yaml" ? body.replacing("name: web", with: "name: e") : nil })
        let created = run.steps.flatMap(\.effects).filter { $0.hasPrefix("created virtualservice") }
        #expect(created.map { $0.suffix(1) } == ["a", "b", "c", "d", "e"])
        // Each at the line where it stands.
        #expect(
            run.findings.compactMap { $0.message.hasPrefix("there is") ? $0.location?.line : nil } == [3, 11, 19, 29])
        #expect(run.steps.first { $0.command.contains("none.yaml") }?.verdict == .skipped)
        #expect(run.steps.suffix(2).allSatisfy { $0.predicted.contains { $0.text.hasPrefix("service/") } })
    }

    @Test("an object whose text has variables and blank lines is found at its own line")
    func expandedBodies() {
        let run = play(
            """
            ```bash
            NAME=a
            kubectl apply -f - <<EOF
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: $NAME
            EOF
            NAME=b
            kubectl apply -f - <<EOF

            apiVersion: networking.istio.io/v1
            kind: VirtualService

            metadata:
              name: $NAME
            EOF
            ```
            """)
        #expect(run.findings.filter { $0.message.hasPrefix("there is") }.map { $0.location?.line } == [4, 12])
    }

    @Test("what is shown and never applied is applied before something looks at it")
    func shownOnly() {
        let run = play("```yaml\n\(Self.virtualService)\n```\n```bash\nistioctl pc routes x\n```\n")
        #expect(run.steps.last?.predicted.map(\.text) == [#"routes x: ["web"]"#])
        #expect(run.steps[1].effects.last?.hasPrefix("applied unasked") == true)
    }

    @Test("a box is played and forgotten")
    func boxes() {
        let run = play(
            "{{< tip >}}\n```bash\nexport A=1\n```\n{{< /tip >}}\n```bash\necho \"a${A}b\"\n```\n")
        #expect(run.steps.map(\.aside) == ["tip", nil])
        #expect(run.steps[1].predicted.map(\.text) == ["ab"])
    }

    @Test("tabs are ways of their own")
    func tabs() {
        let page = """
            {{< tabset >}}
            {{< tab name="A" >}}
            ```bash
            export X=a
            ```
            {{< /tab >}}
            {{< tab name="B" >}}
            ```bash
            export X=b
            ```
            {{< /tab >}}
            {{< /tabset >}}
            ```bash
            echo $X
            ```
            """
        #expect(play(page, tab: "A").steps.last?.predicted.map(\.text) == ["a"])
        #expect(play(page, tab: "B").steps.last?.predicted.map(\.text) == ["b"])
    }

    @Test("output is inside the block, or in the block below")
    func outputs() {
        let run = play(
            """
            ```console
            $ echo one
            one
            $ echo two
            three
            ```
            ```bash
            echo four
            ```
            gives
            ```
            four
            ```
            """)
        #expect(run.steps.map(\.verdict) == [.equal, .differs, .equal])
        #expect(run.steps[1].printedLine == 5)
        #expect(run.steps[2].printedLine == 12)
    }

    @Test("what is printed below several statements is the output of all of them")
    func statements() {
        let run = play("```\n$ echo one; echo two && echo three\none\ntwo\nthree\n```\n")
        #expect(run.steps.map(\.verdict) == [.equal])
        #expect(run.steps[0].predicted.map(\.text) == ["one", "two", "three"])
    }

    @Test("MeshConfig of an installation is the mesh's")
    func meshConfig() {
        let run = play(
            """
            ```bash
            istioctl install --set meshConfig.outboundTrafficPolicy.mode=REGISTRY_ONLY
            kubectl get configmap istio -n istio-system -o yaml | grep mode
            ```
            """)
        #expect(run.steps[1].predicted.map(\.text) == ["      mode: REGISTRY_ONLY"])
    }

    @Test("an edited object takes over the fragments that follow")
    func edited() {
        let run = play(
            """
            ```
            $ kubectl -n istio-system edit svc istio-ingressgateway
            ```
            ```
            ...
                example.com/path: /ready
                example.com/port: "30218"
            ...
            ```
            ```bash
            kubectl -n istio-system get svc istio-ingressgateway -o jsonpath='{.metadata.annotations.example\\.com/port}'
            ```
            """)
        #expect(run.steps.map { $0.predicted.map(\.text) }.last == ["30218"])
    }

    @Test(
        "what cannot be played is skipped with a reason",
        arguments: [
            "helm install x y", "minikube tunnel", "gcloud compute x", "kubectl logs x", "istioctl dashboard kiali",
            "kubectl get svc | jq .", "frobnicate --all", "kubectl exec x -- ls",
        ])
    func skipped(line: String) {
        let run = play("```bash\n\(line)\n```\n")
        #expect(run.steps.map(\.verdict) == [.skipped])
        #expect(run.steps.first?.reason?.isEmpty == false)
    }

    @Test("a pipeline filters what is predicted")
    func filters() {
        let run = play("```bash\nkubectl get svc -A | grep -i ingress\nkubectl get ns | head -n 1\n```\n")
        #expect(run.steps[0].predicted.count == 1)
        #expect(run.steps[1].predicted.map { $0.words.first?.text } == ["NAME"])
    }

    @Test("kube-inject passes manifests on, in pipes and in substitutions; their Pods have sidecars")
    func injected() {
        let run = play(
            """
            ```bash
            cat <<EOF | istioctl kube-inject -f - | kubectl create -f -
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web}]}
            EOF
            kubectl apply -f <(istioctl kube-inject -f samples/curl/curl.yaml)
            kubectl get pods
            kubectl kustomize "github.com/x/y" | kubectl apply -f -
            ```
            """)
        let pods = run.steps[2].predicted.dropFirst().map { $0.words.dropFirst().first?.text }
        #expect(pods == ["2/2", "2/2"])
        #expect(run.steps.map(\.verdict) == [.notPrinted, .notPrinted, .notPrinted, .skipped])
    }

    @Test("an installation replaces the one before")
    func installations() {
        let run = play(
            """
            ```bash
            istioctl install --set profile=minimal -y
            kubectl get svc -n istio-system -o name
            istioctl install --set values.gateways.istio-ingressgateway.type=NodePort
            kubectl get svc istio-ingressgateway -n istio-system -o jsonpath={.spec.type}
            ```
            """)
        #expect(run.steps[1].predicted.map(\.text) == ["service/istiod"])
        #expect(run.steps[3].predicted.map(\.text) == ["NodePort"])
    }

    @Test("a page without end is played to a bound, and says so")
    func bounded() {
        let run = play("```bash\n" + String(repeating: "echo x\n", count: 3000) + "```\n")
        #expect(run.steps.count == 2001)
        #expect(run.steps.last?.reason?.contains("2000") == true)
    }

    @Test("no text makes the player fail", arguments: UInt64(0)..<200)
    func hostile(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces = [
            "```", "```bash\n", "{{< text", ">}}", "{{< /text >}}", "{{< tab", "$ ", "kubectl ", "apply -f -",
            "<<EOF\n",
            "EOF", "\n", "$(", "`", "\"", "'", "apiVersion: v1\n", "kind: Service\n", "---\n", "curl ", "-H", "| ",
            "&&",
            "get svc ", "-o jsonpath={", "..", "[", "patch svc x -p ", "{\"spec\":", "export A=", "\u{0}", "…",
            "for i in ",
            "do ", "done", "edit svc istio-ingressgateway -n istio-system", "istioctl install --set ", "~~~", "<pre>",
            "é",
        ]
        let text = (0..<60).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        let page = PageReader.read(text, file: "t.md")
        for tab in [nil, "x"] + page.tabs { _ = play(text, tab: tab) }
        _ = page.proseFindings
    }
}

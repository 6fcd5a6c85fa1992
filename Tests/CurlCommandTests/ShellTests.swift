import Testing

@testable import CurlCommand

/// What a shell makes of a text before curl sees it.
struct ShellTests {
    struct Row: Sendable {
        var text: String
        /// Method and address of each request, in order, `xN` behind it when it is repeated.
        var requests: [String]
        var note: String?

        init(_ text: String, _ requests: String..., note: String? = nil) {
            self.text = text
            self.requests = requests
            self.note = note
        }
    }

    static let context = ReplayContext(
        variable: { ["INGRESS_HOST": "130.211.10.121", "INGRESS_PORT": "80", "EMPTY": ""][$0] },
        output: { words in
            words.prefix(3) == ["kubectl", "get", "svc"] ? "10.0.0.1\n" : words == ["minikube", "ip"] ? "1.2.3.4" : nil
        })

    static let rows: [Row] = [
        Row("curl http://a/", "GET http://a/"),
        Row("$ curl -s http://a/\nHTTP/1.1 200 OK\nserver: istio-envoy\n\"unbalanced", "GET http://a/"),
        Row("# curl http://a/\n# a comment", "GET http://a/"),
        Row("user@host:~$ curl http://a/", "GET http://a/"),
        Row("$ curl \\\n>   -X POST \\\n>   http://a/\n200", "POST http://a/"),
        Row("curl -X PUT \\   \n  http://a/", "PUT http://a/", note: "backslash"),
        Row("curl http://a/ # comment", "GET http://a/"),
        Row("curl http://a/#fragment", "GET http://a/"),
        Row("curl 'http://a/b?c=d&e=f'", "GET http://a/b?c=d&e=f"),
        Row("curl \"http://$INGRESS_HOST:$INGRESS_PORT/x\"", "GET http://130.211.10.121:80/x"),
        Row("curl http://${INGRESS_HOST}:${INGRESS_PORT:-8080}/", "GET http://130.211.10.121:80/"),
        Row("curl http://a:${PORT:-8080}/", "GET http://a:8080/"),
        Row("curl http://a/${EMPTY:-x}${EMPTY-y}", "GET http://a/x"),
        Row("F=a.b.c; curl http://${F%.*}/${F##*.}/${#F}", "GET http://a.b/c/5"),
        Row("curl http://${H:=h}/$H", "GET http://h/h"),
        Row("curl http://a/${EMPTY:+x}${INGRESS_PORT:+y}", "GET http://a/y"),
        Row("HOST=b curl http://a/; export C=c D=d\ncurl http://$C/$D", "GET http://a/", "GET http://c/d"),
        Row("X='a b'; curl http://h/ -d $X -d \"$X\"", "POST http://h/", "POST http://b/"),
        Row("curl http://$(kubectl get svc x -o jsonpath='{.a}')/", "GET http://10.0.0.1/"),
        Row("curl http://`minikube ip`/", "GET http://1.2.3.4/"),
        Row("IP=$(minikube ip)\ncurl http://$IP/", "GET http://1.2.3.4/"),
        Row("curl http://$(echo a)/$(printf '%s' b)", "GET http://a/b"),
        Row("curl http://a/ | jq .", "GET http://a/", note: "jq"),
        Row("curl -s http://a/ > out.html 2>&1", "GET http://a/", note: "out.html"),
        Row("curl http://a/ && curl http://b/ || curl http://c/", "GET http://a/", "GET http://b/", "GET http://c/"),
        Row("for i in $(seq 1 100); do curl -s http://a/; done", "GET http://a/ x100"),
        Row("for i in {1..10}; do curl http://a/; sleep 1; done", "GET http://a/ x10"),
        Row("for i in 1 2; do\n  curl http://a/$i\ndone", "GET http://a/1", "GET http://a/2"),
        Row("for i in {1..3}; do curl http://a/; curl http://b/; done", "GET http://a/ x3", "GET http://b/ x3"),
        Row("while true; do curl http://a/; sleep 1; done", "GET http://a/ x*"),
        Row("watch -n1 curl http://a/", "GET http://a/ x*"),
        Row("watch -n 1 'curl -s http://a/'", "GET http://a/ x*"),
        Row("time curl http://a/", "GET http://a/"),
        Row("echo a b | xargs -n1 -I{} curl http://{}/", "GET http://a/"),
        Row("curl http://a/{b,c}", "GET http://a/b", "GET http://a/c"),
        Row("curl 'http://a/{b,c}'", "GET http://a/b", "GET http://a/c"),
        Row("curl 'http://a/[1-3:2]'", "GET http://a/1", "GET http://a/3"),
        Row("curl 'http://a/[08-10]'", "GET http://a/08", "GET http://a/09", "GET http://a/10"),
        Row("curl 'http://[::1]:8080/x'", "GET http://[::1]:8080/x"),
        Row("curl -I [https://x.example.com](https://x.example.com)", "HEAD https://x.example.com/", note: "Markdown"),
        Row("curl \u{201C}http://a/\u{201D} \u{2013}H \u{2018}x: y\u{2019}", "GET http://a/", note: "typographic"),
        Row("curl\u{A0}\u{200B}-X\u{A0}PUT http://a/", "PUT http://a/", note: "non-breaking"),
        Row("curl http://a/?b=1&amp;c=2", "GET http://a/?b=1&c=2", note: "entities"),
        Row("curl &quot;http://a/?b&amp;c&quot;", "GET http://a/?b&c", note: "entities"),
        Row("curl <https://a/x>", "GET https://a/x", note: "angle"),
        Row("```bash\n$ curl http://a/\n```\ntext that isn't shell\n```\ncurl http://b/\n```", "GET http://a/"),
        Row("curl -d @- http://a/ <<EOF\nx=$INGRESS_PORT\nEOF\ncurl http://b/", "POST http://a/", "GET http://b/"),
        Row("kubectl exec deploy/sleep -n ns -c c -- curl -sS http://a/", "GET http://a/"),
        Row("sh -c 'curl http://a/'", "GET http://a/"),
        Row("if true; then curl http://a/; else curl http://b/; fi", "GET http://a/", "GET http://b/"),
        Row("(curl http://a/; curl http://b/)", "GET http://a/", "GET http://b/"),
        Row("{ curl http://a/; }", "GET http://a/"),
        Row("http :8000/x Host:y", "GET http://localhost:8000/x"),
        Row("http POST a.example.com/x q=1", "POST http://a.example.com/x"),
        Row("wget -S --header='Host: y' http://a/", "GET http://a/"),
        Row("curl ^\"http://a/?b=c^&d=e^\" ^\n  -X ^\"PUT^\"", "PUT http://a/?b=c&d=e"),
        Row("curl http://a/ http://b/ -o 1 -o 2 --next -d x c", "GET http://a/", "GET http://b/", "POST http://c/"),
        Row("curl $'http://a/\\x41\\u0042'", "GET http://a/AB"),
        Row("curl a.example.com", "GET http://a.example.com/"),
        Row("curl http://bücher.example/", "GET http://xn--bcher-kva.example/"),
    ]

    @Test("a pasted text is read as a shell would", arguments: rows)
    func reads(_ row: Row) throws {
        let script = try CurlScript.parse(row.text, context: Self.context)
        let requests = script.invocations.flatMap { invocation in
            invocation.transfers.map { transfer in
                let count = invocation.count.map { $0 == 1 ? "" : " x\($0)" } ?? " x*"
                return "\(transfer.request.method) \(transfer.request.url.description)\(count)"
            }
        }
        #expect(requests == row.requests)
        if let note = row.note {
            #expect(script.notes.contains { $0.message.contains(note) }, "\(script.notes)")
        }
    }

    struct Mistake: Sendable {
        var text: String
        var message: String
        var line: Int
        var column: Int
        var code: Int

        init(_ text: String, _ message: String, _ line: Int, _ column: Int, code: Int = 2) {
            (self.text, self.message, self.line, self.column, self.code) = (text, message, line, column, code)
        }
    }

    static let mistakes: [Mistake] = [
        Mistake("curl --frob http://a/", "option --frob is unknown", 1, 6),
        Mistake("curl -s \\\n  --dat x http://a/", "option --dat is ambiguous", 2, 3),
        Mistake("curl -sJkWx http://a/", "option -W is unknown", 1, 10),
        Mistake("curl -H", "option -H needs a value", 1, 6),
        Mistake("curl 'http://a/", "the quote ' is not closed", 1, 6),
        Mistake("curl \"http://a/", "the quote \" is not closed", 1, 6),
        Mistake("curl http://$(kubectl", "\"$(\" is not closed", 1, 15),
        Mistake("curl http://$HOST/$PATHX", "$HOST, $PATHX have no value", 1, 13),
        Mistake("curl http://$(gcloud x)/", "$(gcloud x) has no value", 1, 15),
        Mistake("curl --resolve \"a:80:$GATEWAY_IP\" http://a/", "$GATEWAY_IP has no value", 1, 22),
        Mistake("curl --resolve a:80: http://a/", "has no address", 1, 16, code: 49),
        Mistake("curl --resolve nonsense http://a/", "--resolve wants", 1, 16, code: 49),
        Mistake("curl 'http://a b/'", "the address has a blank in it", 1, 6, code: 3),
        Mistake("curl 'http://a:99999/'", "is not a port", 1, 6, code: 3),
        Mistake("curl 'http://a/{b'", "\"{\" is not closed", 1, 6, code: 3),
        Mistake("curl 'http://a/[3-1]'", "is not a range", 1, 6, code: 3),
        Mistake("curl ftp.example.com", "ftp://", 1, 6, code: 1),
        Mistake("curl ldap://a/", "is not replayed", 1, 6, code: 1),
        Mistake("curl http:///", "the address has no host", 1, 6, code: 3),
        Mistake("curl", "there is no address", 1, 1),
        Mistake("curl -I -d x http://a/", "only select one HTTP request method", 1, 7),
        Mistake("kubectl get pods", "there is no curl command", 1, 1),
        Mistake("Invoke-WebRequest -Uri x", "PowerShell", 1, 1),
        Mistake("case x in a) curl b;; esac", "is not read", 1, 1),
        Mistake("curl http://a/ ${B?no}", "B: no", 1, 16),
        Mistake("for i in 1; do curl http://a/", "\"done\" is missing", 1, 30),
        Mistake("| curl http://a/", "no command before", 1, 1),
    ]

    @Test("a mistake is named with its place and curl's exit code", arguments: mistakes)
    func mistake(_ row: Mistake) {
        do {
            let script = try CurlScript.parse(row.text, context: Self.context)
            Issue.record("read as \(script.transfers.map(\.request.url.description))")
        } catch {
            #expect(error.message.contains(row.message), "\(error)")
            #expect([error.line, error.column, error.exitCode] == [row.line, row.column, row.code], "\(error)")
        }
    }

    @Test("who calls is taken from kubectl exec")
    func caller() throws {
        let line = "kubectl exec \"$(echo sleep-1)\" -n ns -c sleep -- curl -sS reviews:9080/x"
        let invocation = try #require(try CurlScript.parse(line).invocations.first)
        #expect(invocation.caller == CurlInvocation.Caller(name: "sleep-1", namespace: "ns", isPod: true))
        let old = try #require(try CurlScript.parse("kubectl exec sleep-1 curl http://a/").invocations.first)
        #expect(old.caller?.name == "sleep-1")
    }

    @Test("manifests of kubectl apply are kept")
    func manifests() throws {
        let script = try CurlScript.parse("$ kubectl apply -f - <<EOF\nkind: A\n  b: c\nEOF\n$ curl http://a/")
        #expect(script.manifests.map(\.text) == ["kind: A\n  b: c\n"])
        #expect(script.transfers.count == 1)
    }

    @Test("no text makes it trap or go on for ever")
    func hostile() {
        var random = SplitMix64Source(state: 7)
        let pieces = [
            "curl ", "'", "\"", "$(", ")", "${", "}", "`", "\\", "\n", "{1..9}", "{a,b}", "[1-3]", "-H", " -d ", "@",
            "http://a/", "for i in ",
            "; do ", "done", "<<EOF\n", "EOF", "|", "&&", "$X", "^\"", "[x](http://y)", "&quot;", "--", "%", "\u{0}",
            "\u{1F600}", "-K", "#", "=",
        ]
        for _ in 0..<4000 {
            let count = Int(random.next() % 14)
            let text = (0..<count).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
            _ = try? CurlScript.parse(text)
        }
    }
}

struct SplitMix64Source {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// An argument list, as `meshtop curl` gets it from the user's shell.
struct ArgumentTests {
    static let context = ReplayContext(variable: {
        ["INGRESS_HOST": "1.2.3.4", "INGRESS_PORT": "8080", "SECURE_INGRESS_PORT": "443", "HOME": "/root"][$0]
    })

    static let rows: [([String], String)] = [
        (["curl", "-s", "http://$INGRESS_HOST:$INGRESS_PORT/x"], "http://1.2.3.4:8080/x"),
        (["-s", "http://${INGRESS_HOST}/x"], "http://1.2.3.4/x"),
        // What a shell makes of the line when the variables are unset.
        (["http://:/status/200"], "http://1.2.3.4:8080/status/200"),
        (["https://:/status/200"], "https://1.2.3.4:443/status/200"),
        (["http://:81/x"], "http://1.2.3.4:81/x"),
        (["-d", "{\"a\": \"$HOME\"}", "http://a/"], "http://a/"),
    ]

    @Test("variables that the shell left are the manifests'", arguments: rows)
    func reads(_ words: [String], _ address: String) throws {
        let transfer = try #require(try CurlScript.parse(words: words, context: Self.context).transfers.first)
        #expect(transfer.request.url.description == address)
        if words.first == "-d" { #expect(transfer.request.body == Array(words[1].utf8)) }
    }

    @Test("a mistake has its column in the words")
    func column() {
        #expect(throws: CurlError("option --frob is unknown", at: TextPlace(column: 9), hint: nil)) {
            try CurlScript.parse(words: ["curl", "-s", "--frob", "http://a/"])
        }
        #expect(throws: CurlError.self) { try CurlScript.parse(words: ["http://$NOWHERE/"]) }
    }
}

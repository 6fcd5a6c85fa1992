import Testing

@testable import CurlCommand

/// Commands and what they printed, as documents show them; and a shell that remembers.
struct ShellTranscriptTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var isShell = true
        /// `LINE command | output`, an entry each.
        var entries: [String]
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "prompts", text: "$ kubectl get ns\nNAME STATUS\na Active\n$ echo x\nx\n",
            entries: ["1 kubectl get ns | NAME STATUS/a Active", "4 echo x | x"]),
        Row(name: "no output", text: "$ a\n\n$ b\n", entries: ["1 a | ", "3 b | "]),
        Row(
            name: "a prompt with user and folder", text: "user@host:~/mesh$ kubectl get ns\nNAME\n",
            entries: ["1 kubectl get ns | NAME"]),
        Row(
            name: "a here-document belongs to its command",
            text: "$ kubectl apply -f - <<EOF\nkind: X\nEOF\nx created\n",
            entries: ["1 kubectl apply -f - <<EOF/kind: X/EOF | x created"]),
        Row(
            name: "a line that goes on", text: "$ curl -s \\\n  http://a/\nok\n",
            entries: ["1 curl -s \\/  http://a/ | ok"]),
        Row(
            name: "a loop behind a prompt", text: "$ for i in 1 2; do\n>   echo $i\n> done\n1\n2\n",
            entries: ["1 for i in 1 2; do/  echo $i/done | 1/2"]),
        Row(
            name: "a loop without one", text: "for i in 1 2\ndo\n  curl http://$i/\ndone\n",
            entries: ["1 for i in 1 2/do/  curl http://$i//done | "]),
        Row(
            name: "output below a command without a prompt", text: "kubectl get ns\nNAME STATUS\nfoo-bar Active\n",
            entries: ["1 kubectl get ns | NAME STATUS/foo-bar Active"]),
        Row(
            name: "a status line is no command", text: "curl -I http://a/\nHTTP/1.1 200 OK\nserver: envoy\n",
            entries: [
                "1 curl -I http://a/ | HTTP/1.1 200 OK/server: envoy"
            ]),
        Row(
            name: "an unknown command in a shell block", text: "frobnicate --all\n", entries: ["1 frobnicate --all | "]),
        Row(name: "and in any other block", text: "frobnicate --all\n", isShell: false, entries: []),
        Row(name: "assignments", text: "A=1\nexport B=2\n", entries: ["1 A=1 | ", "2 export B=2 | "]),
        Row(
            name: "comments are none", text: "# kubectl is run\nkubectl get ns\n# then\necho x\n",
            entries: ["2 kubectl get ns | ", "4 echo x | "]),
        Row(name: "root's prompt is one", text: "# kubectl get ns\nNAME\n", entries: ["1 kubectl get ns | NAME"]),
    ]

    @Test("a block is taken apart", arguments: rows)
    func entries(row: Row) {
        let transcript = ShellTranscript(row.text, isShell: row.isShell)
        let entries = transcript.entries.map { entry in
            "\(entry.line) \(entry.text.split(separator: "\n").joined(separator: "/")) | "
                + (entry.output ?? []).filter { !$0.isEmpty }.joined(separator: "/")
        }
        #expect(entries == row.entries)
    }

    @Test("variables stay from text to text, and what has none is named")
    func session() throws {
        var session = ShellSession()
        let first = try ShellSession.statements(of: "export A=1 B=\"two words\"; C=${A}x")
        for statement in first.statements { _ = try session.run(statement, context: ReplayContext()) }
        let second = try ShellSession.statements(of: "echo $C \"$B\" $NONE")
        let outcome = try session.run(try #require(second.statements.first), context: ReplayContext())
        #expect(outcome.commands.map(\.words) == [["echo", "1x", "two words"]])
        #expect(outcome.unresolved.map(\.name) == ["NONE"])
        #expect(session.variables["B"] == "two words")
    }

    @Test("a pipeline names its filters and hands a here-document on")
    func pipeline() throws {
        var session = ShellSession()
        let (statements, _) = try ShellSession.statements(
            of: "cat <<EOF | kubectl apply -f - | head -n 1\nkind: X\nEOF\n")
        let outcome = try session.run(try #require(statements.first), context: ReplayContext())
        #expect(outcome.commands.map { $0.words.first } == ["cat", "kubectl"])
        #expect(outcome.commands.last?.standardInput == "kind: X\n")
        #expect(outcome.commands.last?.filters == [["head", "-n", "1"]])
    }
}

import Documents
import TestSupport
import Testing

/// `meshtop play` as a whole.
@Suite(.enabled(if: Program.path != nil, "the program has not been built"))
struct PlayTests {
    private static func play(_ arguments: [String], input: String = "") throws -> (code: Int32, report: Node) {
        let finished = try Program.run(["play", "-o", "json"] + arguments, input: input)
        let report = try #require(DocumentReader.read(finished.output, file: "play.json").documents.first)
        return (finished.status, report.root)
    }

    /// `LINE VERDICT` of the steps that the page prints something for.
    private static func verdicts(_ run: Node) -> [String] {
        (run["steps"]?.elements.map { $0 } ?? []).filter { $0["printed"]?.isNull == false }
            .map { "\($0["line"]?.text ?? "") \($0["verdict"]?.text ?? "")" }
    }

    /// `LINE CODE` of the findings.
    private static func findings(_ report: Node) -> Set<String> {
        Set(
            (report["findings"]?.elements.map { $0 } ?? []).map {
                "\($0["line"]?.text ?? "") \($0["code"]?.text ?? "")"
            })
    }

    // MARK: Our own page

    @Test("the sample page prints what is predicted, in both ways")
    func sample() throws {
        let (code, report) = try Self.play([Program.sample("docs/canary.md")])
        #expect(code == 0)
        let runs = report["runs"]?.elements.map { $0 } ?? []
        #expect(runs.map { $0["tab"]?.text } == ["Istio APIs", "Gateway API"])
        for run in runs {
            let verdicts = Self.verdicts(run)
            #expect(verdicts.count == 10)
            #expect(verdicts.allSatisfy { $0.hasSuffix(" equal") }, "\(verdicts)")
        }
    }

    @Test("a page that prints something else is told where")
    func differs() throws {
        let page = try readText(Program.sample("docs/canary.md")).replacing("\n418\n", with: "\n200\n")
        let (code, report) = try Self.play(["-", "--tab", "Gateway API"], input: page)
        #expect(code == 1)
        let steps = report["runs"]?[0]?["steps"]?.elements.map { $0 } ?? []
        let wrong = try #require(steps.first { $0["verdict"]?.text == "differs" })
        let difference = try #require(wrong["differences"]?[0])
        #expect(difference["printed"]?.text == "200")
        #expect(difference["predicted"]?.text == "418" || difference["predicted"]?.isNull == true)
        #expect(difference["line"]?.int == (wrong["line"]?.int ?? 0) + 1)
    }

    @Test("unknown tabs and files are usage mistakes")
    func usage() throws {
        let tab = try Program.run(["play", Program.sample("docs/canary.md"), "--tab", "Helm"])
        #expect(tab.status == 2)
        #expect(tab.errors.contains("it has \"Gateway API\", \"Istio APIs\""))
        #expect(try Program.run(["play", "none.md"]).status == 2)
    }

    @Test("manifests of the user's take the place of the installation")
    func ownManifests() throws {
        let page =
            "```bash\ncurl -s -o /dev/null -w '%{http_code}\\n' -HHost:httpbin.example.com http://203.0.113.10/status/200\n```\n\n```\n200\n```\n"
        #expect(try Self.play(["-", "-f", Program.sample("httpbin")], input: page).code == 0)
        #expect(try Self.play(["-"], input: page).code == 1)
    }

    // MARK: Pages of others

    struct Seed: Sendable, CustomTestStringConvertible {
        var file: String
        /// By tab: the lines of the commands whose output the page prints. All are as predicted.
        var printed: [[Int]]
        /// What has to be found, `LINE CODE`.
        var traps: Set<String>
        var testDescription: String { file }
    }

    static let seeds = [
        Seed(file: "000_97fba89ce65845cc.txt", printed: [[]], traps: ["88 MT0331"]),
        Seed(file: "001_6fbc11c59cc6e368.txt", printed: [[]], traps: ["16 MT0502", "26 MT0331"]),
        Seed(file: "002_5dfedf54a5f77c2f.txt", printed: [[234, 295, 308], [295, 308]], traps: ["110 MT0401"]),
        Seed(
            file: "003_effabb93780c28d2.txt",
            printed: [[57, 65, 75, 115, 182, 189, 209, 217, 290, 327, 338, 348, 359, 395, 404]],
            traps: ["84 MT0220", "86 MT0221", "112 MT0222", "116 MT0501", "147 MT0201", "209 MT0210"]),
        Seed(
            file: "004_e294f31cc671fedd.txt", printed: [[]],
            traps: [
                "107 IST0106", "114 IST0135", "123 IST0106", "126 MT0120", "178 IST0106", "179 IST0130", "183 IST0106",
                "253 null", "275 null", "281 null", "282 null",
            ]),
    ]

    @Test(
        "the seed documents play through: every printed output is as predicted, every trap is found at its line",
        .enabled(if: seedFolder != nil, "the seed documents are not here"), arguments: seeds)
    func plays(seed: Seed) throws {
        let folder = try #require(seedFolder)
        let (code, report) = try Self.play([folder + "/" + seed.file])
        #expect(code == 0)
        let runs = report["runs"]?.elements.map { $0 } ?? []
        #expect(runs.map(Self.verdicts) == seed.printed.map { $0.map { "\($0) equal" } })
        let found = Self.findings(report)
        #expect(seed.traps.isSubset(of: found), "\(seed.traps.subtracting(found)) of \(found.sorted())")
    }

    @Test(
        "with the clusters that it speaks of, the last page's requests reach them",
        .enabled(if: seedFolder != nil, "the seed documents are not here"))
    func clusters() throws {
        let page = try #require(seedFolder) + "/004_e294f31cc671fedd.txt"
        let clusters = ["tier1", "us-west1-1", "us-west1-2"].flatMap {
            ["--cluster", "\($0)=\(Program.sample("bookinfo-mc/\($0)"))"]
        }
        let (code, report) = try Self.play([page] + clusters)
        #expect(code == 0)
        let steps = report["runs"]?[0]?["steps"]?.elements.map { $0 } ?? []
        let reached = steps.filter { $0["command"]?.text.hasPrefix("curl") == true }.map {
            $0["effects"]?[0]?.text ?? ""
        }
        #expect(reached.count == 3)
        for (effect, subset) in zip(reached, ["us-west1-1", "us-west1-1", "us-west1-2"]) {
            #expect(effect.contains(": 200 by outbound|80|\(subset)|bookinfo.tetrate.io, then "))
        }
    }

    @Test("another Istio's tables are another's", .enabled(if: seedFolder != nil, "the seed documents are not here"))
    func compatibility() throws {
        let page = try #require(seedFolder) + "/003_effabb93780c28d2.txt"
        #expect(try Self.play([page, "--compat", "istio-1.9"]).code == 0)
        #expect(try Self.play([page, "--compat", "current"]).code == 1)
    }
}

import Analysis
import Documents
import Glibc
import MeshModel
import TestSupport
import Testing
import TrafficEngine
import WhyNot

@Suite struct MutationTests {
    /// What became of the mutations that broke a working request.
    struct Score {
        var broken = 0
        var inFinding = 0
        var inReason = 0
        var diagnosed = 0
        var restored = 0
        var kinds: [String: (broken: Int, diagnosed: Int, restored: Int)] = [:]
        var misses: [String] = []

        mutating func count(_ kind: String, isDiagnosed: Bool, isRestored: Bool) {
            var row = kinds[kind] ?? (0, 0, 0)
            row.broken += 1
            row.diagnosed += isDiagnosed ? 1 : 0
            row.restored += isRestored ? 1 : 0
            kinds[kind] = row
        }
    }

    @Test(
        "a broken manifest is named, and its patch restores the route",
        .enabled(if: oracleFolder != nil, "the oracle folder is not here"), arguments: [true, false])
    func mutations(saysWhatIsWanted: Bool) throws {
        let wanted = getenv("MESHTOP_MUTATIONS").flatMap { Int(String(cString: $0)) } ?? 60
        let seed = getenv("MESHTOP_SEED").flatMap { UInt64(String(cString: $0)) } ?? 20_261
        let cases = try OracleCases.all(in: try #require(oracleFolder))
        #expect(cases.count > 100)
        let groups = Dictionary(grouping: cases, by: \.config)
        let configs = groups.keys.sorted()
        var mutator = Mutator(seed: seed)
        var score = Score()
        var tries = 0
        while score.broken < wanted, tries < 60 * wanted {
            tries += 1
            // Each configuration as often as any other, however many requests it comes with.
            guard let config = configs.randomElement(using: &mutator.random),
                let found = groups[config]?.randomElement(using: &mutator.random),
                let mutation = mutator.mutate(found.config)
            else { continue }
            judge(mutation, of: found, saysWhatIsWanted, &score)
        }
        report(score, saysWhatIsWanted, cases.count, seed)
        #expect(score.broken == wanted)
        #expect(score.diagnosed * 100 >= 90 * score.broken, "seed \(seed)")
        #expect(score.restored * 100 >= 70 * score.broken, "seed \(seed)")
    }

    private func judge(
        _ mutation: Mutator.Mutation, of found: WorkingCase, _ saysWhatIsWanted: Bool, _ score: inout Score
    ) {
        let whole = found.mesh(found.config)
        let mesh = found.mesh(mutation.config)
        guard let proxy = found.node(in: whole) else { return }
        let meant = Goal.cluster(found.cluster, needsEndpoint: true)
        let goal = saysWhatIsWanted ? meant : .anywhere
        let requester = SyntheticRequester(found.request, at: proxy)
        let attempt = requester.attempt([], in: mesh.state)
        // It has to fail: without a wish, an answer from somewhere else is no failure.
        guard !meant.isMet(by: attempt), saysWhatIsWanted || !goal.isMet(by: attempt) else { return }
        let answer = WhyNot(requester, in: mesh.state, mesh: mesh.mesh, goal: goal).answer()
        score.broken += 1
        let isInReason = answer.firstReason.map { names($0, mutation) } ?? false
        let before = Set(Analyzer.findings(in: whole.state.snapshot).map(\.object))
        let finding = Analyzer.findings(in: mesh.state.snapshot).first {
            !before.contains($0.object) || $0.object == mutation.object
        }
        let isInFinding = finding.map { $0.object == mutation.object || mutation.isRenamed(to: $0.object) } ?? false
        score.inReason += isInReason ? 1 : 0
        score.inFinding += isInFinding ? 1 : 0
        score.diagnosed += isInReason || isInFinding ? 1 : 0
        let isRestored = answer.fixes.first.map { restores($0, mutation.config, meant, requester, found) } ?? false
        score.restored += isRestored ? 1 : 0
        score.count(
            "\(mutation.object.prefix { $0 != " " }) \(mutation.kind)", isDiagnosed: isInReason || isInFinding,
            isRestored: isRestored)
        if !isRestored || !(isInReason || isInFinding) {
            score.misses.append(
                """
                \(isInReason ? "" : "NOT NAMED ")\(isRestored ? "" : "NOT RESTORED ")\(found.name)
                  broken: \(mutation.object) \(mutation.kind) \(mutation.what)
                  outcome \(answer.attempt.outcome.name), wanted \(found.cluster), tried \(answer.tried)
                  reason: \(answer.firstReason?.text ?? "none")
                  fix: \(answer.fixes.first?.patch ?? "none")
                """)
        }
    }

    /// Whether a reason names the object at fault, by its old or its new name.
    private func names(_ reason: Reason, _ mutation: Mutator.Mutation) -> Bool {
        reason.objects.contains { object in
            let name = "\(object.kind) \(object.namespace)/\(object.name)"
            return name == mutation.object || mutation.isRenamed(to: name)
        }
    }

    /// Applies the patch as a user would, and sends the request again.
    private func restores(
        _ fix: Fix, _ config: String, _ meant: Goal, _ requester: SyntheticRequester, _ found: WorkingCase
    ) -> Bool {
        guard let folder = try? TemporaryFolder(), (try? folder.write(config, to: "mesh.yaml")) != nil,
            let result = try? spawn(["patch", "-p0", "-s"], input: fix.patch, folder: folder.path), result.status == 0,
            let text = try? readText(folder.path("mesh.yaml"))
        else { return false }
        let mesh = found.mesh(text)
        return meant.isMet(by: requester.attempt([], in: mesh.state))
    }

    private func report(_ score: Score, _ saysWhatIsWanted: Bool, _ cases: Int, _ seed: UInt64) {
        guard getenv("MESHTOP_MUTATIONS") != nil else { return }
        var text = "\(saysWhatIsWanted ? "with --want" : "without --want"), seed \(seed), \(cases) working requests: "
        text +=
            "\(score.broken) broken, named \(score.diagnosed) (reason \(score.inReason), finding \(score.inFinding)), "
        text += "restored \(score.restored)\n"
        for (kind, row) in score.kinds.sorted(by: { $0.key < $1.key }) {
            text += "  \(kind): \(row.broken) broken, \(row.diagnosed) named, \(row.restored) restored\n"
        }
        print(text)
        if getenv("MESHTOP_MISSES") != nil { print(score.misses.joined(separator: "\n")) }
    }
}

extension Mutator.Mutation {
    /// The mutation changed the object's own name or namespace.
    func isRenamed(to name: String) -> Bool {
        guard kind == "name" || kind == "namespace" else { return false }
        return object.split(separator: " ").first == name.split(separator: " ").first
            && (object.split(separator: "/").last == name.split(separator: "/").last
                || object.split(separator: "/").first == name.split(separator: "/").first)
    }
}

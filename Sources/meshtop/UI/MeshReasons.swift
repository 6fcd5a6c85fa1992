import Analysis
import Documents
import EnvoyModel
import MeshModel
import MeshtopUI
import Presentation
import WhyNot

/// Why things are as they are in a mesh, for the screens; as it was when the question was asked.
struct MeshReasons: Sendable {
    let loaded: LoadedConfiguration
    /// The proxy that is looked at, and its name where lines without a known address go to it.
    let node: ProxyNode?
    let snapshot: XDSSnapshot
    let asked: String?

    private func replaying(observed: String? = nil) -> Replaying {
        Replaying(loaded: loaded, proxy: asked, server: nil, observed: observed)
    }

    // MARK: Routes

    /// For each route that is looked at, by its `id`: a curl line that it takes, or what hides it. Those that there is no time
    /// for are not there.
    func witnesses(seconds: Double) async -> [String: RouteWitness] {
        guard let node, let witness = CurlWitness(loaded, node) else { return [:] }
        let end = Clock.seconds() + seconds
        var result: [String: RouteWitness] = [:]
        for item in RouteItem.items(of: snapshot) where !item.isInline {
            guard Clock.seconds() < end else { break }
            guard let row = witness.row(table: item.configuration, host: item.virtualHost, position: item.position)
            else { continue }
            let found = witness.found(row)
            result[item.id] = RouteWitness(line: found.line, problem: found.problem)
        }
        return result
    }

    // MARK: Requests that ended

    /// What the manifests say about a request that went wrong: its causes, and what was tried.
    func causes(of line: String, flags: String) async -> [String] {
        let (simulation, answer) = await replaying(observed: flags).answer(line)
        guard let answer else {
            return ["predicted \(simulation.result): the manifests give no reason for \(flags)"]
        }
        let known = answer.isMet ? answer.causeLines : answer.lines
        // That a route is where it should be is no reason for anything.
        var lines = RequestExplanation(lines: known).text().split(separator: "\n").map(String.init)
            .filter { !($0.hasPrefix("route ") && $0.contains(" attached, ")) }
        if simulation.result.split(separator: " ").last.map(String.init) != flags {
            lines.insert(
                "predicted \(simulation.result): what happened is the endpoint's doing or the network's", at: 0)
        }
        return lines
    }

    // MARK: Findings

    /// A request that a finding is about: the first that goes wrong, else the first. `nil` where it is about none.
    func request(about finding: MeshtopUI.Finding) async -> Simulation? {
        var first: Simulation?
        for line in FindingRequests(self).lines(about: finding) {
            let simulation = await replaying().run(line)
            if simulation.isBad { return simulation }
            if first == nil { first = simulation }
        }
        return first
    }

    /// A change of the manifests that puts right what a finding is about, tried; else why there is none.
    func fix(_ finding: MeshtopUI.Finding) async -> FindingFix {
        let lines = FindingRequests(self).lines(about: finding)
        guard !lines.isEmpty else { return FindingFix(finding: finding.id, problem: "no request has to do with it") }
        var arrived = 0
        for line in lines {
            let (simulation, answer) = await replaying().answer(line)
            if !simulation.isBad { arrived += 1 }
            for fix in answer?.fixes ?? [] {
                if let fixed = proof(fix, finding, simulation) { return fixed }
            }
        }
        return FindingFix(
            finding: finding.id,
            problem: arrived == lines.count
                ? "the requests that it is about arrive: e edits the line, t traces one of them"
                : "no change that was tried makes it go away: e edits the line, t traces a request")
    }

    /// What a change does to the request and to the findings; `nil` where the finding stays.
    private func proof(_ fix: Fix, _ finding: MeshtopUI.Finding, _ before: Simulation) -> FindingFix? {
        var mesh = fix.mesh
        let old = Analyzer.findings(in: loaded.mesh ?? MeshSnapshot()).map(\.diagnostic)
        let new = Analyzer.findings(in: mesh.state().snapshot).map(\.diagnostic)
        let isThis = { (other: Diagnostic) in other.code == finding.code && other.message == finding.message }
        guard old.contains(where: isThis), !new.contains(where: isThis) else { return nil }
        var lines = ["finding   \(finding.code) \(finding.message)"]
        lines += ["request   \(before.line)", "          \(before.result)"]
        for (index, proposal) in fix.proposals.enumerated() {
            lines.append((index == 0 ? "because   " : "and       ") + proposal.reason)
            lines.append("fix       \(proposal.object.kind) \(proposal.object.name): \(proposal.summary)")
        }
        lines.append("          tried: " + fix.attempt.summary)
        lines.append(
            "effect    problems \(Self.counts(old)) -> \(Self.counts(new)): this one is gone")
        lines.append("")
        lines += fix.patch.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return FindingFix(finding: finding.id, lines: lines, patch: fix.patch)
    }

    private static func counts(_ diagnostics: [Diagnostic]) -> String {
        [("E", Diagnostic.Severity.error), ("W", .warning), ("I", .info)].map { letter, severity in
            "\(letter)\(diagnostics.count { $0.severity == severity })"
        }.joined(separator: " ")
    }
}

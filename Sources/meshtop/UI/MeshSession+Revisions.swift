import ManifestStore
import Analysis
import BehaviourDiff
import Documents
import MeshModel
import MeshtopUI

/// Other revisions than the newest, and what is found out about each.
extension MeshSession {
    /// Looks at the revision so many steps on (or back), without a step at the newest; `nil` where there is none.
    func travel(_ step: Int?) -> MeshView? { show(step.map { history.move($0) } ?? history.go(to: nil)) }

    /// Looks at the revision with this number.
    func travel(to number: Int) -> MeshView? { show(history.go(to: number)) }

    func show(_ entry: RevisionHistory.Entry?) -> MeshView? {
        guard let entry else { return nil }
        revision = entry.revision
        loaded = entry.loaded
        // The files are no longer what this revision was read from: there is nothing to patch.
        if history.isTravelling { loaded.manifests = nil }
        let node = chosen.flatMap { name in try? loaded.node(named: name) } ?? loaded.proxies.first
        chosen = node.map { loaded.name(of: $0) }
        current = node.map { loaded.configuration(for: $0, previous: current) }
        _ = objects.show(entry.revision.snapshot.resources)
        (lastChange, loadedAt) = (entry.change, entry.loadedAt)
        // Everything on the screen is of this revision, what the embedded proxy does too.
        analysisWanted.continuation.yield()
        publishingWanted.continuation.yield()
        return view()
    }

    /// What requests notice of the difference to an earlier revision: the one with this number, else the one before.
    func difference(since number: Int?) async -> (title: String, lines: [String])? {
        guard let entry = history.entry(number), let revision else { return nil }
        let isLarge = revision.snapshot.resources.count > 5_000
        let lines = await Self.difference(entry.loaded, loaded, proxy: isLarge ? chosen : nil)
        return ("what changed for requests, revision \(entry.number) to \(revision.number)", lines)
    }

    /// Not on the actor, which has revisions to show meanwhile.
    @concurrent
    nonisolated static func difference(
        _ old: LoadedConfiguration, _ new: LoadedConfiguration, proxy: String?
    ) async -> [String] {
        do {
            let report = try ConfigurationComparison(old, new).report(proxy: proxy)
            return report.text.split(separator: "\n").map(String.init)
        } catch {
            return ["\(error)"]
        }
    }

    // MARK: Findings

    /// Looks for findings in each new revision, one after the other, and shows them, until the task ends. Those of the
    /// revision before stay until then.
    func analyze(_ show: @escaping @Sendable (MeshView) -> Void) async {
        if await analyze() { show(view()) }
        for await _ in analysisWanted.stream {
            // The screen and the embedded proxy come first, and changes come in swarms.
            try? await Task.sleep(for: .milliseconds(150))
            if await analyze() { show(view()) }
        }
    }

    /// Says whether it has found out about the revision that is shown.
    func analyze() async -> Bool {
        guard let revision, revision.number != analysis.revision else { return false }
        analysis = (revision.number, await Self.findings(in: loaded))
        return revision.number == self.revision?.number
    }

    /// Not on the actor, which has revisions to show meanwhile.
    @concurrent
    nonisolated static func findings(in loaded: LoadedConfiguration) async -> [Diagnostic] {
        loaded.findings().map(\.diagnostic)
    }
}

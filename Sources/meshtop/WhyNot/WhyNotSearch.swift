import MeshModel
import Presentation
import TrafficEngine
import Translation
import WhyNot

/// Asks why a request did not go where it was meant to, within a time that a user waits.
struct WhyNotSearch {
    let loaded: LoadedConfiguration
    /// `--want`.
    var wanted: String?
    /// Seconds.
    var patience = 3.0

    /// `observed`: the flags that a running proxy logged.
    func answer(_ requester: any Requester, from namespace: String, observed: String? = nil) -> WhyNotAnswer? {
        guard let mesh = loaded.mesh, let translation = loaded.translation else { return nil }
        var limits = WhyNot.Limits()
        let end = Clock.seconds() + patience
        limits.isOutOfTime = { Clock.seconds() > end }
        let state = MeshState(mesh, translation: translation)
        let goal = wanted.flatMap { Goal($0, namespace: namespace, in: mesh) } ?? .anywhere
        // However busy the machine is, the likeliest changes are tried.
        limits.leastProofs = 12
        var question = WhyNot(requester, in: state, mesh: loaded.manifests, goal: goal, limits: limits)
        question.observedFlags = observed
        return question.answer()
    }

    /// The state of a search as the rest of the program knows it.
    func configuration(_ state: MeshState, of proxy: ProxyNode?, seenBy request: SyntheticRequest?)
        -> LoadedConfiguration
    {
        var result = loaded
        result.known = [:]
        result.mesh = state.snapshot
        result.translation = state.translation
        let described = loaded.proxies.filter { node in !(loaded.mesh?.proxies.contains { $0.id == node.id } ?? true) }
        result.proxies = described + state.snapshot.proxies
        if let node = proxy.map(state.proxy) {
            let configuration = state.configuration(of: node)
            // What a change is tried for is asked once: only what the request can see is worth compiling.
            let seen = state.isTrial ? request.map(configuration.complete.seen) : nil
            result.known[LoadedConfiguration.key(of: node)] = LoadedConfiguration.Proxy(
                name: node.id, node: node, snapshot: seen ?? configuration.complete, diagnostics: [])
        }
        return result
    }
}

extension TrafficTrace {
    /// Whether somebody who did not say what they want wants to know why.
    var asksForWhy: Bool { Outcome(self).isFailure }
}

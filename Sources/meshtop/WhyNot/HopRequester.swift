import Documents
import MeshModel
import TrafficEngine
import Translation
import WhyNot

/// Sends a synthetic request through a proxy and the sidecar behind it, as `meshtop simulate` does.
final class HopRequester: Requester {
    private let search: WhyNotSearch
    private let request: SyntheticRequest
    private let proxy: ProxyNode
    private var known: (state: MeshState, simulator: HopSimulator)?

    init(_ search: WhyNotSearch, _ request: SyntheticRequest, at proxy: ProxyNode) {
        self.search = search
        self.request = request
        self.proxy = proxy
    }

    func attempt(_ changes: [RequestChange], in state: MeshState) -> Attempt {
        let node = state.proxy(proxy)
        let changed = request.changed(by: changes)
        let loaded = search.configuration(state, of: proxy, seenBy: request)
        let simulator = simulator(for: state, loaded)
        return Attempt(proxy: node, trace: simulator.trace(changed, at: loaded.configuration(for: node)))
    }

    func text(_ changes: [RequestChange]) -> String { request.changed(by: changes).json.text() }

    /// The state that is asked about is asked often, those with changes once.
    private func simulator(for state: MeshState, _ loaded: LoadedConfiguration) -> HopSimulator {
        if let known, known.state === state { return known.simulator }
        let made = HopSimulator(loaded)
        if known == nil { known = (state, made) }
        return made
    }
}

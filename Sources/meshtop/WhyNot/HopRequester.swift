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
    private var simulators: [ObjectIdentifier: (MeshState, HopSimulator)] = [:]

    init(_ search: WhyNotSearch, _ request: SyntheticRequest, at proxy: ProxyNode) {
        self.search = search
        self.request = request
        self.proxy = proxy
    }

    func attempt(_ changes: [RequestChange], in state: MeshState) -> Attempt {
        let simulator = simulator(for: state)
        let node = state.proxy(proxy)
        let configuration = LoadedConfiguration.Proxy(
            name: node.id, node: node, snapshot: state.configuration(of: node).complete, diagnostics: [])
        return Attempt(proxy: node, trace: simulator.trace(request.changed(by: changes), at: configuration))
    }

    func text(_ changes: [RequestChange]) -> String { request.changed(by: changes).json.text() }

    /// Only the last state's is kept: each is asked once, the first one often.
    private func simulator(for state: MeshState) -> HopSimulator {
        if let known = simulators[ObjectIdentifier(state)] { return known.1 }
        if simulators.count > 1 { simulators = simulators.filter { $0.value.0.snapshot.resources.isEmpty } }
        let made = HopSimulator(search.configuration(state))
        simulators[ObjectIdentifier(state)] = (state, made)
        return made
    }
}

package import MeshModel
package import TrafficEngine
package import Translation

/// The mesh at one moment of the search: as it is, or with a change tried. Configurations are computed when asked for, once; what
/// the change does not concern is taken over from the state before.
package final class MeshState {
    package let snapshot: MeshSnapshot
    package let translation: MeshTranslation
    private let previous: MeshState?
    private var configurations: [ProxyNode: ProxyConfiguration] = [:]
    private var compiled: [ProxyNode: CompiledSnapshot] = [:]

    package init(_ snapshot: MeshSnapshot, translation: MeshTranslation? = nil, after previous: MeshState? = nil) {
        self.snapshot = snapshot
        self.translation = translation ?? MeshTranslation(snapshot, previous: previous?.translation)
        self.previous = previous
    }

    /// What istiod gives a proxy in this state.
    package func configuration(of proxy: ProxyNode) -> ProxyConfiguration {
        if let known = configurations[proxy] { return known }
        let made = translation.configuration(for: proxy, previous: previous?.configurations[proxy])
        configurations[proxy] = made
        return made
    }

    /// What the proxy makes of it.
    package func compiled(for proxy: ProxyNode) -> CompiledSnapshot {
        if let known = compiled[proxy] { return known }
        let made = CompiledSnapshot(configuration(of: proxy).complete)
        compiled[proxy] = made
        return made
    }

    /// What the proxy makes of what one request can see of it: enough where a state is asked once.
    func compiled(for proxy: ProxyNode, seenBy request: SyntheticRequest) -> CompiledSnapshot {
        isTrial ? CompiledSnapshot(configuration(of: proxy).complete.seen(by: request)) : compiled(for: proxy)
    }

    /// A change is tried in it.
    package var isTrial: Bool { previous != nil }

    /// The same proxy in this state: a change may have given it other labels or addresses.
    package func proxy(_ node: ProxyNode) -> ProxyNode {
        guard node.pod != nil || node.isStandIn else { return node }
        return snapshot.proxies.first { $0.id == node.id } ?? node
    }
}

package import MeshModel
package import TrafficEngine
package import Translation

/// The mesh at one moment of the search: as it is, or with a change tried. Configurations are computed when asked for, once.
package final class MeshState {
    package let snapshot: MeshSnapshot
    package let translation: MeshTranslation
    private var compiled: [ProxyNode: CompiledSnapshot] = [:]

    package init(_ snapshot: MeshSnapshot, translation: MeshTranslation? = nil) {
        self.snapshot = snapshot
        self.translation = translation ?? MeshTranslation(snapshot)
    }

    /// What a proxy does in this state.
    package func configuration(of proxy: ProxyNode) -> CompiledSnapshot {
        if let known = compiled[proxy] { return known }
        let made = CompiledSnapshot(translation.configuration(for: proxy).complete)
        compiled[proxy] = made
        return made
    }

    /// The same proxy in this state: a change may have given it other labels or addresses.
    package func proxy(_ node: ProxyNode) -> ProxyNode {
        guard node.pod != nil || node.isStandIn else { return node }
        return snapshot.proxies.first { $0.id == node.id } ?? node
    }
}

package import Documents
package import EnvoyModel
package import MeshModel

/// What istiod makes of a mesh, for any of its proxies: the index that all of them share is built once, the configuration of
/// each when it is asked for.
package struct MeshTranslation: Sendable {
    package let features: Features
    /// What is wrong with, ignored of or not modelled of the manifests, whichever proxy is looked at.
    package let diagnostics: [Diagnostic]
    let index: TranslationIndex

    /// `previous`: the translation of another state of the same mesh, of which everything that has not changed is taken over.
    package init(_ snapshot: MeshSnapshot, previous: MeshTranslation? = nil) {
        let (features, problems) = Features.read(snapshot.options.features)
        self.features = features
        index = TranslationIndex(snapshot, features: features, previous: previous?.index)
        diagnostics = problems + index.diagnostics
    }

    /// Everything that a proxy is configured with.
    package func configuration(for proxy: ProxyNode) -> ProxyConfiguration {
        let context = ProxyContext(index: index, proxy: proxy)
        var snapshot = XDSSnapshot()
        snapshot.node = NodeInfo(proxy)
        switch proxy.type {
        case .gateway: GatewayTranslation(context).build(into: &snapshot)
        case .sidecar: SidecarTranslation(context).build(into: &snapshot)
        }
        let clusters = ClusterTranslation(context).build()
        snapshot.clusters = clusters.clusters
        snapshot.endpoints = clusters.assignments
        return ProxyConfiguration(
            xds: snapshot, bootstrap: BootstrapResources(proxy).snapshot, diagnostics: context.diagnostics)
    }

    /// The route configuration that istiod would send under a name, whether a listener asks for it or not.
    package func routeConfiguration(named name: String, for proxy: ProxyNode) -> RouteConfiguration? {
        let context = ProxyContext(index: index, proxy: proxy)
        return switch proxy.type {
        case .gateway: GatewayTranslation(context).routeConfiguration(named: name)
        case .sidecar: SidecarTranslation(context).routeConfiguration(named: name)
        }
    }
}

/// The configuration of one proxy.
package struct ProxyConfiguration: Sendable {
    /// What istiod sends.
    package var xds: XDSSnapshot
    /// What Istio's bootstrap has built in: listeners for statistics and health, clusters of the agent. Nothing for a proxy
    /// whose metadata does not name the ports (`ENVOY_PROMETHEUS_PORT`, `ENVOY_STATUS_PORT`), as one described by hand.
    package var bootstrap: XDSSnapshot
    package var diagnostics: [Diagnostic]

    /// Both, what istiod sends first: what the proxy has.
    package var complete: XDSSnapshot {
        var result = xds
        result.listeners += bootstrap.listeners
        result.clusters += bootstrap.clusters
        result.staticListenerCount = bootstrap.listeners.count
        result.staticClusterCount = bootstrap.clusters.count
        return result
    }
}

/// istiod's computation for one proxy; for many, keep a `MeshTranslation`.
package func translate(_ snapshot: MeshSnapshot, proxy: ProxyNode) -> (XDSSnapshot, [Diagnostic]) {
    let translation = MeshTranslation(snapshot)
    let configuration = translation.configuration(for: proxy)
    return (configuration.xds, translation.diagnostics + configuration.diagnostics)
}

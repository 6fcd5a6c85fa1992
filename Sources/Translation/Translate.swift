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
    /// By cluster, where there are several: each control plane has the configuration of its own.
    private let clusters: [String: TranslationIndex]

    /// `previous`: the translation of another state of the same mesh, of which everything that has not changed is taken over.
    package init(_ snapshot: MeshSnapshot, previous: MeshTranslation? = nil) {
        let (features, problems) = Features.read(snapshot.options.features)
        self.features = features
        guard let first = snapshot.clusters.first else {
            index = TranslationIndex(snapshot, features: features, previous: previous?.index)
            clusters = [:]
            diagnostics = problems + index.diagnostics
            return
        }
        var clusters: [String: TranslationIndex] = [:]
        var found: [Diagnostic] = []
        for (name, _) in snapshot.clusters {
            let index = TranslationIndex(
                snapshot.seen(from: name), features: features, previous: previous?.clusters[name])
            clusters[name] = index
            found += index.diagnostics
        }
        index = clusters[first.name] ?? TranslationIndex(snapshot, features: features)
        self.clusters = clusters
        diagnostics = problems + found
    }

    func index(for proxy: ProxyNode) -> TranslationIndex { clusters[proxy.cluster] ?? index }

    /// Everything that a proxy is configured with.
    ///
    /// `previous`: the configuration of the same proxy in another state of the mesh, of which everything that has not changed is
    /// taken over.
    package func configuration(for proxy: ProxyNode, previous: ProxyConfiguration? = nil) -> ProxyConfiguration {
        let context = ProxyContext(index: index(for: proxy), proxy: proxy, previous: previous?.parts)
        var draft = ConfigurationDraft()
        switch proxy.type {
        case .gateway: GatewayTranslation(context).build(into: &draft)
        case .sidecar: SidecarTranslation(context).build(into: &draft)
        }
        let bootstrap = BootstrapResources(proxy).snapshot
        let clusters = ClusterTranslation(
            context, hasAutoPassthrough: draft.hasAutoPassthrough, usedHosts: draft.usedHosts
        ).build(bootstrap: bootstrap.clusters)
        var snapshot = draft.snapshot
        snapshot.node = NodeInfo(proxy)
        snapshot.clusters = clusters.clusters
        snapshot.endpoints = clusters.assignments
        snapshot.secrets = secrets(for: snapshot, of: proxy)
        snapshot.listeners += bootstrap.listeners
        snapshot.staticListenerCount = bootstrap.listeners.count
        snapshot.staticClusterCount = bootstrap.clusters.count
        return ProxyConfiguration(
            complete: snapshot, diagnostics: draft.diagnostics,
            parts: ConfigurationParts(
                context, gatewayHosts: draft.gatewayHosts, outbound: clusters.outbound, complete: snapshot))
    }

    /// What a sidecar is configured with to take what comes in: listeners, routes and clusters of that direction, as in its whole
    /// configuration. Far less work than that, where a request ends at the proxy.
    package func inboundConfiguration(for proxy: ProxyNode) -> XDSSnapshot {
        let context = ProxyContext(index: index(for: proxy), proxy: proxy)
        var draft = ConfigurationDraft()
        SidecarTranslation(context).buildInbound(into: &draft)
        let bootstrap = BootstrapResources(proxy).snapshot
        var snapshot = draft.snapshot
        snapshot.node = NodeInfo(proxy)
        let clusters = ClusterTranslation(context, hasAutoPassthrough: false, usedHosts: [])
            .build(bootstrap: bootstrap.clusters)
        snapshot.clusters = clusters.clusters
        snapshot.endpoints = clusters.assignments
        snapshot.secrets = secrets(for: snapshot, of: proxy)
        snapshot.listeners += bootstrap.listeners
        return snapshot
    }

    private func secrets(for snapshot: XDSSnapshot, of proxy: ProxyNode) -> [EnvoyModel.Secret] {
        let index = index(for: proxy)
        let discovery = SecretDiscovery(index.snapshot, for: proxy)
        return snapshot.secretNames(ofClusters: index.hasUpstreamCredentials).compactMap(discovery.secret)
    }

    /// The route configuration that istiod would send under a name, whether a listener asks for it or not.
    package func routeConfiguration(named name: String, for proxy: ProxyNode) -> RouteConfiguration? {
        let context = ProxyContext(index: index(for: proxy), proxy: proxy)
        return switch proxy.type {
        case .gateway: GatewayTranslation(context).routeConfiguration(named: name)
        case .sidecar: SidecarTranslation(context).routeConfiguration(named: name)
        }
    }
}

/// The configuration of one proxy.
package struct ProxyConfiguration: Sendable {
    /// What istiod sends, and behind it what Istio's bootstrap has built in: listeners for statistics and health, clusters of the
    /// agent. Nothing for a proxy whose metadata does not name the ports (`ENVOY_PROMETHEUS_PORT`, `ENVOY_STATUS_PORT`), as one
    /// described by hand.
    package let complete: XDSSnapshot
    package let diagnostics: [Diagnostic]
    let parts: ConfigurationParts

    /// What istiod sends alone.
    package var xds: XDSSnapshot {
        var result = complete
        result.listeners.removeLast(result.staticListenerCount)
        result.clusters.removeLast(result.staticClusterCount)
        result.staticListenerCount = 0
        result.staticClusterCount = 0
        return result
    }
}

/// istiod's computation for one proxy; for many, keep a `MeshTranslation`.
package func translate(_ snapshot: MeshSnapshot, proxy: ProxyNode) -> (XDSSnapshot, [Diagnostic]) {
    let translation = MeshTranslation(snapshot)
    let configuration = translation.configuration(for: proxy)
    return (configuration.xds, translation.diagnostics + configuration.diagnostics)
}

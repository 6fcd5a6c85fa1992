package import Documents

/// Everything one proxy is configured with, immutable and consistent: what istiod would send, what a dump holds, or what a
/// bootstrap has built in.
package struct XDSSnapshot: Sendable {
    /// The revision of the store that it was made from; rises with every change.
    package var revision: UInt64
    package var node: NodeInfo
    package var listeners: [Listener]
    package var routes: [RouteConfiguration]
    package var clusters: [Cluster]
    /// The load assignments of EDS clusters. STATIC and DNS clusters carry their own.
    package var endpoints: [ClusterLoadAssignment]
    package var secrets: [Secret]
    /// How many of the last listeners are the bootstrap's own, which a dump lists as static.
    package var staticListenerCount = 0
    /// How many of the last clusters are the bootstrap's own.
    package var staticClusterCount = 0
    /// `cluster_manager.local_cluster_name`, empty if none: switches zone aware routing on.
    package var localClusterName = ""
    /// What was read and is not modelled: shown to the user wherever it can matter.
    package var unmodelled: [UnmodelledField] = []
    /// The bootstrap message, where there was one (`nil` for what Translation made).
    package var bootstrap: RawMessage?

    package init(
        revision: UInt64 = 0, node: NodeInfo = NodeInfo(), listeners: [Listener] = [],
        routes: [RouteConfiguration] = [], clusters: [Cluster] = [], endpoints: [ClusterLoadAssignment] = [],
        secrets: [Secret] = []
    ) {
        self.revision = revision
        self.node = node
        self.listeners = listeners
        self.routes = routes
        self.clusters = clusters
        self.endpoints = endpoints
        self.secrets = secrets
    }
}

/// `config.core.v3.Node`, as far as it matters.
package struct NodeInfo: Hashable, Sendable {
    package var id: String
    package var cluster: String
    package var locality: Locality
    package var metadata: JSONObject

    package init(
        id: String = "", cluster: String = "", locality: Locality = Locality(), metadata: JSONObject = JSONObject()
    ) {
        self.id = id
        self.cluster = cluster
        self.locality = locality
        self.metadata = metadata
    }
}

/// A secret that a proxy has or asks for; never its private parts.
package struct Secret: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case certificate(chainPEM: String)
        case certificateAuthority(pem: String)
        case other
    }

    package var name: String
    package var kind: Kind
    package var isWarming: Bool
    package var sources: [SourceReference]

    package init(name: String, kind: Kind, isWarming: Bool = false, sources: [SourceReference] = []) {
        self.name = name
        self.kind = kind
        self.isWarming = isWarming
        self.sources = sources
    }
}

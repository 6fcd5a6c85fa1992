package import Documents

/// A Kubernetes Service.
package struct Service: MeshObject, Hashable {
    package static let kindName = "Service"
    package static var list: WritableKeyPath<MeshSnapshot, [Service]> { \.services }

    package struct Port: Hashable, Sendable {
        package var name = ""
        /// `TCP`, `UDP` or `SCTP`.
        package var `protocol` = "TCP"
        package var appProtocol: String?
        package var port = 0
        /// `nil`: the same number as `port`.
        package var targetPort: PortReference?
        package var nodePort: Int?
        package var location: SourceLocation?

        package init() {}
    }

    package enum ServiceType: String, Hashable, Sendable, CaseIterable {
        case clusterIP = "ClusterIP"
        case nodePort = "NodePort"
        case loadBalancer = "LoadBalancer"
        case externalName = "ExternalName"
    }

    package struct Ingress: Hashable, Sendable {
        package var ip: String?
        package var hostname: String?

        package init() {}
    }

    package var meta: ObjectMeta
    package var type: ServiceType = .clusterIP
    /// Empty or `nil`: endpoints come from objects alone.
    package var selector: [String: String]?
    package var ports: [Port] = []
    /// `None`: headless. Empty: not given.
    package var clusterIP = ""
    package var clusterIPs: [String] = []
    package var externalIPs: [String] = []
    package var externalName = ""
    package var loadBalancerIP = ""
    /// `status.loadBalancer.ingress`.
    package var loadBalancerIngress: [Ingress] = []
    /// Whether the manifest has a status: then no address in it means that there is none yet.
    package var hasStatus = false
    package var internalTrafficPolicy: String?
    package var externalTrafficPolicy: String?
    package var loadBalancerClass: String?
    /// The node port on which kube-proxy tells load balancers whether a node has a Pod of this Service
    /// (`externalTrafficPolicy: Local`).
    package var healthCheckNodePort: Int?
    /// CIDRs that the load balancer lets in; empty: all.
    package var loadBalancerSourceRanges: [String] = []
    package var trafficDistribution: String?
    package var sessionAffinity: String?
    package var ipFamilies: [String] = []
    package var publishNotReadyAddresses = false
    /// Made by meshtop because the manifests need one (a gateway without its Service).
    package var isStandIn = false
    /// Whether `clusterIP` was made up by meshtop.
    package var isClusterIPStandIn = false

    package init(meta: ObjectMeta) { self.meta = meta }

    package var isHeadless: Bool { clusterIP == "None" }
}

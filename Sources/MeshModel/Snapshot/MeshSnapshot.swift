/// Everything that was loaded, typed and indexed; immutable once built.
///
/// Lists of Istio and Gateway API objects are in Istio's order (2.1): creation time, name, namespace.
package struct MeshSnapshot: Sendable {
    package var options = Options()
    /// All objects in the order of files and documents, unknown kinds included.
    package var resources: [Resource] = []

    package var meshConfig = MeshConfig()
    package var meshNetworks = MeshNetworks()
    /// `--services FILE`.
    package var serviceDescriptions: [ServiceDescription] = []

    // Istio
    package var gateways: [IstioGateway] = []
    package var virtualServices: [VirtualService] = []
    package var destinationRules: [DestinationRule] = []
    package var serviceEntries: [ServiceEntry] = []
    package var workloadEntries: [WorkloadEntry] = []
    package var workloadGroups: [WorkloadGroup] = []
    package var sidecars: [Sidecar] = []
    package var peerAuthentications: [PeerAuthentication] = []

    // Gateway API
    package var gatewayClasses: [GatewayClass] = []
    package var kubernetesGateways: [KubernetesGateway] = []
    package var listenerSets: [ListenerSet] = []
    package var httpRoutes: [HTTPRoute] = []
    package var grpcRoutes: [GRPCRoute] = []
    package var tlsRoutes: [TLSRoute] = []
    package var tcpRoutes: [TCPRoute] = []
    package var udpRoutes: [UDPRoute] = []
    package var referenceGrants: [ReferenceGrant] = []
    package var backendTLSPolicies: [BackendTLSPolicy] = []
    package var backendTrafficPolicies: [XBackendTrafficPolicy] = []

    // Kubernetes
    package var services: [Service] = []
    package var endpointSlices: [EndpointSlice] = []
    /// As written; `endpointSlices` has what they are mirrored into.
    package var endpoints: [Endpoints] = []
    package var pods: [Pod] = []
    package var workloads: [Workload] = []
    package var nodes: [KubernetesNode] = []
    package var namespaces: [Namespace] = []
    package var ingresses: [Ingress] = []
    package var ingressClasses: [IngressClass] = []
    package var secrets: [Secret] = []
    package var configMaps: [ConfigMap] = []

    /// Every proxy that is known: gateway workloads, then Pods with a sidecar.
    package var proxies: [ProxyNode] = []
    /// What each of several clusters holds by itself; empty for one.
    package internal(set) var clusters: [(name: String, snapshot: MeshSnapshot)] = []
    /// Look-ups, made when the objects are collected.
    var index = Index()

    package init() {}

    /// How a snapshot is made and read.
    package struct Options: Hashable, Sendable {
        /// The cluster domain.
        package var domain = "cluster.local"
        /// The domain suffix of short host names in Istio objects; `nil` is `domain`, an empty string gives
        /// `name.namespace`.
        package var istioDomain: String?
        /// Whether annotations `internal.istio.io/…` of manifests count.
        package var internalAnnotations = false
        /// Istio's feature variables by name (`--feature NAME=VALUE`).
        package var features: [String: String] = [:]
        /// Whether Pods, EndpointSlices and gateways are made up where manifests lack them.
        package var standIns = true

        package init() {}

        /// The domain of short names in Istio objects.
        package var effectiveIstioDomain: String { istioDomain ?? domain }

        /// A feature variable that is true or false.
        package func isEnabled(_ feature: String, default: Bool) -> Bool {
            switch features[feature]?.lowercased() {
            case "true", "1", "t": true
            case "false", "0", "f": false
            default: `default`
            }
        }
    }
}

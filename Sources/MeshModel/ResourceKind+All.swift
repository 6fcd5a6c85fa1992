extension ResourceKind {
    private static let networking: [(group: String, versions: [String])] = [
        ("networking.istio.io", ["v1", "v1beta1", "v1alpha3"])
    ]
    private static let gatewayAPI: [(group: String, versions: [String])] = [
        ("gateway.networking.k8s.io", ["v1", "v1beta1", "v1alpha3", "v1alpha2"])
    ]
    private static let experimentalGatewayAPI: [(group: String, versions: [String])] = [
        ("gateway.networking.x-k8s.io", ["v1alpha1"])
    ]
    private static let core: [(group: String, versions: [String])] = [("", ["v1"])]
    private static let apps: [(group: String, versions: [String])] = [
        ("apps", ["v1", "v1beta2", "v1beta1"]), ("extensions", ["v1beta1"]),
    ]

    /// Every kind that meshtop reads.
    package static let all: [ResourceKind] = [
        ResourceKind("Gateway", "gateways", ["gw"], groups: networking, read: IstioGateway.read),
        ResourceKind("VirtualService", "virtualservices", ["vs"], groups: networking, read: VirtualService.read),
        ResourceKind("DestinationRule", "destinationrules", ["dr"], groups: networking, read: DestinationRule.read),
        ResourceKind("ServiceEntry", "serviceentries", ["se"], groups: networking, read: ServiceEntry.read),
        ResourceKind("WorkloadEntry", "workloadentries", ["we"], groups: networking, read: WorkloadEntry.read),
        ResourceKind("WorkloadGroup", "workloadgroups", ["wg"], groups: networking, read: WorkloadGroup.read),
        ResourceKind("Sidecar", "sidecars", [], groups: networking, read: Sidecar.read),
        ResourceKind(
            "PeerAuthentication", "peerauthentications", ["pa"],
            groups: [("security.istio.io", ["v1", "v1beta1"])], read: PeerAuthentication.read),

        ResourceKind(
            "GatewayClass", "gatewayclasses", ["gc"], groups: gatewayAPI, isNamespaced: false, read: GatewayClass.read),
        ResourceKind("Gateway", "gateways", ["gtw"], groups: gatewayAPI, read: KubernetesGateway.read),
        ResourceKind("ListenerSet", "listenersets", ["lset"], groups: gatewayAPI, read: ListenerSet.read),
        ResourceKind("XListenerSet", "xlistenersets", [], groups: experimentalGatewayAPI, read: ListenerSet.read),
        ResourceKind("HTTPRoute", "httproutes", [], groups: gatewayAPI, read: HTTPRoute.read),
        ResourceKind("GRPCRoute", "grpcroutes", [], groups: gatewayAPI, read: GRPCRoute.read),
        ResourceKind("TLSRoute", "tlsroutes", [], groups: gatewayAPI, read: TLSRoute.read),
        ResourceKind("TCPRoute", "tcproutes", [], groups: gatewayAPI, read: TCPRoute.read),
        ResourceKind("UDPRoute", "udproutes", [], groups: gatewayAPI, read: UDPRoute.read),
        ResourceKind("ReferenceGrant", "referencegrants", ["refgrant"], groups: gatewayAPI, read: ReferenceGrant.read),
        ResourceKind(
            "BackendTLSPolicy", "backendtlspolicies", ["btlspolicy"], groups: gatewayAPI, read: BackendTLSPolicy.read),
        ResourceKind(
            "XBackendTrafficPolicy", "xbackendtrafficpolicies", [], groups: experimentalGatewayAPI,
            read: XBackendTrafficPolicy.read),

        ResourceKind("Service", "services", ["svc"], groups: core, read: Service.read),
        ResourceKind("Endpoints", "endpoints", ["ep"], groups: core, read: Endpoints.read),
        ResourceKind(
            "EndpointSlice", "endpointslices", [], groups: [("discovery.k8s.io", ["v1", "v1beta1"])],
            read: EndpointSlice.read),
        ResourceKind("Pod", "pods", ["po"], groups: core, read: Pod.read),
        ResourceKind("Deployment", "deployments", ["deploy"], groups: apps, read: Workload.read(.deployment)),
        ResourceKind("StatefulSet", "statefulsets", ["sts"], groups: apps, read: Workload.read(.statefulSet)),
        ResourceKind("DaemonSet", "daemonsets", ["ds"], groups: apps, read: Workload.read(.daemonSet)),
        ResourceKind("ReplicaSet", "replicasets", ["rs"], groups: apps, read: Workload.read(.replicaSet)),
        ResourceKind("Node", "nodes", ["no"], groups: core, isNamespaced: false, read: KubernetesNode.read),
        ResourceKind("Namespace", "namespaces", ["ns"], groups: core, isNamespaced: false, read: Namespace.read),
        ResourceKind("Secret", "secrets", [], groups: core, read: Secret.read),
        ResourceKind("ConfigMap", "configmaps", ["cm"], groups: core, read: ConfigMap.read),
        ResourceKind(
            "Ingress", "ingresses", ["ing"],
            groups: [("networking.k8s.io", ["v1", "v1beta1"]), ("extensions", ["v1beta1"])], read: Ingress.read),
        ResourceKind(
            "IngressClass", "ingressclasses", [], groups: [("networking.k8s.io", ["v1", "v1beta1"])],
            isNamespaced: false, read: IngressClass.read),
    ]
}

extension CodeExplanation {
    /// istioctl's codes about traffic: references, routes, gateways, services, DestinationRules.
    static let istio: [CodeExplanation] = [
        CodeExplanation(
            "IST0002", "Deprecated", "Something that the manifest relies on will go away.",
            "Take what the message names instead."),
        CodeExplanation(
            "IST0101", "ReferencedResourceNotFound",
            "An object names another one that is not there: a destination's host, a Gateway, a subset, a Secret, a selector's workloads.",
            "Correct the name (short names are completed with the object's own namespace), or add the missing object."),
        CodeExplanation(
            "IST0106", "SchemaValidationError",
            "istiod's webhook, or Kubernetes' own schema, refuses the object: it never gets into the cluster.",
            "Correct the field at the place that the message names."),
        CodeExplanation(
            "IST0109", "ConflictingMeshGatewayVirtualServiceHosts",
            "Two VirtualServices for sidecars claim one host where both are seen: the oldest counts alone, they are not merged.",
            "Merge them, or keep them apart with exportTo."),
        CodeExplanation(
            "IST0112", "VirtualServiceDestinationPortSelectorRequired",
            "A destination's Service has several ports, and the route does not say which.",
            "Set destination.port.number."),
        CodeExplanation(
            "IST0116", "DeploymentAssociatedToMultipleServices",
            "Services of one Deployment give the same port different protocols: a sidecar's inbound listener has one.",
            "Give the port one protocol in all of them."),
        CodeExplanation(
            "IST0118", "PortNameIsNotUnderNamingConvention",
            "The port's name tells no protocol, so it is guessed from the first bytes of each connection.",
            "Name it PROTOCOL or PROTOCOL-SUFFIX (http-web), or set appProtocol."),
        CodeExplanation(
            "IST0126", "UnknownMeshNetworksServiceRegistry", "MeshNetworks name a cluster that nobody knows.",
            "Correct fromRegistry."),
        CodeExplanation(
            "IST0128", "NoServerCertificateVerificationDestinationLevel",
            "TLS to a host is asked for, and nothing says which certificates to believe: any is taken.",
            "Set caCertificates, or a credentialName with a CA."),
        CodeExplanation(
            "IST0129", "NoServerCertificateVerificationPortLevel", "As IST0128, for one port.",
            "Set caCertificates, or a credentialName with a CA."),
        CodeExplanation(
            "IST0130", "VirtualServiceUnreachableRule",
            "A rule never gets a request: an earlier one without matches, or with the same ones, takes them all.",
            "Put the wider rule last, or remove one."),
        CodeExplanation(
            "IST0131", "VirtualServiceIneffectiveMatch", "A match never decides: an earlier one covers it.",
            "Put the narrower match first."),
        CodeExplanation(
            "IST0132", "VirtualServiceHostNotFoundInGateway",
            "None of a VirtualService's hosts is served by the Gateway that it is bound to: the gateway answers 404.",
            "Add the host to the Gateway's server, or correct it; NAMESPACE/HOST there keeps other namespaces out."),
        CodeExplanation(
            "IST0133", "SchemaWarning", "istiod takes the object and warns: it does not do what it looks like.",
            "See the message."),
        CodeExplanation(
            "IST0134", "ServiceEntryAddressesRequired",
            "Plain TCP has no host in it: without addresses the port takes every connection to that port number.",
            "Set addresses, or let Istio allocate them (ISTIO_META_DNS_CAPTURE)."),
        CodeExplanation(
            "IST0137", "DeploymentConflictingPorts",
            "Services of one Deployment lead to one target port by different ports.",
            "Use one port for it, or different target ports."),
        CodeExplanation(
            "IST0138", "GatewayDuplicateCertificate",
            "Several Gateways of the same workloads show one certificate: browsers reuse an HTTP/2 connection for the other host, and get 404.",
            "Serve these hosts by one Gateway, or give each a certificate of its own."),
        CodeExplanation(
            "IST0140", "IngressRouteRulesNotAffected",
            "A gateway decides about subsets by itself: the mesh's VirtualService for that host is not asked.",
            "Route to the subset in the gateway's VirtualService."),
        CodeExplanation(
            "IST0145", "ConflictingGateways", "Two Gateways of the same workloads claim a host on one port.",
            "Put the hosts into one Gateway, or make the hosts differ."),
        CodeExplanation(
            "IST0150", "ExternalNameServiceTypeInvalidPortName",
            "A TCP port of an ExternalName Service takes traffic that is meant for other names.",
            "Name the port after its protocol: http, https, tls."),
        CodeExplanation(
            "IST0161", "InvalidGatewayCredential",
            "The Secret of a Gateway's server does not hold a certificate and key that can be used: the handshake fails.",
            "Put a valid PEM certificate and key into it, as tls.crt and tls.key."),
        CodeExplanation(
            "IST0162", "GatewayPortNotDefinedOnService",
            "The gateway listens on a port that no Service leads to: nothing from outside gets there.",
            "Add the port to the gateway's Service."),
        CodeExplanation(
            "IST0165", "ReferencedInternalGateway",
            "A VirtualService is bound to a Gateway that Istio made of a Gateway API object for its own use.",
            "Use an HTTPRoute."),
        CodeExplanation(
            "IST0170", "MultiClusterInconsistentService",
            "A Service differs between clusters of one mesh, where it counts as one.",
            "Make it the same in all of them."),
        CodeExplanation(
            "IST0171", "NegativeConditionStatus", "An object's status says that something is not met.",
            "See the condition's reason and message."),
        CodeExplanation(
            "IST0173", "DestinationRuleSubsetNotSelectPods",
            "A subset has no endpoint: requests to it get 503 with the flag UH.",
            "Correct its labels, or those of the Pods."),
        CodeExplanation(
            "IST0174", "UnknownDestinationRuleHost",
            "No service has the host of a DestinationRule: it applies to nothing.",
            "Correct the host; short names are completed with the rule's own namespace."),
        CodeExplanation(
            "IST0176", "GatewayAPICRDVersionBelowMinimum",
            "A definition of Gateway API is older than this Istio reads: its objects are ignored.",
            "Apply newer definitions of Gateway API."),
        CodeExplanation(
            "IST0177", "ConflictingServiceEntryProtocol", "ServiceEntries give a host's port different protocols.",
            "Agree on one."),
    ]
}

extension CodeExplanation {
    /// Kiali's codes, where istioctl has none for the same thing.
    static let kiali: [CodeExplanation] = [
        CodeExplanation(
            "KIA0201", "More than one DestinationRules for the same host subset combination",
            "Rules of one namespace for one host are merged: of a subset, or a traffic policy, that two of them have the oldest one's counts.",
            "Put them into one DestinationRule."),
        CodeExplanation(
            "KIA0204", "mTLS settings of a non-local DestinationRule are overridden",
            "A rule for a host replaces the one for *.suffix altogether: its tls is lost here.", "Repeat tls."),
        CodeExplanation(
            "KIA0205", "PeerAuthentication enabling mTLS at mesh level is missing",
            "A DestinationRule sends mTLS where the mesh takes plaintext only.",
            "Leave tls out, or make the PeerAuthentication PERMISSIVE."),
        CodeExplanation(
            "KIA0206", "PeerAuthentication enabling namespace-wide mTLS is missing",
            "A DestinationRule sends mTLS where the namespace takes plaintext only.",
            "Leave tls out, or make the PeerAuthentication PERMISSIVE."),
        CodeExplanation(
            "KIA0207", "PeerAuthentication with TLS strict mode found, it should be permissive",
            "A DestinationRule sends no mTLS where the namespace takes nothing else: connections are reset.",
            "Use ISTIO_MUTUAL or leave tls out, or make the PeerAuthentication PERMISSIVE."),
        CodeExplanation(
            "KIA0208", "PeerAuthentication enabling mTLS found, permissive mode needed",
            "A DestinationRule sends no mTLS where the mesh takes nothing else: connections are reset.",
            "Use ISTIO_MUTUAL or leave tls out, or make the PeerAuthentication PERMISSIVE."),
        CodeExplanation(
            "KIA0209", "DestinationRule subset has no labels", "The subset is every endpoint of the host.",
            "Give it labels, unless that is meant."),
        CodeExplanation(
            "KIA0701", "Deployment exposing same port as Service not found",
            "A Service leads to a target port that no container of its Pods has. By a name that is not there it has no endpoints at all.",
            "Correct targetPort, or the containers' ports."),
        CodeExplanation(
            "KIA1104", "The weight is assumed to be 100 because there is only one route destination",
            "One destination gets everything, whatever its weight.", "Leave it out, or add the other destination."),
        CodeExplanation(
            "KIA1105", "This host subset combination is already referenced in another route destination",
            "One rule names the same destination twice.", "Put their weights together."),
        CodeExplanation(
            "KIA1401", "Route is pointing to a non-existent or inaccessible K8s gateway",
            "A route's parentRef names no Gateway that is there.", "Correct its name or namespace."),
        CodeExplanation(
            "KIA1402", "BackendRef on rule doesn't have a valid service",
            "A route's backend is not there, or no ReferenceGrant lets the route refer to another namespace's: requests get 500.",
            "Correct its name or namespace, or add a ReferenceGrant there."),
        CodeExplanation(
            "KIA1502", "More than one K8s Gateway for the same address and type combination",
            "Two Gateways ask for one address: one of them does not get it.", "Give each its own."),
    ]
}

extension CodeExplanation {
    /// istioctl's codes about injection, annotations, policies and the installation.
    static let istioPolicies: [CodeExplanation] = [
        CodeExplanation(
            "IST0102", "NamespaceNotInjected", "No label of the namespace says whether its Pods get a sidecar.",
            "kubectl label namespace NAME istio-injection=enabled, or =disabled."),
        CodeExplanation(
            "IST0103", "PodMissingProxy", "A Pod of an injected namespace has no sidecar.",
            "Delete the Pod, so that it is made again, or label it sidecar.istio.io/inject: \"false\"."),
        CodeExplanation(
            "IST0107", "MisplacedAnnotation", "An annotation of Istio stands on a kind that it means nothing for.",
            "Move it; most belong on Pods, so into spec.template.metadata of a Deployment."),
        CodeExplanation(
            "IST0108", "UnknownAnnotation", "Istio has no such annotation.", "Correct its name, or remove it."),
        CodeExplanation(
            "IST0110", "ConflictingSidecarWorkloadSelectors", "Two Sidecars select one Pod: which one counts is open.",
            "Make their selectors disjoint."),
        CodeExplanation(
            "IST0111", "MultipleSidecarsWithoutWorkloadSelectors",
            "A namespace has several Sidecars for all its workloads: which one counts is open.", "Keep one."),
        CodeExplanation(
            "IST0123", "NamespaceMultipleInjectionLabels", "Several labels of the namespace decide about sidecars.",
            "Keep one of istio-injection, istio.io/rev, istio.io/dataplane-mode."),
        CodeExplanation(
            "IST0125", "InvalidAnnotation", "An annotation's value is not one that Istio takes.", "Correct it."),
        CodeExplanation(
            "IST0127", "NoMatchingWorkloadsFound", "A policy's selector takes no workload: it protects nothing.",
            "Correct its labels."),
        CodeExplanation(
            "IST0135", "DeprecatedAnnotation", "An annotation that will go away.", "Use the label or field for it."),
        CodeExplanation(
            "IST0136", "AlphaAnnotation",
            "An annotation of a feature that may still change. Given with analyze --enable IST0136 only.",
            "Know that it may change."),
        CodeExplanation(
            "IST0139", "InvalidWebhook", "An injection webhook overlaps with another one, or its Service is not there.",
            "Remove the one of a revision that is gone."),
        CodeExplanation(
            "IST0144", "InvalidApplicationUID",
            "The application runs as user 1337, the sidecar's: its traffic is not caught.", "Run it as another user."),
        CodeExplanation(
            "IST0146", "ImageAutoWithoutInjectionWarning",
            "A Deployment leaves the proxy's image to injection, and no webhook takes its Pods: they cannot start.",
            "Label the namespace or the Pods for injection."),
        CodeExplanation(
            "IST0147", "ImageAutoWithoutInjectionError", "A Pod still has the image \"auto\": it was not injected.",
            "Label the namespace or the Pod for injection, and make it again."),
        CodeExplanation(
            "IST0148", "NamespaceInjectionEnabledByDefault",
            "The namespace says nothing about sidecars, and this installation gives them by default.",
            "Label the namespace, to say it."),
        CodeExplanation(
            "IST0149", "JwtClaimBasedRoutingWithoutRequestAuthN",
            "A route matches claims of a token that nobody checks at the gateway: it never matches.",
            "Add a RequestAuthentication for the gateway's Pods."),
        CodeExplanation(
            "IST0151", "EnvoyFilterUsesRelativeOperation",
            "A patch needs something to be there already, and the EnvoyFilter has no priority to make sure of it.",
            "Set spec.priority, or use ADD or INSERT_FIRST."),
        CodeExplanation(
            "IST0152", "EnvoyFilterUsesReplaceOperationIncorrectly", "REPLACE works for filters only.", "Use MERGE."),
        CodeExplanation(
            "IST0153", "EnvoyFilterUsesAddOperationIncorrectly",
            "ADD is ignored for route configurations and routes.", "Use MERGE, or INSERT_FIRST for routes."),
        CodeExplanation(
            "IST0154", "EnvoyFilterUsesRemoveOperationIncorrectly",
            "REMOVE is ignored for route configurations and routes.", "Use MERGE."),
        CodeExplanation(
            "IST0155", "EnvoyFilterUsesRelativeOperationWithProxyVersion",
            "As IST0151, for a part that is there for some versions of the proxy only.", "Set spec.priority."),
        CodeExplanation(
            "IST0157", "InvalidTelemetryProvider", "A Telemetry names no provider, and the mesh has no default one.",
            "Name a provider."),
        CodeExplanation(
            "IST0158", "PodsIstioProxyImageMismatchInNamespace",
            "Pods run another proxy than injection would give them now.", "Restart their workloads."),
        CodeExplanation(
            "IST0159", "ConflictingTelemetryWorkloadSelectors", "Two Telemetries select one Pod.",
            "Make their selectors disjoint."),
        CodeExplanation(
            "IST0160", "MultipleTelemetriesWithoutWorkloadSelectors",
            "A namespace has several Telemetries for all its workloads.", "Keep one."),
        CodeExplanation(
            "IST0163", "InvalidExternalControlPlaneConfig",
            "A webhook's address of an external control plane is missing or no URL.", "Set clientConfig.url."),
        CodeExplanation(
            "IST0164", "ExternalControlPlaneAddressIsNotAHostname",
            "A webhook reaches the external control plane by an IP address, which certificates seldom name.",
            "Use a host name."),
        CodeExplanation(
            "IST0166", "IneffectiveSelector",
            "A policy selects the Pods of a Gateway API Gateway by label, which does nothing.",
            "Name the Gateway in targetRefs."),
        CodeExplanation(
            "IST0167", "IneffectivePolicy", "A policy for sidecars stands where workloads have none.",
            "Use the ambient mode's own policies."),
        CodeExplanation(
            "IST0175", "JwksUriFetchUnrestricted",
            "istiod fetches keys from where a policy says, and is not told which addresses to refuse.",
            "Set BLOCKED_CIDRS_IN_JWKS_URIS on istiod."),
    ]
}

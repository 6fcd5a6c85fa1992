package import Documents

/// istiod's feature variables that change what is computed, with their defaults.
package struct Features: Hashable, Sendable {
    package var scopeGatewayToNamespace = false
    package var enableStrictGatewayMerging = true
    package var enableRouteCollapse = true
    package var filterGatewayClusterConfig = false
    package var enableAbsoluteFQDNDomain = true
    package var enableHeadlessFilterChainListener = false
    package var enableEDSForHeadless = false
    package var allowSidecarServiceInboundListenerMerge = false
    package var enableTLSOnSidecarIngress = false
    package var enableEnhancedDestinationRuleMerge = true
    package var enableIPAutoallocate = true
    package var selectWorkloadEntries = true
    package var serviceEntrySelectPods = true
    package var sendUnhealthyEndpoints = false
    package var autoSendUnhealthyEndpoints = true
    package var enablePersistentSessionFilter = false
    package var enableMongoFilter = true
    package var enableRedisFilter = false
    package var enableMySQLFilter = false
    package var disableShadowHostSuffix = true

    package init() {}

    /// The variables by name, for reading and for listing.
    package static let variables: [(name: String, keyPath: any WritableKeyPath<Features, Bool> & Sendable)] = [
        ("PILOT_SCOPE_GATEWAY_TO_NAMESPACE", \.scopeGatewayToNamespace),
        ("PILOT_ENABLE_STRICT_GATEWAY_MERGING", \.enableStrictGatewayMerging),
        ("PILOT_ENABLE_ROUTE_COLLAPSE_OPTIMIZATION", \.enableRouteCollapse),
        ("PILOT_FILTER_GATEWAY_CLUSTER_CONFIG", \.filterGatewayClusterConfig),
        ("PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN", \.enableAbsoluteFQDNDomain),
        ("PILOT_ENABLE_HEADLESS_FILTER_CHAIN_LISTENER", \.enableHeadlessFilterChainListener),
        ("PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES", \.enableEDSForHeadless),
        ("PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE", \.allowSidecarServiceInboundListenerMerge),
        ("ENABLE_TLS_ON_SIDECAR_INGRESS", \.enableTLSOnSidecarIngress),
        ("ENABLE_ENHANCED_DESTINATIONRULE_MERGE", \.enableEnhancedDestinationRuleMerge),
        ("PILOT_ENABLE_IP_AUTOALLOCATE", \.enableIPAutoallocate),
        ("PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES", \.selectWorkloadEntries),
        ("PILOT_ENABLE_SERVICEENTRY_SELECT_PODS", \.serviceEntrySelectPods),
        ("PILOT_SEND_UNHEALTHY_ENDPOINTS", \.sendUnhealthyEndpoints),
        ("PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS", \.autoSendUnhealthyEndpoints),
        ("PILOT_ENABLE_PERSISTENT_SESSION_FILTER", \.enablePersistentSessionFilter),
        ("PILOT_ENABLE_MONGO_FILTER", \.enableMongoFilter),
        ("PILOT_ENABLE_REDIS_FILTER", \.enableRedisFilter),
        ("PILOT_ENABLE_MYSQL_FILTER", \.enableMySQLFilter),
        ("DISABLE_SHADOW_HOST_SUFFIX", \.disableShadowHostSuffix),
    ]

    /// Variables that the snapshot and the conversion of Gateway API objects ask for by name.
    private static let namedElsewhere: Set<String> = [
        "PILOT_ENABLE_AMBIENT", "PILOT_ENABLE_AMBIENT_WAYPOINTS", "AMBIENT_ENABLE_MULTI_NETWORK",
        "PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API", "ENABLE_GATEWAY_API_MANUAL_DEPLOYMENT",
        "PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER", "ENABLE_GATEWAY_API_INFERENCE_EXTENSION",
        "PILOT_ENABLE_GATEWAY_API", "PILOT_ENABLE_ALPHA_GATEWAY_API", "ENABLE_MCS_HOST",
    ]

    /// Variables that would change what is computed, with the value that is.
    private static let fixed: [String: Bool] = [
        "PILOT_UNIFIED_SIDECAR_SCOPE": true, "PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE": true,
        "PILOT_ENABLE_QUIC_LISTENERS": false, "ISTIO_DUAL_STACK": false,
    ]

    /// The variables of `--feature NAME=VALUE`; what is no Boolean (Go's `ParseBool`) keeps its default and is told of.
    package static func read(_ values: [String: String]) -> (features: Features, diagnostics: [Diagnostic]) {
        var features = Features()
        var diagnostics: [Diagnostic] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            if namedElsewhere.contains(name) { continue }
            let keyPath = variables.first(where: { $0.name == name })?.keyPath
            if keyPath == nil, fixed[name] == nil {
                diagnostics.append(
                    Diagnostic(.warning, "feature \(name) changes nothing that meshtop computes", at: nil))
                continue
            }
            guard let isOn = boolean(value) else {
                diagnostics.append(
                    Diagnostic(.error, "feature \(name) is true or false, not \"\(value)\"", at: nil))
                continue
            }
            if let keyPath { features[keyPath: keyPath] = isOn }
            if let known = fixed[name], known != isOn {
                diagnostics.append(
                    Diagnostic(.warning, "feature \(name)=\(isOn) is not modelled, \(known) is", at: nil))
            }
        }
        return (features, diagnostics)
    }

    private static func boolean(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }
}

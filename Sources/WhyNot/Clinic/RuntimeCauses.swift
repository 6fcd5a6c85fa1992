import Documents
import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

extension Clinic {
    /// What happens after a cluster and an endpoint were chosen: mostly the endpoint's doing, some of it written in the manifests.
    func runtimeCauses(_ flag: String) -> [Diagnosis.Cause] {
        switch flag {
        case "UF", "UC", "URX": tlsCauses + portCauses
        case "UO": limitCauses
        case "UT": timeoutCauses
        case "FI", "DI": faultCauses
        default: []
        }
    }

    private var rules: [DestinationRule] {
        guard let host = context.hop?.clusterReference.flatMap(ClusterName.init)?.host else { return [] }
        return context.snapshot.destinationRules.filter {
            HostName.matches(context.expanded($0.host, namespace: $0.namespace), host)
        }
    }

    /// What the client sends beside what the server accepts.
    private var tlsCauses: [Diagnosis.Cause] {
        let sends = context.hop?.upstreamTransport ?? "plaintext"
        let rule = rules.first { $0.trafficPolicy?.tls != nil }
        let host = context.hop?.clusterReference.flatMap(ClusterName.init)?.host ?? ""
        let namespace = context.service(named: host)?.namespace ?? ""
        let root = context.snapshot.meshConfig.rootNamespace
        let policies = context.snapshot.peerAuthentications.filter { $0.namespace == namespace || $0.namespace == root }
        let strict = policies.first { $0.mtls == .strict || $0.portLevelMtls.values.contains(.strict) }
        let service = context.service(named: host)
        let pods =
            service.map { context.snapshot.pods(inNamespace: $0.namespace, selectedBy: $0.selector ?? [:]) } ?? []
        let hasSidecars = pods.contains { context.snapshot.hasSidecar($0) }
        return [
            Diagnosis.Cause(
                "plain text to a workload that wants mTLS", sends != "mtls" && strict != nil && hasSidecars,
                "the client sends \(sends)\(rule.map { " (tls of DestinationRule \($0.namespacedName))" } ?? ""); "
                    + (strict.map { "PeerAuthentication \($0.namespacedName) is STRICT" } ?? "nothing is STRICT"),
                at: strict?.sourceReference ?? rule?.sourceReference),
            Diagnosis.Cause(
                "mTLS to a workload without sidecar", sends == "mtls" && !hasSidecars && !pods.isEmpty,
                "the client sends \(sends); \(pods.count { context.snapshot.hasSidecar($0) }) of \(pods.count) Pods have a sidecar",
                at: rule?.sourceReference),
        ]
    }

    private var portCauses: [Diagnosis.Cause] {
        guard let reference = context.hop?.clusterReference.flatMap(ClusterName.init),
            let service = context.service(named: reference.host),
            let port = service.ports.first(where: { $0.port == reference.port })
        else { return [] }
        let pods = context.snapshot.pods(inNamespace: service.namespace, selectedBy: service.selector ?? [:])
        let open = Set(pods.flatMap { $0.spec.servingContainers.flatMap(\.ports).map(\.containerPort) })
        let target = port.targetPort?.number ?? port.port
        return [
            Diagnosis.Cause(
                "nobody listens on the target port",
                !open.isEmpty && port.targetPort?.name == nil && !open.contains(target),
                "target port \(target); the containers name \(open.isEmpty ? "none" : open.sorted().map { "\($0)" }.listed)",
                at: service.sourceReference(at: port.location))
        ]
    }

    private var limitCauses: [Diagnosis.Cause] {
        let rule = rules.first { $0.trafficPolicy?.connectionPool != nil }
        let pool = rule?.trafficPolicy?.connectionPool
        return [
            Diagnosis.Cause(
                "connectionPool of the caller's rule", rule != nil,
                pool.map {
                    "maxConnections \($0.tcp?.maxConnections ?? 0), http1MaxPendingRequests \($0.http?.http1MaxPendingRequests ?? 0), "
                        + "http2MaxRequests \($0.http?.http2MaxRequests ?? 0)"
                } ?? "no DestinationRule sets one: Envoy's own limit of 1024", at: rule?.sourceReference)
        ]
    }

    private var timeoutCauses: [Diagnosis.Cause] {
        guard case .route(let action)? = context.hop?.route?.action else { return [] }
        let source = context.hop?.route?.sources.first
        return [
            Diagnosis.Cause(
                "the route's timeout", action.timeout != nil,
                action.timeout.map { "timeout \($0)" } ?? "none: Istio sets no limit by itself", at: source),
            Diagnosis.Cause(
                "perTryTimeout", action.retryPolicy?.perTryTimeout != nil,
                action.retryPolicy?.perTryTimeout.map { "perTryTimeout \($0) bounds the first try too" } ?? "none",
                at: source),
        ]
    }

    private var faultCauses: [Diagnosis.Cause] {
        let object = context.virtualServices.first { $0.http.contains { $0.fault != nil } }
        return [
            Diagnosis.Cause(
                "fault of a VirtualService", object != nil,
                object.map { "\($0.namespacedName) injects it on purpose" } ?? "no VirtualService has one",
                at: object?.sourceReference)
        ]
    }
}

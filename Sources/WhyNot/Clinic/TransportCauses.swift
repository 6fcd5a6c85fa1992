import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

/// The connection to the endpoint: what one side sends beside what the other one takes.
extension Clinic {
    /// mTLS and TLS on one side only.
    var tlsCauses: [Diagnosis.Cause] {
        if context.request.mode == .inbound { return [inboundCause] }
        guard let destination else { return [] }
        let sends = destination.transport
        let rule = destination.tls?.rule
        let by = rule.map { " (tls of DestinationRule \($0.namespacedName))" } ?? ""
        let withSidecar = destination.pods.filter { context.snapshot.hasSidecar($0) }
        let (mode, owner) = accepted(by: withSidecar.first, destination)
        let isTLSPort = destination.isTLSPort
        return [
            Diagnosis.Cause(
                "plain text to a workload that wants mTLS", sends != "mtls" && mode == .strict,
                "the client sends \(sends)\(by); "
                    + (mode == .strict
                        ? "port \(destination.targetPort ?? 0) is STRICT by PeerAuthentication \(owner.map { "\($0.namespace)/\($0.name)" } ?? "")"
                        : withSidecar.isEmpty ? "no Pod of it has a sidecar" : "plain text is accepted too"),
                at: sends != "mtls" && mode == .strict ? owner ?? rule?.sourceReference : rule?.sourceReference),
            Diagnosis.Cause(
                "mTLS to a workload without sidecar",
                sends == "mtls" && withSidecar.isEmpty && !destination.pods.isEmpty,
                "the client sends \(sends)\(by); \(withSidecar.count) of \(destination.pods.count) Pods have a sidecar",
                at: rule?.sourceReference),
            Diagnosis.Cause(
                "TLS to a port that speaks plain text", sends == "tls" && destination.service != nil && !isTLSPort,
                "the client sends \(sends)\(by); port \(destination.reference.port) is \(destination.portWords)",
                at: rule?.sourceReference ?? destination.portSource),
            Diagnosis.Cause(
                "plain text to a port that wants TLS",
                sends == "plaintext" && isTLSPort && context.hop?.routeConfiguration != nil,
                "the client sends \(sends)\(by); port \(destination.reference.port) is \(destination.portWords)",
                at: destination.portSource),
        ]
    }

    /// At the workload's own sidecar: what arrives beside what it takes.
    private var inboundCause: Diagnosis.Cause {
        let index = PeerAuthenticationIndex(
            context.snapshot.peerAuthentications, rootNamespace: context.snapshot.meshConfig.rootNamespace)
        let policy = index.policy(namespace: context.proxy.namespace, labels: context.proxy.labels)
        let isStrict = policy.mode(port: context.port) == .strict
        let owner = policy.owners.first
        return Diagnosis.Cause(
            "plain text to a workload that wants mTLS", isStrict && context.request.transport == .plaintext,
            "\(context.request.transport.rawValue) arrives at port \(context.port); it "
                + (isStrict
                    ? "is STRICT by PeerAuthentication \(owner.map { "\($0.namespace)/\($0.name)" } ?? "")"
                    : "takes plain text too"),
            at: owner)
    }

    /// What a Pod's sidecar accepts, and the policy that says so.
    private func accepted(
        by pod: Pod?, _ destination: ClinicDestination
    ) -> (PeerAuthentication.Mode, SourceReference?) {
        guard let pod else { return (.disable, nil) }
        let index = PeerAuthenticationIndex(
            context.snapshot.peerAuthentications, rootNamespace: context.snapshot.meshConfig.rootNamespace)
        let policy = index.policy(namespace: pod.namespace, labels: pod.meta.labels)
        return (policy.mode(port: destination.targetPort ?? 0), policy.owners.first)
    }

    /// Whether anybody listens where the Service leads.
    var portCauses: [Diagnosis.Cause] {
        guard let destination, let port = destination.port else { return [] }
        let open = Set(destination.pods.flatMap { $0.spec.servingContainers.flatMap(\.ports).map(\.containerPort) })
        let list = open.isEmpty ? "none" : open.sorted().map { "\($0)" }.listed
        let target = destination.targetPort
        return [
            Diagnosis.Cause(
                "nobody listens on the target port", target.map { !open.isEmpty && !open.contains($0) } ?? true,
                target.map { "target port \($0); the containers name \(list)" }
                    ?? "no container has a port called \(port.targetPort?.name ?? "")",
                at: destination.portSource)
        ]
    }

    /// Policies that may keep the caller out.
    var networkCause: Diagnosis.Cause {
        let policies = context.snapshot.resources.filter { resource in
            guard resource.kindName == "NetworkPolicy", let pod = destination?.pods.first,
                resource.meta.namespace == pod.namespace
            else { return false }
            let labels = resource.node[path: "spec", "podSelector", "matchLabels"]?.entries.map { $0 } ?? []
            return labels.allSatisfy { pod.meta.labels[$0.key] == $0.value.string }
        }
        guard let first = policies.first else {
            return Diagnosis.Cause("a NetworkPolicy keeps the caller out", false, "none selects these Pods")
        }
        return .maybe(
            "a NetworkPolicy keeps the caller out",
            "\(policies.map { "\($0.meta.namespacedName)" }.listed) selects these Pods; what it lets in is not evaluated",
            at: SourceReference(
                kind: "NetworkPolicy", namespace: first.meta.namespace, name: first.meta.name,
                location: first.meta.location))
    }

    /// HTTP/1.1 and HTTP/2.
    var protocolCauses: [Diagnosis.Cause] {
        guard let destination else { return [] }
        let upgrade = destination.connectionPool.flatMap { $0.value.http?.h2UpgradePolicy == .upgrade ? $0.rule : nil }
        let isHTTP2 = context.hop?.cluster?.upstreamProtocol == .http2
        guard isHTTP2 else {
            return [
                Diagnosis.Cause(
                    "HTTP/2 to a server that speaks HTTP/1.1", false,
                    "the caller speaks HTTP/1.1: the port is \(destination.portWords)", at: destination.portSource)
            ]
        }
        return [
            .maybe(
                "HTTP/2 to a server that speaks HTTP/1.1",
                upgrade.map { "h2UpgradePolicy UPGRADE of DestinationRule \($0.namespacedName)" }
                    ?? "the port is \(destination.portWords), so the caller speaks HTTP/2",
                at: upgrade?.sourceReference ?? destination.portSource)
        ]
    }

    /// Connections that the endpoint closes while the caller still keeps them.
    var idleCauses: [Diagnosis.Cause] {
        let pool = destination?.connectionPool
        let idle = pool?.value.http?.idleTimeout ?? pool?.value.tcp?.idleTimeout
        return [
            .maybe(
                "the endpoint closes idle connections before its caller does",
                idle.map { "the caller keeps them for \($0.protobufText) (idleTimeout)" }
                    ?? "the caller keeps them for an hour; a shorter idleTimeout than the server's helps",
                at: pool?.rule.sourceReference)
        ]
    }

    /// Endpoints that failed often enough to be left out.
    var ejectionCauses: [Diagnosis.Cause] {
        guard let detection = destination?.outlierDetection else {
            return [Diagnosis.Cause("all endpoints are ejected", false, "no DestinationRule has outlierDetection")]
        }
        let share = detection.value.maxEjectionPercent == 0 ? 10 : detection.value.maxEjectionPercent
        let errors = detection.value.consecutive5xxErrors ?? 5
        return [
            .maybe(
                "all endpoints are ejected",
                "outlierDetection of \(detection.rule.namespacedName): after \(errors) errors in a row, at most \(share) %"
                    + (share < 100 ? ": not all of several at once" : ""),
                at: detection.rule.sourceReference)
        ]
    }

    /// Names that have to be resolved.
    var nameCauses: [Diagnosis.Cause] {
        let host = destination?.reference.host ?? ""
        let entry = context.snapshot.serviceEntries.first { $0.hosts.contains(host) && $0.resolution == .dns }
        let names = entry?.endpoints.map(\.address).filter { !$0.isEmpty } ?? []
        return [
            Diagnosis.Cause(
                "a ServiceEntry with resolution DNS whose name DNS does not know", entry != nil,
                entry.map { "\($0.namespacedName) looks up \(names.isEmpty ? host : names.listed)" }
                    ?? "nothing is looked up for \(host)",
                at: entry?.sourceReference)
        ]
    }
}

extension ClinicDestination {
    var portSource: SourceReference? { service.map { $0.sourceReference(at: port?.location ?? $0.meta.location) } }

    /// Whether the port's name, protocol or number says that TLS is spoken there.
    var isTLSPort: Bool {
        guard let port else { return false }
        let name = (port.appProtocol ?? port.name).lowercased()
        let word = name.prefix { $0 != "-" && $0 != "." && $0 != "/" }
        if ["https", "tls", "wss"].contains(word) || name.hasSuffix("/wss") { return true }
        return name.isEmpty && [443, 8443].contains(port.port)
    }

    /// `80 (http)`.
    var portWords: String {
        guard let port else { return "\(reference.port)" }
        if let own = port.appProtocol { return "appProtocol \(own)" }
        return port.name.isEmpty ? "without a name" : "called \(port.name)"
    }
}

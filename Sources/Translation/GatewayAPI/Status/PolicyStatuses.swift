import Documents
import MeshModel

/// Statuses of BackendTLSPolicies (one entry for each Gateway whose routes lead to a target) and XBackendTrafficPolicies.
struct PolicyStatuses {
    private let context: ConversionContext
    /// Gateways by the services that their routes lead to.
    private var gateways: [NamespacedName: Set<NamespacedName>] = [:]
    private(set) var statuses: [ObjectStatus] = []

    init(context: ConversionContext, listeners: ListenerConversion) {
        self.context = context
        let snapshot = context.snapshot
        for route in snapshot.httpRoutes {
            add(route.parentRefs, route.rules.flatMap(\.backendRefs), namespace: route.namespace, listeners: listeners)
        }
        for route in snapshot.grpcRoutes {
            add(route.parentRefs, route.rules.flatMap(\.backendRefs), namespace: route.namespace, listeners: listeners)
        }
        for route in snapshot.tlsRoutes {
            add(route.parentRefs, route.rules.flatMap(\.backendRefs), namespace: route.namespace, listeners: listeners)
        }
        var taken: Set<String> = []
        for policy in snapshot.backendTLSPolicies { add(policy, taken: &taken) }
        taken = []
        for policy in context.backendTrafficPolicies { add(policy, taken: &taken) }
    }

    private mutating func add(
        _ parents: [ParentReference], _ backends: [BackendReference], namespace: String, listeners: ListenerConversion
    ) {
        for parent in parents where (parent.kind ?? "Gateway") == "Gateway" {
            let key = ParentKey(kind: "Gateway", namespace: parent.namespace ?? namespace, name: parent.name)
            guard listeners.parents[key] != nil else { continue }
            for backend in backends where (backend.kind ?? "Service") == "Service" {
                let service = NamespacedName(namespace: backend.namespace ?? namespace, name: backend.name)
                gateways[service, default: []].insert(NamespacedName(namespace: key.namespace, name: key.name))
            }
        }
    }

    /// Whether an older policy is about the same target already.
    private static func isTaken(
        _ references: [PolicyTargetReference], namespace: String, taken: inout Set<String>
    ) -> Bool {
        var isTaken = false
        for reference in references {
            let key = "\(namespace)/\(reference.kind)/\(reference.name)/\(reference.sectionName ?? "")"
            if !taken.insert(key).inserted { isTaken = true }
        }
        return isTaken
    }

    private mutating func add(_ policy: BackendTLSPolicy, taken: inout Set<String>) {
        let isConflicted = Self.isTaken(policy.targetRefs, namespace: policy.namespace, taken: &taken)
        let conditions = self.conditions(of: policy, isConflicted: isConflicted)
        let ancestors = Set(
            policy.targetRefs.flatMap { reference in
                gateways[NamespacedName(namespace: policy.namespace, name: reference.name)] ?? []
            }
        ).sorted()
        let entries = ancestors.map { gateway -> JSON in
            [
                "ancestorRef": [
                    "group": .string(ConversionContext.group), "kind": "Gateway", "name": .string(gateway.name),
                    "namespace": .string(gateway.namespace),
                ],
                "conditions": conditions.json, "controllerName": "istio.io/gateway-controller",
            ]
        }
        if entries.isEmpty { return }
        statuses.append(
            ObjectStatus(kind: "BackendTLSPolicy", meta: policy.meta, status: ["ancestors": .array(entries)]))
    }

    private func conditions(of policy: BackendTLSPolicy, isConflicted: Bool) -> [StatusCondition] {
        let owner = ParentKey(kind: "BackendTLSPolicy", namespace: policy.namespace, name: policy.name)
        let references = CredentialReferences(owner: owner, context: context)
        var problem: ReferenceProblem?
        if policy.wellKnownCACertificates == nil {
            for reference in policy.caCertificateRefs where problem == nil {
                do {
                    _ = try references.authority(reference, from: "BackendTLSPolicy", namespace: policy.namespace)
                } catch {
                    problem = error
                }
            }
        }
        if let problem {
            let isKind = problem.reason == "InvalidCACertificateKind"
            return [
                StatusCondition("Accepted", false, "NoValidCACertificate", problem.message),
                StatusCondition(
                    "ResolvedRefs", false, isKind ? "InvalidKind" : problem.reason, problem.message),
            ]
        }
        let accepted =
            isConflicted
            ? StatusCondition("Accepted", false, "Conflicted", "Another policy is about the same target")
            : StatusCondition("Accepted", true, "Accepted", "Configuration is valid")
        return [accepted, StatusCondition("ResolvedRefs", true, "ResolvedRefs", "Configuration is valid")]
    }

    private mutating func add(_ policy: XBackendTrafficPolicy, taken: inout Set<String>) {
        let isConflicted = Self.isTaken(policy.targetRefs, namespace: policy.namespace, taken: &taken)
        let unsupported = policy.sessionPersistence == nil ? [] : ["sessionPersistence"]
        var message = "Configuration is valid"
        if !unsupported.isEmpty {
            message += ", but Istio does not support the following fields: \(unsupported.joined(separator: ", "))"
        }
        let accepted =
            isConflicted
            ? StatusCondition("Accepted", false, "Conflicted", "Another policy is about the same target")
            : StatusCondition("Accepted", true, "Accepted", message)
        let entries = policy.targetRefs.map { reference -> JSON in
            [
                "ancestorRef": [
                    "group": .string(reference.group), "kind": .string(reference.kind),
                    "name": .string(reference.name),
                ],
                "conditions": [accepted].json, "controllerName": "istio.io/mesh-controller",
            ]
        }
        statuses.append(
            ObjectStatus(kind: "XBackendTrafficPolicy", meta: policy.meta, status: ["ancestors": .array(entries)]))
    }
}

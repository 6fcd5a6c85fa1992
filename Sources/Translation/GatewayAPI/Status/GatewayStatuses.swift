import Documents
import MeshModel

/// Statuses of Gateways and ListenerSets.
struct GatewayStatuses {
    let context: ConversionContext
    let listeners: ListenerConversion
    /// How many routes a listener has, by the name of its Istio Gateway.
    let attachedRoutes: [String: Int]

    var statuses: [ObjectStatus] {
        context.snapshot.kubernetesGateways.compactMap(status) + context.snapshot.listenerSets.compactMap(status)
    }

    private static let resolved = StatusCondition("ResolvedRefs", true, "ResolvedRefs", "All references resolved")

    private func status(of gateway: KubernetesGateway) -> ObjectStatus? {
        guard let info = context.snapshot.gatewayClassInfo(gateway.gatewayClassName) else { return nil }
        if info.controller == .unmanaged { return remoteStatus(of: gateway) }
        var object = JSONObject()
        var conditions = [Self.resolved]
        let key = ParentKey(kind: "Gateway", namespace: gateway.namespace, name: gateway.name)
        guard let services = listeners.services[key] else {
            conditions += [
                StatusCondition("Accepted", false, "UnsupportedAddress", gateway.addressProblem),
                StatusCondition(
                    "Programmed", false, "UnsupportedAddress", "Failed to assign to any requested addresses"),
            ]
            object.add("conditions", conditions.json)
            return ObjectStatus(kind: "Gateway", meta: gateway.meta, status: .object(object))
        }
        let outcomes = listeners.outcomes[key] ?? []
        let sets = listeners.gatewayOfSet.filter { $0.value == key }.map(\.key)
        let programmedSets = sets.filter { listeners.outcomes[$0]?.contains(where: \.isValid) ?? false }
        let setPorts = programmedSets.flatMap { listeners.outcomes[$0] ?? [] }.filter { !$0.isConflicted }.map(\.port)
        let assignment = ServiceAssignment(
            services: services, ports: outcomes.filter { !$0.isConflicted }.map(\.port) + setPorts,
            namespace: gateway.namespace, context: context)
        let addresses = assignment.addresses(
            type: gateway.meta.annotations["networking.istio.io/address-type"] ?? info.addressType)
        conditions.append(accepted(outcomes, of: "Gateway"))
        conditions.append(assignment.programmed)
        if gateway.frontendTLS?.isInsecure ?? false {
            conditions.append(
                StatusCondition(
                    "InsecureFrontendValidationMode", true, "ConfigurationChanged",
                    "Frontend validation mode AllowInsecureFallback is configured"))
        }
        if !addresses.isEmpty {
            object.add("addresses", .array(addresses.map { ["type": .string($0.type), "value": .string($0.value)] }))
        }
        if !programmedSets.isEmpty { object.add("attachedListenerSets", .int(Int64(programmedSets.count))) }
        object.add("conditions", conditions.json)
        object.add("listeners", .array(outcomes.map { status(of: $0, owner: key) }))
        return ObjectStatus(
            kind: "Gateway", meta: gateway.meta, status: .object(object), assumedServices: assignment.assumed)
    }

    /// A gateway of another cluster, that somebody else looks after.
    private func remoteStatus(of gateway: KubernetesGateway) -> ObjectStatus {
        var object = JSONObject()
        let addresses = gateway.addresses.map { address -> JSON in
            ["type": .string(address.type ?? "IPAddress"), "value": .string(address.value)]
        }
        if !addresses.isEmpty { object.add("addresses", .array(addresses)) }
        let accepted = StatusCondition("Accepted", true, "Accepted", "Resource accepted")
        let programmed = StatusCondition(
            "Programmed", true, "Programmed", "This Gateway is remote; Istio will not program it")
        object.add("conditions", [accepted, programmed].json)
        return ObjectStatus(kind: "Gateway", meta: gateway.meta, status: .object(object))
    }

    private func status(of set: ListenerSet) -> ObjectStatus? {
        let parent = ParentKey(
            kind: "Gateway", namespace: set.parentRef.namespace ?? set.namespace, name: set.parentRef.name)
        let gateway = context.snapshot.kubernetesGateways.first {
            $0.name == parent.name && $0.namespace == parent.namespace
        }
        guard let gateway, let info = context.snapshot.gatewayClassInfo(gateway.gatewayClassName) else { return nil }
        let key = ParentKey(kind: "ListenerSet", namespace: set.namespace, name: set.name)
        var object = JSONObject()
        if let reason = refusal(of: set, gateway: gateway, info, key: key) {
            object.add("conditions", reason.json)
            return ObjectStatus(kind: set.writtenKind, meta: set.meta, status: .object(object))
        }
        let outcomes = listeners.outcomes[key] ?? []
        let accepted = accepted(outcomes, of: "ListenerSet")
        let assignment = ServiceAssignment(
            services: listeners.services[key] ?? [], ports: outcomes.filter { !$0.isConflicted }.map(\.port),
            namespace: gateway.namespace, context: context)
        let programmed =
            accepted.isTrue
            ? assignment.programmed : StatusCondition("Programmed", false, accepted.reason, accepted.message)
        object.add("conditions", [accepted, programmed].json)
        object.add("listeners", .array(outcomes.map { status(of: $0, owner: key) }))
        return ObjectStatus(kind: set.writtenKind, meta: set.meta, status: .object(object))
    }

    /// The conditions of a ListenerSet that its Gateway has no place for.
    private func refusal(
        of set: ListenerSet, gateway: KubernetesGateway, _ info: GatewayClassInfo, key: ParentKey
    ) -> [StatusCondition]? {
        func both(_ reason: String, _ message: String, programmed: String? = nil) -> [StatusCondition] {
            [
                StatusCondition("Accepted", false, reason, message),
                StatusCondition("Programmed", false, reason, programmed ?? message),
            ]
        }
        if !info.takesListenerSets {
            return both("NotAllowed", "The \"\(gateway.gatewayClassName)\" GatewayClass does not support ListenerSet")
        }
        let own = ParentKey(kind: "Gateway", namespace: gateway.namespace, name: gateway.name)
        if listeners.services[own] == nil {
            return both(
                "UnsupportedAddress", "Parent not accepted: \(gateway.addressProblem)",
                programmed: "Failed to assign to any requested addresses")
        }
        if listeners.gatewayOfSet[key] == nil {
            return both(
                "NotAllowed", "The parent Gateway does not allow this reference; check the 'spec.allowedRoutes'")
        }
        return nil
    }

    private func accepted(_ outcomes: [ListenerOutcome], of kind: String) -> StatusCondition {
        let valid = outcomes.count(where: \.isValid)
        if valid == 0, !outcomes.isEmpty {
            return StatusCondition(
                "Accepted", false, "ListenersNotValid", "None of the \(kind)'s listeners are valid")
        }
        if valid < outcomes.count, kind == "Gateway" {
            return StatusCondition(
                "Accepted", true, "ListenersNotValid", "One or more of the Gateway's listeners are invalid")
        }
        return StatusCondition("Accepted", true, "Accepted", "Resource accepted")
    }

    private func status(of outcome: ListenerOutcome, owner: ParentKey) -> JSON {
        let listener = outcome.listener
        let name = "\(owner.namespace)/\(owner.name)~\(ConversionContext.autogenerated)~\(listener.name)"
        var object = JSONObject()
        object.add("attachedRoutes", .int(outcome.isConflicted ? 0 : Int64(attachedRoutes[name] ?? 0)))
        object.add("conditions", outcome.conditions.json)
        object.add("name", .string(listener.name))
        object.add(
            "supportedKinds",
            .array(
                listener.routeKinds.map {
                    ["group": .string(ConversionContext.group), "kind": .string($0.rawValue)]
                }))
        return .object(object)
    }
}

extension ListenerOutcome {
    var isConflicted: Bool {
        if case .conflicted = state { true } else { false }
    }

    fileprivate var conditions: [StatusCondition] {
        let fine = "No errors found"
        var accepted = StatusCondition("Accepted", true, "Accepted", fine)
        let conflicts = StatusCondition("Conflicted", false, "NoConflicts", fine)
        var programmed = StatusCondition("Programmed", true, "Programmed", fine)
        var resolved = StatusCondition("ResolvedRefs", true, "ResolvedRefs", fine)
        switch state {
        case .valid: break
        case .conflicted(let reason):
            return [
                StatusCondition("Accepted", false, reason, message),
                StatusCondition("Conflicted", true, reason, message),
                StatusCondition("Programmed", false, reason, message),
            ]
        case .unsupportedProtocol:
            accepted = StatusCondition("Accepted", false, "UnsupportedProtocol", message)
        case .invalid(let problem):
            if problem.isFatal {
                accepted = StatusCondition("Accepted", false, "NoValidCACertificate", problem.message)
            }
            programmed = StatusCondition("Programmed", false, "Invalid", "Bad TLS configuration")
            resolved = StatusCondition("ResolvedRefs", false, problem.reason, problem.message)
        }
        if !listener.hasOnlyKnownKinds {
            resolved = StatusCondition("ResolvedRefs", false, "InvalidRouteKinds", "Invalid route kinds")
        }
        return [accepted, conflicts, programmed, resolved]
    }
}

extension KubernetesGateway {
    /// What is wrong with the addresses of a Gateway none of which can be used.
    fileprivate var addressProblem: String {
        let ignored = addresses.filter { ($0.type ?? "Hostname") != "Hostname" }.map(\.value)
        return "only Hostname is supported, ignoring [\(ignored.joined(separator: " "))]"
    }
}

extension KubernetesGateway.FrontendTLS {
    fileprivate var isInsecure: Bool {
        ([defaultValidation] + perPort.map(\.validation)).contains { $0?.mode == "AllowInsecureFallback" }
    }
}

extension ListenerSet {
    /// The kind as the manifest has it: `XListenerSet` in its older group.
    fileprivate var writtenKind: String {
        meta.apiVersion.hasPrefix("gateway.networking.x-k8s.io/") ? "XListenerSet" : "ListenerSet"
    }
}

import Documents
import MeshModel

/// Statuses of routes: one entry for each parent that is Istio's.
struct RouteStatuses {
    /// What a status is computed from, of whichever kind of route.
    private struct Route {
        let kind: RouteKind
        let meta: ObjectMeta
        let parentRefs: [ParentReference]
        let hostnames: [String]
        /// All backends, those of mirrors included.
        let backends: [BackendReference]
        /// What is wrong with the route as a whole, for gateways or for the mesh.
        let problem: (_ isMesh: Bool) -> RouteProblem?
    }

    let context: ConversionContext
    private let attachment: RouteAttachment
    private let listeners: ListenerConversion
    private(set) var statuses: [ObjectStatus] = []
    /// How many routes a listener has, by the name of its Istio Gateway.
    private(set) var attachedRoutes: [String: Int] = [:]

    init(context: ConversionContext, listeners: ListenerConversion) {
        self.context = context
        self.listeners = listeners
        attachment = RouteAttachment(context: context, parents: listeners.parents)
        for route in routes {
            let parents = othersEntries(of: route) + route.parentRefs.compactMap { status(of: $0, route: route) }
            let names = attachment.parents(
                of: route.parentRefs, kind: route.kind, namespace: route.meta.namespace, hostnames: route.hostnames
            ).filter { !$0.isMesh }.map(\.gateway)
            for name in Set(names) { attachedRoutes[name, default: 0] += 1 }
            if parents.isEmpty { continue }
            statuses.append(
                ObjectStatus(kind: route.kind.rawValue, meta: route.meta, status: ["parents": .array(parents)]))
        }
    }

    private var routes: [Route] {
        let snapshot = context.snapshot
        let context = context
        let http = snapshot.httpRoutes.map { route in
            Route(
                kind: .http, meta: route.meta, parentRefs: route.parentRefs, hostnames: route.hostnames,
                backends: route.rules.flatMap { $0.backendRefs + $0.filters.compactMap(\.mirroredBackend) },
                problem: { HTTPLikeRoute(route).problem(isMesh: $0, context: context) })
        }
        let grpc = snapshot.grpcRoutes.map { route in
            Route(
                kind: .grpc, meta: route.meta, parentRefs: route.parentRefs, hostnames: route.hostnames,
                backends: route.rules.flatMap { $0.backendRefs + $0.filters.compactMap(\.mirroredBackend) },
                problem: { HTTPLikeRoute(route).problem(isMesh: $0, context: context) })
        }
        let tls = snapshot.tlsRoutes.map { route in
            Route(
                kind: .tls, meta: route.meta, parentRefs: route.parentRefs, hostnames: route.hostnames,
                backends: route.rules.flatMap(\.backendRefs), problem: { _ in nil })
        }
        let tcp = context.tcpRoutes.map { route in
            Route(
                kind: .tcp, meta: route.meta, parentRefs: route.parentRefs, hostnames: [],
                backends: route.rules.flatMap(\.backendRefs), problem: { _ in nil })
        }
        return http + grpc + tls + tcp
    }

    /// What other controllers wrote to the status, which stays.
    private func othersEntries(of route: Route) -> [JSON] {
        guard !context.foreignParentStatuses.isEmpty else { return [] }
        return context.foreignParentStatuses["\(route.kind.rawValue)/\(route.meta.namespacedName)"] ?? []
    }

    /// The entry for a parent; `nil` for a parent that Istio does not know or that is another controller's.
    private func status(of reference: ParentReference, route: Route) -> JSON? {
        let group = reference.group ?? ConversionContext.group
        let kind = reference.kind ?? "Gateway"
        let accepted: StatusCondition?
        let isMesh: Bool
        switch (group, kind) {
        case (ConversionContext.group, "Gateway"), (ConversionContext.group, "ListenerSet"):
            isMesh = false
            accepted = gatewayCondition(reference, kind: kind, route: route)
        case ("", "Service"), ("networking.istio.io", "ServiceEntry"):
            isMesh = true
            accepted = meshCondition(reference, kind: kind, route: route)
        default: return nil
        }
        guard var accepted else { return nil }
        if accepted.isTrue, let problem = route.problem(isMesh) {
            accepted = StatusCondition("Accepted", false, "UnsupportedValue", problem.message)
        }
        var entry = JSONObject()
        entry.add("conditions", [accepted, resolvedCondition(route, isMesh: isMesh)].json)
        entry.add("controllerName", "istio.io/gateway-controller")
        entry.add("parentRef", reference.json)
        return .object(entry)
    }

    private func meshCondition(_ reference: ParentReference, kind: String, route: Route) -> StatusCondition? {
        let namespace = reference.namespace ?? route.meta.namespace
        let isThere: Bool
        let meta: ObjectMeta?
        if kind == "Service" {
            meta = context.snapshot.service(reference.name, namespace: namespace)?.meta
            isThere = context.hasService(reference.name, namespace: namespace)
        } else {
            meta =
                context.snapshot.serviceEntries.first { $0.name == reference.name && $0.namespace == namespace }?.meta
            isThere = meta != nil
        }
        if let meta, context.hasForeignWaypoint(meta) { return nil }
        if isThere { return StatusCondition("Accepted", true, "Accepted", "Route was valid") }
        let word = kind == "Service" ? "service" : "service entry"
        return StatusCondition(
            "Accepted", false, "NoMatchingParent", "parent \(word): \"\(reference.name)\" not found")
    }

    private func gatewayCondition(_ reference: ParentReference, kind: String, route: Route) -> StatusCondition? {
        let key = ParentKey(
            kind: kind, namespace: reference.namespace ?? route.meta.namespace, name: reference.name)
        guard let candidates = listeners.parents[key] else { return nil }
        var bound = 0
        var denials: [ReferenceProblem] = []
        for listener in candidates {
            if let denial = denial(of: listener, reference, route: route) {
                denials.append(denial)
            } else {
                bound += 1
            }
        }
        if bound > 0 {
            let message = bound == 1 ? "Route was valid" : "Route was valid, bound to \(bound) parents"
            return StatusCondition("Accepted", true, "Accepted", message)
        }
        // The refusal that came nearest to a match says most.
        let order = ["NotAllowedByListeners", "NoMatchingListenerHostname", "NoMatchingParent"]
        for reason in order {
            let messages = denials.filter { $0.reason == reason }.map(\.message)
            if messages.isEmpty { continue }
            return StatusCondition("Accepted", false, reason, messages.joined(separator: "; "))
        }
        return StatusCondition("Accepted", false, "NoMatchingParent", "no listener found")
    }

    /// Why a listener does not take the route; `nil` when it does.
    private func denial(of listener: ListenerParent, _ reference: ParentReference, route: Route) -> ReferenceProblem? {
        if let section = reference.sectionName, !section.isEmpty, section != listener.sectionName {
            return ReferenceProblem(reason: "NoMatchingParent", message: "sectionName \"\(section)\" not found")
        }
        if let port = reference.port, port != listener.port {
            return ReferenceProblem(reason: "NoMatchingParent", message: "port \(port) not found")
        }
        let own = listener.hostname.isEmpty ? "*" : listener.hostname
        if !route.hostnames.isEmpty, !route.hostnames.contains(where: { HostName.matches($0, own) }) {
            return ReferenceProblem(
                reason: "NoMatchingListenerHostname",
                message: "no hostnames matched parent hostname \"\(listener.hostname)\"")
        }
        if !listener.allows(namespace: route.meta.namespace) {
            return ReferenceProblem(
                reason: "NotAllowedByListeners",
                message: "hostnames matched parent hostname \"\(listener.hostname)\", but namespace "
                    + "\"\(route.meta.namespace)\" is not allowed by the parent")
        }
        if !listener.kinds.contains(route.kind) {
            return ReferenceProblem(
                reason: "NotAllowedByListeners",
                message: "kind \(ConversionContext.group)/v1/\(route.kind.rawValue) is not allowed")
        }
        return nil
    }

    /// The last backend with a problem gives the reason.
    private func resolvedCondition(_ route: Route, isMesh: Bool) -> StatusCondition {
        let conversion = BackendConversion(
            context: context, kind: route.kind, namespace: route.meta.namespace, isMesh: isMesh)
        let problem = route.backends.compactMap(conversion.problem).last
        guard let problem else {
            return StatusCondition("ResolvedRefs", true, "ResolvedRefs", "All references resolved")
        }
        return StatusCondition("ResolvedRefs", false, problem.reason, problem.message)
    }
}

extension HTTPLikeRoute {
    fileprivate func problem(isMesh: Bool, context: ConversionContext) -> RouteProblem? {
        do {
            _ = try virtualServiceRoutes(isMesh: isMesh, context: context)
            return nil
        } catch {
            return error
        }
    }
}

extension BackendConversion {
    /// What a status says about a backend that cannot be used.
    fileprivate func problem(_ backend: BackendReference) -> ReferenceProblem? {
        let group = backend.group ?? ""
        let backendKind = backend.kind ?? "Service"
        let target = backend.namespace ?? namespace
        switch (group, backendKind) {
        case ("", "Service"), ("multicluster.x-k8s.io", "ServiceImport"), ("networking.istio.io", "Hostname"): break
        case ("inference.networking.k8s.io", "InferencePool"):
            if context.snapshot.options.isEnabled("ENABLE_GATEWAY_API_INFERENCE_EXTENSION", default: false) {
                return nil
            }
            fallthrough
        default:
            return ReferenceProblem(
                reason: "InvalidKind",
                message: "referencing unsupported backendRef: group \"\(group)\" kind \"\(backendKind)\"")
        }
        let reference = (group: group, kind: backendKind, namespace: target, name: backend.name)
        if backendKind != "Hostname", !isMesh, target != namespace,
            !context.isGranted(from: kind.rawValue, in: namespace, to: reference)
        {
            return ReferenceProblem(
                reason: "RefNotPermitted",
                message: "backendRef \(backend.name)/\(target) not accessible to a \(kind.rawValue) in namespace "
                    + "\"\(namespace)\" (missing a ReferenceGrant?)")
        }
        guard let host = try? destination(backend).host, !host.isEmpty else { return nil }
        if context.hasBackend(host) { return nil }
        return ReferenceProblem(reason: "BackendNotFound", message: "backend(\(host)) not found")
    }
}

extension ParentReference {
    /// As it was written.
    var json: JSON {
        var object = JSONObject()
        object.add("group", group.map(JSON.string))
        object.add("kind", kind.map(JSON.string))
        object.add("name", .string(name))
        object.add("namespace", namespace.map(JSON.string))
        object.add("port", port.map { .int(Int64($0)) })
        object.add("sectionName", sectionName.map(JSON.string))
        return .object(object)
    }
}

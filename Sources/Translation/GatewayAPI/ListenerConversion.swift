import Documents
import MeshModel

/// Gateways and ListenerSets become one Istio Gateway a listener (18.1, 18.2).
struct ListenerConversion {
    let context: ConversionContext
    private(set) var gateways: [IstioGateway] = []
    private(set) var parents: [ParentKey: [ListenerParent]] = [:]
    private(set) var diagnostics: [Diagnostic] = []
    /// What became of each listener, by the object it stands in.
    private(set) var outcomes: [ParentKey: [ListenerOutcome]] = [:]
    /// Services of the gateways that were converted.
    private(set) var services: [ParentKey: [String]] = [:]
    /// Gateways by the ListenerSets that they let in.
    private(set) var gatewayOfSet: [ParentKey: ParentKey] = [:]

    init(_ context: ConversionContext) {
        self.context = context
        var sets: [ParentKey: [ListenerSet]] = [:]
        for set in context.snapshot.listenerSets {
            let key = ParentKey(
                kind: "Gateway", namespace: set.parentRef.namespace ?? set.namespace, name: set.parentRef.name)
            sets[key, default: []].append(set)
        }
        for gateway in context.snapshot.kubernetesGateways {
            let key = ParentKey(kind: "Gateway", namespace: gateway.namespace, name: gateway.name)
            convert(gateway, sets: sets[key] ?? [])
        }
    }

    /// One listener with the object it stands in.
    private struct Entry {
        let listener: GatewayListener
        let owner: ParentKey
        let meta: ObjectMeta
        var port: Int { listener.effectivePort ?? 0 }
    }

    private mutating func convert(_ gateway: KubernetesGateway, sets: [ListenerSet]) {
        guard let info = context.snapshot.gatewayClassInfo(gateway.gatewayClassName) else {
            report(gateway)
            return
        }
        guard info.controller != .unmanaged, let services = serviceHosts(of: gateway, info) else { return }
        let own = ParentKey(kind: "Gateway", namespace: gateway.namespace, name: gateway.name)
        self.services[own] = services
        var entries = gateway.listeners.map { Entry(listener: $0, owner: own, meta: gateway.meta) }
        let allowed = context.allowed(gateway.allowedListeners, default: .none, own: gateway.namespace)
        let order = { (left: ListenerSet, right: ListenerSet) in
            (left.meta.creationTime, left.namespace, left.name) < (right.meta.creationTime, right.namespace, right.name)
        }
        for set in sets.sorted(by: order) where info.takesListenerSets && (allowed?.contains(set.namespace) ?? true) {
            let key = ParentKey(kind: "ListenerSet", namespace: set.namespace, name: set.name)
            gatewayOfSet[key] = own
            self.services[key] = services
            entries += set.listeners.map { Entry(listener: $0, owner: key, meta: set.meta) }
        }
        var accepted: [Entry] = []
        for entry in entries {
            if let other = accepted.first(where: { conflict($0, entry) }) {
                diagnostics.append(
                    Diagnostic(
                        .error,
                        "listener \"\(entry.listener.name)\" of \(entry.owner.kind) \"\(entry.owner.namespace)/"
                            + "\(entry.owner.name)\" is not used: listener \"\(other.listener.name)\" has port "
                            + "\(entry.port) for the same host",
                        at: entry.listener.location, hint: "give it another port or another hostname"))
                let reason = Self.conflictReason(other.listener, entry.listener)
                outcomes[entry.owner, default: []].append(
                    ListenerOutcome(entry.listener, port: entry.port, state: .conflicted(reason)))
                continue
            }
            accepted.append(entry)
            add(entry, of: gateway, info, services: services)
        }
    }

    private mutating func report(_ gateway: KubernetesGateway) {
        let known = context.snapshot.gatewayClasses.contains { $0.name == gateway.gatewayClassName }
        guard !known else { return }
        let isAmbient = ["istio-waypoint", "istio-east-west"].contains(gateway.gatewayClassName)
        let start = "Gateway \"\(gateway.namespace)/\(gateway.name)\" has no effect: "
        diagnostics.append(
            Diagnostic(
                .warning,
                start
                    + (isAmbient
                        ? "class \"\(gateway.gatewayClassName)\" is of ambient mode, which is not on"
                        : "there is no GatewayClass \"\(gateway.gatewayClassName)\""),
                at: gateway.gatewayClassNameLocation ?? gateway.meta.location,
                hint: isAmbient ? "--feature PILOT_ENABLE_AMBIENT=true turns it on" : "Istio's class is \"istio\""))
    }

    /// Hosts of the Services whose proxies serve the Gateway; `nil` when it is to be ignored (18.1.2, 18.1.3).
    private func serviceHosts(of gateway: KubernetesGateway, _ info: GatewayClassInfo) -> [String]? {
        if context.snapshot.isManaged(gateway) {
            return [context.serviceHost(gateway.managedName(info), namespace: gateway.namespace)]
        }
        let hosts = gateway.addresses.filter { ($0.type ?? "Hostname") == "Hostname" }.map(\.value)
        if hosts.isEmpty { return nil }
        return hosts.map { $0.contains(".") ? $0 : context.serviceHost($0, namespace: gateway.namespace) }
    }

    /// Whose credentials the gateway's proxies may have; empty where anybody may have deployed them.
    private func serviceAccount(of gateway: KubernetesGateway, _ info: GatewayClassInfo) -> String {
        guard context.snapshot.isManaged(gateway) else { return "" }
        return gateway.meta.annotations["gateway.istio.io/service-account"] ?? gateway.managedName(info)
    }

    /// Whether two listeners of a Gateway cannot both be there (18.2.5).
    private func conflict(_ left: Entry, _ right: Entry) -> Bool {
        guard left.port == right.port else { return false }
        let isRaw = { (listener: GatewayListener) in ["TCP", "UDP"].contains(listener.protocol) }
        let isLikeHTTP = { (listener: GatewayListener) in ["HTTP", "HTTPS", "TLS"].contains(listener.protocol) }
        let (first, second) = (left.listener, right.listener)
        if isRaw(first) || isRaw(second) {
            return (isRaw(first) || isLikeHTTP(first)) && (isRaw(second) || isLikeHTTP(second))
        }
        guard isLikeHTTP(first), isLikeHTTP(second) else { return false }
        let host = { (listener: GatewayListener) in listener.hostname.flatMap { $0.isEmpty ? nil : $0 } ?? "*" }
        return host(first) == host(second)
    }

    private mutating func add(
        _ entry: Entry, of gateway: KubernetesGateway, _ info: GatewayClassInfo, services: [String]
    ) {
        let listener = entry.listener
        let name = "\(entry.meta.name)~\(ConversionContext.autogenerated)~\(listener.name)"
        let isConverted = info.isConverted(port: entry.port)
        if isConverted { addParent(entry, name: name) }
        let isTunnel = listener.protocol == "HBONE" && info.takesTunnels
        guard isTunnel || ["HTTP", "HTTPS", "TLS", "TCP"].contains(listener.protocol) else {
            refuse(entry, .unsupportedProtocol)
            return
        }
        if listener.tls == nil, ["HTTPS", "TLS"].contains(listener.protocol) {
            // Istio finds no fault with it, and makes nothing of it.
            diagnostics.append(
                Diagnostic(
                    .error,
                    "listener \"\(listener.name)\" of \(entry.owner.kind) \"\(entry.owner.namespace)/"
                        + "\(entry.owner.name)\" is not used: protocol \"\(listener.protocol)\" needs tls",
                    at: listener.protocolLocation ?? listener.location))
            outcomes[entry.owner, default: []].append(ListenerOutcome(listener, port: entry.port, state: .valid))
            return
        }
        let tls: ServerTLSSettings?
        do {
            tls = try ListenerTLS(
                listener, port: entry.port, owner: entry.owner, gateway: gateway, context: context
            ).settings
        } catch {
            refuse(entry, .invalid(error))
            return
        }
        outcomes[entry.owner, default: []].append(ListenerOutcome(listener, port: entry.port, state: .valid))
        guard isConverted else { return }
        let namespaces = context.allowed(listener.allowedRoutes.namespaces, default: .same, own: entry.meta.namespace)
        let host = listener.hostname.flatMap { $0.isEmpty ? nil : $0 } ?? "*"
        var server = IstioGateway.Server()
        server.port = IstioGateway.Port()
        server.port?.number = entry.port
        server.port?.name = "default"
        server.port?.protocol = listener.protocol
        server.hosts = namespaces.map { $0.isEmpty ? ["~/\(host)"] : $0.map { "\($0)/\(host)" } } ?? ["*/\(host)"]
        if let location = listener.hostnameLocation ?? listener.location {
            server.hostLocations = server.hosts.map { _ in location }
        }
        server.tls = tls
        server.location = listener.location

        var meta = ObjectMeta(
            name: name, namespace: entry.meta.namespace, apiVersion: "networking.istio.io/v1",
            location: listener.location ?? entry.meta.location)
        meta.creationTime = entry.meta.creationTime
        meta.cluster = entry.meta.cluster
        meta.annotations = [
            "internal.istio.io/gateway-semantics": "gateway",
            "internal.istio.io/gateway-service": services.joined(separator: ","),
            "internal.istio.io/parents":
                "\(entry.owner.kind)/\(entry.owner.name)/\(listener.name).\(entry.owner.namespace)",
            "internal.istio.io/service-account-name": serviceAccount(of: gateway, info),
        ]
        if entry.owner.kind == "ListenerSet" {
            meta.annotations["internal.istio.io/parent-namespace"] = gateway.namespace
        }
        var result = IstioGateway(meta: meta)
        result.servers = [server]
        result.sources = [
            SourceReference(
                kind: entry.owner.kind, namespace: entry.owner.namespace, name: entry.owner.name,
                location: listener.location)
        ]
        gateways.append(result)
    }

    private mutating func addParent(_ entry: Entry, name: String) {
        let listener = entry.listener
        parents[entry.owner, default: []].append(
            ListenerParent(
                internalName: "\(entry.meta.namespace)/\(name)", sectionName: listener.name, port: entry.port,
                protocol: listener.protocol, hostname: listener.hostname == "*" ? "" : listener.hostname ?? "",
                namespaces: context.allowed(
                    listener.allowedRoutes.namespaces, default: .same, own: entry.meta.namespace),
                kinds: Set(listener.routeKinds)))
    }

    private mutating func refuse(_ entry: Entry, _ state: ListenerOutcome.State) {
        let outcome = ListenerOutcome(entry.listener, port: entry.port, state: state)
        outcomes[entry.owner, default: []].append(outcome)
        diagnostics.append(
            Diagnostic(
                .error,
                "listener \"\(entry.listener.name)\" of \(entry.owner.kind) \"\(entry.owner.namespace)/"
                    + "\(entry.owner.name)\" is not used: \(outcome.message)",
                at: entry.listener.tls?.location ?? entry.listener.protocolLocation ?? entry.listener.location))
    }

    /// Two listeners of one protocol collide by their hostname, others by their protocol.
    private static func conflictReason(_ left: GatewayListener, _ right: GatewayListener) -> String {
        left.protocol == right.protocol && left.protocol != "TCP" ? "HostnameConflict" : "ProtocolConflict"
    }
}

/// What became of a listener.
struct ListenerOutcome {
    enum State {
        case valid
        case conflicted(String)
        case unsupportedProtocol
        case invalid(ReferenceProblem)
    }

    let listener: GatewayListener
    let port: Int
    let state: State

    init(_ listener: GatewayListener, port: Int, state: State) {
        self.listener = listener
        self.port = port
        self.state = state
    }

    var isValid: Bool {
        if case .valid = state { true } else { false }
    }

    /// In Istio's words.
    var message: String {
        switch state {
        case .valid: return "No errors found"
        case .conflicted: return "Listener has a conflict with another listener attached to the same Gateway"
        case .unsupportedProtocol:
            let upper = listener.protocol.uppercased()
            let isCase = upper != listener.protocol && ["HTTP", "HTTPS", "TLS", "TCP"].contains(upper)
            return "protocol \"\(listener.protocol)\" is unsupported"
                + (isCase ? ". hint: \"\(upper)\" (uppercase) may be supported" : "")
        case .invalid(let problem): return problem.message
        }
    }
}

extension GatewayListener {
    /// The kinds of routes that the listener takes (18.2.7), in the order of the manifest.
    var routeKinds: [RouteKind] {
        let supported: [RouteKind] =
            switch `protocol` {
            case "HTTP", "HTTPS": [.http, .grpc]
            case "TCP": [.tcp]
            case "TLS": (tls?.mode ?? .terminate) == .terminate ? [.tls, .tcp] : [.tls]
            default: []
            }
        if allowedRoutes.kinds.isEmpty { return supported }
        return allowedRoutes.kinds.compactMap(\.routeKind).filter(supported.contains)
    }

    /// Whether every kind that it names is one that it can take.
    var hasOnlyKnownKinds: Bool { allowedRoutes.kinds.isEmpty || routeKinds.count == allowedRoutes.kinds.count }
}

extension AllowedRoutes.GroupKind {
    fileprivate var routeKind: RouteKind? {
        (group ?? ConversionContext.group) == ConversionContext.group ? RouteKind(rawValue: kind) : nil
    }
}

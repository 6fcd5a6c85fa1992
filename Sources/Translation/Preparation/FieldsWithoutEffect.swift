import Documents
import MeshModel

extension MeshSnapshot {
    /// Fields of Istio and Gateway API objects that are read and change nothing: those that meshtop does not compute, and those
    /// that Istio itself passes over. One note for each field, with the first place and how many objects have it.
    var notesOnFieldsWithoutEffect: [Diagnostic] {
        var notes = FieldNotes()
        for rule in destinationRules { notes.add(rule) }
        for service in virtualServices { notes.add(service) }
        for gateway in gateways {
            for server in gateway.servers where !(server.tls?.caCrl ?? "").isEmpty {
                notes.add("caCrl", of: gateway, .notModelled("revoked certificates are taken"))
            }
        }
        for route in httpRoutes where route.rules.contains(where: { $0.sessionPersistence != nil }) {
            notes.add("sessionPersistence", of: route, .ignored)
        }
        for route in grpcRoutes where route.rules.contains(where: { $0.sessionPersistence != nil }) {
            notes.add("sessionPersistence", of: route, .ignored)
        }
        for gateway in kubernetesGateways where gateway.backendClientCertificate != nil {
            notes.add("tls.backend", of: gateway, .ignored)
        }
        return notes.diagnostics
    }
}

/// Collects them.
private struct FieldNotes {
    enum Reason: Hashable {
        /// What is shown therefore.
        case notModelled(String)
        case ignored
    }

    private struct Key: Hashable {
        let kind: String
        let field: String
        let reason: Reason
    }

    private var order: [Key] = []
    private var found: [Key: (meta: ObjectMeta, count: Int)] = [:]

    mutating func add<Object: MeshObject>(_ field: String, of object: Object, _ reason: Reason) {
        let key = Key(kind: Object.kindName, field: field, reason: reason)
        if found[key] == nil { order.append(key) }
        found[key, default: (object.meta, 0)].count += 1
    }

    mutating func add(_ rule: DestinationRule) {
        if let policy = rule.trafficPolicy { add(policy, of: rule) }
        for subset in rule.subsets {
            if let policy = subset.trafficPolicy { add(policy, of: rule) }
        }
    }

    private mutating func add(_ policy: TrafficPolicy, of rule: DestinationRule) {
        if let outliers = policy.outlierDetection { add(outliers, of: rule) }
        if let tls = policy.tls { add(tls, of: rule) }
        for port in policy.portLevelSettings {
            if let outliers = port.outlierDetection { add(outliers, of: rule) }
            if let tls = port.tls { add(tls, of: rule) }
        }
        if policy.tunnel != nil {
            add("tunnel", of: rule, .notModelled("where the proxy at its other end sends connections is not followed"))
        }
    }

    private mutating func add(_ outliers: OutlierDetection, of rule: DestinationRule) {
        if !outliers.outlierDetectionHttpErrorCodes.isEmpty {
            add(
                "outlierDetectionHttpErrorCodes", of: rule, .notModelled("every 5xx counts as an error of the endpoint")
            )
        }
        if outliers.consecutiveErrors != nil { add("consecutiveErrors", of: rule, .ignored) }
    }

    private mutating func add(_ tls: ClientTLSSettings, of rule: DestinationRule) {
        if !tls.caCrl.isEmpty { add("caCrl", of: rule, .notModelled("revoked certificates are taken")) }
    }

    mutating func add(_ service: VirtualService) {
        if service.tcp.contains(where: { $0.match.contains { !$0.sourceSubnet.isEmpty } }) {
            add("sourceSubnet", of: service, .ignored)
        }
        if service.http.contains(where: { $0.fault?.delay?.exponentialDelay != nil }) {
            add("fault.delay.exponentialDelay", of: service, .ignored)
        }
    }

    var diagnostics: [Diagnostic] {
        order.compactMap { key in
            guard let (meta, count) = found[key] else { return nil }
            let others = count > 1 ? " and \(count - 1) more" : ""
            let name = "field \"\(key.field)\" of \(key.kind) \"\(meta.namespacedName)\"\(others)"
            return switch key.reason {
            case .notModelled(let consequence):
                Diagnostic(.info, "\(name) is not modelled: \(consequence)", at: meta.location)
            case .ignored: Diagnostic(.info, "\(name) has no effect: Istio passes over it", at: meta.location)
            }
        }
    }
}

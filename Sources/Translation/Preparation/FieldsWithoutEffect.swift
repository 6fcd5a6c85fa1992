import Documents
import MeshModel

/// Fields of Istio and Gateway API objects that are read and change nothing: those that meshtop does not compute, and those
/// that Istio itself passes over. One note for each field, with the first place and how many objects have it.
struct FieldsWithoutEffect: Sendable {
    private let destinationRules: FieldNotes
    private let virtualServices: FieldNotes
    private let others: FieldNotes

    var diagnostics: [Diagnostic] { destinationRules.diagnostics + virtualServices.diagnostics + others.diagnostics }

    /// `previous`: the fields of another state of the mesh. Kinds of which there are many are looked through again only when one
    /// of them has changed.
    init(_ snapshot: MeshSnapshot, previous: (fields: FieldsWithoutEffect, snapshot: MeshSnapshot)?) {
        func notes<Object>(
            _ objects: KeyPath<MeshSnapshot, [Object]>, _ known: KeyPath<FieldsWithoutEffect, FieldNotes>,
            _ add: (inout FieldNotes, borrowing Object) -> Void
        ) -> FieldNotes {
            let list = snapshot[keyPath: objects]
            if let previous, list.isSameStorage(as: previous.snapshot[keyPath: objects]) {
                return previous.fields[keyPath: known]
            }
            var notes = FieldNotes()
            // In place: the objects are large.
            list.withUnsafeBufferPointer { for index in $0.indices { add(&notes, $0[index]) } }
            return notes
        }
        destinationRules = notes(\.destinationRules, \.destinationRules) { $0.add($1) }
        virtualServices = notes(\.virtualServices, \.virtualServices) { $0.add($1) }
        others = Self.others(snapshot)
    }

    private static func others(_ snapshot: MeshSnapshot) -> FieldNotes {
        var notes = FieldNotes()
        for gateway in snapshot.gateways {
            for server in gateway.servers where !(server.tls?.caCrl ?? "").isEmpty {
                notes.add("caCrl", of: gateway, .notModelled("revoked certificates are taken"))
            }
        }
        for route in snapshot.httpRoutes where route.rules.contains(where: { $0.sessionPersistence != nil }) {
            notes.add("sessionPersistence", of: route, .ignored)
        }
        for route in snapshot.grpcRoutes where route.rules.contains(where: { $0.sessionPersistence != nil }) {
            notes.add("sessionPersistence", of: route, .ignored)
        }
        for gateway in snapshot.kubernetesGateways where gateway.backendClientCertificate != nil {
            notes.add("tls.backend", of: gateway, .ignored)
        }
        return notes
    }
}

/// Collects them.
private struct FieldNotes: Sendable {
    enum Reason: Hashable, Sendable {
        /// What is shown therefore.
        case notModelled(String)
        case ignored
    }

    private struct Key: Hashable, Sendable {
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

    mutating func add(_ rule: borrowing DestinationRule) {
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

    mutating func add(_ service: borrowing VirtualService) {
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

import Documents
import MeshModel

/// What the routes of the Gateway API have in common.
struct AnyRoute: Sendable {
    let object: any MeshObject
    let kind: String
    let parentRefs: [ParentReference]
    let hostnames: [String]
    /// All backends, with their place in the object.
    let backends: [(path: [PathStep], reference: BackendReference)]

    var meta: ObjectMeta { object.meta }
    var namespace: String { object.meta.namespace }
    var name: String { object.meta.name }

    func sourceReference(at location: SourceLocation? = nil) -> SourceReference {
        object.sourceReference(at: location)
    }

    static func all(in snapshot: MeshSnapshot) -> [AnyRoute] {
        snapshot.httpRoutes.map { AnyRoute($0, $0.parentRefs, $0.hostnames, $0.rules.map(\.backendRefs)) }
            + snapshot.grpcRoutes.map { AnyRoute($0, $0.parentRefs, $0.hostnames, $0.rules.map(\.backendRefs)) }
            + snapshot.tlsRoutes.map { AnyRoute($0, $0.parentRefs, $0.hostnames, $0.rules.map(\.backendRefs)) }
            + snapshot.tcpRoutes.map { AnyRoute($0, $0.parentRefs, [], $0.rules.map(\.backendRefs)) }
    }

    private init(
        _ object: some MeshObject, _ parents: [ParentReference], _ hostnames: [String], _ backends: [[BackendReference]]
    ) {
        self.object = object
        kind = type(of: object).kindName
        parentRefs = parents
        self.hostnames = hostnames
        self.backends = backends.enumerated().flatMap { rule, references in
            references.enumerated().map { index, reference in
                (["spec", "rules", .index(rule), "backendRefs", .index(index)], reference)
            }
        }
    }
}

/// One destination of a VirtualService, with its place in the object.
struct DestinationUse: Sendable {
    /// The path of `destination`.
    let path: [PathStep]
    let destination: VirtualService.Destination
    /// `http`, `tls` or `tcp`, and the position of the route there.
    let list: String
    let route: Int
}

extension VirtualService {
    var destinationUses: [DestinationUse] {
        var uses: [DestinationUse] = []
        for (index, route) in http.enumerated() {
            for (position, target) in route.route.enumerated() {
                uses.append(
                    DestinationUse(
                        path: ["spec", "http", .index(index), "route", .index(position), "destination"],
                        destination: target.destination, list: "http", route: index))
            }
        }
        for (list, routes) in [("tls", tls.map(\.route)), ("tcp", tcp.map(\.route))] {
            for (index, targets) in routes.enumerated() {
                for (position, target) in targets.enumerated() {
                    uses.append(
                        DestinationUse(
                            path: ["spec", .key(list), .index(index), "route", .index(position), "destination"],
                            destination: target.destination, list: list, route: index))
                }
            }
        }
        return uses
    }
}

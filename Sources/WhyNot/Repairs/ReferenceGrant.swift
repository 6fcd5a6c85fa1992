import Documents
import MeshModel

extension Repair {
    /// A backend in another namespace that no ReferenceGrant allows.
    static let referenceGrant = Repair("ReferenceGrant") { context in
        var proposals: [Proposal?] = []
        for route in context.routes {
            for backend in route.backends {
                guard let namespace = backend.reference.namespace, namespace != route.namespace else { continue }
                let grants = context.snapshot.referenceGrants.filter { $0.namespace == namespace }
                if grants.contains(where: { $0.allows(route, backend.reference) }) { continue }
                let what =
                    "\(route.kind) \(route.meta.namespacedName) refers to Service \(namespace)/\(backend.reference.name), "
                    + "which no ReferenceGrant allows (RefNotPermitted)"
                let other = route.sourceReference(at: backend.reference.location)
                for grant in grants + context.snapshot.referenceGrants.filter({ $0.namespace != namespace }) {
                    proposals += fixes(grant, route, backend.reference, namespace, what, other, context)
                }
                let service = context.snapshot.service(backend.reference.name, namespace: namespace)
                let object = grant(namespace, route)
                if let service {
                    proposals.append(context.creation(of: object, beside: service, what, others: [other]))
                } else {
                    proposals.append(context.creation(of: object, beside: route.object, what))
                }
            }
        }
        return proposals.compactMap { $0 }
    }

    /// What makes a grant that is there allow it.
    private static func fixes(
        _ grant: MeshModel.ReferenceGrant, _ route: AnyRoute, _ backend: BackendReference, _ namespace: String,
        _ reason: String, _ other: SourceReference, _ context: RepairContext
    ) -> [Proposal?] {
        var edits: [(any MeshObject, ValueEdit)] = []
        if grant.namespace != namespace {
            return [
                context.change(grant, .set(["metadata", "namespace"], .string(namespace)), reason, others: [other])
            ]
        }
        let from = grant.from.firstIndex { $0.kind == route.kind } ?? grant.from.indices.first
        let to = grant.to.firstIndex { $0.kind == "Service" } ?? grant.to.indices.first
        guard let from, let to else { return [] }
        if grant.from[from].kind != route.kind {
            edits.append((grant, .set(["spec", "from", .index(from), "kind"], .string(route.kind))))
        }
        if grant.from[from].group != "gateway.networking.k8s.io" {
            edits.append((grant, .set(["spec", "from", .index(from), "group"], "gateway.networking.k8s.io")))
        }
        if grant.from[from].namespace != route.namespace {
            edits.append((grant, .set(["spec", "from", .index(from), "namespace"], .string(route.namespace))))
        }
        if grant.to[to].kind != "Service" {
            edits.append((grant, .set(["spec", "to", .index(to), "kind"], "Service")))
        }
        if !grant.to[to].group.isEmpty { edits.append((grant, .set(["spec", "to", .index(to), "group"], ""))) }
        if let name = grant.to[to].name, name != backend.name {
            edits.append((grant, .set(["spec", "to", .index(to), "name"], .string(backend.name))))
        }
        return [context.changes(edits, reason, others: [other])]
    }

    private static func grant(_ namespace: String, _ route: AnyRoute) -> JSON {
        [
            "apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "ReferenceGrant",
            "metadata": [
                "name": .string("allow-\(route.namespace)-\(route.kind.lowercased())"), "namespace": .string(namespace),
            ],
            "spec": [
                "from": [
                    [
                        "group": "gateway.networking.k8s.io", "kind": .string(route.kind),
                        "namespace": .string(route.namespace),
                    ]
                ], "to": [["group": "", "kind": "Service"]],
            ],
        ]
    }
}

extension MeshModel.ReferenceGrant {
    /// Whether the grant lets a route refer to a Service of its namespace.
    func allows(_ route: AnyRoute, _ backend: BackendReference) -> Bool {
        from.contains {
            $0.group == "gateway.networking.k8s.io" && $0.kind == route.kind && $0.namespace == route.namespace
        } && to.contains { $0.kind == "Service" && $0.group.isEmpty && ($0.name ?? backend.name) == backend.name }
    }
}

import Documents
import MeshModel

/// A route of Gateway API, whatever its kind: what it hangs on and where it leads.
private struct AnyRoute {
    let object: any MeshObject
    let kind: String
    let parents: [ParentReference]
    let backends: [BackendReference]

    /// Whether it is for the callers of Services: those need no grant to refer to what they call anyway.
    var isForMesh: Bool { !parents.isEmpty && parents.allSatisfy { $0.kind == "Service" || $0.kind == "ServiceEntry" } }

    static func all(in snapshot: MeshSnapshot) -> [AnyRoute] {
        snapshot.httpRoutes.map { route in
            let mirrors = route.rules.flatMap { $0.filters + $0.backendRefs.flatMap(\.filters) }
                .compactMap(\.mirroredBackend)
            return AnyRoute(
                object: route, kind: "HTTPRoute", parents: route.parentRefs,
                backends: route.rules.flatMap(\.backendRefs) + mirrors)
        }
            + snapshot.grpcRoutes.map {
                AnyRoute(
                    object: $0, kind: "GRPCRoute", parents: $0.parentRefs, backends: $0.rules.flatMap(\.backendRefs))
            }
            + snapshot.tlsRoutes.map {
                AnyRoute(
                    object: $0, kind: "TLSRoute", parents: $0.parentRefs, backends: $0.rules.flatMap(\.backendRefs))
            }
            + snapshot.tcpRoutes.map {
                AnyRoute(
                    object: $0, kind: "TCPRoute", parents: $0.parentRefs, backends: $0.rules.flatMap(\.backendRefs))
            }
    }
}

extension Analyzer {
    /// Routes of Gateway API hang on Gateways that exist and lead to Services that exist (Kiali's codes; Istio says it in their status only),
    /// by ports that these have (MT0101).
    static let routeReferences = Analyzer(
        name: "meshtop.RouteReferences", codes: ["KIA1401", "KIA1402", "MT0101"]
    ) { context in
        AnyRoute.all(in: context.snapshot).flatMap { route in
            route.parents.compactMap { missingParent($0, of: route, context) }
                + route.backends.flatMap { defects(of: $0, route, context) }
        }
    }

    private static func missingParent(
        _ parent: ParentReference, of route: AnyRoute, _ context: AnalysisContext
    ) -> Finding? {
        guard (parent.group ?? "gateway.networking.k8s.io") == "gateway.networking.k8s.io",
            (parent.kind ?? "Gateway") == "Gateway"
        else { return nil }
        let name = NamespacedName(namespace: parent.namespace ?? route.object.meta.namespace, name: parent.name)
        guard context.kubernetesGateway(name) == nil else { return nil }
        let hint: String? =
            context.gateway(name) != nil
            ? "there is an Istio Gateway of that name: bind it with a VirtualService"
            : context.kubernetesGatewayNames.first { $0.name == name.name }
                .map { "there is \"\($0)\": write its namespace" }
                ?? nearestName(to: name.name, among: context.kubernetesGatewayNames.map(\.name))
                .map { "the nearest name is \"\($0)\"" }
        return Finding(
            context.severity(ofMissingIn: name.namespace), "KIA1401", about: route.object, analyzer: nil,
            at: parent.location, hint: hint, "Route is pointing to a non-existent or inaccessible K8s gateway: \(name)")
    }

    private static func defects(
        of backend: BackendReference, _ route: AnyRoute, _ context: AnalysisContext
    ) -> [Finding] {
        guard (backend.group ?? "").isEmpty, (backend.kind ?? "Service") == "Service" else { return [] }
        let own = route.object.meta.namespace
        let name = NamespacedName(namespace: backend.namespace ?? own, name: backend.name)
        guard let service = context.snapshot.service(name.name, namespace: name.namespace) else {
            let names = context.snapshot.services(inNamespace: name.namespace).map(\.name)
            // What gets no requests fails none.
            let severity = backend.weight == 0 ? .warning : context.severity(ofMissingIn: name.namespace)
            return [
                Finding(
                    severity, "KIA1402", about: route.object, analyzer: nil,
                    at: backend.location,
                    hint: nearestName(to: name.name, among: names).map { "the nearest name is \"\($0)\"" },
                    "BackendRef on rule doesn't have a valid service (Service \(name) not found)")
            ]
        }
        if name.namespace != own, !route.isForMesh, !context.isGranted(from: route.kind, in: own, to: name) {
            return [
                Finding(
                    .error, "KIA1402", about: route.object, analyzer: nil, at: backend.location,
                    hint: "a ReferenceGrant in \(name.namespace) has to let \(route.kind)s of \(own) refer to it",
                    "BackendRef on rule doesn't have a valid service (Service \(name) may not be referred to from"
                        + " namespace \(own))")
            ]
        }
        guard let port = backend.port, !service.ports.isEmpty, !service.ports.contains(where: { $0.port == port })
        else { return [] }
        return [
            Finding(
                .error, "MT0101", about: route.object, analyzer: nil, at: backend.location,
                hint: portHint(of: service, for: port), "Service \(name) has no port \(port)")
        ]
    }

    /// The ports of a Service, for one who asked for another; its target port is the usual mistake.
    static func portHint(of service: Service, for wanted: Int) -> String {
        if let port = service.ports.first(where: { $0.targetPort?.number == wanted }) {
            return "\(wanted) is the target port of port \(port.port): name port \(port.port)"
        }
        let ports = service.ports.map { $0.name.isEmpty ? "\($0.port)" : "\($0.port) (\($0.name))" }
        return "it has \(ports.joined(separator: ", "))"
    }
}

extension AnalysisContext {
    /// What is missing in a namespace of which nothing is loaded may be there all the same.
    func severity(ofMissingIn namespace: String) -> Diagnostic.Severity {
        isLoaded(namespace: namespace) ? .error : .warning
    }

    fileprivate func isGranted(from kind: String, in namespace: String, to service: NamespacedName) -> Bool {
        snapshot.referenceGrants.contains {
            $0.namespace == service.namespace
                && $0.allows(kind, in: namespace, group: "", kind: "Service", name: service.name)
        }
    }
}

package import Documents
package import MeshModel

/// The Istio objects that Istio makes of Gateway API and Ingress objects (rule book 18, 19).
package struct ConvertedObjects: Sendable {
    package var gateways: [IstioGateway] = []
    package var virtualServices: [VirtualService] = []
    package var destinationRules: [DestinationRule] = []
    package var diagnostics: [Diagnostic] = []

    package init() {}
}

/// The objects made of a snapshot's Gateway API and Ingress objects. The snapshot's own Istio objects are not repeated;
/// annotations (`internal.istio.io/gateway-service`, …) are as Istio sets them.
package func istioObjects(from snapshot: MeshSnapshot) -> ConvertedObjects {
    var result = ConvertedObjects()
    guard snapshot.hasConvertedObjects else { return result }
    convertIngresses(snapshot, into: &result)
    guard snapshot.options.isEnabled("PILOT_ENABLE_GATEWAY_API", default: true) else { return result }
    let context = ConversionContext(snapshot)
    let listeners = ListenerConversion(context)
    result.gateways += listeners.gateways
    result.diagnostics += listeners.diagnostics + context.notesOnAlpha
    let attachment = RouteAttachment(context: context, parents: listeners.parents)
    convertHTTPRoutes(attachment, into: &result)
    let conversion = L4RouteConversion(context: context, attachment: attachment)
    for route in context.tcpRoutes {
        result.add(route) { () throws(RouteProblem) in try conversion.convert(route) }
    }
    for route in snapshot.tlsRoutes {
        result.add(route) { () throws(RouteProblem) in try conversion.convert(route) }
    }
    result.destinationRules += PolicyConversion(context).destinationRules
    result.sort()
    return result
}

extension MeshSnapshot {
    /// Whether there is any object that Istio makes others of.
    fileprivate var hasConvertedObjects: Bool {
        !(ingresses.isEmpty && kubernetesGateways.isEmpty && listenerSets.isEmpty && httpRoutes.isEmpty
            && grpcRoutes.isEmpty && tlsRoutes.isEmpty && tcpRoutes.isEmpty && backendTLSPolicies.isEmpty
            && backendTrafficPolicies.isEmpty)
    }
}

private func convertHTTPRoutes(_ attachment: RouteAttachment, into result: inout ConvertedObjects) {
    let context = attachment.context
    let routes =
        context.snapshot.httpRoutes.map(HTTPLikeRoute.init) + context.snapshot.grpcRoutes.map(HTTPLikeRoute.init)
    let sorted = routes.sorted { left, right in
        (left.meta.creationTime, left.meta.namespace, left.meta.name)
            < (right.meta.creationTime, right.meta.namespace, right.meta.name)
    }
    var assembly = VirtualServiceAssembly()
    for route in sorted {
        let parents = attachment.parents(
            of: route.parentRefs, kind: route.kind, namespace: route.meta.namespace, hostnames: route.hostnames)
        for isMesh in [false, true] {
            let group = parents.filter { $0.isMesh == isMesh }
            if group.isEmpty { continue }
            do {
                let converted = try route.virtualServiceRoutes(isMesh: isMesh, context: context)
                for parent in group { assembly.add(converted, of: route, to: parent) }
            } catch {
                result.report(error, kind: route.kind.rawValue, meta: route.meta)
            }
        }
    }
    result.virtualServices += assembly.virtualServices
}

extension ConvertedObjects {
    fileprivate mutating func add(
        _ route: some MeshObject, _ convert: () throws(RouteProblem) -> [VirtualService]
    ) {
        do {
            virtualServices += try convert()
        } catch {
            report(error, kind: type(of: route).kindName, meta: route.meta)
        }
    }

    fileprivate mutating func report(_ problem: RouteProblem, kind: String, meta: ObjectMeta) {
        diagnostics.append(
            Diagnostic(
                .error, "\(kind) \"\(meta.namespace)/\(meta.name)\" has no effect: \(problem.message)",
                at: problem.location ?? meta.location))
    }

    /// By creation time, namespace and name: the order in which Istio lists converted objects.
    fileprivate mutating func sort() {
        func before(_ left: ObjectMeta, _ right: ObjectMeta) -> Bool {
            (left.creationTime, left.namespace, left.name) < (right.creationTime, right.namespace, right.name)
        }
        gateways.sort { before($0.meta, $1.meta) }
        virtualServices.sort { before($0.meta, $1.meta) }
        destinationRules.sort { before($0.meta, $1.meta) }
    }
}

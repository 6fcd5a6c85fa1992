package import Documents
package import MeshModel

/// The status that Istio writes to a Gateway API object.
package struct ObjectStatus: Sendable {
    package let kind: String
    package let meta: ObjectMeta
    /// `conditions`, `listeners`, `parents`, `ancestors`, ….
    package let status: JSON
    /// Services that it counts on although no manifest has them: those that Istio makes for Gateways.
    package let assumedServices: [NamespacedName]

    init(kind: String, meta: ObjectMeta, status: JSON, assumedServices: [NamespacedName] = []) {
        self.kind = kind
        self.meta = meta
        self.status = status
        self.assumedServices = assumedServices
    }

    /// The object with nothing but its names and status.
    package var json: JSON {
        var metadata = JSONObject()
        metadata.add("name", .string(meta.name))
        if !meta.namespace.isEmpty { metadata.add("namespace", .string(meta.namespace)) }
        return [
            "apiVersion": .string(meta.apiVersion), "kind": .string(kind), "metadata": .object(metadata),
            "status": status,
        ]
    }
}

/// The status of every Gateway API object of the snapshot that Istio has a say in.
package func gatewayAPIStatuses(of snapshot: MeshSnapshot) -> [ObjectStatus] {
    let context = ConversionContext(snapshot)
    let listeners = ListenerConversion(context)
    let routes = RouteStatuses(context: context, listeners: listeners)
    var result: [ObjectStatus] = []
    for gatewayClass in snapshot.gatewayClasses where gatewayClass.controllerName.hasPrefix("istio.io/") {
        let accepted = StatusCondition("Accepted", true, "Accepted", "Handled by Istio controller")
        result.append(
            ObjectStatus(
                kind: "GatewayClass", meta: gatewayClass.meta, status: ["conditions": [accepted].json]))
    }
    let gateways = GatewayStatuses(context: context, listeners: listeners, attachedRoutes: routes.attachedRoutes)
    result += gateways.statuses
    result += routes.statuses
    result += PolicyStatuses(context: context, listeners: listeners).statuses
    return result
}

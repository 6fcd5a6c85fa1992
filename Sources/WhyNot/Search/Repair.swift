/// One kind of mistake that is put right: a name and what it proposes. Each is a file in `Repairs`, all are in `Repair.all`.
package struct Repair: Sendable {
    package let name: String
    /// Changes that might help, in any order; each is tried before it is shown.
    let propose: @Sendable (RepairContext) -> [Proposal]

    init(_ name: String, propose: @escaping @Sendable (RepairContext) -> [Proposal]) {
        self.name = name
        self.propose = propose
    }

    /// Every kind of mistake that can be put right.
    package static let all: [Repair] = [
        .virtualServiceHost, .gatewayReference, .matchScope, .exportTo, .gatewaySelector, .serverHosts, .serverPort,
        .serverTLS, .subsetReference, .subsetLabels, .destinationHost, .destinationPort, .pathMatch, .valueMatch,
        .routeOrder, .delegate, .destinationRuleHost, .servicePort, .serviceSelector, .serviceEntry,
        .parentReference, .routeHostname, .allowedRoutes, .referenceGrant, .backendReference, .gatewayListener,
        .objectNamespace, .objectName, .sidecarEgress, .peerAuthentication, .routeWeight, .missingRoute,
    ]
}

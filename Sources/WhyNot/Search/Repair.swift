import TrafficEngine

/// One kind of mistake that is put right: a name and what it proposes. Each is a file in `Repairs`, all are in `Repair.all`.
package struct Repair: Sendable {
    package let name: String
    /// Changes that might help, in any order; each is tried before it is shown.
    let propose: @Sendable (RepairContext) -> [Proposal]

    init(_ name: String, propose: @escaping @Sendable (RepairContext) -> [Proposal]) {
        self.name = name
        self.propose = propose
    }

    /// The names of those that put right what an outcome says is wrong.
    static func apt(for outcome: Outcome) -> Set<String> {
        let kinds: [Repair] =
            switch outcome {
            case .refused(.noListener):
                [.gatewaySelector, .serverPort, .gatewayListener, .objectNamespace, .objectName]
            case .refused(.noVirtualHost), .refused(.noRoute):
                [
                    .virtualServiceHost, .gatewayReference, .matchScope, .exportTo, .serverHosts, .pathMatch,
                    .valueMatch,
                    .parentReference, .routeHostname, .allowedRoutes, .delegate,
                ]
            case .clusterNotFound:
                [
                    .subsetReference, .destinationHost, .destinationPort, .servicePort, .destinationRuleHost, .exportTo,
                    .objectNamespace, .backendReference, .referenceGrant, .serviceEntry,
                ]
            case .noHealthyHost:
                [.subsetLabels, .subsetReference, .serviceSelector, .servicePort, .backendReference]
            default: []
            }
        return Set(kinds.map(\.name))
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

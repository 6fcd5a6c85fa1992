import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

extension Repair {
    /// STRICT where the caller has no certificate of the mesh, and DISABLE where it has.
    static let peerAuthentication = Repair("mutual TLS of a workload") { context in
        guard
            [.refused(.mtlsError), .refused(.tlsError), .refused(.noFilterChain), .localReply].contains(context.outcome)
        else { return [] }
        var proposals: [Proposal?] = []
        let root = context.snapshot.meshConfig.rootNamespace
        let callee = context.attempt.trace?.hops.last.map(\.proxy) ?? context.proxy.id
        for policy in context.snapshot.peerAuthentications
        where policy.namespace == root || callee.hasSuffix("." + policy.namespace) {
            for (port, mode) in policy.portLevelMtls.sorted(by: { $0.key < $1.key }) where mode == .strict {
                proposals.append(
                    context.change(
                        policy, .set(["spec", "portLevelMtls", .key("\(port)"), "mode"], "PERMISSIVE"),
                        "PeerAuthentication \(policy.namespacedName) wants mTLS at port \(port), the caller has none"))
            }
            guard let mode = policy.mtls, mode == .strict || mode == .disable else { continue }
            proposals.append(
                context.change(
                    policy, .set(["spec", "mtls", "mode"], "PERMISSIVE"),
                    "PeerAuthentication \(policy.namespacedName) has mode \(mode.rawValue), which this caller does not fit"
                ))
        }
        return proposals.compactMap { $0 }
    }
}

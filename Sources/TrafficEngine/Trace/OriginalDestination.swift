import EnvoyModel

/// Clusters of type ORIGINAL_DST have no endpoints of their own: a connection goes on to where its client meant to go.
extension CompiledHost {
    convenience init(originalDestination address: String, port: UInt16) {
        let socket = SocketAddress(address, port)
        let text = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        self.init(
            LbEndpoint(address: .socket(socket)), index: 0, address: text, socketAddress: socket,
            locality: Locality(), priority: 0, localityIndex: 0, hashKey: Array(text.utf8))
    }
}

extension CompiledCluster {
    /// Where a request leaves to; `nil` for a cluster of any other type.
    func originalDestination(of request: SyntheticRequest) -> CompiledHost? {
        guard value.type == .originalDst else { return nil }
        let port = value.originalDstPortOverride.flatMap { UInt16(exactly: $0) } ?? request.port
        return CompiledHost(originalDestination: request.address, port: port)
    }
}

extension Decision {
    /// The decision for a simulated request, which knows the destination that a balancer cannot: the balancer's answer for such
    /// a cluster is that there is no host.
    func withOriginalDestination(of request: SyntheticRequest) -> Decision {
        guard host == nil, let reply = localReply, reply.flags == .noHealthyUpstream,
            let destination = cluster?.originalDestination(of: request)
        else { return self }
        var decision = self
        decision.localReply = nil
        decision.host = destination
        return decision
    }
}

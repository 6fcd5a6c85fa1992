import Documents
import EnvoyModel

extension CompiledMirror {
    /// The host of the copy: `h.x:81` becomes `h.x-shadow:81`.
    package func authority(_ host: String) -> String {
        let host = value.hostRewriteLiteral.isEmpty ? host : value.hostRewriteLiteral
        if value.disableShadowHostSuffixAppend || !value.hostRewriteLiteral.isEmpty { return host }
        var block = HeaderBlock()
        let range = block.store(host.utf8)
        guard let colon = block.portColon(range) else { return host + "-shadow" }
        return block.string(block.part(range, from: 0, to: colon)) + "-shadow"
            + block.string(block.part(range, from: colon, to: Int(range.count)))
    }
}

extension Decision {
    /// The cluster that the route names, whether it exists or not; `nil` where a header names it.
    var namedCluster: String? {
        guard let action = route?.action, action.kind == .forward else { return nil }
        switch action.clusterChoice {
        case .one: return action.clusterName
        case .weighted:
            let entries = action.entries
            guard weightedClusterIndex >= 0, weightedClusterIndex < entries.count else { return nil }
            return entries[weightedClusterIndex].header == nil ? entries[weightedClusterIndex].name : nil
        case .header, .none: return nil
        }
    }
}

extension StaticString {
    var isFault: Bool { description == "fault_filter_abort" }
}

private struct CandidateKey: Hashable {
    let route: ObjectIdentifier?
    let cluster: String
    let host: Int
}

extension [Candidate] {
    /// Equal ends as one.
    func merged() -> [Candidate] {
        var places: [CandidateKey: Int] = [:]
        var result: [Candidate] = []
        for candidate in self {
            let key = CandidateKey(
                route: candidate.route.map { ObjectIdentifier($0) }, cluster: candidate.cluster,
                host: candidate.host?.index ?? -1)
            if let place = places[key] {
                result[place].share += candidate.share
            } else {
                places[key] = result.count
                result.append(candidate)
            }
        }
        return result
    }
}

extension CompiledCluster {
    /// The TLS that an endpoint gets; `nil` for plaintext.
    func tls(to host: CompiledHost) -> UpstreamTLSContext? {
        let wanted = host.value.metadata.filterMetadata["envoy.transport_socket_match"]
        let match = value.transportSocketMatches.first { $0.match.allSatisfy { wanted?[$0.key] == $0.value } }
        return (match?.transportSocket ?? value.transportSocket).tls
    }

    /// What an endpoint receives: `plaintext`, `tls` or `mtls`.
    package func transport(to host: CompiledHost) -> String {
        guard let tls = tls(to: host) else { return "plaintext" }
        return tls.common.certificateSDSSecrets.isEmpty && tls.common.certificates.isEmpty ? "tls" : "mtls"
    }
}

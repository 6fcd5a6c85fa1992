import Documents
package import EnvoyModel
package import MeshModel

/// What istiod sends for the names of secrets (`kubernetes://name`, `kubernetes-gateway://namespace/name`, `configmap://…`): never
/// the private keys.
package struct SecretDiscovery {
    private let mesh: MeshSnapshot
    /// Of the proxy that asks.
    private let namespace: String

    package init(_ mesh: MeshSnapshot, for proxy: ProxyNode) {
        self.mesh = mesh
        namespace = proxy.namespace
    }

    /// What is behind a name; `nil` when it is a name that istiod does not answer, as those of the mesh's own certificates.
    package func secret(_ resource: String) -> EnvoyModel.Secret? {
        guard let separator = resource.firstRange(of: "://") else { return nil }
        let scheme = resource[..<separator.lowerBound]
        guard ["kubernetes", "kubernetes-gateway", "configmap"].contains(scheme) else { return nil }
        let name = String(resource[separator.upperBound...])
        let isAuthority = name.hasSuffix(Self.suffix)
        let found = scheme == "configmap" ? ofConfigMap(name) : isAuthority ? authority(name) : certificate(name)
        // What is not there keeps the proxy waiting.
        guard let found else { return EnvoyModel.Secret(name: resource, kind: .other, isWarming: true) }
        let text = PEM.certificates(in: found.bytes)
        return EnvoyModel.Secret(
            name: resource, kind: isAuthority ? .certificateAuthority(pem: text) : .certificate(chainPEM: text),
            sources: [found.source])
    }

    private static let suffix = "-cacert"
    private typealias Found = (bytes: [UInt8], source: SourceReference)

    private func certificate(_ name: String) -> Found? {
        guard let secret = secret(named: name) else { return nil }
        if let chain = secret.data["cert"], secret.data["key"] != nil {
            return (chain, secret.sourceReference(at: nil))
        }
        guard let chain = secret.data["tls.crt"], secret.data["tls.key"] != nil else { return nil }
        return (chain, secret.sourceReference(at: nil))
    }

    /// A Secret of the full name goes before the one that holds the server's certificate too.
    private func authority(_ name: String) -> Found? {
        for candidate in [name, String(name.dropLast(Self.suffix.count))] {
            guard let secret = secret(named: candidate) else { continue }
            if let bytes = secret.data["cacert"] ?? secret.data["ca.crt"] {
                return (bytes, secret.sourceReference(at: nil))
            }
        }
        return nil
    }

    private func ofConfigMap(_ name: String) -> Found? {
        let plain = name.hasSuffix(Self.suffix) ? String(name.dropLast(Self.suffix.count)) : name
        guard let place = place(of: plain), let map = mesh.configMap(place.name, namespace: place.namespace),
            let text = map.data["ca.crt"]
        else { return nil }
        return (Array(text.utf8), map.sourceReference(at: nil))
    }

    /// A Secret by `namespace/name`, or of the proxy's own namespace.
    package func secret(named text: String) -> MeshModel.Secret? {
        place(of: text).flatMap { mesh.secret($0.name, namespace: $0.namespace) }
    }

    private func place(of text: String) -> NamespacedName? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return switch parts.count {
        case 1: NamespacedName(namespace: namespace, name: text)
        case 2: NamespacedName(namespace: parts[0], name: parts[1])
        default: nil
        }
    }
}

extension XDSSnapshot {
    /// The names of secrets that listeners and, if wanted, clusters ask for; sorted.
    package func secretNames(ofClusters includesClusters: Bool) -> [String] {
        var names: Set<String> = []
        for listener in listeners {
            for chain in listener.filterChains + [listener.defaultFilterChain].compactMap(\.self) {
                if case .tls(let context)? = chain.transportSocket { names.formUnion(context.common.secretNames) }
            }
        }
        guard includesClusters else { return names.sorted() }
        for cluster in clusters {
            if let context = cluster.transportSocket.tls { names.formUnion(context.common.secretNames) }
        }
        return names.sorted()
    }
}

extension CommonTLSContext {
    fileprivate var secretNames: [String] {
        certificateSDSSecrets.map(\.name) + [validationSDSSecret?.name].compactMap(\.self)
    }
}

extension DestinationRule {
    /// Whether TLS to the service takes a certificate or an authority from a Secret.
    var hasCredential: Bool {
        trafficPolicy?.hasCredential ?? false || subsets.contains { $0.trafficPolicy?.hasCredential ?? false }
    }
}

extension TrafficPolicy {
    fileprivate var hasCredential: Bool {
        !(tls?.credentialName ?? "").isEmpty
            || portLevelSettings.contains { !($0.tls?.credentialName ?? "").isEmpty }
    }
}

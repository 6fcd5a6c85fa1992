import Documents
import EnvoyModel
import MeshModel

/// A port of the workload that its sidecar has chains and a cluster for (istiod: `inboundChainConfig`).
struct InboundPort {
    /// Where the application listens, or the Sidecar's ingress port.
    let targetPort: Int
    let servicePort: Int
    let proto: PortProtocol
    /// The address in the name of the chain or listener.
    let address: String
    /// It really listens, because nothing redirects connections.
    let bindsToPort: Bool
    let ingress: Sidecar.IngressListener?
    /// The services that lead here, the first decides.
    let targets: [ServiceTarget]
    let sources: [SourceReference]

    var clusterName: String { ClusterName.inbound(port: targetPort) }
    var chainName: String { "\(address)_\(targetPort)" }
    var telemetryHost: String { targets.first?.service.hostname ?? "" }

    /// The ports of a proxy, ascending (istiod: `buildInboundChainConfigs`).
    static func ports(of context: ProxyContext) -> [InboundPort] {
        let ingress = context.scope.sidecar?.ingress ?? []
        var result: [InboundPort] = []
        var seen = Set<Int>()
        for listener in ingress {
            guard let port = listener.port, seen.insert(port.number).inserted else { continue }
            if isSkipped(port.number, listener, context) { continue }
            let targets = context.targets.filter { $0.targetPort == port.number }
            result.append(
                InboundPort(
                    targetPort: port.number, servicePort: port.number, proto: PortProtocol(name: port.protocol),
                    address: listener.bind.isEmpty ? context.ownAddress : listener.bind,
                    bindsToPort: context.proxy.interception == .none || listener.captureMode == .none,
                    ingress: listener, targets: targets,
                    sources: context.scope.sidecar.map { [$0.sourceReference(at: listener.location)] } ?? []))
        }
        if ingress.isEmpty || context.features.allowSidecarServiceInboundListenerMerge {
            for target in context.targets where !target.port.isUDP && seen.insert(target.targetPort).inserted {
                if context.proxy.reservedPorts.contains(target.targetPort)
                    || target.targetPort == context.meshConfig.proxyListenPort
                    || target.targetPort == context.meshConfig.proxyInboundListenPort
                {
                    continue
                }
                result.append(
                    InboundPort(
                        targetPort: target.targetPort, servicePort: target.port.number, proto: target.port.proto,
                        address: context.wildcardAddress, bindsToPort: context.proxy.interception == .none,
                        ingress: nil, targets: context.targets.filter { $0.targetPort == target.targetPort },
                        sources: [target.service.source]))
            }
        }
        return result.stableSorted { $0.targetPort < $1.targetPort }
    }

    private static func isSkipped(
        _ port: Int, _ listener: Sidecar.IngressListener, _ context: ProxyContext
    ) -> Bool {
        let bindsToPort = context.proxy.interception == .none || listener.captureMode == .none
        if bindsToPort, context.proxy.isUnprivileged, port < 1024 { return true }
        return (listener.bind.isEmpty || listener.bind == context.wildcardAddress)
            && context.proxy.reservedPorts.contains(port)
    }
}

extension ProxyContext {
    /// The first address that others can reach it at.
    var ownAddress: String {
        proxy.ipAddresses.first { IPAddress($0)?.isGlobalUnicast ?? false } ?? proxy.ipAddresses.first
            ?? (proxy.isIPv6Only ? "::1" : "127.0.0.1")
    }
}

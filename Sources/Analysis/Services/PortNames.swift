import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `service.PortNameAnalyzer`: port names tell their protocol.
    static let portNames = Analyzer(name: "service.PortNameAnalyzer", codes: ["IST0118", "IST0150"]) { context in
        var findings: [Finding] = []
        for service in context.snapshot.services {
            // Services of the installation itself, and those that no workload of the mesh is behind.
            let isSystem =
                service.namespace.hasPrefix("kube-") || service.namespace == context.snapshot.meshConfig.rootNamespace
            guard !service.isStandIn, !isSystem else { continue }
            if service.type == .externalName {
                // A TCP port of a name has no address to tell it by.
                for port in service.ports where port.protocol != "UDP" && port.appProtocol == nil {
                    guard !tellsProtocol(port.name) || port.name.lowercased().hasPrefix("tcp") else { continue }
                    findings.append(
                        Finding(
                            .warning, "IST0150", about: service, analyzer: "service.PortNameAnalyzer",
                            at: port.location,
                            "Port name for ExternalName service is invalid. Proxy may prevent tcp named ports and"
                                + " unmatched traffic for ports serving TCP protocol from being forwarded correctly"))
                }
                continue
            }
            for port in service.ports where port.protocol != "UDP" && port.appProtocol == nil {
                guard !tellsProtocol(port.name) else { continue }
                let target =
                    switch port.targetPort {
                    case .number(let number)?: String(number)
                    case .name(let name)?: name
                    case nil: String(port.port)
                    }
                findings.append(
                    Finding(
                        .info, "IST0118", about: service, analyzer: "service.PortNameAnalyzer", at: port.location,
                        hint:
                            "call it http-\(port.name.isEmpty ? "web" : port.name), or set appProtocol: without it the"
                            + " protocol is guessed from the first bytes",
                        "Port name \(port.name) (port: \(port.port), targetPort: \(target)) doesn't follow the naming"
                            + " convention of Istio port."))
            }
        }
        return findings
    }

    private static let protocols: Set<Substring> = [
        "http", "http2", "https", "grpc", "grpc-web", "tcp", "tls", "udp", "mongo", "redis", "mysql", "http_proxy",
    ]

    /// Whether the name, or what stands before its first `-`, is a protocol (3.2.3).
    private static func tellsProtocol(_ name: String) -> Bool {
        let name = name.lowercased()
        if name.hasPrefix("grpc-web") { return true }
        return protocols.contains(name.prefix { $0 != "-" })
    }
}

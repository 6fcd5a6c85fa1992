import Documents
import EnvoyModel
import TrafficEngine

/// Which connections of a Pod its sidecar catches: the annotations `traffic.sidecar.istio.io/…` as the injector hands them to
/// istio-iptables.
struct SidecarRedirection: Sendable {
    private let annotations: Annotations
    /// `TPROXY` keeps the client's address, `REDIRECT` does not.
    let keepsSource: Bool
    private static let prefix = "traffic.sidecar.istio.io/"
    /// Ports of the agent and the proxy that are never caught.
    static let ownPorts: Set<Int> = [15020, 15021, 15090]

    init(_ annotations: Annotations, interceptionMode: String?) {
        self.annotations = annotations
        let mode = annotations["sidecar.istio.io/interceptionMode"] ?? interceptionMode ?? "REDIRECT"
        keepsSource = mode == "TPROXY"
    }

    private func value(_ name: String) -> String? { annotations[Self.prefix + name] }
    private func source(_ name: String) -> SourceReference { annotations.source(Self.prefix + name) }

    private func ports(_ name: String) -> Set<Int> {
        Set((value(name) ?? "").split(separator: ",").compactMap { Int($0.trimmingBlanks) })
    }

    private func ranges(_ name: String) -> [CIDRRange] {
        (value(name) ?? "").split(separator: ",").compactMap { CIDRRange(text: $0.trimmingBlanks) }
    }

    /// Why a connection that comes in on a port goes past the sidecar; `nil` when it is caught.
    func inboundBypass(port: Int) -> PathFact? {
        if Self.ownPorts.contains(port) {
            return PathFact(.note, "port \(port) is the proxy's own and never caught")
        }
        let name = "includeInboundPorts"
        if let included = value(name), included != "*" {
            if included.isEmpty {
                return PathFact(
                    .note, "\(Self.prefix)\(name): \"\" - nothing that comes in is caught by the sidecar",
                    source: source(name))
            }
            // With a list, the excluded ports have no say.
            return ports(name).contains(port)
                ? nil
                : PathFact(
                    .note, "port \(port) is not among \(Self.prefix)\(name) (\(included)): not caught by the sidecar",
                    source: source(name))
        }
        let excluded = "excludeInboundPorts"
        guard ports(excluded).contains(port) else { return nil }
        return PathFact(
            .note, "port \(port) is among \(Self.prefix)\(excluded): not caught by the sidecar",
            source: source(excluded))
    }

    /// Whether no connection that comes in is caught.
    var ignoresInbound: Bool { value("includeInboundPorts") == "" }

    /// Why a connection that goes out is not caught; `nil` when it is.
    func outboundBypass(address: String, port: Int) -> PathFact? {
        let bypass = { (name: String, words: String) in
            PathFact(.warning, "\(words) by \(Self.prefix)\(name): past the sidecar", source: source(name))
        }
        if ports("excludeOutboundPorts").contains(port) {
            return bypass("excludeOutboundPorts", "port \(port) is excluded")
        }
        if ranges("excludeOutboundIPRanges").contains(where: { $0.contains(address) }) {
            return bypass("excludeOutboundIPRanges", "\(address) is excluded")
        }
        if value("includeOutboundPorts") == "*" || ports("includeOutboundPorts").contains(port) { return nil }
        let included = "includeOutboundIPRanges"
        if value(included) ?? "*" == "*" || ranges(included).contains(where: { $0.contains(address) }) { return nil }
        return bypass("includeOutboundIPRanges", "\(address) is not included")
    }
}

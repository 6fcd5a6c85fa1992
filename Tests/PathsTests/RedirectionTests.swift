import Documents
import Testing

@testable import Paths

/// The annotations that say what a sidecar catches.
struct RedirectionTests {
    private static func redirection(_ annotations: [String: String]) -> SidecarRedirection {
        let owner = SourceReference(kind: "Pod", namespace: "n", name: "p", location: nil)
        var values: [String: String] = [:]
        for (key, value) in annotations {
            values[key.contains("/") ? key : "traffic.sidecar.istio.io/" + key] = value
        }
        return SidecarRedirection(Annotations(values: values, owner: owner, node: nil), interceptionMode: nil)
    }

    static let inbound: [([String: String], Int, Bool)] = [
        ([:], 8080, true), ([:], 15021, false), ([:], 15020, false), ([:], 15090, false),
        (["includeInboundPorts": ""], 8080, false), (["includeInboundPorts": "*"], 8080, true),
        (["includeInboundPorts": "80, 8080"], 8080, true), (["includeInboundPorts": "80"], 8080, false),
        (["excludeInboundPorts": "8080"], 8080, false), (["excludeInboundPorts": "80"], 8080, true),
        // With a list of ports to include, those to exclude are not looked at.
        (["includeInboundPorts": "8080", "excludeInboundPorts": "8080"], 8080, true),
    ]

    @Test("what comes in", arguments: inbound)
    func incoming(_ annotations: [String: String], _ port: Int, _ isCaught: Bool) {
        #expect((Self.redirection(annotations).inboundBypass(port: port) == nil) == isCaught)
    }

    static let outbound: [([String: String], String, Int, Bool)] = [
        ([:], "10.0.0.1", 80, true), (["excludeOutboundPorts": "80,443"], "10.0.0.1", 443, false),
        (["excludeOutboundIPRanges": "10.0.0.0/8"], "10.1.2.3", 80, false),
        (["excludeOutboundIPRanges": "10.0.0.0/8"], "11.1.2.3", 80, true),
        (["includeOutboundIPRanges": "10.96.0.0/12"], "10.100.0.1", 80, true),
        (["includeOutboundIPRanges": "10.96.0.0/12"], "8.8.8.8", 80, false),
        (["includeOutboundIPRanges": ""], "10.0.0.1", 80, false),
        (["includeOutboundIPRanges": "", "includeOutboundPorts": "80"], "8.8.8.8", 80, true),
        (["includeOutboundIPRanges": "", "includeOutboundPorts": "80"], "8.8.8.8", 81, false),
        (["includeOutboundIPRanges": "fd00::/8"], "fd12::1", 80, true),
    ]

    @Test("what goes out", arguments: outbound)
    func outgoing(_ annotations: [String: String], _ address: String, _ port: Int, _ isCaught: Bool) {
        #expect((Self.redirection(annotations).outboundBypass(address: address, port: port) == nil) == isCaught)
    }

    @Test("TPROXY keeps the client's address, REDIRECT does not")
    func mode() {
        #expect(!Self.redirection([:]).keepsSource)
        #expect(Self.redirection(["sidecar.istio.io/interceptionMode": "TPROXY"]).keepsSource)
    }
}

import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `externalcontrolplane.ExternalControlPlaneAnalyzer`: webhooks lead to a control plane elsewhere by name.
    static let externalControlPlane = Analyzer(
        name: "externalcontrolplane.ExternalControlPlaneAnalyzer", codes: ["IST0163", "IST0164"]
    ) { context in
        let analyzer = "externalcontrolplane.ExternalControlPlaneAnalyzer"
        let group = "admissionregistration.k8s.io"
        let all =
            context.resources("ValidatingWebhookConfiguration", group: group)
            + context.resources("MutatingWebhookConfiguration", group: group)
        var findings: [Finding] = []
        for resource in all where isIstio(resource.meta.name) {
            for webhook in resource.node.at("webhooks")?.list ?? [] {
                guard let client = webhook.at("clientConfig"), client.at("service") == nil else { continue }
                let name = webhook.at("name")?.text ?? ""
                guard let address = client.at("url"), let host = host(of: address.text) else {
                    findings.append(
                        Finding(
                            .warning, "IST0163", about: resource, analyzer: analyzer, at: client.location,
                            "The hostname () that was provided for the webhook (\(name)) to reach the ingress gateway on"
                                + " the external control plane cluster is blank or no URL. Traffic may not flow"
                                + " properly."))
                    continue
                }
                guard Names.isIPAddress(host) else { continue }
                findings.append(
                    Finding(
                        .info, "IST0164", about: resource, analyzer: analyzer, at: address.location,
                        "The address (\(address.text)) that was provided for the webhook (\(name)) to reach the ingress"
                            + " gateway on the external control plane cluster is an IP address. This is not recommended"
                            + " for a production environment."))
            }
        }
        return findings
    }

    private static func isIstio(_ name: String) -> Bool {
        name.hasPrefix("istio-validator") || name.hasPrefix("istiod-") || name.hasPrefix("istio-sidecar-injector")
    }

    private static func host(of url: String) -> Substring? {
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), let slashes = url.firstIndex(of: "/") else {
            return nil
        }
        let authority = url[slashes...].dropFirst(2).prefix { $0 != "/" && $0 != "?" }
        if authority.hasPrefix("[") { return authority.dropFirst().prefix { $0 != "]" } }
        let host = authority.prefix { $0 != ":" }
        return host.isEmpty ? nil : host
    }
}

import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `applicationUID.Analyzer`: the application does not run as the sidecar's user, 1337.
    static let applicationUser = Analyzer(name: "applicationUID.Analyzer", codes: ["IST0144"]) { context in
        var findings: [Finding] = []
        func check(_ resource: Resource, _ spec: Node?) {
            guard let spec else { return }
            let containers = spec.at("containers")?.list ?? []
            let user =
                [spec.at("securityContext", "runAsUser")]
                + containers
                .filter { $0.at("name")?.text != "istio-proxy" }
                .map { $0.at("securityContext", "runAsUser") }
            guard let place = user.compactMap({ $0 }).first(where: { $0.int == 1337 }) else { return }
            findings.append(
                Finding(
                    .warning, "IST0144", about: resource, analyzer: "applicationUID.Analyzer", at: place.location,
                    hint: "traffic of user 1337 bypasses the sidecar: take another user",
                    "User ID (UID) 1337 is reserved for the sidecar proxy."))
        }
        for pod in context.resources("Pod", group: "") { check(pod, pod.node.at("spec")) }
        for deployment in context.resources("Deployment", group: "apps") {
            check(deployment, deployment.node.at("spec", "template", "spec"))
        }
        return findings
    }
}

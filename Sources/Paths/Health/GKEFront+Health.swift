import Documents
import MeshModel
import TrafficEngine

extension GKEFront {
    private static let backendConfigs = ["cloud.google.com/backend-config", "beta.cloud.google.com/backend-config"]

    /// A BackendConfig's check; without one the readiness probe of a Pod that serves the port; else `/` on that port.
    func healthCheck(of backend: FrontBackend, in index: FrontContext) -> HealthCheck? {
        var check = HealthCheck(origin: "GKE's defaults")
        let own = index.manifests.annotations(of: backend.service)
        if let key = Self.backendConfigs.first(where: { own[$0] != nil }), let names = own.json(key),
            let name =
                (names["ports"]?[backend.port.name] ?? names["ports"]?["\(backend.port.port)"] ?? names["default"])?
                .string
        {
            guard
                let config = index.manifests.resource(
                    "BackendConfig", name, namespace: backend.service.namespace, cluster: cluster)
            else {
                check.facts.append(
                    PathFact(
                        .warning, "BackendConfig \(name) is not there: the defaults count", source: own.source(key)))
                return probe(backend, index, check)
            }
            if let given = config.node[path: "spec", "healthCheck"] { return read(given, name, backend, check) }
        }
        return probe(backend, index, check)
    }

    private func read(_ given: Node, _ name: String, _ backend: FrontBackend, _ check: HealthCheck) -> HealthCheck {
        var check = check
        check.origin = "BackendConfig \(name)"
        check.source = SourceReference(
            kind: "BackendConfig", namespace: backend.service.namespace, name: name, location: given.keyLocation)
        if let scheme = given["type"]?.string.flatMap({ HealthReport.Scheme(rawValue: $0 == "HTTP2" ? "HTTPS" : $0) }) {
            check.scheme = scheme
        }
        check.path = given["requestPath"]?.string ?? "/"
        if let port = given["port"]?.number { check.port = .number(port) }
        return check
    }

    private func probe(_ backend: FrontBackend, _ index: FrontContext, _ check: HealthCheck) -> HealthCheck {
        var check = check
        if backend.transport == .tls { check.scheme = .https }
        for pod in index.book.pods(of: backend.service) {
            let target = index.book.targetPort(backend.port, in: pod)
            for container in pod.spec.containers {
                guard let probe = container.readinessProbe, probe.kind == .http,
                    probe.port.flatMap({ pod.number(of: $0) }) == target
                else { continue }
                check.path = probe.path
                check.origin = "the readiness probe of container \(container.name)"
                check.source = SourceReference(
                    kind: "Pod", namespace: pod.namespace, name: pod.workload?.name ?? pod.name,
                    location: probe.location)
                return check
            }
        }
        return check
    }
}

extension Pod {
    /// A port by number, or by its name in the containers.
    func number(of reference: PortReference) -> Int? {
        switch reference {
        case .number(let number): number
        case .name(let name): spec.port(named: name, protocol: "TCP")
        }
    }
}

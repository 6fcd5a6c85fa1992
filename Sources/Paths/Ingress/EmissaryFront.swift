import Documents
import MeshModel
import TrafficEngine

/// Emissary-ingress: Mappings, and Ingresses of its class. It dials Services, not Pods, unless a resolver says otherwise.
struct EmissaryFront: IngressFront {
    let cluster: String
    let ingresses: [Ingress]
    let context: FrontContext

    var hosts: [String] { mappings.map(\.host) }
    var kind: PathHop.Kind { .ingress }
    var name: String { "Emissary-ingress" }
    var source: SourceReference {
        ingresses.first?.sourceReference ?? mappings.first?.place
            ?? SourceReference(kind: "Mapping", namespace: "", name: "", location: nil)
    }
    /// An Envoy of its own: the header is overwritten with its default name.
    var server: ServerHeader { .overwrites("envoy") }

    /// A route, of a Mapping or of an Ingress.
    private struct Mapping {
        var host: String
        var prefix: String
        var isExact = false
        var service: String
        var namespace: String
        var hostRewrite: String?
        /// What the prefix becomes; `nil` leaves it.
        var rewrite: String?
        var dialsPods = false
        var place: SourceReference
        var words: String
        var ingress: Ingress?
        var backend: Ingress.Backend?
    }

    private var mappings: [Mapping] {
        let own = context.manifests.all("Mapping").filter {
            $0.apiVersion.hasPrefix("getambassador.io/") && $0.meta.cluster == cluster
        }.compactMap { resource -> Mapping? in
            guard let spec = resource.node["spec"], let prefix = spec["prefix"]?.string,
                let service = spec["service"]?.string
            else { return nil }
            let place = SourceReference(
                kind: "Mapping", namespace: resource.meta.namespace, name: resource.meta.name,
                location: spec["prefix"]?.keyLocation)
            var mapping = Mapping(
                host: spec["hostname"]?.string ?? spec["host"]?.string ?? "*", prefix: prefix, service: service,
                namespace: resource.meta.namespace, place: place,
                words: "Mapping \(resource.meta.namespacedName) \(prefix)")
            mapping.hostRewrite = spec["host_rewrite"]?.string
            mapping.isExact = spec["prefix_exact"]?.bool ?? false
            // A prefix is cut off unless the Mapping says what becomes of it; an empty text leaves the path as it is.
            mapping.rewrite = spec.hasKey("rewrite") ? spec["rewrite"]?.string ?? "" : "/"
            if mapping.rewrite?.isEmpty == true { mapping.rewrite = nil }
            mapping.dialsPods = spec["resolver"]?.string?.lowercased().contains("endpoint") ?? false
            return mapping
        }
        let others = IngressPathEntry.all(of: ingresses).map { entry in
            var mapping = Mapping(
                host: entry.host.isEmpty ? "*" : entry.host, prefix: entry.text,
                service: entry.path.backend.serviceName,
                namespace: entry.ingress.namespace, place: entry.ingress.sourceReference(at: entry.path.location),
                words: entry.words)
            mapping.isExact = entry.path.pathType == .exact
            mapping.ingress = entry.ingress
            mapping.backend = entry.path.backend
            return mapping
        }
        return own + others
    }

    func decide(_ request: SyntheticRequest, port: Int, hop: inout PathHop) -> FrontDecision {
        if request.isTLS {
            hop.tls = .ends
            hop.note("TLS ends here, with the certificate of its Host or Ingress", source)
        }
        let fitting = mappings.filter { mapping in
            (mapping.host == "*" || PathPattern.matches(request.hostName, rule: mapping.host))
                && (mapping.isExact ? request.plainPath == mapping.prefix : request.plainPath.hasPrefix(mapping.prefix))
        }
        guard let chosen = fitting.max(by: { $0.prefix.count < $1.prefix.count }) else {
            hop.fail("no Mapping and no Ingress takes \(request.hostName)\(request.plainPath)", source)
            return .answered(.written(404, server: "envoy"))
        }
        guard var backend = backend(of: chosen) else {
            hop.fail("\(chosen.words): Service \(chosen.service) with that port is not there", chosen.place)
            return .answered(answer(to: .refused))
        }
        hop.note("\(chosen.words) -> Service \(backend.service.namespacedName):\(backend.port.port)", chosen.place)
        hop.note(
            chosen.dialsPods
                ? "an endpoint resolver: it dials Pods itself" : "it dials the Service's address (Emissary's default)",
            chosen.place)
        if let host = chosen.hostRewrite {
            backend.host = host
            hop.note("host_rewrite: Host becomes \(host)", chosen.place)
        }
        if let rewrite = chosen.rewrite, !chosen.isExact {
            let rest = request.plainPath.dropFirst(chosen.prefix.count)
            backend.path = rewrite + (rewrite.hasSuffix("/") && rest.hasPrefix("/") ? rest.dropFirst() : rest)
        }
        return .forward(backend)
    }

    /// `service` is `[https://]name[.namespace][:port]`.
    private func backend(of mapping: Mapping) -> FrontBackend? {
        if let backend = mapping.backend, let ingress = mapping.ingress {
            guard let (service, port) = context.backend(backend, of: ingress) else { return nil }
            return FrontBackend(service: service, port: port, target: .service, ingress: ingress, rule: mapping.place)
        }
        var text = Substring(mapping.service)
        var isTLS = false
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            isTLS = scheme == "https://"
            text = text.dropFirst(scheme.count)
        }
        let pieces = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = pieces.first else { return nil }
        let number = pieces.count == 2 ? Int(pieces[1]) : isTLS ? 443 : 80
        let full = name.contains(".") ? name : "\(name).\(mapping.namespace)"
        guard let service = context.book.service(named: full, from: cluster), let number,
            let port = service.port(.number(number))
        else { return nil }
        var backend = FrontBackend(
            service: service, port: port, target: mapping.dialsPods ? .pods : .service, rule: mapping.place)
        if isTLS { backend.transport = .tls }
        return backend
    }

    func forwarded(_ request: SyntheticRequest, port: Int, to backend: FrontBackend) -> SyntheticRequest {
        var next = request.redirected(to: backend)
        next.append("x-forwarded-for", request.sourceIP)
        next.set("x-forwarded-proto", request.isTLS ? "https" : "http")
        next.set("x-envoy-external-address", request.sourceIP)
        if next.header("x-request-id") == nil { next.set("x-request-id", "*") }
        next.set("x-envoy-expected-rq-timeout-ms", "3000")
        return next
    }

    func answer(to failure: FrontFailure) -> TraceResponse {
        let text: String =
            switch failure {
            case .refused:
                "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure"
            case .reset:
                "upstream connect error or disconnect/reset before headers. reset reason: connection termination"
            case .noTargets: "no healthy upstream"
            }
        return .written(503, server: "envoy", body: text, contentType: "text/plain")
    }

    func returned(_ response: TraceResponse) -> TraceResponse { response.passing(server) }
    func healthCheck(of backend: FrontBackend, in index: FrontContext) -> HealthCheck? { nil }
}

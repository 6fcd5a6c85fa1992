import Documents
import MeshModel
import TrafficEngine

/// ingress-nginx: one controller for all Ingresses of its class.
struct NginxFront: IngressFront {
    static let prefix = "nginx.ingress.kubernetes.io/"

    let className: String
    let cluster: String
    let ingresses: [Ingress]
    let context: FrontContext

    var hosts: [String] { ingresses.flatMap(\.hosts) }
    var kind: PathHop.Kind { .ingress }
    var name: String { "ingress-nginx (class \(className))" }
    var source: SourceReference {
        ingresses.first?.sourceReference ?? SourceReference(kind: "Ingress", namespace: "", name: "", location: nil)
    }
    /// `server-tokens: "false"`, the default: the header is taken off, the backend's too.
    var server: ServerHeader { .removes }

    var entrances: [FrontEntrance] { FrontEntrance.usual(withTLS: ingresses.contains { !$0.tls.isEmpty }) }
    var witnesses: [FrontWitness] { FrontWitness.all(of: ingresses) }
    var serviceAdvice: String? {
        "set \(Self.prefix)service-upstream: \"true\" and \(Self.prefix)upstream-vhost: NAME.NAMESPACE.svc.cluster.local"
    }

    // MARK: A request

    func decide(_ request: SyntheticRequest, port: Int, hop: inout PathHop) -> FrontDecision {
        if request.isTLS {
            hop.tls = .ends
            let name = request.serverName.isEmpty ? request.hostName : request.serverName.lowercased()
            if let tls = tls(for: name) {
                hop.note("TLS ends here with Secret \(tls.0.secretName)", tls.1.sourceReference(at: tls.0.location))
            } else {
                hop.warn("no Ingress has a certificate for \(name): the controller's self-signed one is shown", source)
            }
        }
        let server = NginxServer(request.hostName, of: ingresses)
        let chosen = server.location(for: request.plainPath)
        guard let chosen else {
            for ingress in ingresses {
                if let backend = ingress.defaultBackend {
                    return forward(
                        backend, of: ingress, settings: nil, rule: ingress.sourceReference(at: backend.location),
                        words: "the default backend",
                        request, &hop)
                }
            }
            hop.fail(
                "no rule takes \(request.hostName)\(request.plainPath): the controller's default backend answers",
                source)
            return .answered(.written(404, server: nil, body: Self.page(404, "Not Found")))
        }
        let annotations = context.manifests.annotations(of: chosen.ingress)
        if let place = server.regexSource(context) {
            hop.note("all paths of this host are regular expressions, in any case, the longest first", place)
        }
        if let answer = answeredHere(request, chosen, annotations, &hop) { return .answered(answer) }
        if !request.isTLS, let place = httpsRedirect(chosen.ingress, request.hostName, annotations) {
            hop.note("http goes to https: the host has TLS, or force-ssl-redirect is set", place)
            return .answered(
                .written(
                    308, server: nil, body: Self.page(308, "Permanent Redirect"),
                    location: "https://\(request.hostName)\(request.path)"))
        }
        let target = NginxCanary.choose(chosen, among: ingresses, request, context.manifests, &hop)
        return forward(
            target.path.backend, of: target.ingress, settings: chosen,
            rule: target.ingress.sourceReference(at: target.path.location), words: target.words, request, &hop)
    }

    private func tls(for host: String) -> (Ingress.TLS, Ingress)? {
        for ingress in ingresses {
            for tls in ingress.tls where tls.hosts.contains(where: { PathPattern.matches(host, rule: $0) }) {
                return (tls, ingress)
            }
        }
        return nil
    }

    private func httpsRedirect(_ ingress: Ingress, _ host: String, _ annotations: Annotations) -> SourceReference? {
        let force = Self.prefix + "force-ssl-redirect"
        if annotations.isTrue(force) == true { return annotations.source(force) }
        guard annotations.isTrue(Self.prefix + "ssl-redirect") != false, let tls = tls(for: host) else { return nil }
        return tls.1.sourceReference(at: tls.0.location)
    }

    private func forward(
        _ backend: Ingress.Backend, of ingress: Ingress, settings location: IngressPathEntry?, rule: SourceReference,
        words: String, _ request: SyntheticRequest, _ hop: inout PathHop
    ) -> FrontDecision {
        guard let (service, port) = context.backend(backend, of: ingress) else {
            hop.fail("\(words): Service \(ingress.namespace)/\(backend.serviceName) with that port is not there", rule)
            return .answered(answer(to: .noTargets))
        }
        // What a canary takes over it takes as it is: the location's own Ingress says the rest.
        let settings = location?.ingress ?? ingress
        let annotations = context.manifests.annotations(of: settings)
        let upstream = Self.prefix + "service-upstream"
        let isService = annotations.isTrue(upstream) == true
        var result = FrontBackend(
            service: service, port: port, target: isService ? .service : .pods, ingress: ingress, rule: rule)
        hop.note("\(words) -> Service \(service.namespacedName):\(port.port)", rule)
        hop.note(
            isService
                ? "service-upstream: it dials the Service's address"
                : "it dials Pods itself (service-upstream is not set)",
            isService ? annotations.source(upstream) : settings.sourceReference)
        let vhost = Self.prefix + "upstream-vhost"
        if let host = annotations[vhost], !host.isEmpty {
            result.host = host
            hop.note("upstream-vhost: Host becomes \(host)", annotations.source(vhost))
        }
        let protocolKey = Self.prefix + "backend-protocol"
        switch annotations[protocolKey]?.uppercased() {
        case "HTTPS": result.transport = .tls
        case "GRPC": result.application = .http2
        case "GRPCS": (result.transport, result.application) = (.tls, .http2)
        default: break
        }
        if let value = annotations[protocolKey] {
            hop.note("backend-protocol \(value)", annotations.source(protocolKey))
        }
        let rewrite = Self.prefix + "rewrite-target"
        if let target = annotations[rewrite], !target.isEmpty {
            if let path = NginxServer.rewritten(request.plainPath, by: location?.text ?? "/", to: target) {
                result.path = path
                hop.note("rewrite-target \(target): the path becomes \(path)", annotations.source(rewrite))
            } else {
                hop.warn(
                    "rewrite-target \(target) is not evaluated: \(location?.text ?? "/") is no expression of RE2",
                    annotations.source(rewrite))
            }
        }
        for name in Self.notEvaluated where annotations[Self.prefix + name] != nil {
            hop.warn("\(name) is not evaluated", annotations.source(Self.prefix + name))
        }
        return .forward(result)
    }

    // MARK: To the backend and back

    func forwarded(_ request: SyntheticRequest, port: Int, to backend: FrontBackend) -> SyntheticRequest {
        var next = request.redirected(to: backend)
        // `use-forwarded-headers: "false"`, the default: what the client says of itself is not believed.
        next.set("x-real-ip", request.sourceIP)
        next.set("x-forwarded-for", request.sourceIP)
        next.set("x-forwarded-host", request.authority ?? "")
        next.set("x-forwarded-port", request.isTLS ? "443" : "80")
        next.set("x-forwarded-proto", request.isTLS ? "https" : "http")
        next.set("x-forwarded-scheme", request.isTLS ? "https" : "http")
        next.set("x-scheme", request.isTLS ? "https" : "http")
        if next.header("x-request-id") == nil { next.set("x-request-id", "*") }
        return next
    }

    func answer(to failure: FrontFailure) -> TraceResponse {
        switch failure {
        case .refused, .reset: .written(502, server: nil, body: Self.page(502, "Bad Gateway"))
        case .noTargets: .written(503, server: nil, body: Self.page(503, "Service Temporarily Unavailable"))
        }
    }

    static func page(_ status: Int, _ reason: String) -> String {
        "<html>\r\n<head><title>\(status) \(reason)</title></head>\r\n<body>\r\n<center><h1>\(status) \(reason)</h1></center>\r\n"
            + "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    }

    func returned(_ response: TraceResponse) -> TraceResponse { response.passing(server) }
    func healthCheck(of backend: FrontBackend, in index: FrontContext) -> HealthCheck? { nil }
}

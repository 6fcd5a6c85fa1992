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
        let entries = IngressPathEntry.all(of: ingresses)
        let hosts = entries.filter { PathPattern.matches(request.hostName, rule: $0.host) }
        let host = hosts.max { Self.rank($0.host) < Self.rank($1.host) }?.host
        let fitting = hosts.filter { $0.host == host && Self.matches(request.plainPath, $0) }
        let chosen = fitting.max { left, right in
            let exact = ((left.path.pathType == .exact) ? 1 : 0, (right.path.pathType == .exact) ? 1 : 0)
            if exact.0 != exact.1 { return exact.0 < exact.1 }
            if left.text.count != right.text.count { return left.text.count < right.text.count }
            return left.order > right.order
        }
        guard let chosen else {
            for ingress in ingresses {
                if let backend = ingress.defaultBackend {
                    return forward(
                        backend, of: ingress, rule: ingress.sourceReference(at: backend.location),
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
        if !request.isTLS, let place = httpsRedirect(chosen.ingress, request.hostName, annotations) {
            hop.note("http goes to https: the host has TLS, or force-ssl-redirect is set", place)
            return .answered(
                .written(
                    308, server: nil, body: Self.page(308, "Permanent Redirect"),
                    location: "https://\(request.hostName)\(request.path)"))
        }
        return forward(
            chosen.path.backend, of: chosen.ingress, rule: chosen.ingress.sourceReference(at: chosen.path.location),
            words: chosen.words, request, &hop)
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

    /// Exact hosts before wildcards before no host at all.
    private static func rank(_ host: String) -> Int { host.isEmpty ? 0 : host.hasPrefix("*.") ? 1 : 2 }

    private static func matches(_ path: String, _ entry: IngressPathEntry) -> Bool {
        switch entry.path.pathType ?? .implementationSpecific {
        case .exact: path == entry.text
        case .prefix: PathPattern.matches(path, elements: entry.text)
        // nginx's own `location`, by characters.
        case .implementationSpecific: path.hasPrefix(entry.text)
        }
    }

    private func forward(
        _ backend: Ingress.Backend, of ingress: Ingress, rule: SourceReference, words: String,
        _ request: SyntheticRequest,
        _ hop: inout PathHop
    ) -> FrontDecision {
        guard let (service, port) = context.backend(backend, of: ingress) else {
            hop.fail("\(words): Service \(ingress.namespace)/\(backend.serviceName) with that port is not there", rule)
            return .answered(answer(to: .noTargets))
        }
        let annotations = context.manifests.annotations(of: ingress)
        let upstream = Self.prefix + "service-upstream"
        let isService = annotations.isTrue(upstream) == true
        var result = FrontBackend(
            service: service, port: port, target: isService ? .service : .pods, ingress: ingress, rule: rule)
        hop.note("\(words) -> Service \(service.namespacedName):\(port.port)", rule)
        hop.note(
            isService
                ? "service-upstream: it dials the Service's address"
                : "it dials Pods itself (service-upstream is not set)",
            isService ? annotations.source(upstream) : ingress.sourceReference)
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
            if target.contains("$") {
                hop.warn(
                    "rewrite-target \(target) takes groups of a regular expression, which are not evaluated",
                    annotations.source(rewrite))
            } else {
                result.path = target
                hop.note("rewrite-target: the path becomes \(target)", annotations.source(rewrite))
            }
        }
        for name in ["canary", "use-regex", "ssl-passthrough", "server-snippet", "configuration-snippet"] {
            let key = Self.prefix + name
            if annotations[key] != nil { hop.warn("\(name) is not evaluated", annotations.source(key)) }
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

    private static func page(_ status: Int, _ reason: String) -> String {
        "<html>\r\n<head><title>\(status) \(reason)</title></head>\r\n<body>\r\n<center><h1>\(status) \(reason)</h1></center>\r\n"
            + "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    }

    func returned(_ response: TraceResponse) -> TraceResponse { response.passing(server) }
    func healthCheck(of backend: FrontBackend, in index: FrontContext) -> HealthCheck? { nil }
}

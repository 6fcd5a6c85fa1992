import Documents
import MeshModel
import TrafficEngine

/// Google's external or internal application load balancer, as GKE's controller makes it of an Ingress.
struct GKEFront: IngressFront {
    let ingress: Ingress
    let context: FrontContext

    var hosts: [String] { ingress.hosts }
    var kind: PathHop.Kind { .cloudLoadBalancer }
    var cluster: String { ingress.meta.cluster }
    var source: SourceReference { ingress.sourceReference }
    var name: String { "Google load balancer of Ingress \(ingress.namespacedName)" }
    var server: ServerHeader { .untouched }
    private var annotations: Annotations { context.manifests.annotations(of: ingress) }

    private static let allowHTTP = "kubernetes.io/ingress.allow-http"
    private static let frontendConfig = "networking.gke.io/v1beta1.FrontendConfig"
    private static let certificates = [
        "networking.gke.io/managed-certificates", "ingress.gcp.kubernetes.io/pre-shared-cert",
        "networking.gke.io/certmap",
    ]

    var entrances: [FrontEntrance] {
        let hasTLS = !ingress.tls.isEmpty || Self.certificates.contains { annotations[$0] != nil }
        return FrontEntrance.usual(withTLS: hasTLS)
            .filter { $0.isTLS || annotations.isTrue(Self.allowHTTP) != false }
    }
    var witnesses: [FrontWitness] { FrontWitness.all(of: [ingress]) }

    // MARK: A request

    func decide(_ request: SyntheticRequest, port: Int, hop: inout PathHop) -> FrontDecision {
        let annotations = annotations
        let certificate = Self.certificates.first { annotations[$0] != nil }
        let hasTLS = certificate != nil || !ingress.tls.isEmpty
        hop.ports = [PathPort("listener", port, source: source)]
        switch port {
        case 80:
            if annotations.isTrue(Self.allowHTTP) == false {
                hop.fail(
                    "\(Self.allowHTTP): \"false\" - there is no listener on port 80", annotations.source(Self.allowHTTP)
                )
                return .refused("no listener on port 80")
            }
        case 443 where hasTLS:
            hop.tls = .ends
            if let certificate, let value = annotations[certificate] {
                hop.note("TLS ends here with certificate \(value)", annotations.source(certificate))
            } else if let secret = ingress.tls.first {
                hop.note("TLS ends here with Secret \(secret.secretName)", ingress.sourceReference(at: secret.location))
            }
        default:
            hop.fail(
                port == 443
                    ? "no certificate: there is no listener on port 443" : "the load balancer listens on 80 and 443",
                source)
            return .refused("no listener on port \(port)")
        }
        if request.isTLS != (port == 443) {
            hop.tls = .refused
            hop.fail("port \(port): TLS and plain HTTP do not fit")
            return .reset("TLS and plain HTTP do not fit")
        }
        if port == 80, let (code, place) = redirectToHTTPS {
            hop.note("FrontendConfig redirectToHttps", place)
            let query = request.query.map { "?\($0)" } ?? ""
            return .answered(
                .written(code, server: nil, location: "https://\(request.hostName):443\(request.plainPath)\(query)"))
        }
        return route(request, &hop)
    }

    private var redirectToHTTPS: (Int, SourceReference)? {
        guard let name = annotations[Self.frontendConfig],
            let config = context.manifests.resource(
                "FrontendConfig", name, namespace: ingress.namespace, cluster: cluster),
            let redirect = config.node[path: "spec", "redirectToHttps"], redirect["enabled"]?.bool == true
        else { return nil }
        let codes = ["FOUND": 302, "TEMPORARY_REDIRECT": 307, "PERMANENT_REDIRECT": 308, "SEE_OTHER": 303]
        let code = codes[redirect["responseCodeName"]?.string ?? ""] ?? 301
        return (
            code,
            SourceReference(
                kind: "FrontendConfig", namespace: ingress.namespace, name: name, location: redirect.keyLocation)
        )
    }

    /// The most specific host, then the longest path; `/a/*` and prefixes alike.
    private func route(_ request: SyntheticRequest, _ hop: inout PathHop) -> FrontDecision {
        let entries = IngressPathEntry.all(of: [ingress])
        let hosts = entries.filter { PathPattern.matches(request.hostName, rule: $0.host) }
        let host = hosts.max { ($0.host.isEmpty ? 0 : $0.host.count) < ($1.host.isEmpty ? 0 : $1.host.count) }?.host
        let fitting = hosts.filter { $0.host == host && Self.matches(request.plainPath, $0.path) }
        let longest = fitting.max { left, right in
            left.text.count != right.text.count ? left.text.count < right.text.count : left.order > right.order
        }
        if let longest {
            return forward(
                longest.path.backend, ingress.sourceReference(at: longest.path.location), longest.words, &hop)
        }
        if let backend = ingress.defaultBackend {
            return forward(backend, ingress.sourceReference(at: backend.location), "the default backend", &hop)
        }
        hop.fail("no rule takes \(request.hostName)\(request.plainPath): GKE's default backend answers", source)
        return .answered(
            .written(
                404, server: nil, body: "response 404 (backend NotFound), service rules for the path non-existent \n",
                contentType: "text/plain; charset=utf-8"))
    }

    private static func matches(_ path: String, _ rule: Ingress.Path) -> Bool {
        let text = rule.path.isEmpty ? "/*" : rule.path
        switch rule.pathType ?? .implementationSpecific {
        case .exact: return path == text
        case .prefix: return PathPattern.matches(path, elements: text)
        case .implementationSpecific:
            // `/a/*` is everything below, anything else is exact.
            return text.hasSuffix("/*") ? path.hasPrefix(text.dropLast()) : path == text
        }
    }

    private func forward(
        _ backend: Ingress.Backend, _ rule: SourceReference, _ words: String, _ hop: inout PathHop
    ) -> FrontDecision {
        guard let (service, port) = context.backend(backend, of: ingress) else {
            hop.fail("\(words): Service \(ingress.namespace)/\(backend.serviceName) with that port is not there", rule)
            return .answered(answer(to: .noTargets))
        }
        let own = context.manifests.annotations(of: service)
        let neg = "cloud.google.com/neg"
        let isNEG = own.json(neg)?["ingress"]?.bool ?? (service.type == .clusterIP)
        var result = FrontBackend(
            service: service, port: port, target: isNEG ? .pods : .nodePort, ingress: ingress, rule: rule)
        let protocols = ["cloud.google.com/app-protocols", "networking.gke.io/app-protocols"].first { own[$0] != nil }
        if let protocols, let value = own.json(protocols)?[port.name]?.string {
            result.transport = value == "HTTP" ? .plaintext : .tls
            result.application = value == "HTTP2" ? .http2 : .http
            hop.note("\(value) to the backends", own.source(protocols))
        }
        hop.note("\(words) -> Service \(service.namespacedName):\(port.port)", rule)
        hop.note(
            isNEG
                ? "backends are Pods (network endpoint group)" : "backends are nodes (instance group)",
            own[neg] == nil ? service.sourceReference : own.source(neg))
        return .forward(result)
    }

    // MARK: To the backends and back

    func forwarded(_ request: SyntheticRequest, port: Int, to backend: FrontBackend) -> SyntheticRequest {
        var next = request.redirected(to: backend)
        // The client's address, and the load balancer's own.
        next.append(
            "x-forwarded-for", "\(request.sourceIP), \(ingress.loadBalancerIngress.first?.ip ?? Self.unknownAddress)")
        next.set("x-forwarded-proto", request.isTLS ? "https" : "http")
        next.set("via", "1.1 google")
        next.set("x-cloud-trace-context", "*")
        next.sourceIP = Self.proxyAddress
        return next
    }

    /// An address of 35.191.0.0/16, which Google's proxies and health checks come from.
    static let proxyAddress = "35.191.0.1"
    private static let unknownAddress = "203.0.113.1"

    func answer(to failure: FrontFailure) -> TraceResponse {
        let text =
            "\n<html><head>\n<title>502 Server Error</title>\n</head>\n<body>\n<h1>Error: Server Error</h1>\n"
            + "<h2>The server encountered a temporary error and could not complete your request.</h2>\n</body></html>\n"
        return .written(502, server: nil, body: text)
    }

    func returned(_ response: TraceResponse) -> TraceResponse {
        var response = response
        response.headers.append(SyntheticRequest.Header("via", "1.1 google"))
        return response
    }
}

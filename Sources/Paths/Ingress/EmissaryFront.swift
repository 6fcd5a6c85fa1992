import Documents
import MeshModel
import TrafficEngine

/// Emissary-ingress: Mappings, and Ingresses of its class. It dials Services, not Pods, unless a resolver says otherwise.
struct EmissaryFront: IngressFront {
    let cluster: String
    let ingresses: [Ingress]
    let context: FrontContext

    var hosts: [String] {
        mappings.map { mapping in
            if case .glob(let host) = mapping.host { return host }
            return ""
        }
    }
    var kind: PathHop.Kind { .ingress }
    var name: String { "Emissary-ingress" }
    var source: SourceReference {
        ingresses.first?.sourceReference ?? mappings.first?.place
            ?? SourceReference(kind: "Mapping", namespace: "", name: "", location: nil)
    }
    /// An Envoy of its own: the header is overwritten with its default name.
    var server: ServerHeader { .overwrites("envoy") }

    private var mappings: [EmissaryMapping] {
        own("Mapping").compactMap(EmissaryMapping.init) + IngressPathEntry.all(of: ingresses).map(EmissaryMapping.init)
    }

    private func own(_ kind: String) -> [Resource] {
        context.manifests.all(kind).filter {
            $0.apiVersion.hasPrefix("getambassador.io/") && $0.meta.cluster == cluster
        }
    }

    var entrances: [FrontEntrance] { FrontEntrance.usual(withTLS: hasTLS) }

    private var hasTLS: Bool { ingresses.contains { !$0.tls.isEmpty } || !own("Host").isEmpty }

    var serviceAdvice: String? { "set host_rewrite: NAME.NAMESPACE.svc.cluster.local on the Mapping" }

    var witnesses: [FrontWitness] {
        zip(hosts, mappings).map { FrontWitness(host: $0, path: $1.prefix, source: $1.place) }
    }

    func decide(_ request: SyntheticRequest, port: Int, hop: inout PathHop) -> FrontDecision {
        let hosts = own("Host").map(EmissaryHost.init)
        let host = EmissaryHost.serving(request.hostName, among: hosts)
        if let refused = refuse(request, port, hosts, host, &hop) { return refused }
        let all = mappings.enumerated().sorted { left, right in
            if EmissaryMapping.order(left.element, right.element) { return true }
            return !EmissaryMapping.order(right.element, left.element) && left.offset < right.offset
        }.map(\.element)
        guard let first = all.first(where: { $0.refusal(of: request) == nil }) else {
            for mapping in all.prefix(4) {
                hop.note("\(mapping.words): \(mapping.refusal(of: request) ?? "")", mapping.place)
            }
            hop.fail("no Mapping and no Ingress takes \(request.hostName)\(request.plainPath)", source)
            return .answered(.written(404, server: "envoy"))
        }
        let chosen = byWeight(first, all, &hop)
        for (name, place) in chosen.notEvaluated { hop.warn("\(name) of \(chosen.words) is not evaluated", place) }
        if let redirect = chosen.redirect { return .answered(redirected(request, by: chosen, redirect, &hop)) }
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
        backend.path = chosen.path(for: request)
        if let path = backend.path, path != request.plainPath {
            hop.note("the path becomes \(path)", chosen.place)
        }
        return .forward(backend)
    }

    /// What Listeners and Hosts make of it before any route is looked at.
    private func refuse(
        _ request: SyntheticRequest, _ port: Int, _ hosts: [EmissaryHost], _ host: EmissaryHost?, _ hop: inout PathHop
    ) -> FrontDecision? {
        let listeners = own("Listener")
        let ports = listeners.compactMap { $0.node[path: "spec", "port"]?.number }
        let named = Int(request.port)
        if !listeners.isEmpty, !ports.contains(named), !ports.contains(port) {
            let known = ports.sorted().map { "\($0)" }.joined(separator: ", ")
            hop.fail("no Listener is on port \(named); they are on \(known)", reference(to: listeners[0]))
            return .refused("no Listener")
        }
        if request.isTLS {
            hop.tls = .ends
            let secret = host?.secret.map { "Secret \($0) of Host \(host?.place.name ?? "")" }
            hop.note("TLS ends here, with \(secret ?? "the certificate of its Host or Ingress")", host?.place ?? source)
        }
        guard !hosts.isEmpty else { return nil }
        guard let host else {
            let known = hosts.map(\.hostname).joined(separator: ", ")
            hop.fail("no Host has \(request.hostName); there are \(known)", hosts[0].place)
            return .answered(.written(404, server: "envoy"))
        }
        // A load balancer in front that ended TLS says so; it is believed where a Listener knows of one.
        let isTrusting = listeners.contains { ($0.node[path: "spec", "l7Depth"]?.number ?? 0) > 0 }
        let isSecure = request.isTLS || isTrusting && request.header("x-forwarded-proto") == "https"
        guard !isSecure else { return nil }
        switch host.insecure {
        case .route: return nil
        case .redirect:
            hop.note(
                "plain text is redirected: requestPolicy of Host \(host.place.namespace)/\(host.place.name)",
                host.policyPlace)
            return .answered(
                .written(
                    301, server: "envoy", location: "https://\(request.authority ?? request.hostName)\(request.path)"))
        case .reject:
            hop.fail(
                "plain text is rejected: requestPolicy of Host \(host.place.namespace)/\(host.place.name)",
                host.policyPlace)
            return .answered(.written(404, server: "envoy"))
        }
    }

    private func reference(to resource: Resource) -> SourceReference {
        SourceReference(
            kind: resource.kindName, namespace: resource.meta.namespace, name: resource.meta.name,
            location: resource.meta.location)
    }

    /// Of Mappings with the same conditions the one with the largest share; one without a weight has what is left.
    private func byWeight(
        _ first: EmissaryMapping, _ all: [EmissaryMapping], _ hop: inout PathHop
    ) -> EmissaryMapping {
        let group = all.filter { $0.sharesConditions(with: first) }
        guard group.count > 1 else { return first }
        let given = group.compactMap(\.weight).reduce(0, +)
        let open = max(1, group.count { $0.weight == nil })
        let shares = group.map { $0.weight ?? max(0, 100 - given) / open }
        let words = zip(group, shares).map { "\($0.service) \($1) %" }.joined(separator: ", ")
        hop.note("Mappings of the same conditions, by weight: \(words); the heaviest is followed", first.place)
        return zip(group, shares).max { $0.1 < $1.1 }?.0 ?? first
    }

    private func redirected(
        _ request: SyntheticRequest, by mapping: EmissaryMapping,
        _ redirect: (path: String?, prefix: String?, code: Int),
        _ hop: inout PathHop
    ) -> TraceResponse {
        hop.note("\(mapping.words): host_redirect to \(mapping.service)", mapping.place)
        var path = request.path
        if let whole = redirect.path {
            path = whole
        } else if let prefix = redirect.prefix {
            path = prefix + request.path.dropFirst(mapping.prefix.count)
        }
        let scheme = request.isTLS ? "https" : "http"
        return .written(redirect.code, server: "envoy", location: "\(scheme)://\(mapping.service)\(path)")
    }

    /// `service` is `[https://]name[.namespace][:port]`.
    private func backend(of mapping: EmissaryMapping) -> FrontBackend? {
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

import Documents
import MeshModel
import TrafficEngine

/// An AWS application load balancer, as the AWS Load Balancer Controller makes it of an Ingress, or of a group of them.
struct ALBFront: IngressFront {
    static let prefix = "alb.ingress.kubernetes.io/"
    static let serverName = "awselb/2.0"

    /// In the order of the group.
    let ingresses: [Ingress]
    let context: FrontContext
    let listeners: [Listener]
    private let redirectPort: Int?

    struct Listener: Hashable, Sendable {
        var port: Int
        var isTLS: Bool
        var source: SourceReference
    }

    init(_ ingresses: [Ingress], context: FrontContext) {
        self.ingresses = ingresses.sorted { Self.order($0) < Self.order($1) }
        self.context = context
        var listeners: [Listener] = []
        for ingress in self.ingresses {
            for listener in Self.listeners(of: ingress, context.manifests.annotations(of: ingress))
            where !listeners.contains(where: { $0.port == listener.port }) {
                listeners.append(listener)
            }
        }
        self.listeners = listeners
        redirectPort =
            self.ingresses.lazy.compactMap { $0.meta.annotations[Self.prefix + "ssl-redirect"].flatMap { Int($0) } }
            .first
    }

    private static func order(_ ingress: Ingress) -> (Int, NamespacedName) {
        (Int(ingress.meta.annotations[prefix + "group.order"] ?? "") ?? 0, ingress.namespacedName)
    }

    /// `listen-ports`; without it HTTP on 80, or HTTPS on 443 where there is a certificate.
    private static func listeners(of ingress: Ingress, _ annotations: Annotations) -> [Listener] {
        let key = prefix + "listen-ports"
        if let list = annotations.json(key), list.isSequence {
            return list.elements.flatMap { element in
                element.entries.compactMap { entry in
                    guard let port = entry.value.number, (1...65535).contains(port) else { return nil }
                    return Listener(
                        port: port, isTLS: entry.key.uppercased() == "HTTPS", source: annotations.source(key))
                }
            }
        }
        if annotations[prefix + "certificate-arn"] != nil {
            return [Listener(port: 443, isTLS: true, source: annotations.source(prefix + "certificate-arn"))]
        }
        return [Listener(port: 80, isTLS: false, source: ingress.sourceReference)]
    }

    private var first: Ingress? { ingresses.first }
    var kind: PathHop.Kind { .cloudLoadBalancer }
    var cluster: String { first?.meta.cluster ?? "" }
    var source: SourceReference {
        first?.sourceReference ?? SourceReference(kind: "Ingress", namespace: "", name: "", location: nil)
    }
    var name: String {
        let group = first.flatMap { $0.meta.annotations[Self.prefix + "group.name"] }
        return "AWS ALB of "
            + (group.map { "group \($0)" } ?? "Ingress \(first?.namespacedName.description ?? "")")
    }
    var hosts: [String] { ingresses.flatMap(\.hosts) }
    var server: ServerHeader { .untouched }

    var entrances: [FrontEntrance] { listeners.map { FrontEntrance(port: $0.port, isTLS: $0.isTLS) } }
    var witnesses: [FrontWitness] { FrontWitness.all(of: ingresses) }

    // MARK: A request

    func decide(_ request: SyntheticRequest, port: Int, hop: inout PathHop) -> FrontDecision {
        guard let listener = listeners.first(where: { $0.port == port }) else {
            let known = listeners.map { "\($0.port)" }.joined(separator: ", ")
            hop.fail("the load balancer listens on \(known), not on \(port)", source)
            return .refused("no listener on port \(port)")
        }
        hop.ports = [PathPort("listener", port, source: listener.source)]
        if listener.isTLS != request.isTLS {
            hop.tls = .refused
            let words =
                listener.isTLS ? "HTTPS listener, plain HTTP from the client" : "HTTP listener, TLS from the client"
            hop.fail("port \(port): \(words)", listener.source)
            return listener.isTLS
                ? .answered(
                    .written(400, server: Self.serverName, body: "The plain HTTP request was sent to HTTPS port\n"))
                : .reset(words)
        }
        if listener.isTLS {
            hop.tls = .ends
            noteCertificate(&hop)
            hop.note(
                "HTTP/2 for clients that offer it; HTTP/1.1 to the targets unless backend-protocol-version says otherwise"
            )
        }
        if !listener.isTLS, let redirectPort {
            let annotations = first.map { context.manifests.annotations(of: $0) }
            hop.note(
                "ssl-redirect: everything on port \(port) goes to https",
                annotations?.source(Self.prefix + "ssl-redirect"))
            return .answered(
                redirect(request, to: ["protocol": "HTTPS", "port": "\(redirectPort)"], listener: listener, 301))
        }
        for entry in entries {
            guard PathPattern.matches(request.hostName, wildcard: entry.host.isEmpty ? "*" : entry.host.lowercased()),
                Self.matches(request.plainPath, entry.path)
            else { continue }
            if let decision = follow(entry, request, listener, &hop) { return decision }
        }
        if let backend = first?.defaultBackend, let ingress = first {
            let place = ingress.sourceReference(at: backend.location)
            return forward(backend, of: ingress, rule: place, words: "the default backend", hop: &hop)
        }
        hop.fail("no rule takes \(request.hostName)\(request.plainPath): the listener's default action answers", source)
        return .answered(.written(404, server: Self.serverName, contentType: "text/plain"))
    }

    private func noteCertificate(_ hop: inout PathHop) {
        let key = Self.prefix + "certificate-arn"
        for ingress in ingresses {
            let annotations = context.manifests.annotations(of: ingress)
            if let certificate = annotations[key] {
                return hop.note("TLS ends here with certificate \(certificate)", annotations.source(key))
            }
        }
        hop.note("TLS ends here with a certificate that the controller finds by host name in ACM")
    }

    /// Of one Ingress: exact paths, then prefixes, the longest first, then patterns as they are written.
    private var entries: [IngressPathEntry] {
        let rank = { (entry: IngressPathEntry) -> Int in
            switch entry.path.pathType ?? .implementationSpecific {
            case .exact: 0
            case .prefix: 1
            case .implementationSpecific: 2
            }
        }
        var result: [IngressPathEntry] = []
        for ingress in ingresses {
            for rule in ingress.rules {
                var only = ingress
                only.rules = [rule]
                result += IngressPathEntry.all(of: [only]).map { entry in
                    var entry = entry
                    entry.ingress = ingress
                    return entry
                }.sorted { left, right in
                    if rank(left) != rank(right) { return rank(left) < rank(right) }
                    if rank(left) == 1, left.text.count != right.text.count {
                        return left.text.count > right.text.count
                    }
                    return left.order < right.order
                }
            }
        }
        return result
    }

    static func matches(_ path: String, _ rule: Ingress.Path) -> Bool {
        let text = rule.path.isEmpty ? "/*" : rule.path
        return switch rule.pathType ?? .implementationSpecific {
        case .exact: path == text
        case .prefix: PathPattern.matches(path, elements: text)
        case .implementationSpecific: PathPattern.matches(path, wildcard: text)
        }
    }

    /// `nil`: the rule does not apply after all.
    private func follow(
        _ entry: IngressPathEntry, _ request: SyntheticRequest, _ listener: Listener, _ hop: inout PathHop
    ) -> FrontDecision? {
        let annotations = context.manifests.annotations(of: entry.ingress)
        let backend = entry.path.backend
        let conditions = Self.prefix + "conditions." + backend.serviceName
        if let list = annotations.json(conditions), !ALBConditions(list).hold(for: request) {
            hop.note("\(entry.words): its conditions do not hold", annotations.source(conditions))
            return nil
        }
        let place = entry.ingress.sourceReference(at: entry.path.location)
        let key = Self.prefix + "actions." + backend.serviceName
        guard backend.servicePort == .name("use-annotation") else {
            return forward(backend, of: entry.ingress, rule: place, words: entry.words, hop: &hop)
        }
        guard let action = annotations.json(key) else {
            hop.fail("\(entry.words) wants annotation \(key), which is not there or is no JSON", place)
            return .answered(
                .written(
                    503, server: Self.serverName, body: "Backend service does not exist", contentType: "text/plain"))
        }
        return act(action, key, entry, request, listener, annotations, &hop)
    }

    private func act(
        _ action: Node, _ key: String, _ entry: IngressPathEntry, _ request: SyntheticRequest, _ listener: Listener,
        _ annotations: Annotations, _ hop: inout PathHop
    ) -> FrontDecision? {
        switch action.member("type")?.string?.lowercased() {
        case "redirect":
            let config = action.member("redirectConfig")
            var fields: [String: String] = [:]
            for name in ["protocol", "port", "host", "path", "query"] { fields[name] = config?.member(name)?.string }
            let code = config?.member("statusCode")?.string == "HTTP_302" ? 302 : 301
            let response = redirect(request, to: fields, listener: listener, code)
            if isLoop(fields, listener) {
                // The controller leaves such a rule out of the listener that it would lead back to.
                hop.note(
                    "\(entry.words): the redirect leads back here, so it is not on port \(listener.port)",
                    annotations.source(key))
                return nil
            }
            hop.note("\(entry.words): redirect", annotations.source(key))
            return .answered(response)
        case "fixed-response":
            let config = action.member("fixedResponseConfig")
            hop.note("\(entry.words): a fixed response", annotations.source(key))
            return .answered(
                .written(
                    config?.member("statusCode")?.number ?? 503, server: Self.serverName,
                    body: config?.member("messageBody")?.string ?? "",
                    contentType: config?.member("contentType")?.string ?? "text/plain"))
        case "forward":
            return forwardAction(action, key, entry, annotations, &hop)
        default:
            hop.fail(
                "\(key): the type of the action is none of forward, redirect, fixed-response", annotations.source(key))
            return .answered(.written(503, server: Self.serverName))
        }
    }

    private func forwardAction(
        _ action: Node, _ key: String, _ entry: IngressPathEntry, _ annotations: Annotations, _ hop: inout PathHop
    ) -> FrontDecision {
        var groups: [(Ingress.Backend, Int)] = []
        for group in action.member("forwardConfig")?.member("targetGroups")?.elements.map({ $0 }) ?? [] {
            guard let service = group.member("serviceName")?.string else { continue }
            var backend = Ingress.Backend()
            backend.serviceName = service
            let port = group.member("servicePort")
            backend.servicePort = port?.number.map(PortReference.number) ?? port?.string.map(PortReference.name)
            groups.append((backend, group.member("weight")?.number ?? 1))
        }
        guard let best = groups.max(by: { $0.1 < $1.1 }) else {
            hop.note("\(entry.words): to a target group outside the cluster", annotations.source(key))
            return .answered(.written(200, server: nil))
        }
        if groups.count > 1 {
            let total = max(1, groups.reduce(0) { $0 + $1.1 })
            let shares = groups.map { "\($0.0.serviceName) \($0.1 * 100 / total) %" }.joined(separator: ", ")
            hop.note("target groups by weight: \(shares); the heaviest is followed", annotations.source(key))
        }
        return forward(best.0, of: entry.ingress, rule: annotations.source(key), words: entry.words, hop: &hop)
    }

    private func forward(
        _ backend: Ingress.Backend, of ingress: Ingress, rule: SourceReference, words: String, hop: inout PathHop
    ) -> FrontDecision {
        guard let (service, port) = context.backend(backend, of: ingress) else {
            hop.fail(
                "\(words): Service \(ingress.namespace)/\(backend.serviceName) with that port is not there (the Service of an "
                    + "Ingress is one of its own namespace)", ingress.sourceReference(at: backend.location))
            return .answered(
                .written(
                    503, server: Self.serverName, body: "Backend service does not exist", contentType: "text/plain"))
        }
        let own = context.manifests.annotations(of: service)
        let given = context.manifests.annotations(of: ingress)
        let (type, place) = setting("target-type", own, given)
        var result = FrontBackend(
            service: service, port: port, target: type == "ip" ? .pods : .nodePort, ingress: ingress, rule: rule)
        if result.target == .nodePort, service.type != .nodePort, service.type != .loadBalancer {
            hop.fail(
                "target-type instance needs a node port, but Service \(service.name) is of type \(service.type.rawValue)",
                place ?? service.sourceReference)
            return .answered(.written(503, server: Self.serverName))
        }
        if setting("backend-protocol", own, given).value?.uppercased() == "HTTPS" { result.transport = .tls }
        switch setting("backend-protocol-version", own, given).value?.uppercased() {
        case "HTTP2", "GRPC": result.application = .http2
        default: break
        }
        hop.note("\(words) -> Service \(service.namespacedName):\(port.port)", rule)
        hop.note(
            "targets are \(type == "ip" ? "Pods" : "nodes") (target-type \(type == "ip" ? "ip" : "instance"))", place)
        return .forward(result)
    }

    /// A Service's annotation counts more than its Ingress's.
    func setting(_ name: String, _ service: Annotations, _ ingress: Annotations) -> (
        value: String?, source: SourceReference?
    ) {
        let key = Self.prefix + name
        if let value = service[key] { return (value, service.source(key)) }
        if let value = ingress[key] { return (value, ingress.source(key)) }
        return (nil, nil)
    }

    // MARK: Redirects

    private func redirect(
        _ request: SyntheticRequest, to fields: [String: String], listener: Listener, _ status: Int
    ) -> TraceResponse {
        let query = request.query ?? ""
        let fill = { (text: String) in
            text.replacing("#{protocol}", with: listener.isTLS ? "HTTPS" : "HTTP").replacing(
                "#{host}", with: request.hostName
            )
            .replacing("#{port}", with: "\(listener.port)")
            .replacing("#{path}", with: String(request.plainPath.dropFirst())).replacing("#{query}", with: query)
        }
        let scheme = fill(fields["protocol"] ?? "#{protocol}").lowercased()
        let host = fill(fields["host"] ?? "#{host}")
        let port = fill(fields["port"] ?? "#{port}")
        let path = fill(fields["path"] ?? "/#{path}")
        let rest = fill(fields["query"] ?? "#{query}")
        return .written(
            status, server: Self.serverName,
            location: "\(scheme)://\(host):\(port)\(path)" + (rest.isEmpty ? "" : "?\(rest)"))
    }

    /// A redirect that changes nothing of the address would never end.
    private func isLoop(_ fields: [String: String], _ listener: Listener) -> Bool {
        let scheme =
            fields["protocol"].map { $0 == "#{protocol}" ? listener.isTLS : $0.uppercased() == "HTTPS" }
            ?? listener.isTLS
        let port = fields["port"].map { $0 == "#{port}" ? listener.port : Int($0) ?? 0 } ?? listener.port
        return scheme == listener.isTLS && port == listener.port && (fields["host"] ?? "#{host}") == "#{host}"
            && (fields["path"] ?? "/#{path}") == "/#{path}" && (fields["query"] ?? "#{query}") == "#{query}"
    }

    // MARK: To the targets and back

    func forwarded(_ request: SyntheticRequest, port: Int, to backend: FrontBackend) -> SyntheticRequest {
        var next = request.redirected(to: backend)
        next.append("x-forwarded-for", request.sourceIP)
        next.set("x-forwarded-proto", request.isTLS ? "https" : "http")
        next.set("x-forwarded-port", "\(port)")
        if next.header("x-amzn-trace-id") == nil { next.set("x-amzn-trace-id", "*") }
        next.sourceIP = Self.privateAddress
        return next
    }

    /// One of the load balancer's own addresses in the cluster's network.
    static let privateAddress = "192.168.0.10"

    func answer(to failure: FrontFailure) -> TraceResponse {
        switch failure {
        case .refused, .reset: .written(502, server: Self.serverName, body: Self.page(502, "Bad Gateway"))
        case .noTargets: .written(503, server: Self.serverName, body: Self.page(503, "Service Temporarily Unavailable"))
        }
    }

    private static func page(_ status: Int, _ reason: String) -> String {
        "<html>\r\n<head><title>\(status) \(reason)</title></head>\r\n<body>\r\n<center><h1>\(status) \(reason)</h1></center>\r\n"
            + "</body>\r\n</html>\r\n"
    }

    func returned(_ response: TraceResponse) -> TraceResponse { response }
}

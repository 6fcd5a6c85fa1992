import Documents
import MeshModel

extension ALBFront {
    func healthCheck(of backend: FrontBackend, in index: FrontContext) -> HealthCheck? {
        let own = index.manifests.annotations(of: backend.service)
        let given = backend.ingress.map { index.manifests.annotations(of: $0) } ?? own
        let key = { (name: String) in Self.prefix + "healthcheck-" + name }
        var check = HealthCheck(origin: "the controller's defaults")
        for (annotations, words) in [(own, "Service"), (given, "Ingress")] {
            guard let name = ["port", "path", "protocol"].first(where: { annotations[key($0)] != nil }) else {
                continue
            }
            check.origin = "annotations of the \(words)"
            check.source = annotations.source(key(name))
            break
        }
        if setting("healthcheck-protocol", own, given).value?.uppercased() == "HTTPS" { check.scheme = .https }
        let isGRPC = setting("backend-protocol-version", own, given).value?.uppercased() == "GRPC"
        check.path = setting("healthcheck-path", own, given).value ?? (isGRPC ? "/AWS.ALB/healthcheck" : "/")
        check.successCodes = setting("success-codes", own, given).value ?? (isGRPC ? "12" : "200")
        if isGRPC { check.scheme = .grpc }
        let (port, place) = setting("healthcheck-port", own, given)
        switch port {
        case nil, "traffic-port": check.port = .traffic
        case let text?:
            if let number = Int(text) {
                check.port = .number(number)
                complain(about: number, backend, place, &check)
            } else {
                check.port = .named(text)
            }
        }
        misplaced(own, given, &check)
        return check
    }

    /// A number that is no port of a target.
    private func complain(
        about number: Int, _ backend: FrontBackend, _ place: SourceReference?, _ check: inout HealthCheck
    ) {
        let ports = backend.service.ports
        let known: [Int] =
            backend.target == .nodePort
            ? ports.compactMap(\.nodePort) + [backend.service.healthCheckNodePort].compactMap { $0 }
            : ports.map { $0.targetPort?.number ?? $0.port } + [15021]
        guard !known.contains(number) else { return }
        let all = known + ports.map(\.port)
        let nearest = nearestName(to: "\(number)", among: all.map(String.init)).flatMap { Int($0) }
        let what = backend.target == .nodePort ? "node port" : "target port"
        var text = "health check port \(number) is no \(what) of Service \(backend.service.name)"
        if let nearest {
            let owner = ports.first { $0.port == nearest || $0.nodePort == nearest || $0.targetPort?.number == nearest }
            text += "; nearest is \(nearest)"
            if let owner, let node = owner.nodePort, nearest != node, backend.target == .nodePort {
                text += ", whose node port is \(node)"
            }
        }
        check.facts.append(PathFact(.warning, text, source: place, code: "MT0220"))
    }

    private func misplaced(_ service: Annotations, _ ingress: Annotations, _ check: inout HealthCheck) {
        for name in ["healthcheck-port", "healthcheck-path"] {
            let key = Self.prefix + name
            guard ingress[key] != nil, service[key] == nil else { continue }
            check.facts.append(
                PathFact(
                    .note,
                    "\(name) on the Ingress is for every backend of it; controllers before v2 did not look at it there "
                        + "(on the Service it counts for both, and more)", source: ingress.source(key), code: "MT0221"))
        }
        for annotations in [service, ingress] {
            for key in annotations.values.keys.sorted() where key.hasPrefix(Self.prefix) {
                let name = String(key.dropFirst(Self.prefix.count))
                guard !Self.knows(name) else { continue }
                let bare = name.hasPrefix(Self.prefix) ? String(name.dropFirst(Self.prefix.count)) : name
                let nearest = nearestName(to: bare + " ", among: Self.names)
                check.facts.append(
                    PathFact(
                        .warning,
                        "annotation \(key) is none of the controller's"
                            + (nearest.map { "; did you mean \(Self.prefix)\($0)?" } ?? ""),
                        source: annotations.source(key), code: "MT0222"))
            }
        }
    }

    private static func knows(_ name: String) -> Bool {
        names.contains(name)
            || ["actions.", "conditions.", "transforms.", "listener-attributes."].contains { name.hasPrefix($0) }
    }

    static let names: [String] = [
        "load-balancer-name", "group.name", "group.order", "tags", "ip-address-type", "scheme", "subnets",
        "security-groups",
        "manage-backend-security-group-rules", "customer-owned-ipv4-pool", "load-balancer-attributes", "wafv2-acl-arn",
        "wafv2-acl-name", "waf-acl-id", "shield-advanced-protection", "listen-ports", "ssl-redirect", "inbound-cidrs",
        "security-group-prefix-lists", "certificate-arn", "ssl-policy", "target-type", "backend-protocol",
        "backend-protocol-version", "target-group-attributes", "healthcheck-port", "healthcheck-protocol",
        "healthcheck-path",
        "healthcheck-interval-seconds", "healthcheck-timeout-seconds", "healthy-threshold-count",
        "unhealthy-threshold-count",
        "success-codes", "auth-type", "auth-idp-cognito", "auth-idp-oidc", "auth-on-unauthenticated-request",
        "auth-scope",
        "auth-session-cookie", "auth-session-timeout", "target-node-labels", "mutual-authentication",
        "multi-cluster-target-group",
        "listener-attributes", "minimum-load-balancer-capacity", "ipam-ipv4-pool-id", "use-regex-path-match",
        "frontend-nlb-scheme",
        "enable-frontend-nlb", "target-control-port", "jwt-validation", "target-group-protocol",
    ]
}

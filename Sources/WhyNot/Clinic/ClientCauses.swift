import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

/// The client's side: what it speaks, and how long it waits.
extension Clinic {
    /// 400 DPE.
    var clientCauses: [Diagnosis.Cause] {
        let chains = context.hop?.listener?.filterChains ?? []
        let endsTLS = chains.contains { if case .tls? = $0.transportSocket { true } else { false } }
        let isSecure = context.request.transport != .plaintext
        let service = gatewayService
        let sending = service.flatMap { service in
            Self.proxyProtocol.first { service.meta.annotations[$0.key].map($0.isOn) ?? false }
        }
        let reads = context.snapshot.meshConfig.defaultConfig.topology.proxyProtocol
        let says = sending.map { "annotation \($0.key) of Service \(service.map { "\($0.namespacedName)" } ?? "")" }
        return [
            Diagnosis.Cause(
                "https to a port without tls", isSecure && !endsTLS,
                isSecure
                    ? endsTLS ? "this listener ends TLS" : "no chain of this listener ends TLS"
                    : "this request is plain text",
                at: context.gateways.first?.sourceReference),
            Diagnosis.Cause(
                "a PROXY header that the gateway was not told to read", sending != nil && !reads,
                (says ?? "no annotation asks the load balancer for one")
                    + "; gatewayTopology.proxyProtocol is \(reads ? "set" : "not set")",
                at: service?.sourceReference),
            Diagnosis.Cause(
                "a PROXY header that the gateway waits for and nobody sends", sending == nil && reads,
                (says ?? "no annotation asks the load balancer for one")
                    + "; gatewayTopology.proxyProtocol is \(reads ? "set" : "not set")",
                at: service?.sourceReference),
        ]
    }

    private static let proxyProtocol: [(key: String, isOn: @Sendable (String) -> Bool)] = [
        ("service.beta.kubernetes.io/aws-load-balancer-proxy-protocol", { $0 == "*" }),
        (
            "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes",
            { $0.replacing(" ", with: "").contains("proxy_protocol_v2.enabled=true") }
        ),
    ]

    /// The Service in front of the gateway.
    private var gatewayService: Service? {
        context.snapshot.services(inNamespace: context.proxy.namespace).first { service in
            guard let selector = service.selector, !selector.isEmpty else { return false }
            return selector.allSatisfy { context.proxy.labels[$0.key] == $0.value }
        }
    }

    /// Requests and connections that take longer than somebody allows.
    func durationCauses(_ flag: String) -> [Diagnosis.Cause] {
        switch flag {
        case "DC": return [impatience, idleLoadBalancer]
        case "DT": return [longestConnection]
        case "SI":
            let manager = context.hop?.listener?.filterChains.lazy.flatMap(\.filters).compactMap { filter in
                if case .httpConnectionManager(let manager) = filter.config { manager } else { nil }
            }.first
            return [
                .maybe(
                    "nothing was sent for as long as streams may be silent",
                    manager?.streamIdleTimeout.map { "stream_idle_timeout \($0.protobufText)" }
                        ?? "Envoy's own limit of five minutes", at: context.hop?.listener?.sources.first)
            ]
        default:
            return [
                .maybe(
                    "the stream lasted longer than it may", "max_stream_duration of the route or the connection",
                    at: context.hop?.route?.sources.first)
            ]
        }
    }

    private var routeTimeout: Duration? {
        guard case .route(let action)? = context.hop?.route?.action, let timeout = action.timeout, timeout > .zero
        else {
            return nil
        }
        return timeout
    }

    private var impatience: Diagnosis.Cause {
        .maybe(
            "the client gave up",
            "its own limit (curl --max-time, a browser's user); the route has "
                + (routeTimeout.map { "a timeout of \($0.protobufText)" } ?? "no timeout: it would wait for ever"),
            at: context.hop?.route?.sources.first)
    }

    /// `connection-idle-timeout` of a classic load balancer, `idle_timeout.timeout_seconds` of an ALB.
    private var idleLoadBalancer: Diagnosis.Cause {
        let annotated: (any MeshObject, String, Int)? = {
            let key = "service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout"
            if let service = gatewayService, let seconds = service.meta.annotations[key].flatMap({ Int($0) }) {
                return (service, key, seconds)
            }
            let attributes = "alb.ingress.kubernetes.io/load-balancer-attributes"
            for ingress in context.snapshot.ingresses {
                for pair in (ingress.meta.annotations[attributes] ?? "").split(separator: ",") {
                    let parts = pair.split(separator: "=").map { $0.trimmingBlanks }
                    if parts.first == "idle_timeout.timeout_seconds", let seconds = parts.last.flatMap({ Int($0) }) {
                        return (ingress, attributes, seconds)
                    }
                }
            }
            return nil
        }()
        guard let (object, key, seconds) = annotated else {
            return .maybe(
                "the idle timeout of a load balancer in front", "no annotation sets one: clouds' own is 60 s or more")
        }
        let isShorter = routeTimeout.map { $0 > .seconds(seconds) } ?? true
        return Diagnosis.Cause(
            "the idle timeout of a load balancer in front", isShorter,
            "\(seconds) s by \(key); the route has " + (routeTimeout.map { "\($0.protobufText)" } ?? "no timeout"),
            at: object.sourceReference)
    }

    private var longestConnection: Diagnosis.Cause {
        let pool = destination?.connectionPool
        let longest = pool?.value.tcp?.maxConnectionDuration
        return Diagnosis.Cause(
            "maxConnectionDuration of the rule", longest != nil,
            longest.map { "connections end after \($0.protobufText)" } ?? "no rule limits how long connections last",
            at: pool?.rule.sourceReference)
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: String {
        var rest = Substring(self)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

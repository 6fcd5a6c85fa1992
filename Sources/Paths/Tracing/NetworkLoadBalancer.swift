import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

/// What a cloud makes of a Service of type LoadBalancer: a balancer of connections, as the Service's annotations say.
struct NetworkLoadBalancer {
    enum Cloud: String { case aws, google, azure, other }

    let service: Service
    let annotations: Annotations
    let cloud: Cloud
    static let prefix = "service.beta.kubernetes.io/aws-load-balancer-"
    /// An address of the load balancer in the cluster's network.
    static let privateAddress = "192.168.0.20"

    init(_ service: Service, _ annotations: Annotations) {
        self.service = service
        self.annotations = annotations
        let keys = annotations.values.keys
        let names = service.loadBalancerIngress.compactMap(\.hostname)
        if keys.contains(where: { $0.hasPrefix(Self.prefix) })
            || names.contains(where: { $0.hasSuffix(".amazonaws.com") })
            || service.loadBalancerClass?.contains("k8s.aws") ?? false
        {
            cloud = .aws
        } else if keys.contains(where: { $0.hasPrefix("cloud.google.com/") || $0.hasPrefix("networking.gke.io/") }) {
            cloud = .google
        } else if keys.contains(where: { $0.hasPrefix("service.beta.kubernetes.io/azure-") }) {
            cloud = .azure
        } else {
            cloud = .other
        }
    }

    private func aws(_ name: String) -> String? { annotations[Self.prefix + name] }
    private func place(_ name: String) -> SourceReference { annotations.source(Self.prefix + name) }

    /// `external`, `nlb-ip` and a class of its controller mean the AWS Load Balancer Controller; `nlb` the cloud provider's own;
    /// without a type it is a classic load balancer.
    private var isNLB: Bool {
        ["nlb", "nlb-ip", "external"].contains(aws("type") ?? "") || service.loadBalancerClass == "service.k8s.aws/nlb"
    }

    var name: String {
        switch cloud {
        case .aws: "AWS \(isNLB ? "NLB" : "classic load balancer") of \(service.title)"
        case .google: "Google load balancer of \(service.title)"
        case .azure: "Azure load balancer of \(service.title)"
        case .other: "load balancer of \(service.title)"
        }
    }

    /// Targets are Pods, not nodes.
    var dialsPods: Bool {
        cloud == .aws && isNLB && (aws("nlb-target-type") == "ip" || aws("type") == "nlb-ip")
    }

    /// The client's address does not get through it.
    var hidesSource: Bool {
        guard cloud == .aws else { return false }
        if !isNLB { return true }
        let attribute = annotations.map(Self.prefix + "target-group-attributes")["preserve_client_ip.enabled"]
        // Nodes get the client's address, Pods the load balancer's, unless that is set otherwise.
        return attribute.map { $0 != "true" } ?? dialsPods
    }

    private var sslPorts: String? { aws("ssl-cert").map { _ in aws("ssl-ports") ?? "*" } }

    func endsTLS(on port: Service.Port) -> Bool {
        guard cloud == .aws, let sslPorts else { return false }
        return sslPorts == "*"
            || sslPorts.split(separator: ",").contains {
                $0.trimmingBlanks == "\(port.port)" || $0.trimmingBlanks == port.name
            }
    }

    var reencrypts: Bool { ["ssl", "https"].contains(aws("backend-protocol")?.lowercased() ?? "") }

    /// Every connection begins with a PROXY header (`proxy-protocol: "*"`): where that is said.
    var proxyHeader: SourceReference? {
        let isOn =
            aws("proxy-protocol") == "*"
            || annotations.map(Self.prefix + "target-group-attributes")["proxy_protocol_v2.enabled"] == "true"
        guard cloud == .aws, isOn else { return nil }
        return place(aws("proxy-protocol") == nil ? "target-group-attributes" : "proxy-protocol")
    }

    func hop(host: String, port: Service.Port, request: SyntheticRequest) -> PathHop {
        var hop = PathHop(.networkLoadBalancer, name, cluster: service.meta.cluster, source: service.sourceReference)
        hop.address = hostPort(host, port.port)
        hop.arrives = request
        hop.ports = [PathPort("port", port.port, source: service.sourceReference(at: port.location))]
        hop.tls = request.isTLS ? (endsTLS(on: port) ? .ends : .passes) : .none
        if request.isTLS, endsTLS(on: port) {
            hop.note("TLS ends here with certificate \(aws("ssl-cert") ?? "")", place("ssl-cert"))
        } else if !request.isTLS, endsTLS(on: port) {
            hop.tls = .refused
            hop.fail("a TLS listener, and the client speaks plaintext", place("ssl-cert"))
        }
        if cloud == .aws, let type = aws("type") ?? service.loadBalancerClass {
            hop.note(
                "type \(type): targets are \(dialsPods ? "Pods" : "nodes")",
                place(aws("nlb-target-type") == nil ? "type" : "nlb-target-type"))
        }
        if hidesSource { hop.note("the next hop sees the load balancer's address, not \(request.sourceIP)") }
        if !service.loadBalancerSourceRanges.isEmpty {
            let isIn = service.loadBalancerSourceRanges.contains {
                CIDRRange(text: $0)?.contains(request.sourceIP) ?? false
            }
            let ranges = service.loadBalancerSourceRanges.joined(separator: ", ")
            if isIn {
                hop.note("loadBalancerSourceRanges \(ranges) lets the client in", service.sourceReference)
            } else {
                hop.warn(
                    "loadBalancerSourceRanges \(ranges) does not hold \(request.sourceIP)", service.sourceReference)
            }
        }
        return hop
    }

    // MARK: Health

    /// What the cloud asks to find out which targets live; `nil` where nothing is known of the cloud.
    var healthCheck: HealthCheck? {
        let isLocal = service.externalTrafficPolicy == "Local"
        var check = HealthCheck(origin: "the cloud's default")
        check.successCodes = "200-399"
        switch cloud {
        case .aws:
            // Traffic that stays on its node is asked for where kube-proxy knows of it.
            if isLocal, !dialsPods {
                (check.scheme, check.port, check.path) = (.http, .healthCheckNodePort, "/healthz")
                check.origin = "externalTrafficPolicy Local"
                check.source = service.sourceReference
            } else {
                (check.scheme, check.path) = (.tcp, "")
            }
            return annotated(check)
        case .google:
            (check.scheme, check.path, check.successCodes) = (.http, "/healthz", "200")
            check.port = isLocal ? .healthCheckNodePort : .kubeProxy
            check.origin = isLocal ? "externalTrafficPolicy Local" : "kube-proxy on every node"
            return check
        case .azure, .other:
            if isLocal {
                (check.scheme, check.port, check.path) = (.http, .healthCheckNodePort, "/healthz")
                check.origin = "externalTrafficPolicy Local"
                return check
            }
            guard cloud == .azure else { return nil }
            (check.scheme, check.path) = (.tcp, "")
            return check
        }
    }

    private func annotated(_ given: HealthCheck) -> HealthCheck {
        var check = given
        let names = ["healthcheck-protocol", "healthcheck-port", "healthcheck-path"]
        guard let first = names.first(where: { aws($0) != nil }) else { return check }
        check.origin = "annotations of the Service"
        check.source = place(first)
        if let scheme = aws("healthcheck-protocol") {
            check.scheme = HealthReport.Scheme(rawValue: scheme.uppercased()) ?? check.scheme
        }
        switch aws("healthcheck-port") {
        case nil: break
        case "traffic-port": check.port = .traffic
        case let text?: check.port = Int(text).map(HealthCheck.Port.number) ?? .named(text)
        }
        check.path = check.scheme == .tcp ? "" : aws("healthcheck-path") ?? (check.path.isEmpty ? "/" : check.path)
        if let codes = aws("healthcheck-success-codes") { check.successCodes = codes }
        return check
    }
}

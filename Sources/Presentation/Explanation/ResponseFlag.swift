/// One of Envoy's response flags, or an answer without one that users ask about: what it means and what it comes from.
package struct ResponseFlag: Hashable, Sendable {
    /// `UF`; a status (`403`) for answers without a flag.
    package let name: String
    /// The status that the client sees; empty for none.
    package let status: String
    package let short: String
    /// A sentence's part that reads on its own.
    package let meaning: String
    /// The response code details that stand beside it.
    package let details: String
    /// What it comes from, the likeliest first.
    package let causes: [String]

    package static let all: [ResponseFlag] = [
        ResponseFlag(
            name: "NR", status: "404", short: "no route",
            meaning: "no route: the listener has no virtual host for this host, or no route for this request",
            details: "route_not_found",
            causes: [
                "no virtual host has this Host", "no route fits path, headers or method",
                "the VirtualService is not bound to this gateway", "the request came to another port",
            ]),
        ResponseFlag(
            name: "NC", status: "503", short: "the cluster does not exist",
            meaning:
                "no cluster: the route names one that does not exist, such as a subset that no DestinationRule defines",
            details: "cluster_not_found",
            causes: [
                "a subset that no DestinationRule defines",
                "the DestinationRule is in a namespace that is not searched",
                "the Service is not there or not exported",
            ]),
        ResponseFlag(
            name: "UH", status: "503", short: "no healthy endpoint",
            meaning: "no healthy upstream: the cluster has no endpoint that may be used",
            details: "no_healthy_upstream",
            causes: [
                "the subset's labels select no Pod", "the Service has no endpoints", "all endpoints are ejected",
                "localityLbSetting.distribute left the locality out",
            ]),
        ResponseFlag(
            name: "UF", status: "503", short: "the connection to the endpoint failed",
            meaning: "the connection to the endpoint failed",
            details: "upstream_reset_before_response_started{connection_failure}",
            causes: [
                "nothing listens there", "the Service's targetPort is another one", "TLS on one side only",
                "a network policy or firewall",
            ]),
        ResponseFlag(
            name: "UC", status: "503", short: "the endpoint ended the connection",
            meaning: "the endpoint ended the connection before it answered",
            details: "upstream_reset_before_response_started{connection_termination}",
            causes: [
                "plain text to a STRICT mTLS port", "another protocol than the port's name says",
                "the endpoint's idle timeout is shorter",
            ]),
        ResponseFlag(
            name: "UO", status: "503", short: "too much at once (circuit breaker)",
            meaning: "overflow: a limit of the connection pool was reached", details: "overflow",
            causes: ["connectionPool limits"]),
        ResponseFlag(
            name: "UT", status: "504", short: "the endpoint took too long",
            meaning: "the endpoint did not answer in time", details: "response_timeout",
            causes: ["timeout or perTryTimeout of the route"]),
        ResponseFlag(
            name: "URX", status: "503", short: "all retries failed", meaning: "all retries are used up",
            details: "via_upstream, or that of the other flag", causes: ["see the other flag", "the retry policy"]),
        ResponseFlag(
            name: "UR", status: "503", short: "the endpoint reset the request",
            meaning: "the endpoint reset the request",
            details: "upstream_reset_before_response_started{remote_reset}",
            causes: ["the application", "errors of HTTP/2"]),
        ResponseFlag(
            name: "LR", status: "503", short: "the proxy reset the request", meaning: "the proxy reset the request",
            details: "upstream_reset_before_response_started{local_reset}", causes: ["limits of the connection"]),
        ResponseFlag(
            name: "DC", status: "", short: "the client went away", meaning: "the client went away",
            details: "downstream_remote_disconnect",
            causes: ["its timeout, curl --max-time", "the idle timeout of a load balancer in front"]),
        ResponseFlag(
            name: "DT", status: "", short: "the connection was open too long",
            meaning: "the request or connection lasted longer than it may", details: "max_duration_timeout",
            causes: ["the longest duration of a connection or stream"]),
        ResponseFlag(
            name: "DPE", status: "400", short: "the client does not speak HTTP here",
            meaning: "the client's request is not valid HTTP", details: "http1.codec_error",
            causes: ["https to a plain port", "a PROXY header that is not expected, or one that is missing"]),
        ResponseFlag(
            name: "UPE", status: "502", short: "the endpoint does not speak HTTP as expected",
            meaning: "the endpoint's answer is not valid HTTP",
            details: "upstream_reset_before_response_started{protocol_error}",
            causes: ["HTTP/2 to an HTTP/1 server", "plain text to a TLS port, or TLS to a plain one"]),
        ResponseFlag(
            name: "FI", status: "as set", short: "a fault was injected", meaning: "the route injects this fault",
            details: "fault_filter_abort", causes: ["fault.abort of the VirtualService"]),
        ResponseFlag(
            name: "DI", status: "as set", short: "a delay was injected", meaning: "the route injects a delay",
            details: "", causes: ["fault.delay of the VirtualService"]),
        ResponseFlag(
            name: "RL", status: "429", short: "rate limited", meaning: "the rate limit was reached",
            details: "request_rate_limited", causes: ["an EnvoyFilter"]),
        ResponseFlag(
            name: "RLSE", status: "500", short: "the rate limit service failed",
            meaning: "the rate limit service did not answer as it should", details: "rate_limiter_error",
            causes: ["an EnvoyFilter"]),
        ResponseFlag(
            name: "UAEX", status: "403", short: "denied by external authorization",
            meaning: "an external authorization service denied the request", details: "ext_authz_denied",
            causes: ["AuthorizationPolicy CUSTOM"]),
        ResponseFlag(
            name: "403", status: "403", short: "denied by a policy",
            meaning: "an AuthorizationPolicy denied the request",
            details: "rbac_access_denied_matched_policy[…]",
            causes: [
                "AuthorizationPolicy DENY", "AuthorizationPolicy ALLOW that names others",
                "the client's identity is missing: a plaintext hop before",
            ]),
        ResponseFlag(
            name: "301", status: "301", short: "sent to https",
            meaning: "the client is sent elsewhere", details: "direct_response",
            causes: ["httpsRedirect of the Gateway", "redirect of the route"]),
        ResponseFlag(
            name: "502", status: "502", short: "refused: not in the registry",
            meaning: "the mesh refuses hosts that it does not know (virtual host block_all)",
            details: "direct_response", causes: ["outboundTrafficPolicy REGISTRY_ONLY"]),
        ResponseFlag(
            name: "LH", status: "503", short: "the proxy's own health check failed",
            meaning: "a health check of the proxy itself failed", details: "health_check_failed", causes: []),
        ResponseFlag(
            name: "IH", status: "400", short: "an invalid header",
            meaning: "a header has a value that is strictly checked and not valid",
            details: "request_headers_failed_strict_check", causes: []),
        ResponseFlag(
            name: "SI", status: "408", short: "nothing was sent for too long", meaning: "nothing was sent for too long",
            details: "stream_idle_timeout", causes: ["stream idle timeout"]),
        ResponseFlag(
            name: "UMSDR", status: "503", short: "the endpoint's stream lasted too long",
            meaning: "the stream to the endpoint lasted longer than it may",
            details: "upstream_max_stream_duration_reached",
            causes: ["max_stream_duration"]),
        ResponseFlag(
            name: "OM", status: "503", short: "the proxy is overloaded",
            meaning: "the proxy's overload manager refused the request", details: "overload", causes: []),
        ResponseFlag(
            name: "DF", status: "503", short: "the name was not found",
            meaning: "the endpoint's name was not found in DNS",
            details: "dns_resolution_failure", causes: ["a ServiceEntry with resolution DNS"]),
    ]

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// A flag by its name, in any case.
    package static func named(_ name: String) -> ResponseFlag? { byName[name.uppercased()] }

    /// The flags of a request, `UF,URX`.
    package static func entries(for flags: String) -> [ResponseFlag] {
        flags.split(separator: ",").compactMap { named(String($0)) }
    }

    /// A sentence for each flag of `NR,DI`; `nil` for none.
    package static func meaning(of flags: String) -> String? {
        let found = entries(for: flags)
        return found.isEmpty ? nil : found.map(\.meaning).joined(separator: "; ")
    }

    /// A page about a flag.
    package static func lines(for flags: String) -> [String] {
        let found = entries(for: flags)
        guard !found.isEmpty else {
            return ["no response flag \(flags); known: " + all.map(\.name).joined(separator: " ")]
        }
        return found.flatMap { entry in
            [entry.heading, ""] + entry.causes.enumerated().map { "  \($0.offset + 1)  \($0.element)" }
        }
    }

    /// `UF  503  the connection to the endpoint failed`.
    package var heading: String {
        ([name, status == name ? "" : status, meaning].filter { !$0.isEmpty }).joined(separator: "  ")
    }
}

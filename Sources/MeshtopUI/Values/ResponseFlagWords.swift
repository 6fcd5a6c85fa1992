/// What Envoy's response flags mean, and what to look at.
package enum ResponseFlagWords {
    package struct Entry: Hashable, Sendable {
        package let flag: String
        package let meaning: String
        package let causes: [String]
    }

    package static let all: [Entry] = [
        Entry(
            flag: "NR", meaning: "no route",
            causes: [
                "no virtual host has this Host", "no route fits path, headers or method",
                "the VirtualService is not bound to this gateway", "the request came to another port",
            ]),
        Entry(
            flag: "NC", meaning: "the cluster does not exist",
            causes: [
                "a subset that no DestinationRule defines", "the Service is not there or not exported",
            ]),
        Entry(
            flag: "UH", meaning: "no healthy endpoint",
            causes: [
                "the subset's labels select no Pod", "the Service has no endpoints", "all endpoints are ejected",
                "localityLbSetting.distribute left the locality out",
            ]),
        Entry(
            flag: "UF", meaning: "the connection to the endpoint failed",
            causes: [
                "nothing listens there", "the Service's targetPort is another one", "TLS on one side only",
                "a network policy or firewall",
            ]),
        Entry(
            flag: "UC", meaning: "the endpoint ended the connection",
            causes: [
                "plain text to a STRICT mTLS port", "another protocol than the port's name says",
                "the endpoint's idle timeout is shorter",
            ]),
        Entry(flag: "UO", meaning: "too much at once (circuit breaker)", causes: ["connectionPool limits"]),
        Entry(flag: "UT", meaning: "the endpoint took too long", causes: ["timeout or perTryTimeout of the route"]),
        Entry(flag: "URX", meaning: "all retries failed", causes: ["see the other flag"]),
        Entry(flag: "UR", meaning: "the endpoint reset the request", causes: ["the application"]),
        Entry(flag: "LR", meaning: "the proxy reset the request", causes: ["limits of the connection"]),
        Entry(flag: "DC", meaning: "the client went away", causes: ["its timeout, curl --max-time"]),
        Entry(
            flag: "DPE", meaning: "the client does not speak HTTP here",
            causes: [
                "https to a plain port", "a PROXY header that is not expected",
            ]),
        Entry(
            flag: "UPE", meaning: "the endpoint does not speak HTTP as expected",
            causes: [
                "HTTP/2 to an HTTP/1 server", "plain text to a TLS port",
            ]),
        Entry(flag: "FI", meaning: "a fault was injected", causes: ["fault.abort of the VirtualService"]),
        Entry(flag: "DI", meaning: "a delay was injected", causes: ["fault.delay of the VirtualService"]),
        Entry(flag: "RL", meaning: "rate limited", causes: ["an EnvoyFilter"]),
        Entry(flag: "UAEX", meaning: "denied by external authorization", causes: ["AuthorizationPolicy CUSTOM"]),
    ]

    /// What is known of the flags of a request, `UF,URX`.
    package static func entries(for flags: String) -> [Entry] {
        flags.split(separator: ",").compactMap { flag in all.first { $0.flag == flag } }
    }

    /// A page about a flag.
    package static func lines(for flags: String) -> [String] {
        let found = entries(for: flags.uppercased())
        guard !found.isEmpty else {
            return ["no response flag \(flags); known: " + all.map(\.flag).joined(separator: " ")]
        }
        return found.flatMap { entry in
            ["\(entry.flag)  \(entry.meaning)", ""]
                + entry.causes.enumerated().map { "  \($0.offset + 1)  \($0.element)" }
        }
    }
}

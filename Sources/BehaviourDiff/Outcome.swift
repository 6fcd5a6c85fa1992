package import Documents
import EnvoyModel
import TrafficEngine

/// What a proxy makes of a request, as far as a client or an endpoint could tell: named values that can be compared one by one.
/// Names of routes and virtual hosts, metadata and statistics are no part of it.
package struct Outcome: Hashable, Sendable {
    /// `status`, `clusters`, `path`, …, and the settings of the route (`timeout`, `retry_policy.num_retries`, …).
    package var values: [String: String] = [:]
    /// The manifest behind it.
    package var sources: [SourceReference] = []

    /// `comparesEndpoints`: whether the same cluster with other endpoints is another outcome.
    init(_ trace: TrafficTrace, comparesEndpoints: Bool) {
        set("error", trace.error?.rawValue)
        if let response = trace.response {
            set("status", response.status.map { "\($0)" })
            set("flags", response.flags == "-" ? nil : response.flags)
            set("details", response.details)
            set("redirect", response.headers.first { $0.name.lowercased() == "location" }?.value)
            set("body", response.details == "via_upstream" ? nil : response.body)
            set("response_headers", Self.text(response.headers, without: ["location", "date", "content-length"]))
        }
        guard let hop = trace.hops.first else { return }
        set("clusters", Self.shares(hop, byEndpoint: comparesEndpoints))
        set("mirrors", hop.mirrors.map { "\($0.cluster) \(Self.percentage($0.share))" }.joined(separator: ", "))
        if let upstream = hop.upstreamRequest {
            set("method", upstream.method)
            set("authority", upstream.authority)
            set("path", upstream.path)
            set("request_headers", Self.text(upstream.headers, without: ["host"]))
        }
        set("transport", hop.upstreamTransport)
        for (name, value) in RouteSettings.flattened(hop) { values[name] = value }
        sources = (hop.route?.sources ?? hop.virtualHost?.sources ?? hop.listener?.sources) ?? []
    }

    package static func == (left: Self, right: Self) -> Bool { left.values == right.values }
    package func hash(into hasher: inout Hasher) { hasher.combine(values) }

    private mutating func set(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        values[name] = value
    }

    private static func text(_ headers: [SyntheticRequest.Header], without names: Set<String>) -> String {
        headers.filter { !names.contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)" }.sorted()
            .joined(separator: "; ")
    }

    private static func shares(_ hop: TraceHop, byEndpoint: Bool) -> String {
        guard !hop.candidates.isEmpty else { return hop.clusterReference.map { "\($0) (no endpoint)" } ?? "" }
        var shares: [String: Double] = [:]
        for candidate in hop.candidates {
            let end = candidate.host.map { byEndpoint ? " \($0.address)" : "" } ?? " (no endpoint)"
            shares[candidate.cluster + end, default: 0] += candidate.share
        }
        return shares.sorted { $0.key < $1.key }.map { "\($0.key) \(percentage($0.value))" }.joined(separator: ", ")
    }

    private static func percentage(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        let cents = hundredths % 100
        return cents == 0 ? "\(hundredths / 100) %" : "\(hundredths / 100).\(cents < 10 ? "0" : "")\(cents) %"
    }
}

/// What a route does beyond what a simulated answer shows: timeouts, retries, hashing and the like, as dotted names.
enum RouteSettings {
    static func flattened(_ hop: TraceHop) -> [(String, String)] {
        guard let route = hop.route else { return [] }
        var plain = Route(name: "", match: RouteMatch(.prefix("/")), action: route.action)
        plain.perFilterConfig = route.perFilterConfig
        plain.perRequestBufferLimitBytes = route.perRequestBufferLimitBytes
        if case .route(var action) = route.action {
            // What these do shows in the outcome itself.
            action.cluster = .cluster("")
            action.pathRewrite = .none
            action.hostRewrite = .none
            action.appendXForwardedHost = false
            action.requestMirrorPolicies = []
            action.retryPolicy = action.retryPolicy ?? hop.virtualHost?.retryPolicy
            plain.action = .route(action)
        } else {
            plain.action = .nonForwarding
        }
        var result: [(String, String)] = []
        for part in ["route", "typed_per_filter_config", "per_request_buffer_limit_bytes"] {
            JSONLeaves.add(plain.json[part], part == "route" ? "" : part, to: &result)
        }
        if let host = hop.virtualHost {
            var settings = VirtualHost(name: "", domains: [])
            settings.perFilterConfig = host.perFilterConfig
            JSONLeaves.add(
                settings.json["typed_per_filter_config"], "virtual_host.typed_per_filter_config", to: &result)
        }
        return result.filter { $0.0 != "cluster" }
    }
}

/// The leaves of a message, by dotted names.
enum JSONLeaves {
    static func add(_ json: JSON?, _ path: String, to result: inout [(String, String)]) {
        switch json {
        case nil: return
        case .object(let object)?:
            for member in object.members {
                add(member.value, path.isEmpty ? member.key : "\(path).\(member.key)", to: &result)
            }
        case .array(let elements)?:
            for (place, element) in elements.enumerated() { add(element, "\(path)[\(place)]", to: &result) }
        case .string(let text)?: result.append((path, text))
        case let value?: result.append((path, value.text()))
        }
    }
}

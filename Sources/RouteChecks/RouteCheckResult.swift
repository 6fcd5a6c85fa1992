package import Documents
import EnvoyModel
package import TrafficEngine

/// What came of one test.
package struct RouteCheckResult: Sendable {
    package struct Failure: Hashable, Sendable {
        package var subject: String
        package var expected: String
        /// `nil`: there is none.
        package var actual: String?
        package var location: SourceLocation
    }

    package var check: RouteCheck
    package var failures: [Failure] = []
    /// `nil` where the request arrives nowhere.
    package var trace: TrafficTrace?
    /// Why it arrives nowhere, or what keeps the test from being run.
    package var problem: String?

    package var hasPassed: Bool { failures.isEmpty }

    /// Compares a trace with the expectations. Without a trace only an expected `error: no-listener` is met.
    package init(_ check: RouteCheck, trace: TrafficTrace?, problem: String? = nil) {
        self.check = check
        self.trace = trace
        self.problem = problem
        for expectation in check.expectations {
            if let failure = Observation(trace).failure(of: expectation) { failures.append(failure) }
        }
        if check.isNegated { negate() }
    }

    private mutating func negate() {
        // What cannot be checked does not count as unmet.
        let unchecked = check.expectations.contains { if case .cannotBeChecked = $0.test { true } else { false } }
        if unchecked { return }
        failures =
            failures.isEmpty
            ? [Failure(subject: "route", expected: "not this one", actual: "this one", location: check.location)] : []
    }

    /// A test that could not be run at all.
    package init(_ check: RouteCheck, error: String) {
        self.check = check
        problem = error
        failures = [
            Failure(subject: "request", expected: "one that can be run", actual: error, location: check.location)
        ]
    }
}

/// The parts of a trace that expectations are about.
private struct Observation {
    let trace: TrafficTrace?

    init(_ trace: TrafficTrace?) { self.trace = trace }

    /// The proxy that was asked.
    private var first: TraceHop? { trace?.hops.first }
    /// What the application gets.
    private var upstream: SyntheticRequest? {
        trace?.hops.last?.upstreamRequest ?? trace?.hops.last { $0.upstreamRequest != nil }?.upstreamRequest
    }

    func failure(of expectation: Expectation) -> RouteCheckResult.Failure? {
        let (isMet, expected, actual) = outcome(expectation)
        if isMet { return nil }
        return RouteCheckResult.Failure(
            subject: expectation.subject.name, expected: expected, actual: actual, location: expectation.location)
    }

    private func outcome(_ expectation: Expectation) -> (isMet: Bool, expected: String, actual: String?) {
        switch (expectation.test, expectation.subject) {
        case (.cannotBeChecked(let reason), _): return (false, reason, nil)
        case (.isMet, .requestHeader(let matcher)):
            return header(matcher, in: (upstream?.headers ?? []) + (upstream.map(Self.pseudoHeaders) ?? []))
        case (.isMet, .responseHeader(let matcher)): return header(matcher, in: responseHeaders)
        case (.equals(let share), .share(let cluster)):
            let found = first?.candidates.filter { $0.cluster == cluster }.reduce(0) { $0 + $1.share } ?? 0
            return (abs(found - share) < 1e-6, "\(share)", "\(found)")
        case (let test, let subject):
            let values = values(of: subject)
            let actual = values.isEmpty ? nil : values.joined(separator: ", ")
            switch test {
            case .absent: return (values.isEmpty, "none", actual)
            case .matches(let matcher): return (values.contains { matcher.matches($0) }, matcher.words, actual)
            case .equals(let number): return (values.contains { Double($0) == number }, "\(number)", actual)
            case .isMet, .cannotBeChecked: return (false, "a value", actual)
            }
        }
    }

    private func header(
        _ matcher: HeaderMatcher, in headers: [SyntheticRequest.Header]
    ) -> (isMet: Bool, expected: String, actual: String?) {
        let values = headers.filter { $0.name.lowercased() == matcher.name.lowercased() }.map(\.value)
        return (
            matcher.matches(headers), matcher.words, values.isEmpty ? nil : values.joined(separator: ", ")
        )
    }

    private var responseHeaders: [SyntheticRequest.Header] {
        guard let response = trace?.response else { return [] }
        return response.headers + (response.status.map { [SyntheticRequest.Header(":status", "\($0)")] } ?? [])
    }

    private static func pseudoHeaders(_ request: SyntheticRequest) -> [SyntheticRequest.Header] {
        [
            SyntheticRequest.Header(":method", request.method), SyntheticRequest.Header(":path", request.path),
            SyntheticRequest.Header(":authority", request.authority ?? ""),
            SyntheticRequest.Header(":scheme", request.scheme),
        ]
    }

    /// What there is, by its name in the trace; empty texts count as none.
    private func values(of subject: Expectation.Subject) -> [String] {
        let value: String? =
            switch subject {
            case .status: trace?.response?.status.map { "\($0)" }
            case .flags: trace?.response?.flags
            case .details: trace?.response?.details
            case .error: trace == nil ? ConnectionError.noListener.rawValue : trace?.error?.rawValue
            case .body: trace?.response?.body
            case .proxy: first?.proxy
            case .listener: first?.listener?.name
            case .filterChain: first?.filterChain?.name
            case .routeConfiguration: first?.routeConfiguration?.name
            case .virtualHost: first?.virtualHost?.name
            case .route: first?.route?.name
            case .cluster: first?.clusterReference
            case .endpoint: first?.host?.address
            case .transport: first?.upstreamTransport
            case .method: upstream?.method
            case .authority: upstream?.authority
            case .path: upstream?.path
            case .redirect: trace?.response?.headers.first { $0.name.lowercased() == "location" }?.value
            case .routeStatus: routeStatus
            case .source, .mirror, .anyCluster, .requestHeader, .responseHeader, .share: nil
            }
        switch subject {
        case .source: return trace?.hops.flatMap { hop in hop.sources.map(\.objectName) } ?? []
        case .anyCluster: return Set(first?.candidates.map(\.cluster) ?? []).sorted()
        case .mirror: return first?.mirrors.map(\.cluster) ?? []
        default: return value.map { $0.isEmpty ? [] : [$0] } ?? []
        }
    }

    private var routeStatus: String? {
        switch first?.route?.action {
        case .redirect, .directResponse: trace?.response?.status.map { "\($0)" }
        default: nil
        }
    }
}

extension SourceReference {
    /// `Kind NAMESPACE/NAME`.
    fileprivate var objectName: String { namespace.isEmpty ? "\(kind) \(name)" : "\(kind) \(namespace)/\(name)" }
}

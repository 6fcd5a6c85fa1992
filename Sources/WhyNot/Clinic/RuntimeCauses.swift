import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

/// What the route and the caller's rules allow.
extension Clinic {
    /// Limits are the caller's, per cluster and worker.
    var limitCauses: [Diagnosis.Cause] {
        let pool = destination?.connectionPool
        let limits = [
            ("maxConnections", pool?.value.tcp?.maxConnections),
            ("http1MaxPendingRequests", pool?.value.http?.http1MaxPendingRequests),
            ("http2MaxRequests", pool?.value.http?.http2MaxRequests), ("maxRetries", pool?.value.http?.maxRetries),
        ].compactMap { name, value in value.flatMap { $0 > 0 ? "\(name) \($0)" : nil } }
        return [
            Diagnosis.Cause(
                "connectionPool of the caller's rule", !limits.isEmpty,
                limits.isEmpty
                    ? "no DestinationRule that applies sets a limit"
                    : "\(limits.listed) by \(pool.map { "\($0.rule.namespacedName)" } ?? ""), for each worker of each caller",
                at: pool?.rule.sourceReference)
        ]
    }

    private var action: RouteAction? {
        guard case .route(let action)? = context.hop?.route?.action else { return nil }
        return action
    }

    var timeoutCauses: [Diagnosis.Cause] {
        guard let action else { return [] }
        let source = context.hop?.route?.sources.first
        let timeout = action.timeout.flatMap { $0 > .zero ? $0 : nil }
        let perTry = action.retryPolicy?.perTryTimeout.flatMap { $0 > .zero ? $0 : nil }
        let delay = faultCauses("DI").first
        return [
            Diagnosis.Cause(
                "the route's timeout", timeout != nil,
                timeout.map { "timeout \($0.protobufText)" } ?? "none: Istio sets no limit by itself", at: source),
            Diagnosis.Cause(
                "perTryTimeout", perTry != nil,
                perTry.map { "perTryTimeout \($0.protobufText) bounds the first try too" } ?? "none", at: source),
            Diagnosis.Cause(
                "an injected delay takes the time", delay?.verdict == .yes && (timeout ?? perTry) != nil,
                delay?.evidence ?? "", at: delay?.source),
        ]
    }

    /// How often a request is tried, and what for.
    var retryCauses: [Diagnosis.Cause] {
        guard let action else { return [] }
        let retries = Int(action.retryPolicy?.numRetries ?? (action.retryPolicy == nil ? 0 : 1))
        let source = context.hop?.route?.sources.first
        return [
            Diagnosis.Cause(
                "every one of \(retries + 1) tries failed", retries > 0,
                retries > 0
                    ? "retries: \(retries), on \(action.retryPolicy?.retryOn ?? ""); the flag beside it says what failed"
                    : "this route does not retry: URX cannot come from it", at: source)
        ]
    }

    /// UR and LR: streams that one side ends.
    var resetCauses: [Diagnosis.Cause] {
        let isHTTP2 = context.hop?.cluster?.upstreamProtocol == .http2
        let pool = destination?.connectionPool
        let most = pool?.value.http?.maxRequestsPerConnection ?? 0
        return [
            .maybe("the application resets the request", "the manifests cannot tell: look at its log"),
            isHTTP2
                ? .maybe(
                    "an error of HTTP/2", "the caller speaks HTTP/2: the port is \(destination?.portWords ?? "")",
                    at: destination?.portSource)
                : Diagnosis.Cause(
                    "an error of HTTP/2", false, "the caller speaks HTTP/1.1", at: destination?.portSource),
            Diagnosis.Cause(
                "maxRequestsPerConnection ends connections", most > 0,
                most > 0
                    ? "after \(most) requests, by \(pool.map { "\($0.rule.namespacedName)" } ?? "")"
                    : "no rule sets it",
                at: pool?.rule.sourceReference),
        ]
    }

    /// `FI` or `DI`: what the route of this request injects.
    func faultCauses(_ flag: String) -> [Diagnosis.Cause] {
        let used = context.hop?.route?.sources.first { $0.kind == "VirtualService" }
        let objects = context.virtualServices.filter { object in
            object.http.contains { flag == "FI" ? $0.fault?.abort != nil : $0.fault?.delay != nil }
        }
        let object = objects.first { $0.name == used?.name && $0.namespace == used?.namespace } ?? objects.first
        let fault = object?.http.lazy.compactMap(\.fault).first { flag == "FI" ? $0.abort != nil : $0.delay != nil }
        let percent = flag == "FI" ? fault?.abort?.percentage : fault?.delay?.percentage
        let share = percent.map { "\($0) % of the requests" } ?? "all requests"
        let what =
            flag == "FI"
            ? fault?.abort?.httpStatus.map { "status \($0)" } ?? "an error"
            : fault?.delay?.fixedDelay.map { "\($0.protobufText)" } ?? "a delay"
        return [
            Diagnosis.Cause(
                flag == "FI" ? "fault.abort of a VirtualService" : "fault.delay of a VirtualService", object != nil,
                object.map { "\($0.namespacedName) injects \(what) into \(share), on purpose" }
                    ?? "no VirtualService of this host has one",
                at: object?.sourceReference)
        ]
    }
}

package import EnvoyModel

/// A route configuration with an index over its domains.
package final class CompiledRouteConfiguration: Sendable {
    package let value: RouteConfiguration
    package let virtualHosts: [CompiledVirtualHost]
    let domains: VirtualHostIndex
    let requestHeaders: CompiledMutations
    let responseHeaders: CompiledMutations
    /// Something in it, at whatever level, changes the headers of requests or responses.
    let changesRequests: Bool
    let changesResponses: Bool

    init(
        _ value: RouteConfiguration, virtualHosts: [CompiledVirtualHost], requestHeaders: CompiledMutations,
        responseHeaders: CompiledMutations
    ) {
        self.value = value
        self.virtualHosts = virtualHosts
        domains = VirtualHostIndex(virtualHosts.map(\.value.domains))
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        changesRequests = !requestHeaders.isEmpty || virtualHosts.contains(where: \.changesRequests)
        changesResponses = !responseHeaders.isEmpty || virtualHosts.contains(where: \.changesResponses)
    }
}

/// A virtual host with its routes.
package final class CompiledVirtualHost: Sendable {
    package let value: VirtualHost
    package let name: String
    package let routes: [CompiledRoute]
    /// One for each route, in their order.
    let guesses: [PathGuess]
    let requestHeaders: CompiledMutations
    let responseHeaders: CompiledMutations
    let fault: CompiledFault?
    let requireTLS: VirtualHost.TLSRequirement
    let includesAttemptCount: Bool
    let includesAttemptCountInResponse: Bool
    fileprivate let changesRequests: Bool
    fileprivate let changesResponses: Bool

    init(
        _ value: VirtualHost, routes: [CompiledRoute], requestHeaders: CompiledMutations,
        responseHeaders: CompiledMutations, fault: CompiledFault?
    ) {
        self.value = value
        name = value.name
        self.routes = routes
        guesses = routes.map { PathGuess($0.match.path) }
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        self.fault = fault
        requireTLS = value.requireTLS
        includesAttemptCount = value.includeRequestAttemptCount
        includesAttemptCountInResponse = value.includeAttemptCountInResponse
        changesRequests =
            value.includeRequestAttemptCount || !requestHeaders.isEmpty || routes.contains(where: \.changesRequests)
        changesResponses =
            value.includeAttemptCountInResponse || !responseHeaders.isEmpty
            || routes.contains(where: \.changesResponses)
    }
}

/// A route with its conditions and changes made ready.
package final class CompiledRoute: Sendable {
    package let value: Route
    package let name: String
    /// Its place in the virtual host.
    package let index: Int
    /// The policy that counts: the route's, else the virtual host's.
    package let retryPolicy: RetryPolicy?
    /// The mirrors that count: the route's, else the virtual host's, else the configuration's.
    package let mirrors: [CompiledMirror]
    let match: CompiledRouteMatch
    let action: CompiledRouteAction
    let requestHeaders: CompiledMutations
    let responseHeaders: CompiledMutations
    let fault: CompiledFault?
    let cors: CompiledCORS?
    let disabledFilters: [String]
    let fraction: FractionalPercent?
    /// `nil` is no limit.
    package let timeout: Duration?
    /// `nil` is the connection manager's, zero none.
    package let idleTimeout: Duration?
    /// `nil` is no limit.
    package let maxStreamDuration: Duration?
    let timeoutText: [UInt8]
    fileprivate let changesRequests: Bool
    fileprivate let changesResponses: Bool

    init(_ value: Route, index: Int, inherited: VirtualHost, parts: CompiledRouteParts) {
        self.value = value
        name = value.name
        self.index = index
        match = parts.match
        fraction = value.match.runtimeFraction
        action = parts.action
        requestHeaders = parts.requestHeaders
        responseHeaders = parts.responseHeaders
        let weighted = parts.action.entries
        changesRequests = !requestHeaders.isEmpty || weighted.contains { !$0.requestHeaders.isEmpty }
        changesResponses = !responseHeaders.isEmpty || weighted.contains { !$0.responseHeaders.isEmpty }
        fault = parts.fault
        cors = parts.cors
        mirrors = parts.mirrors
        disabledFilters = value.perFilterConfig.disabledFilters + inherited.perFilterConfig.disabledFilters
        if case .route(let action) = value.action {
            retryPolicy = action.retryPolicy ?? inherited.retryPolicy
            let timeout = action.timeout ?? .seconds(15)
            self.timeout = timeout == .zero ? nil : timeout
            idleTimeout = action.idleTimeout
            maxStreamDuration = action.maxStreamDuration.flatMap { $0 == .zero ? nil : $0 }
            var shown = self.timeout
            if let perTry = (action.retryPolicy ?? inherited.retryPolicy)?.perTryTimeout, perTry > .zero {
                shown = min(shown ?? perTry, perTry)
            }
            timeoutText = action.maxStreamDuration != nil ? [] : shown.map { Array("\($0.milliseconds)".utf8) } ?? []
        } else {
            retryPolicy = nil
            timeout = nil
            idleTimeout = nil
            maxStreamDuration = nil
            timeoutText = []
        }
    }
}

/// What a compiler makes for one route.
struct CompiledRouteParts {
    var match: CompiledRouteMatch
    var action: CompiledRouteAction
    var requestHeaders: CompiledMutations
    var responseHeaders: CompiledMutations
    var fault: CompiledFault?
    var cors: CompiledCORS?
    var mirrors: [CompiledMirror]
}

/// A request mirror policy.
package struct CompiledMirror: Sendable {
    package let value: RequestMirrorPolicy
    /// The chance of a copy.
    package var share: Double {
        guard let fraction = value.runtimeFraction else { return 1 }
        return min(1, Double(fraction.numerator) / Double(fraction.denominator.value))
    }
}

extension Duration {
    /// Whole milliseconds, cut.
    package var milliseconds: Int64 {
        let parts = components
        return parts.seconds &* 1000 &+ parts.attoseconds / 1_000_000_000_000_000
    }
}

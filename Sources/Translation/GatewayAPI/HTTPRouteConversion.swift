import Documents
import MeshModel

/// An HTTPRoute or GRPCRoute, with what both have.
struct HTTPLikeRoute {
    let kind: RouteKind
    let meta: ObjectMeta
    let parentRefs: [ParentReference]
    let hostnames: [String]
    let rules: [HTTPLikeRule]

    init(_ route: HTTPRoute) {
        kind = .http
        meta = route.meta
        parentRefs = route.parentRefs
        hostnames = route.hostnames
        rules = route.rules.map { rule in
            HTTPLikeRule(
                name: rule.name, matches: rule.matches.map { ($0.virtualServiceMatch, $0.location) },
                filters: rule.filters, backendRefs: rule.backendRefs, timeouts: rule.timeouts, retry: rule.retry,
                location: rule.location)
        }
    }

    init(_ route: GRPCRoute) {
        kind = .grpc
        meta = route.meta
        parentRefs = route.parentRefs
        hostnames = route.hostnames
        rules = route.rules.map { rule in
            HTTPLikeRule(
                name: rule.name, matches: rule.matches.map { ($0.virtualServiceMatch, $0.location) },
                filters: rule.filters, backendRefs: rule.backendRefs, timeouts: nil, retry: nil,
                location: rule.location)
        }
    }
}

struct HTTPLikeRule {
    let name: String
    let matches: [(match: VirtualService.HTTPMatch, location: SourceLocation?)]
    let filters: [RouteFilter]
    let backendRefs: [BackendReference]
    let timeouts: HTTPRoute.Timeouts?
    let retry: HTTPRoute.Retry?
    let location: SourceLocation?
}

extension HTTPLikeRoute {
    /// One VirtualService route for each match of each rule (18.4.1), in the order of the manifest.
    func virtualServiceRoutes(
        isMesh: Bool, context: ConversionContext
    ) throws(RouteProblem) -> [VirtualService.HTTPRoute] {
        let backends = BackendConversion(
            context: context, kind: kind, namespace: meta.namespace, isMesh: isMesh)
        var routes: [VirtualService.HTTPRoute] = []
        for (index, rule) in rules.enumerated() {
            let template = try self.template(rule, index: index, backends: backends)
            if rule.matches.isEmpty { routes.append(template) }
            for (match, location) in rule.matches {
                var route = template
                route.match = match.isUnrestricted ? [] : [match]
                route.location = location ?? rule.location
                route.source = SourceReference(
                    kind: kind.rawValue, namespace: meta.namespace, name: meta.name, location: route.location)
                routes.append(route)
            }
        }
        return routes
    }

    /// The rule without its matches.
    private func template(
        _ rule: HTTPLikeRule, index: Int, backends: BackendConversion
    ) throws(RouteProblem) -> VirtualService.HTTPRoute {
        var route = VirtualService.HTTPRoute()
        route.name = rule.name.isEmpty ? "\(meta.namespace).\(meta.name).\(index)" : rule.name
        route.location = rule.location
        route.source = SourceReference(
            kind: kind.rawValue, namespace: meta.namespace, name: meta.name, location: rule.location)
        try FilterConversion.apply(rule.filters, to: &route, backends: backends)
        if let retry = rule.retry { route.retries = HTTPRetry(retry) }
        if let timeouts = rule.timeouts {
            route.timeout = timeouts.request
            if let backend = timeouts.backendRequest {
                if route.retries != nil { route.retries?.perTryTimeout = backend } else { route.timeout = backend }
            }
        }
        if let destinations = try backends.destinations(rule.backendRefs) {
            for (destination, weight, backend) in destinations {
                var entry = VirtualService.HTTPRouteDestination()
                entry.destination = destination
                entry.weight = weight
                entry.headers = try FilterConversion.headers(backend.filters, of: &route)
                entry.location = backend.location
                route.route.append(entry)
            }
        } else if route.redirect == nil {
            route.directResponse = VirtualService.HTTPDirectResponse(status: 500)
        }
        return route
    }
}

extension HTTPRetry {
    fileprivate init(_ retry: HTTPRoute.Retry) {
        self.init()
        attempts = retry.attempts ?? 2
        backoff = retry.backoff
        let codes = retry.codes.map { ",\($0)" }.joined()
        retryOn = "connect-failure,refused-stream,unavailable,cancelled" + codes
    }
}

extension VirtualService.HTTPMatch {
    /// Whether nothing is asked for: then the route has no match at all.
    fileprivate var isUnrestricted: Bool {
        uri == nil && headers.isEmpty && queryParams.isEmpty && method == nil
    }
}

extension HTTPRoute.Match {
    fileprivate var virtualServiceMatch: VirtualService.HTTPMatch {
        var match = VirtualService.HTTPMatch()
        match.location = location
        match.uri = path.map { path in
            switch path.type {
            case .exact: .exact(path.value)
            case .regularExpression: .regex(path.value)
            case .pathPrefix:
                .prefix(path.value.count > 1 && path.value.hasSuffix("/") ? String(path.value.dropLast()) : path.value)
            }
        }
        match.headers = headers.stringMatches
        match.queryParams = queryParams.stringMatches
        match.method = method.map(StringMatch.exact)
        return match
    }
}

extension GRPCRoute.Match {
    fileprivate var virtualServiceMatch: VirtualService.HTTPMatch {
        var match = VirtualService.HTTPMatch()
        match.location = location
        match.uri = method.flatMap(\.uri)
        match.headers = headers.stringMatches
        return match
    }
}

extension GRPCRoute.MethodMatch {
    fileprivate var uri: StringMatch? {
        let service = service.flatMap { $0.isEmpty ? nil : $0 }
        let method = method.flatMap { $0.isEmpty ? nil : $0 }
        return switch (type, service, method) {
        case (_, nil, nil): nil
        case (.exact, let service?, let method?): .exact("/\(service)/\(method)")
        case (.exact, let service?, nil): .prefix("/\(service)/")
        case (_, nil, let method?): .regex("/[^/]+/\(method)")
        case (.regularExpression, let service?, let method?): .regex("/\(service)/\(method)")
        case (.regularExpression, let service?, nil): .regex("/\(service)/.+")
        }
    }
}

extension [ValueMatch] {
    fileprivate var stringMatches: [String: StringMatch] {
        var matches: [String: StringMatch] = [:]
        for match in self {
            matches[match.name] =
                switch match.type {
                case .exact: .exact(match.value)
                case .regularExpression: .regex(match.value)
                }
        }
        return matches
    }
}

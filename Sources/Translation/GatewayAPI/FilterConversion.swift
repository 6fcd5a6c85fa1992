import Documents
import MeshModel

/// Filters of HTTPRoutes and GRPCRoutes as fields of a VirtualService route (18.4.12).
enum FilterConversion {
    static func apply(
        _ filters: [RouteFilter], to route: inout VirtualService.HTTPRoute, backends: BackendConversion
    ) throws(RouteProblem) {
        for filter in filters {
            switch filter.type {
            case "RequestHeaderModifier", "ResponseHeaderModifier":
                modifyHeaders(filter, of: &route.headers)
            case "RequestRedirect": route.redirect = filter.requestRedirect.map(redirect)
            case "URLRewrite": route.rewrite = filter.urlRewrite.flatMap(rewrite)
            case "RequestMirror":
                if let mirror = try filter.requestMirror.map({ mirror throws(RouteProblem) in
                    try self.mirror(mirror, backends: backends)
                }) ?? nil {
                    route.mirrors.append(mirror)
                }
            case "CORS": route.corsPolicy = filter.cors.map(cors)
            default:
                throw RouteProblem(
                    message: "filter type \"\(filter.type)\" is not supported", location: filter.location)
            }
        }
    }

    /// Filters of a single backend: only headers can be changed there, and a redirect takes the place of all backends.
    static func headers(
        _ filters: [RouteFilter], of route: inout VirtualService.HTTPRoute
    ) throws(RouteProblem) -> VirtualService.Headers? {
        var headers: VirtualService.Headers?
        for filter in filters {
            if filter.type == "RequestRedirect" {
                route.redirect = filter.requestRedirect.map(redirect)
                continue
            }
            guard ["RequestHeaderModifier", "ResponseHeaderModifier"].contains(filter.type) else {
                throw RouteProblem(
                    message: "filter type \"\(filter.type)\" is not supported for a backend", location: filter.location)
            }
            modifyHeaders(filter, of: &headers)
        }
        return headers
    }

    private static func modifyHeaders(_ filter: RouteFilter, of headers: inout VirtualService.Headers?) {
        if filter.type == "RequestHeaderModifier", let modifier = filter.requestHeaderModifier {
            headers = headers ?? VirtualService.Headers()
            headers?.request = operations(modifier)
        }
        if filter.type == "ResponseHeaderModifier", let modifier = filter.responseHeaderModifier {
            headers = headers ?? VirtualService.Headers()
            headers?.response = operations(modifier)
        }
    }

    private static func operations(_ modifier: RouteFilter.HeaderModifier) -> VirtualService.HeaderOperations {
        var operations = VirtualService.HeaderOperations()
        // Of the same name twice only the first counts.
        for header in modifier.set {
            let name = header.name.lowercased()
            if operations.set[name] == nil { operations.set[name] = header.value }
        }
        for header in modifier.add {
            let name = header.name.lowercased()
            if operations.add[name] == nil { operations.add[name] = header.value }
        }
        operations.remove = modifier.remove
        return operations
    }

    private static func redirect(_ filter: RouteFilter.Redirect) -> VirtualService.HTTPRedirect {
        var redirect = VirtualService.HTTPRedirect()
        // The API's default, which the API server fills in.
        redirect.redirectCode = filter.statusCode ?? 302
        redirect.authority = filter.hostname ?? ""
        redirect.scheme = filter.scheme ?? ""
        if let port = filter.port {
            redirect.port = port
        } else {
            redirect.derivePort = filter.scheme == nil ? .fromRequestPort : .fromProtocolDefault
        }
        switch filter.path {
        case .replaceFullPath(let path): redirect.uri = path
        case .replacePrefixMatch(let prefix): redirect.prefixRewrite = prefix
        case nil: break
        }
        return redirect
    }

    private static func rewrite(_ filter: RouteFilter.URLRewrite) -> VirtualService.HTTPRewrite? {
        var rewrite = VirtualService.HTTPRewrite()
        rewrite.authority = filter.hostname ?? ""
        switch filter.path {
        case .replaceFullPath(let path):
            rewrite.uriRegexRewrite = VirtualService.RegexRewrite(match: "/.*", rewrite: path)
        case .replacePrefixMatch(let prefix):
            let trimmed = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
            rewrite.uri = trimmed.isEmpty ? "/" : trimmed
        case nil:
            if rewrite.authority.isEmpty { return nil }
        }
        return rewrite
    }

    /// `nil` for a backend that is not there, not permitted or not supported: there is nobody to copy to.
    private static func mirror(
        _ filter: RouteFilter.Mirror, backends: BackendConversion
    ) throws(RouteProblem) -> VirtualService.HTTPMirrorPolicy? {
        let backend = filter.backendRef
        var mirror = VirtualService.HTTPMirrorPolicy()
        mirror.destination = try backends.destination(
            group: backend.group, kind: backend.kind, name: backend.name, namespace: backend.namespace,
            port: backend.port, at: backend.location)
        guard backends.context.hasBackend(mirror.destination.host) else { return nil }
        if let percent = filter.percent {
            mirror.percentage = Double(percent)
        } else if let numerator = filter.numerator {
            mirror.percentage = 100 * Double(numerator) / Double(max(filter.denominator ?? 100, 1))
        }
        return mirror
    }

    private static func cors(_ filter: RouteFilter.CORS) -> VirtualService.CORSPolicy {
        var policy = VirtualService.CORSPolicy()
        policy.allowOrigins = filter.allowOrigins.map(origin)
        policy.allowCredentials = filter.allowCredentials
        policy.allowMethods = filter.allowMethods
        policy.allowHeaders = filter.allowHeaders
        policy.exposeHeaders = filter.exposeHeaders
        policy.maxAge = filter.maxAge.map { .seconds($0) }
        policy.unmatchedPreflights = .ignore
        return policy
    }

    private static func origin(_ text: String) -> StringMatch {
        if text == "*" { return .regex(#"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s?#]+$"#) }
        guard text.contains("*") else { return .exact(text) }
        let parts = text.split(separator: "*", omittingEmptySubsequences: false)
        return .regex("^" + parts.map { quotedForRegex($0) }.joined(separator: ".*") + "$")
    }

    /// Go's `regexp.QuoteMeta`.
    private static func quotedForRegex(_ text: Substring) -> String {
        var result = ""
        for character in text {
            if #"\.+*?()|[]{}^$"#.contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}

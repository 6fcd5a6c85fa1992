import Documents
import EnvoyModel
import MeshModel

/// The Envoy routes of a VirtualService's `http` (istiod: `BuildHTTPRoutesForVirtualService`).
struct VirtualServiceRoutes {
    private let prepared: PreparedVirtualService
    private let context: RouteContext

    init(_ prepared: PreparedVirtualService, context: RouteContext) {
        self.prepared = prepared
        self.context = context
    }

    private var virtualService: VirtualService { prepared.object }

    /// In order; ends with the first that matches everything.
    func build() -> [Route] {
        var routes: [Route] = []
        routes.reserveCapacity(virtualService.http.count + 1)
        for http in virtualService.http {
            if http.match.isEmpty {
                routes.append(route(http, nil))
                return routes
            }
            for match in http.match where appliesHere(match) {
                routes.append(route(http, match))
                if routes.last?.match.isCatchAll ?? false { return routes }
            }
        }
        return routes
    }

    private func route(_ http: VirtualService.HTTPRoute, _ match: VirtualService.HTTPMatch?) -> Route {
        var name = http.name
        if let match, !match.name.isEmpty { name += "." + match.name }
        var route = Route(
            name: name, match: RouteMatch(match, semantics: virtualService.semantics), action: .none)
        route.metadata = prepared.routeMetadata
        route.statPrefix = match?.statPrefix ?? ""
        route.sources = sources(http, match)

        let operations = HeaderOperations(http.headers)
        route.requestHeaders = operations.request
        route.responseHeaders = operations.response

        var hosts: [String] = []
        var target: RouteContext.Target?
        if let redirect = http.redirect {
            route.action = redirectAction(redirect)
        } else if let response = http.directResponse {
            route.action = .directResponse(DirectResponseAction(response))
        } else {
            let forwarding = Forwarding(
                http: http, semantics: virtualService.semantics, context: context, authority: operations.authority)
            target = forwarding.apply(to: &route)
            hosts = http.route.map(\.destination.host)
        }
        route.decoratorOperation = operation(of: route, to: target)
        if let fault = http.fault { route.perFilterConfig.fault = FaultFilter(fault) }
        if let cors = http.corsPolicy { route.perFilterConfig.cors = EnvoyModel.CORSPolicy(cors) }
        if context.features.enablePersistentSessionFilter,
            let session = hosts.lazy.compactMap({ context.destination($0).service?.statefulSession }).first
        {
            route.perFilterConfig.other.append(session)
        }
        if context.offersHTTP3 {
            route.responseHeaders.add.append(
                .init(name: "alt-svc", value: "h3=\":\(context.listenPort)\"; ma=86400"))
        }
        return route
    }

    /// Whether the entry is meant for this proxy: by its port and its gateways, else by the source's labels and namespace
    /// (istiod: `sourceMatchHTTP`).
    private func appliesHere(_ match: VirtualService.HTTPMatch) -> Bool {
        guard match.port == 0 || match.port == context.listenPort else { return false }
        if !match.gateways.isEmpty { return match.gateways.contains(context.gateway) }
        return match.sourceLabels.isContained(in: context.proxyLabels)
            && (match.sourceNamespace.isEmpty || match.sourceNamespace == context.proxyNamespace)
    }

    private func sources(
        _ http: VirtualService.HTTPRoute, _ match: VirtualService.HTTPMatch?
    ) -> [SourceReference] {
        if let source = http.source {
            guard let place = match?.location, place.file == source.location?.file else { return [source] }
            return [
                SourceReference(kind: source.kind, namespace: source.namespace, name: source.name, location: place)
            ]
        }
        return [virtualService.sourceReference(at: match?.location ?? http.location)]
    }

    private func redirectAction(_ redirect: VirtualService.HTTPRedirect) -> Route.Action {
        var action = RedirectAction()
        action.hostRedirect = redirect.authority
        if !redirect.prefixRewrite.isEmpty {
            action.pathRewrite = .prefix(redirect.prefixRewrite)
        } else if !redirect.uri.isEmpty {
            action.pathRewrite = .path(redirect.uri)
        }
        if !redirect.scheme.isEmpty { action.schemeRewrite = .scheme(redirect.scheme) }
        switch redirect.redirectCode {
        case 0, 301: action.responseCode = 301
        case 302, 303, 307, 308: action.responseCode = redirect.redirectCode
        // istiod logs it and leaves the route without an action.
        default: return .none
        }
        var port: Int?
        if let given = redirect.port {
            port = given
        } else if redirect.derivePort == .fromRequestPort {
            port = context.listenPort
        }
        let scheme = redirect.scheme.isEmpty ? (context.isTLS ? "https" : "http") : redirect.scheme
        if let port, port > 0, !(port == 80 && scheme == "http"), !(port == 443 && scheme == "https") {
            action.portRedirect = UInt32(clamping: port)
        }
        return .redirect(action)
    }

    /// What traces call the route (istiod: `getRouteOperation`).
    private func operation(of route: Route, to target: RouteContext.Target?) -> String {
        let name = target?.host ?? virtualService.name
        var text = ""
        text.reserveCapacity(name.utf8.count + 32)
        text += name
        text += ":"
        text += String(target?.port ?? context.listenPort)
        switch route.match.path {
        case .prefix(let prefix):
            text += prefix
            text += "*"
        case .path(let path): text += path
        case .safeRegex(let regex): text += regex
        default: text += "/*"
        }
        return text
    }
}

extension DirectResponseAction {
    init(_ response: VirtualService.HTTPDirectResponse) {
        switch response.body {
        case .string(let text): self.init(status: response.status, body: text)
        case .bytes(let bytes): self.init(status: response.status, body: String(decoding: bytes, as: UTF8.self))
        case nil: self.init(status: response.status)
        }
    }
}

import Documents
import EnvoyModel
import MeshModel

/// The Envoy routes of a VirtualService's `http` (istiod: `BuildHTTPRoutesForVirtualService`).
struct VirtualServiceRoutes {
    let virtualService: VirtualService
    let context: RouteContext
    /// The same for all routes.
    private let metadata: Metadata

    init(virtualService: VirtualService, context: RouteContext) {
        self.virtualService = virtualService
        self.context = context
        metadata = .istioConfig(of: virtualService.meta, resource: "virtual-service")
    }

    /// In order; ends with the first that matches everything.
    func build() -> [Route] {
        var routes: [Route] = []
        for http in virtualService.http {
            if http.match.isEmpty {
                if let route = route(http, nil) { routes.append(route) }
                return routes
            }
            for match in http.match {
                guard let route = route(http, match) else { continue }
                routes.append(route)
                if route.match.isCatchAll { return routes }
            }
        }
        return routes
    }

    private func route(_ http: VirtualService.HTTPRoute, _ match: VirtualService.HTTPMatch?) -> Route? {
        if let match {
            guard match.port == 0 || match.port == context.listenPort, appliesHere(match) else { return nil }
        }
        var name = http.name
        if let match, !match.name.isEmpty { name += "." + match.name }
        var route = Route(
            name: name, match: RouteMatch(match, semantics: virtualService.semantics), action: .none)
        route.metadata = metadata
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
            let session = hosts.lazy.compactMap({ context.service($0)?.statefulSession }).first
        {
            route.perFilterConfig.other.append(session)
        }
        if context.offersHTTP3 {
            route.responseHeaders.add.append(
                .init(name: "alt-svc", value: "h3=\":\(context.listenPort)\"; ma=86400"))
        }
        return route
    }

    /// Whether the entry is meant for this proxy: by its gateways, else by the source's labels and namespace
    /// (istiod: `sourceMatchHTTP`).
    private func appliesHere(_ match: VirtualService.HTTPMatch) -> Bool {
        if !match.gateways.isEmpty { return match.gateways.contains { context.gatewayNames.contains($0) } }
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
        let path =
            switch route.match.path {
            case .prefix(let prefix): prefix + "*"
            case .path(let path): path
            case .safeRegex(let regex): regex
            default: "/*"
            }
        if let target { return "\(target.host):\(target.port)\(path)" }
        return "\(virtualService.name):\(context.listenPort)\(path)"
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

extension Metadata {
    /// `istio.config`: the path of an object in the API server (istiod: `BuildConfigInfoMetadata`).
    static func istioConfig(of meta: ObjectMeta, resource: String) -> Metadata {
        // By bytes: every route and cluster has one of these.
        let apiVersion = meta.apiVersion.utf8
        let slash = apiVersion.firstIndex(of: UInt8(ascii: "/"))
        let version = apiVersion.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? "v1"
        let group = slash.map { String(meta.apiVersion[..<$0]) } ?? "networking.istio.io"
        let path = "/apis/\(group)/\(version)/namespaces/\(meta.namespace)/\(resource)/\(meta.name)"
        return Metadata(["istio": ["config": .string(path)]])
    }
}

import Documents

extension HTTPRoute {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var route = HTTPRoute(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("HTTPRouteSpec") { fields in
            route.parentRefs = fields.parentRefs()
            (route.hostnames, route.hostnameLocations) = fields.places("hostnames")
            route.rules = fields.list("rules", of: "HTTPRouteRule") { Rule(&$0) }
            fields.ignore("useDefaultGateways")
        }
        object.finish()
        return route
    }
}

extension HTTPRoute.Rule {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        name = fields.string("name") ?? ""
        matches = fields.list("matches", of: "HTTPRouteMatch") { HTTPRoute.Match(&$0) }
        filters = fields.list("filters", of: "HTTPRouteFilter") { RouteFilter(&$0) }
        backendRefs = fields.backendRefs()
        timeouts = fields.object("timeouts", of: "HTTPRouteTimeouts") { fields in
            var timeouts = HTTPRoute.Timeouts()
            timeouts.request = fields.duration("request")
            timeouts.backendRequest = fields.duration("backendRequest")
            return timeouts
        }
        retry = fields.object("retry", of: "HTTPRouteRetry") { fields in
            var retry = HTTPRoute.Retry()
            retry.codes = fields.list("codes").compactMap { code in
                if let number = code.int.flatMap({ Int(exactly: $0) }) { return number }
                fields.sink.wrongType(code, "codes", expected: "a whole number")
                return nil
            }
            retry.attempts = fields.natural("attempts")
            retry.backoff = fields.duration("backoff")
            return retry
        }
        sessionPersistence = fields.object("sessionPersistence", of: "SessionPersistence") { SessionPersistence(&$0) }
    }
}

extension HTTPRoute.Match {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        path = fields.object("path", of: "HTTPPathMatch") { fields in
            var path = HTTPRoute.PathMatch()
            path.location = fields.node.location
            path.type = fields.enumeration("type") ?? .pathPrefix
            path.value = fields.string("value") ?? "/"
            return path
        }
        headers = fields.valueMatches("headers", of: "HTTPHeaderMatch")
        queryParams = fields.valueMatches("queryParams", of: "HTTPQueryParamMatch")
        method = fields.string("method")
    }
}

extension GRPCRoute {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var route = GRPCRoute(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("GRPCRouteSpec") { fields in
            route.parentRefs = fields.parentRefs()
            (route.hostnames, route.hostnameLocations) = fields.places("hostnames")
            route.rules = fields.list("rules", of: "GRPCRouteRule") { fields in
                var rule = Rule()
                rule.location = fields.node.location
                rule.name = fields.string("name") ?? ""
                rule.matches = fields.list("matches", of: "GRPCRouteMatch") { Match(&$0) }
                rule.filters = fields.list("filters", of: "GRPCRouteFilter") { RouteFilter(&$0) }
                rule.backendRefs = fields.backendRefs()
                rule.sessionPersistence = fields.object("sessionPersistence", of: "SessionPersistence") {
                    SessionPersistence(&$0)
                }
                return rule
            }
            fields.ignore("useDefaultGateways")
        }
        object.finish()
        return route
    }
}

extension GRPCRoute.Match {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        method = fields.object("method", of: "GRPCMethodMatch") { fields in
            var method = GRPCRoute.MethodMatch()
            method.type = fields.enumeration("type") ?? .exact
            method.service = fields.string("service")
            method.method = fields.string("method")
            return method
        }
        headers = fields.valueMatches("headers", of: "GRPCHeaderMatch")
    }
}

extension FieldReader {
    fileprivate mutating func l4Rules(_ type: String) -> [L4RouteRule] {
        list("rules", of: type) { fields in
            var rule = L4RouteRule()
            rule.location = fields.node.location
            rule.name = fields.string("name") ?? ""
            rule.backendRefs = fields.backendRefs()
            return rule
        }
    }
}

extension TLSRoute {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var route = TLSRoute(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("TLSRouteSpec") { fields in
            route.parentRefs = fields.parentRefs()
            (route.hostnames, route.hostnameLocations) = fields.places("hostnames")
            route.rules = fields.l4Rules("TLSRouteRule")
            fields.ignore("useDefaultGateways")
        }
        object.finish()
        return route
    }
}

extension TCPRoute {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var route = TCPRoute(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("TCPRouteSpec") { fields in
            route.parentRefs = fields.parentRefs()
            route.rules = fields.l4Rules("TCPRouteRule")
            fields.ignore("useDefaultGateways")
        }
        object.finish()
        return route
    }
}

extension UDPRoute {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var route = UDPRoute(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("UDPRouteSpec") { fields in
            route.parentRefs = fields.parentRefs()
            route.rules = fields.l4Rules("UDPRouteRule")
            fields.ignore("useDefaultGateways")
        }
        object.finish()
        return route
    }
}

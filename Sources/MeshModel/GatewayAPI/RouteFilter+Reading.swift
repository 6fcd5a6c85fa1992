import Documents

extension RouteFilter {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        type = fields.string("type") ?? ""
        requestHeaderModifier = fields.object("requestHeaderModifier", of: "HTTPHeaderFilter") { HeaderModifier(&$0) }
        responseHeaderModifier = fields.object("responseHeaderModifier", of: "HTTPHeaderFilter") {
            HeaderModifier(&$0)
        }
        requestMirror = fields.object("requestMirror", of: "HTTPRequestMirrorFilter") { Mirror(&$0) }
        requestRedirect = fields.object("requestRedirect", of: "HTTPRequestRedirectFilter") { fields in
            var redirect = Redirect()
            redirect.scheme = fields.string("scheme")
            redirect.hostname = fields.string("hostname")
            redirect.path = fields.pathModifier("path")
            redirect.port = fields.port("port")
            redirect.statusCode = fields.natural("statusCode")
            return redirect
        }
        urlRewrite = fields.object("urlRewrite", of: "HTTPURLRewriteFilter") { fields in
            var rewrite = URLRewrite()
            rewrite.hostname = fields.string("hostname")
            rewrite.path = fields.pathModifier("path")
            return rewrite
        }
        cors = fields.object("cors", of: "HTTPCORSFilter") { CORS(&$0) }
        extensionRef = fields.objectReference("extensionRef")
        fields.ignore("externalAuth")
    }
}

extension RouteFilter.HeaderModifier {
    init(_ fields: inout FieldReader) {
        self.init()
        set = fields.headers("set")
        add = fields.headers("add")
        remove = fields.strings("remove")
    }
}

extension RouteFilter.Mirror {
    init(_ fields: inout FieldReader) {
        self.init()
        backendRef =
            fields.object("backendRef", of: "BackendObjectReference") { fields in
                var backend = RouteFilter.MirrorBackend()
                backend.location = fields.node.location
                backend.group = fields.string("group")
                backend.kind = fields.string("kind")
                backend.name = fields.string("name") ?? ""
                backend.namespace = fields.string("namespace")
                backend.port = fields.port("port")
                return backend
            } ?? RouteFilter.MirrorBackend()
        percent = fields.natural("percent")
        _ = fields.object("fraction", of: "Fraction") { fields in
            numerator = fields.natural("numerator") ?? 0
            denominator = fields.natural("denominator") ?? 100
        }
    }
}

extension RouteFilter.CORS {
    init(_ fields: inout FieldReader) {
        self.init()
        allowOrigins = fields.strings("allowOrigins")
        allowCredentials = fields.bool("allowCredentials")
        allowMethods = fields.strings("allowMethods")
        allowHeaders = fields.strings("allowHeaders")
        exposeHeaders = fields.strings("exposeHeaders")
        maxAge = fields.natural("maxAge")
    }
}

extension FieldReader {
    fileprivate mutating func headers(_ name: String) -> [RouteFilter.HeaderModifier.Header] {
        list(name, of: "HTTPHeader") { fields in
            var header = RouteFilter.HeaderModifier.Header()
            header.name = fields.string("name") ?? ""
            header.value = fields.string("value") ?? ""
            return header
        }
    }

    fileprivate mutating func pathModifier(_ name: String) -> RouteFilter.PathModifier? {
        object(name, of: "HTTPPathModifier") { fields in
            let type = fields.string("type")
            let full = fields.string("replaceFullPath").map(RouteFilter.PathModifier.replaceFullPath)
            let prefix = fields.string("replacePrefixMatch").map(RouteFilter.PathModifier.replacePrefixMatch)
            switch type {
            case "ReplaceFullPath": return full
            case "ReplacePrefixMatch": return prefix
            default: return full ?? prefix
            }
        } ?? nil
    }
}

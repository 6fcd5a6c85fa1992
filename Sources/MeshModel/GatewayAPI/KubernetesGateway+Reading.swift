import Documents

extension GatewayClass {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var gatewayClass = GatewayClass(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("GatewayClassSpec") { fields in
            gatewayClass.controllerName = fields.string("controllerName") ?? ""
            fields.ignore("description", "parametersRef")
        }
        object.finish()
        return gatewayClass
    }
}

extension KubernetesGateway {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var gateway = KubernetesGateway(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("GatewaySpec") { fields in
            gateway.gatewayClassName = fields.string("gatewayClassName") ?? ""
            gateway.gatewayClassNameLocation = fields.place(of: "gatewayClassName")
            gateway.listeners = fields.list("listeners", of: "Listener") { GatewayListener(&$0) }
            gateway.addresses = fields.list("addresses", of: "GatewaySpecAddress") { Address(&$0) }
            gateway.allowedListeners = fields.object("allowedListeners", of: "AllowedListeners") { fields in
                fields.object("namespaces", of: "ListenerNamespaces") { RouteNamespaces(&$0) } ?? RouteNamespaces()
            }
            _ = fields.object("infrastructure", of: "GatewayInfrastructure") { fields in
                gateway.infrastructureLabels = fields.stringMap("labels")
                gateway.infrastructureAnnotations = fields.stringMap("annotations")
                gateway.infrastructureParametersRef = fields.objectReference("parametersRef")
            }
            _ = fields.object("tls", of: "GatewayTLSConfig") { fields in
                gateway.frontendTLS = fields.object("frontend", of: "FrontendTLSConfig") { FrontendTLS(&$0) }
                _ = fields.object("backend", of: "GatewayBackendTLS") { fields in
                    gateway.backendClientCertificate = fields.objectReference("clientCertificateRef")
                }
            }
            fields.ignore("defaultScope")
        }
        object.status { gateway.statusAddresses = $0.list("addresses", of: "GatewayStatusAddress") { Address(&$0) } }
        object.finish()
        return gateway
    }
}

extension KubernetesGateway.Address {
    init(_ fields: inout FieldReader) {
        self.init()
        type = fields.string("type")
        value = fields.string("value") ?? ""
        location = fields.node.location
    }
}

extension KubernetesGateway.FrontendTLS {
    init(_ fields: inout FieldReader) {
        self.init()
        defaultValidation =
            fields.object("default", of: "TLSConfig") { fields in
                fields.object("validation", of: "FrontendTLSValidation") { Validation(&$0) }
            } ?? nil
        perPort = fields.list("perPort", of: "TLSPortConfig") { fields in
            var port = PerPort()
            port.port = fields.port("port") ?? 0
            port.validation =
                fields.object("tls", of: "TLSConfig") { fields in
                    fields.object("validation", of: "FrontendTLSValidation") { Validation(&$0) }
                } ?? nil
            return port
        }
    }
}

extension KubernetesGateway.FrontendTLS.Validation {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        caCertificateRefs = fields.list("caCertificateRefs", of: "ObjectReference") { ObjectReference(&$0) }
        mode = fields.string("mode")
    }
}

extension ListenerSet {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var set = ListenerSet(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("ListenerSetSpec") { fields in
            set.parentRef =
                fields.object("parentRef", of: "ParentGatewayReference") { ParentReference(&$0) }
                ?? ParentReference()
            set.listeners = fields.list("listeners", of: "ListenerEntry") { GatewayListener(&$0) }
        }
        object.finish()
        return set
    }
}

extension GatewayListener {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        name = fields.string("name") ?? ""
        hostname = fields.string("hostname")
        hostnameLocation = fields.place(of: "hostname")
        port = fields.port("port")
        `protocol` = fields.string("protocol") ?? ""
        protocolLocation = fields.place(of: "protocol")
        tls = fields.object("tls", of: "ListenerTLSConfig") { fields in
            var tls = TLS()
            tls.location = fields.node.location
            tls.mode = fields.enumeration("mode")
            tls.certificateRefs = fields.list("certificateRefs", of: "SecretObjectReference") { ObjectReference(&$0) }
            tls.options = fields.stringMap("options")
            fields.ignore("frontendValidation")
            return tls
        }
        allowedRoutes =
            fields.object("allowedRoutes", of: "AllowedRoutes") { fields in
                var allowed = AllowedRoutes()
                allowed.namespaces = fields.object("namespaces", of: "RouteNamespaces") { RouteNamespaces(&$0) }
                allowed.kinds = fields.list("kinds", of: "RouteGroupKind") { fields in
                    AllowedRoutes.GroupKind(group: fields.string("group"), kind: fields.string("kind") ?? "")
                }
                return allowed
            } ?? AllowedRoutes()
    }
}

extension RouteNamespaces {
    init(_ fields: inout FieldReader) {
        self.init()
        from = fields.enumeration("from")
        selector = fields.labelSelector("selector")
    }
}

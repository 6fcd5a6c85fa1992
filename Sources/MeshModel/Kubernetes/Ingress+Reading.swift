import Documents

extension Ingress {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var ingress = Ingress(meta: meta)
        // Before v1 a backend is `serviceName` and `servicePort`, and the default backend is called `backend`.
        let isOld = meta.apiVersion.hasSuffix("v1beta1")
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("IngressSpec") { fields in
            ingress.ingressClassName = fields.string("ingressClassName")
            ingress.defaultBackend = fields.backend(isOld ? "backend" : "defaultBackend", isOld: isOld)
            ingress.tls = fields.list("tls", of: "IngressTLS") { fields in
                var tls = TLS()
                tls.hosts = fields.strings("hosts")
                tls.secretName = fields.string("secretName") ?? ""
                tls.location = fields.node.location
                return tls
            }
            ingress.rules = fields.list("rules", of: "IngressRule") { fields in
                var rule = Rule()
                rule.location = fields.node.location
                rule.host = fields.string("host") ?? ""
                rule.paths = fields.object("http", of: "HTTPIngressRuleValue") { fields in
                    fields.list("paths", of: "HTTPIngressPath") { fields in
                        var path = Path()
                        path.location = fields.node.location
                        path.path = fields.string("path") ?? ""
                        path.pathType = fields.enumeration("pathType")
                        path.backend = fields.backend("backend", isOld: isOld) ?? Backend()
                        return path
                    }
                }
                return rule
            }
        }
        object.status { ingress.loadBalancerIngress = $0.loadBalancerAddresses }
        object.finish()
        return ingress
    }
}

extension FieldReader {
    fileprivate mutating func backend(_ name: String, isOld: Bool) -> Ingress.Backend? {
        object(name, of: "IngressBackend") { fields in
            var backend = Ingress.Backend()
            backend.location = fields.node.location
            backend.hasResource = fields.node("resource") != nil
            if isOld {
                backend.serviceName = fields.string("serviceName") ?? ""
                backend.servicePort = fields.portReference("servicePort")
                return backend
            }
            _ = fields.object("service", of: "IngressServiceBackend") { fields in
                backend.serviceName = fields.string("name") ?? ""
                _ = fields.object("port", of: "ServiceBackendPort") { fields in
                    let number = fields.port("number")
                    let name = fields.string("name")
                    backend.servicePort = number.map(PortReference.number) ?? name.map(PortReference.name)
                }
            }
            return backend
        }
    }
}

extension IngressClass {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var ingressClass = IngressClass(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink)
        object.spec("IngressClassSpec") { fields in
            ingressClass.controller = fields.string("controller") ?? ""
            fields.ignore("parameters")
        }
        object.finish()
        return ingressClass
    }
}

import Documents

extension IstioGateway {
    static func read(_ node: Node, meta: ObjectMeta, sink: DiagnosticSink) -> (any MeshObject)? {
        var gateway = IstioGateway(meta: meta)
        var object = ObjectReader(node, kind: kindName, sink: sink, spelling: .protobuf)
        object.spec("Gateway") { fields in
            gateway.servers = fields.list("servers", of: "Server") { Server(&$0) }
            let selector = fields.stringMap("selector")
            gateway.selector = selector.isEmpty ? nil : selector
        }
        object.finish()
        return gateway
    }
}

extension IstioGateway.Server {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        port = fields.object("port", of: "Port") { IstioGateway.Port(&$0) }
        bind = fields.string("bind") ?? ""
        (hosts, hostLocations) = fields.places("hosts")
        tls = fields.object("tls", of: "ServerTLSSettings") { ServerTLSSettings(&$0) }
        defaultEndpoint = fields.string("defaultEndpoint") ?? ""
        name = fields.string("name") ?? ""
    }
}

extension IstioGateway.Port {
    init(_ fields: inout FieldReader) {
        self.init()
        number = fields.port("number") ?? 0
        `protocol` = fields.string("protocol") ?? ""
        name = fields.string("name") ?? ""
        targetPort = fields.port("targetPort")
    }
}

extension ServerTLSSettings {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        httpsRedirect = fields.bool("httpsRedirect") ?? false
        mode = fields.enumeration("mode") ?? .passthrough
        serverCertificate = fields.string("serverCertificate") ?? ""
        privateKey = fields.string("privateKey") ?? ""
        caCertificates = fields.string("caCertificates") ?? ""
        caCrl = fields.string("caCrl") ?? ""
        credentialName = fields.string("credentialName") ?? ""
        credentialNames = fields.strings("credentialNames")
        caCertCredentialName = fields.string("caCertCredentialName") ?? ""
        tlsCertificates = fields.list("tlsCertificates", of: "TLSCertificate") { fields in
            var certificate = Certificate()
            certificate.serverCertificate = fields.string("serverCertificate") ?? ""
            certificate.privateKey = fields.string("privateKey") ?? ""
            certificate.caCertificates = fields.string("caCertificates") ?? ""
            return certificate
        }
        subjectAltNames = fields.strings("subjectAltNames")
        verifyCertificateSpki = fields.strings("verifyCertificateSpki")
        verifyCertificateHash = fields.strings("verifyCertificateHash")
        minProtocolVersion = fields.enumeration("minProtocolVersion") ?? .automatic
        maxProtocolVersion = fields.enumeration("maxProtocolVersion") ?? .automatic
        cipherSuites = fields.strings("cipherSuites")
        insecureSkipVerify = fields.bool("insecureSkipVerify")
    }
}

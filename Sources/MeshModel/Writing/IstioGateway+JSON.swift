package import Documents

extension IstioGateway {
    /// The whole object as a manifest.
    package var json: JSON {
        var spec = JSONObject()
        spec.addMap("selector", selector ?? [:])
        spec.addObjects("servers", servers.map(\.json))
        return meta.object(kind: Self.kindName, spec: spec)
    }
}

extension IstioGateway.Server {
    var json: JSON {
        var object = JSONObject()
        object.addText("bind", bind)
        object.addText("defaultEndpoint", defaultEndpoint)
        object.addTexts("hosts", hosts)
        object.addText("name", name)
        if let port {
            var fields = JSONObject()
            fields.addText("name", port.name)
            fields.addNumber("number", port.number)
            fields.addText("protocol", port.protocol)
            fields.addNumber("targetPort", port.targetPort)
            object.add("port", .object(fields))
        }
        object.add("tls", tls?.json)
        return .object(object)
    }
}

extension ServerTLSSettings {
    var json: JSON {
        var object = JSONObject()
        object.addText("caCertCredentialName", caCertCredentialName)
        object.addText("caCertificates", caCertificates)
        object.addText("caCrl", caCrl)
        object.addTexts("cipherSuites", cipherSuites)
        object.addText("credentialName", credentialName)
        object.addTexts("credentialNames", credentialNames)
        object.addFlag("httpsRedirect", httpsRedirect)
        object.addFlag("insecureSkipVerify", insecureSkipVerify)
        if maxProtocolVersion != .automatic { object.addText("maxProtocolVersion", maxProtocolVersion.rawValue) }
        if minProtocolVersion != .automatic { object.addText("minProtocolVersion", minProtocolVersion.rawValue) }
        if mode != .passthrough { object.addText("mode", mode.rawValue) }
        object.addText("privateKey", privateKey)
        object.addText("serverCertificate", serverCertificate)
        object.addTexts("subjectAltNames", subjectAltNames)
        object.addObjects(
            "tlsCertificates",
            tlsCertificates.map { certificate in
                var fields = JSONObject()
                fields.addText("caCertificates", certificate.caCertificates)
                fields.addText("privateKey", certificate.privateKey)
                fields.addText("serverCertificate", certificate.serverCertificate)
                return .object(fields)
            })
        object.addTexts("verifyCertificateHash", verifyCertificateHash)
        object.addTexts("verifyCertificateSpki", verifyCertificateSpki)
        return .object(object)
    }
}

import Documents
import MeshModel

extension KindValidation {
    static let gateway = KindValidation(kind: "Gateway", group: "networking.istio.io") { validation in
        let servers = validation.spec?.at("servers")
        if !Names.isLabel(validation.resource.meta.name) {
            validation.reject("invalid gateway name: \"\(validation.resource.meta.name)\"", at: nil)
        }
        guard let list = servers?.list, !list.isEmpty else {
            return validation.reject("gateway must have at least one server", at: servers ?? validation.spec)
        }
        var names: Set<String> = []
        for server in list {
            validation.check(server: server)
            if let name = server.at("port", "name"), !names.insert(name.text).inserted {
                validation.reject("port names in servers must be unique: duplicate name \(name.text)", at: name)
            }
        }
    }
}

extension Validation {
    fileprivate mutating func check(server: Node) {
        let hosts = server.at("hosts")?.list ?? []
        if hosts.isEmpty { reject("server config must contain at least one host", at: server.at("hosts") ?? server) }
        for host in hosts { check(host: host) { Names.problem(ofScopedHost: $0, isGateway: true) } }
        let bind = server.at("bind")
        if let bind, !bind.text.hasPrefix("unix://"), !Names.isIPAddress(bind.text) {
            reject("\(bind.text) is not a valid IP", at: bind)
        }
        let tls = server.at("tls")
        check(serverTLS: tls)
        guard let port = server.at("port") else { return reject("port is required", at: server) }
        if (port.at("name")?.text ?? "").isEmpty { reject("port name must be set", at: port) }
        if let target = port.at("targetPort") { reject("targetPort has no impact on Gateways", at: target) }
        let name = port.at("protocol")?.text ?? ""
        guard Names.isProtocol(name) else {
            return reject(
                "invalid protocol \"\(name)\", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, HTTPS, TLS, MONGO,"
                    + " REDIS, MYSQL, TCP", at: port.at("protocol") ?? port)
        }
        check(tls: tls, of: server, protocol: name)
    }

    private mutating func check(tls: Node?, of server: Node, protocol name: String) {
        if Names.isTLS(name), tls == nil {
            reject("server must have TLS settings for HTTPS/TLS protocols", at: server)
        }
        guard let tls, !Names.isTLS(name) else { return }
        guard Names.isHTTP(name) else {
            if tls.at("httpsRedirect")?.bool == true {
                warn("tls.httpsRedirect should only be used with http servers", at: tls)
            }
            return reject("server cannot have TLS settings for non HTTPS/TLS ports", at: tls)
        }
        let certificates = ["caCertificates", "privateKey", "serverCertificate"].contains { tls.at($0) != nil }
        let mode = tls.at("mode")?.text ?? "PASSTHROUGH"
        if certificates || !["PASSTHROUGH", "AUTO_PASSTHROUGH"].contains(mode) {
            reject(
                "server cannot have TLS settings for plain text HTTP ports", at: tls,
                hint: "only httpsRedirect has a meaning here; for TLS the protocol is HTTPS")
        }
    }

    /// The TLS settings of a server, of a Gateway or of a Sidecar's ingress listener.
    mutating func check(serverTLS tls: Node?) {
        guard let tls else { return }
        let mode = tls.at("mode")?.text ?? "PASSTHROUGH"
        let given = { (name: String) in tls.at(name).map { !($0.isScalar && $0.text.isEmpty) } ?? false }
        let version = tls.at("minProtocolVersion")
        let ciphers = tls.at("cipherSuites")?.list ?? []
        if ["TLSV1_0", "TLSV1_1"].contains(version?.text), ciphers.isEmpty {
            warn(
                "TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include"
                    + " compatible ciphers.", at: version)
        }
        var known: Set<String> = []
        for cipher in ciphers where !known.insert(cipher.text).inserted {
            warn("ignoring duplicate cipher suites: \(cipher.text)", at: cipher)
        }
        let certificates = [
            ("serverCertificate", "server certificate"), ("privateKey", "private key"),
            ("caCertificates", "CA bundle"), ("credentialName", "credentialName"),
        ]
        switch mode {
        case "ISTIO_MUTUAL":
            for (field, words) in certificates where given(field) {
                reject("ISTIO_MUTUAL TLS cannot have associated \(words)", at: tls.at(field))
            }
        case "PASSTHROUGH", "AUTO_PASSTHROUGH":
            if let (field, _) = certificates.first(where: { given($0.0) }) {
                warn("\(mode) mode does not use certificates, they will be ignored", at: tls.at(field))
            }
        case "SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL":
            if given("credentialName") || given("credentialNames") || given("tlsCertificates") { return }
            let name = mode == "SIMPLE" ? "SIMPLE" : "MUTUAL"
            let hint = "name a Secret with credentialName, or files of the proxy"
            if !given("serverCertificate") {
                reject("\(name) TLS requires a server certificate", at: tls, hint: hint)
            }
            if !given("privateKey") { reject("\(name) TLS requires a private key", at: tls, hint: hint) }
            if mode != "SIMPLE", !given("caCertificates") {
                reject("MUTUAL TLS requires a client CA bundle", at: tls, hint: hint)
            }
            if mode == "SIMPLE", given("caCrl") { reject("CRL is not supported with SIMPLE TLS", at: tls.at("caCrl")) }
        default: break
        }
    }
}

import Documents

extension DownstreamTLSContext {
    init(_ reader: inout MessageReader) {
        self.init()
        common = reader.sub("commonTlsContext") { CommonTLSContext(&$0) } ?? CommonTLSContext()
        requireClientCertificate = reader.flag("requireClientCertificate")
        requireSNI = reader.flag("requireSni")
        fullScanCertsOnSNIMismatch = reader.flag("fullScanCertsOnSniMismatch")
        disableStatelessSessionResumption = reader.flag("disableStatelessSessionResumption")
    }
}

extension UpstreamTLSContext {
    init(_ reader: inout MessageReader) {
        self.init()
        common = reader.sub("commonTlsContext") { CommonTLSContext(&$0) } ?? CommonTLSContext()
        sni = reader.text("sni")
        autoHostSNI = reader.flag("autoHostSni")
        autoSNISANValidation = reader.flag("autoSniSanValidation")
        allowRenegotiation = reader.flag("allowRenegotiation")
    }
}

extension UpstreamTransportSocket {
    init(_ reader: inout MessageReader) {
        let type = reader.node("typedConfig")?["@type"]?.text.split(separator: ".").last
        switch type {
        case "UpstreamTlsContext":
            reader.ignore("name")
            self = reader.typed("typedConfig") { .tls(UpstreamTLSContext(&$1)) } ?? .rawBuffer
        case "ProxyProtocolUpstreamTransport":
            reader.ignore("name")
            self =
                reader.typed("typedConfig") {
                    let version = $1.sub("config") { $0.text("version") } ?? ""
                    let inner = $1.sub("transportSocket") { UpstreamTransportSocket(&$0) }
                    return .proxyProtocol(version: version.isEmpty ? "V1" : version, inner ?? .rawBuffer)
                } ?? .rawBuffer
        case "RawBuffer", nil:
            _ = ExtensionConfig(&reader)
            self = .rawBuffer
        default: self = .other(ExtensionConfig(&reader))
        }
    }
}

extension CommonTLSContext {
    init(_ reader: inout MessageReader) {
        self.init()
        alpnProtocols = reader.strings("alpnProtocols")
        certificateSDSSecrets = reader.list("tlsCertificateSdsSecretConfigs") { SDSSecretConfig(&$0) }
        certificates = reader.list("tlsCertificates") { TLSCertificate(&$0) }
        validationSDSSecret = reader.sub("validationContextSdsSecretConfig") { SDSSecretConfig(&$0) }
        validation = reader.sub("validationContext") { ValidationContext(&$0) }
        reader.sub("combinedValidationContext") {
            validation = $0.sub("defaultValidationContext") { ValidationContext(&$0) }
            validationSDSSecret = $0.sub("validationContextSdsSecretConfig") { SDSSecretConfig(&$0) }
        }
        reader.sub("tlsParams") {
            minimumProtocolVersion = $0.text("tlsMinimumProtocolVersion")
            maximumProtocolVersion = $0.text("tlsMaximumProtocolVersion")
            cipherSuites = $0.strings("cipherSuites")
            ecdhCurves = $0.strings("ecdhCurves")
        }
    }
}

extension SDSSecretConfig {
    init(_ reader: inout MessageReader) {
        self.init(name: reader.text("name"), sdsCluster: "")
        guard let node = reader.node("sdsConfig") else { return }
        config = node.json
        let api = node["api_config_source"] ?? node["apiConfigSource"]
        let service = (api?["grpc_services"] ?? api?["grpcServices"])?[0]
        let grpc = service?["envoy_grpc"] ?? service?["envoyGrpc"]
        sdsCluster = (grpc?["cluster_name"] ?? grpc?["clusterName"])?.text ?? ""
    }
}

extension TLSCertificate {
    init(_ reader: inout MessageReader) {
        let chain = reader.source("certificateChain")
        // The key is looked at for its being there, and kept nowhere.
        self.init(chainPEM: chain.inline, chainFile: chain.file, hasPrivateKey: reader.has("privateKey"))
        reader.ignore("password", "pkcs12", "watchedDirectory", "privateKeyProvider", "ocspStaple")
    }
}

extension ValidationContext {
    init(_ reader: inout MessageReader) {
        self.init()
        let authority = reader.source("trustedCa")
        trustedCAPEM = authority.inline
        trustedCAFile = authority.file
        usesSystemRoots = reader.has("systemRootCerts")
        matchSubjectAltNames = reader.list("matchSubjectAltNames") { StringMatcher(&$0) }.compactMap { $0 }
        matchSubjectAltNames += reader.list("matchTypedSubjectAltNames") { typed in
            typed.ignore("sanType")
            return typed.sub("matcher") { StringMatcher(&$0) } ?? nil
        }.compactMap { $0 }
        verifyCertificateHash = reader.strings("verifyCertificateHash")
        verifyCertificateSPKI = reader.strings("verifyCertificateSpki")
        acceptsUntrusted = reader.text("trustChainVerification") == "ACCEPT_UNTRUSTED"
        crlPEM = reader.source("crl").inline
    }
}

extension MessageReader {
    /// A `DataSource`.
    mutating func source(_ name: String) -> (inline: String?, file: String?) {
        sub(name) { source in
            source.ignore("watchedDirectory", "environmentVariable")
            if let bytes = source.optionalText("inlineBytes") { return (decodedBase64(bytes), nil) }
            return (source.optionalText("inlineString"), source.optionalText("filename"))
        } ?? (nil, nil)
    }
}

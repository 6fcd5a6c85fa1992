package import Documents

extension DownstreamTLSContext {
    /// The `Any`.
    package var json: JSON {
        var writer = MessageWriter(type: "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext")
        writer.message("common_tls_context", common.json)
        writer.flag("require_client_certificate", requireClientCertificate)
        writer.flag("require_sni", requireSNI)
        writer.flag("disable_stateless_session_resumption", disableStatelessSessionResumption)
        writer.flag("full_scan_certs_on_sni_mismatch", fullScanCertsOnSNIMismatch)
        return writer.json
    }
}

extension UpstreamTLSContext {
    /// The `Any`.
    package var json: JSON {
        var writer = MessageWriter(type: "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext")
        writer.message("common_tls_context", common.json)
        writer.text("sni", sni)
        writer.flag("auto_host_sni", autoHostSNI)
        writer.flag("auto_sni_san_validation", autoSNISANValidation)
        writer.flag("allow_renegotiation", allowRenegotiation)
        return writer.json
    }
}

extension UpstreamTransportSocket {
    package var json: JSON? {
        switch self {
        case .rawBuffer: nil
        case .tls(let context):
            .message {
                $0.text("name", "envoy.transport_sockets.tls")
                $0.message("typed_config", context.json)
            }
        case .proxyProtocol(let version, let inner):
            .message {
                $0.text("name", "envoy.transport_sockets.upstream_proxy_protocol")
                $0.typed("typed_config", Self.proxyProtocolType) {
                    $0.sub("config") { $0.text("version", version == "V1" ? nil : version) }
                    $0.message("transport_socket", inner.explicitJSON)
                }
            }
        case .other(let config): config.json
        }
    }

    /// Written out also where no socket at all would mean the same.
    var explicitJSON: JSON {
        json
            ?? .message {
                $0.text("name", "envoy.transport_sockets.raw_buffer")
                $0.typed("typed_config", "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer")
            }
    }

    private static let proxyProtocolType =
        "envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport"
}

extension CommonTLSContext {
    package var json: JSON {
        .message {
            if !minimumProtocolVersion.isEmpty || !maximumProtocolVersion.isEmpty || !cipherSuites.isEmpty
                || !ecdhCurves.isEmpty
            {
                $0.sub("tls_params") {
                    $0.text("tls_minimum_protocol_version", minimumProtocolVersion)
                    $0.text("tls_maximum_protocol_version", maximumProtocolVersion)
                    $0.strings("cipher_suites", cipherSuites)
                    $0.strings("ecdh_curves", ecdhCurves)
                }
            }
            $0.list("tls_certificates", certificates.map(\.json))
            $0.list("tls_certificate_sds_secret_configs", certificateSDSSecrets.map(\.json))
            switch (validation, validationSDSSecret) {
            case (let validation?, nil): $0.message("validation_context", validation.json)
            case (nil, let secret?): $0.message("validation_context_sds_secret_config", secret.json)
            case (let validation?, let secret?):
                $0.sub("combined_validation_context") {
                    $0.message("default_validation_context", validation.json)
                    $0.message("validation_context_sds_secret_config", secret.json)
                }
            case (nil, nil): break
            }
            $0.strings("alpn_protocols", alpnProtocols)
        }
    }
}

extension SDSSecretConfig {
    package var json: JSON {
        .message {
            $0.text("name", name)
            if let config {
                $0.message("sds_config", config)
            } else {
                $0.sub("sds_config") {
                    if sdsCluster.isEmpty {
                        $0.sub("ads") { _ in }
                    } else {
                        $0.sub("api_config_source") {
                            $0.text("api_type", "GRPC")
                            $0.list(
                                "grpc_services",
                                [.message { $0.sub("envoy_grpc") { $0.text("cluster_name", sdsCluster) } }])
                            $0.flag("set_node_on_first_message_only", true)
                            $0.text("transport_api_version", "V3")
                        }
                        $0.duration("initial_fetch_timeout", .zero)
                    }
                    $0.text("resource_api_version", "V3")
                }
            }
        }
    }
}

/// `DataSource` of text or of a file.
private func dataSource(inline: String?, file: String?) -> JSON? {
    if inline == nil, file == nil { return nil }
    return .message {
        $0.text("filename", inline == nil ? file : nil)
        $0.text("inline_string", inline)
    }
}

extension TLSCertificate {
    /// The private key is shown as there, never itself.
    package var json: JSON {
        .message {
            $0.message("certificate_chain", dataSource(inline: chainPEM, file: chainFile))
            if hasPrivateKey { $0.sub("private_key") { $0.text("inline_string", "[redacted]") } }
        }
    }
}

extension ValidationContext {
    package var json: JSON {
        .message {
            $0.message("trusted_ca", dataSource(inline: trustedCAPEM, file: trustedCAFile))
            if usesSystemRoots { $0.sub("system_root_certs") { _ in } }
            $0.strings("verify_certificate_spki", verifyCertificateSPKI)
            $0.strings("verify_certificate_hash", verifyCertificateHash)
            $0.list("match_subject_alt_names", matchSubjectAltNames.map(\.json))
            $0.message("crl", dataSource(inline: crlPEM, file: nil))
            if acceptsUntrusted { $0.text("trust_chain_verification", "ACCEPT_UNTRUSTED") }
        }
    }
}

extension Secret {
    /// In Envoy's proto3 JSON form; a private key is there as `[redacted]` only.
    package var json: JSON {
        var writer = MessageWriter(type: "envoy.extensions.transport_sockets.tls.v3.Secret")
        writer.text("name", name)
        switch kind {
        case .certificate(let chain):
            writer.sub("tls_certificate") {
                $0.sub("certificate_chain") { $0.text("inline_bytes", base64(chain)) }
                $0.sub("private_key") { $0.text("inline_bytes", base64("[redacted]")) }
            }
        case .certificateAuthority(let pem):
            writer.sub("validation_context") { $0.sub("trusted_ca") { $0.text("inline_bytes", base64(pem)) } }
        case .other: break
        }
        return writer.json
    }
}

/// Base64 of the text's UTF-8 (RFC 4648, padded).
func base64(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let count = min(3, bytes.count - start)
        var group: UInt32 = 0
        for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
        for offset in 0..<4 {
            let shift = UInt32(18 - 6 * offset)
            result.append(offset <= count ? alphabet[Int(group >> shift & 63)] : UInt8(ascii: "="))
        }
    }
    return String(decoding: result, as: UTF8.self)
}

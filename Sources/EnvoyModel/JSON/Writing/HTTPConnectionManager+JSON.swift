package import Documents

extension HTTPConnectionManager {
    /// The `Any`.
    package var json: JSON {
        var writer = MessageWriter(
            type: "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager")
        writeRouting(&writer)
        writeProtocol(&writer)
        writeTimes(&writer)
        writeIdentity(&writer)
        writePath(&writer)
        return writer.json
    }

    private func writeRouting(_ writer: inout MessageWriter) {
        if codecType != .auto { writer.text("codec_type", codecType.rawValue) }
        writer.text("stat_prefix", statPrefix)
        switch routeSource {
        case .rds(let name):
            writer.sub("rds") {
                $0.sub("config_source") {
                    $0.sub("ads") { _ in }
                    $0.duration("initial_fetch_timeout", .zero)
                    $0.text("resource_api_version", "V3")
                }
                $0.text("route_config_name", name)
            }
        case .inline(let configuration): writer.message("route_config", configuration.json)
        case .scoped(let json): writer.message("scoped_routes", json)
        case .none: break
        }
        writer.list("http_filters", httpFilters.map(\.json))
        writer.flag("add_user_agent", addUserAgent)
        writer.message("tracing", tracing)
    }

    private func writeProtocol(_ writer: inout MessageWriter) {
        let common: JSON = .message {
            $0.duration("idle_timeout", idleTimeout)
            $0.duration("max_connection_duration", maxConnectionDuration)
            $0.number("max_headers_count", maxHeadersCount)
            $0.duration("max_stream_duration", maxStreamDuration)
            if headersWithUnderscoresAction != .allow {
                $0.text("headers_with_underscores_action", headersWithUnderscoresAction.rawValue)
            }
            $0.number("max_requests_per_connection", maxRequestsPerConnection)
        }
        writer.message("common_http_protocol_options", unlessEmpty: common)
        writer.message("http_protocol_options", unlessEmpty: http1.json)
        writer.text("server_name", serverName)
        if serverHeaderTransformation != .overwrite {
            writer.text("server_header_transformation", serverHeaderTransformation.rawValue)
        }
        if let scheme = schemeHeaderTransformation {
            writer.sub("scheme_header_transformation") { $0.text("scheme_to_overwrite", scheme) }
        }
        writer.number("max_request_headers_kb", maxRequestHeadersKB)
    }

    private func writeTimes(_ writer: inout MessageWriter) {
        writer.duration("stream_idle_timeout", streamIdleTimeout)
        writer.duration("request_timeout", requestTimeout)
        writer.duration("request_headers_timeout", requestHeadersTimeout)
        writer.duration("drain_timeout", drainTimeout)
        writer.duration("delayed_close_timeout", delayedCloseTimeout)
        writer.list("access_log", accessLog.map(\.json))
    }

    private func writeIdentity(_ writer: inout MessageWriter) {
        writer.flag("use_remote_address", useRemoteAddress)
        writer.number("xff_num_trusted_hops", plain: Int64(xffNumTrustedHops))
        if let config = internalAddressConfig {
            writer.sub("internal_address_config") {
                $0.flag("unix_sockets", config.unixSockets)
                $0.list("cidr_ranges", config.cidrRanges.map(\.json))
            }
        }
        writer.flag("skip_xff_append", skipXFFAppend)
        writer.text("via", via)
        if !generateRequestID { writer.flag("generate_request_id", wrapped: false) }
        writer.flag("preserve_external_request_id", preserveExternalRequestID)
        writer.flag("always_set_request_id_in_response", alwaysSetRequestIDInResponse)
        if forwardClientCertDetails != .sanitize {
            writer.text("forward_client_cert_details", forwardClientCertDetails.rawValue)
        }
        if let details = setCurrentClientCertDetails {
            writer.sub("set_current_client_cert_details") {
                $0.flag("subject", details.subject)
                $0.flag("cert", details.cert)
                $0.flag("chain", details.chain)
                $0.flag("dns", details.dns)
                $0.flag("uri", details.uri)
            }
        }
        writer.flag("proxy_100_continue", proxy100Continue)
        writer.list("upgrade_configs", upgradeConfigs.map(\.json))
    }

    private func writePath(_ writer: inout MessageWriter) {
        writer.flag("normalize_path", normalizePath)
        writer.flag("merge_slashes", mergeSlashes)
        if pathWithEscapedSlashesAction != .implementationSpecificDefault {
            writer.text("path_with_escaped_slashes_action", pathWithEscapedSlashesAction.rawValue)
        }
        writer.message("local_reply_config", localReplyConfig)
        writer.flag("strip_matching_host_port", stripMatchingHostPort)
        writer.flag("strip_any_host_port", stripAnyHostPort)
        writer.flag("strip_trailing_host_dot", stripTrailingHostDot)
        writer.flag("append_x_forwarded_port", appendXForwardedPort)
    }
}

extension HTTPConnectionManager.HTTP1Options {
    var json: JSON {
        .message {
            $0.flag("allow_absolute_url", wrapped: allowAbsoluteURL)
            $0.flag("accept_http_10", acceptHTTP10)
            $0.text("default_host_for_http_10", defaultHostForHTTP10)
            if properCaseWords {
                $0.sub("header_key_format") { $0.sub("proper_case_words") { _ in } }
            } else if preservesCase {
                $0.sub("header_key_format") {
                    $0.sub("stateful_formatter") {
                        $0.text("name", "preserve_case")
                        $0.typed(
                            "typed_config",
                            "envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig")
                    }
                }
            }
            $0.flag("enable_trailers", enableTrailers)
            $0.flag("allow_chunked_length", allowChunkedLength)
            $0.flag("allow_custom_methods", allowCustomMethods)
        }
    }
}

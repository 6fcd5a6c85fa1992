package import Documents

extension RouteConfiguration {
    /// In Envoy's proto3 JSON form: snake_case, defaults left out. What was read is given back as it was.
    package var json: JSON { raw?.node.json ?? modelJSON }

    /// Written from the modelled fields alone.
    package var modelJSON: JSON {
        .message {
            $0.text("name", name)
            $0.list("virtual_hosts", virtualHosts.map(\.json))
            $0.strings("internal_only_headers", internalOnlyHeaders)
            $0.mutations(responseHeaders, "response")
            $0.mutations(requestHeaders, "request")
            $0.flag("most_specific_header_mutations_wins", mostSpecificHeaderMutationsWins)
            $0.flag("validate_clusters", wrapped: validateClusters)
            $0.number("max_direct_response_body_size_bytes", maxDirectResponseBodySizeBytes)
            $0.list("request_mirror_policies", requestMirrorPolicies.map(\.json))
            $0.flag("ignore_port_in_host_matching", ignorePortInHostMatching)
            $0.flag("ignore_path_parameters_in_path_matching", ignorePathParametersInPathMatching)
            $0.perFilter(perFilterConfig)
            $0.metadata("metadata", metadata)
        }
    }
}

extension VirtualHost {
    package var json: JSON {
        .message {
            $0.text("name", name)
            $0.strings("domains", domains)
            $0.list("routes", routes.map(\.json))
            if requireTLS != .none { $0.text("require_tls", requireTLS.rawValue) }
            $0.mutations(requestHeaders, "request")
            $0.mutations(responseHeaders, "response")
            $0.perFilter(perFilterConfig)
            $0.flag("include_request_attempt_count", includeRequestAttemptCount)
            $0.flag("include_attempt_count_in_response", includeAttemptCountInResponse)
            $0.message("retry_policy", retryPolicy?.json)
            $0.message("hedge_policy", hedgePolicy)
            $0.flag("include_is_timeout_retry_header", includeIsTimeoutRetryHeader)
            $0.list("request_mirror_policies", requestMirrorPolicies.map(\.json))
            $0.metadata("metadata", metadata)
        }
    }
}

extension Route {
    package var json: JSON {
        .message {
            $0.text("name", name)
            $0.message("match", match.json)
            switch action {
            case .route(let action): $0.message("route", action.json)
            case .redirect(let action): $0.message("redirect", action.json)
            case .directResponse(let action): $0.message("direct_response", action.json)
            case .nonForwarding: $0.sub("non_forwarding_action") { _ in }
            case .none: break
            }
            $0.metadata("metadata", metadata)
            if !decoratorOperation.isEmpty { $0.sub("decorator") { $0.text("operation", decoratorOperation) } }
            $0.perFilter(perFilterConfig)
            $0.mutations(requestHeaders, "request")
            $0.mutations(responseHeaders, "response")
            $0.message("tracing", tracing)
            $0.number("per_request_buffer_limit_bytes", perRequestBufferLimitBytes)
            $0.text("stat_prefix", statPrefix)
        }
    }
}

extension RouteMatch {
    package var json: JSON {
        .message {
            switch path {
            case .prefix(let text): $0.message("prefix", .string(text))
            case .path(let text): $0.message("path", .string(text))
            case .safeRegex(let text): $0.message("safe_regex", regexMessage(text))
            case .connect: $0.sub("connect_matcher") { _ in }
            case .pathSeparatedPrefix(let text): $0.message("path_separated_prefix", .string(text))
            case .uriTemplate(let text):
                $0.sub("path_match_policy") {
                    $0.text("name", "envoy.path.match.uri_template.uri_template_matcher")
                    $0.typed(
                        "typed_config", "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig"
                    ) { $0.text("path_template", text) }
                }
            case .none: break
            }
            if !caseSensitive { $0.flag("case_sensitive", wrapped: false) }
            if let runtimeFraction {
                $0.sub("runtime_fraction") {
                    $0.message("default_value", runtimeFraction.json)
                    $0.text("runtime_key", runtimeFractionKey)
                }
            }
            $0.list("headers", headers.map(\.json))
            $0.list("query_parameters", queryParameters.map(\.json))
            if grpc { $0.sub("grpc") { _ in } }
            if tlsContextPresented != nil || tlsContextValidated != nil {
                $0.sub("tls_context") {
                    $0.flag("presented", wrapped: tlsContextPresented)
                    $0.flag("validated", wrapped: tlsContextValidated)
                }
            }
            $0.list("dynamic_metadata", dynamicMetadata.map(\.json))
        }
    }
}

extension RedirectAction {
    package var json: JSON {
        .message {
            switch schemeRewrite {
            case .none: break
            case .https: $0.flag("https_redirect", true)
            case .scheme(let scheme): $0.text("scheme_redirect", scheme)
            }
            $0.text("host_redirect", hostRedirect)
            $0.number("port_redirect", portRedirect)
            switch pathRewrite {
            case .none: break
            case .path(let path): $0.text("path_redirect", path)
            case .prefix(let prefix): $0.text("prefix_rewrite", prefix)
            case .regex(let rewrite): $0.message("regex_rewrite", rewrite.json)
            }
            switch responseCode {
            case 302: $0.text("response_code", "FOUND")
            case 303: $0.text("response_code", "SEE_OTHER")
            case 307: $0.text("response_code", "TEMPORARY_REDIRECT")
            case 308: $0.text("response_code", "PERMANENT_REDIRECT")
            default: break
            }
            $0.flag("strip_query", stripQuery)
        }
    }
}

extension DirectResponseAction {
    package var json: JSON {
        .message {
            $0.number("status", plain: Int64(status))
            if let body { $0.sub("body") { $0.message("inline_string", .string(body)) } }
            $0.message("body_format", bodyFormat)
        }
    }
}

extension HeaderMutations.Addition {
    var json: JSON {
        .message {
            $0.sub("header") {
                $0.text("key", name)
                $0.text("value", value)
            }
            if action != .appendIfExistsOrAdd { $0.text("append_action", action.rawValue) }
            $0.flag("keep_empty_value", keepEmptyValue)
        }
    }
}

extension MessageWriter {
    /// `request_headers_to_add`, `request_headers_to_remove` (or `response_…`).
    mutating func mutations(_ mutations: HeaderMutations, _ what: String) {
        list(what + "_headers_to_add", mutations.add.map(\.json))
        strings(what + "_headers_to_remove", mutations.remove)
    }

    /// `typed_per_filter_config`, keys sorted.
    mutating func perFilter(_ config: PerFilterConfig) {
        if config.isEmpty { return }
        var entries: [String: JSON] = [:]
        for other in config.other { entries[other.name] = other.typedConfig ?? .object(JSONObject()) }
        if let fault = config.fault {
            entries["envoy.filters.http.fault"] = fault.json(
                MessageWriter(type: "envoy.extensions.filters.http.fault.v3.HTTPFault"))
        }
        if let cors = config.cors { entries["envoy.filters.http.cors"] = cors.json }
        for name in config.disabledFilters {
            var writer = MessageWriter(type: "envoy.config.route.v3.FilterConfig")
            if let inner = entries[name] { writer.message("config", inner) }
            writer.flag("disabled", true)
            entries[name] = writer.json
        }
        message("typed_per_filter_config", .map(entries))
    }
}

extension CORSPolicy {
    /// The `Any`.
    package var json: JSON {
        var writer = MessageWriter(type: "envoy.extensions.filters.http.cors.v3.CorsPolicy")
        writer.list("allow_origin_string_match", allowOrigins.map(\.json))
        writer.text("allow_methods", allowMethods)
        writer.text("allow_headers", allowHeaders)
        writer.text("expose_headers", exposeHeaders)
        writer.text("max_age", maxAge)
        writer.flag("allow_credentials", wrapped: allowCredentials)
        if let filterEnabled { writer.sub("filter_enabled") { $0.message("default_value", filterEnabled.json) } }
        writer.flag("allow_private_network_access", wrapped: allowPrivateNetworkAccess)
        writer.flag("forward_not_matching_preflights", wrapped: forwardNotMatchingPreflights)
        return writer.json
    }
}

extension FaultFilter {
    func json(_ start: MessageWriter) -> JSON {
        var writer = start
        if let delay {
            writer.sub("delay") {
                switch delay {
                case .fixed(let duration): $0.duration("fixed_delay", duration)
                case .header: $0.sub("header_delay") { _ in }
                }
                $0.message("percentage", delayPercentage.json)
            }
        }
        if let abort {
            writer.sub("abort") {
                switch abort {
                case .httpStatus(let status): $0.number("http_status", status)
                case .header: $0.sub("header_abort") { _ in }
                case .grpcStatus(let status): $0.number("grpc_status", status)
                }
                $0.message("percentage", abortPercentage.json)
            }
        }
        writer.text("upstream_cluster", upstreamCluster)
        writer.list("headers", headers.map(\.json))
        writer.strings("downstream_nodes", downstreamNodes)
        writer.number("max_active_faults", maxActiveFaults)
        return writer.json
    }
}

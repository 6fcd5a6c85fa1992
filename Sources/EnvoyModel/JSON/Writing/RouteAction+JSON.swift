package import Documents

extension RouteAction {
    package var json: JSON {
        .message {
            switch cluster {
            case .cluster(let name): $0.text("cluster", name)
            case .header(let name): $0.text("cluster_header", name)
            case .weighted(let clusters): $0.message("weighted_clusters", clusters.json)
            case .other(let plugin):
                for member in plugin.object?.members ?? [] { $0.message(member.key, member.value) }
            }
            if clusterNotFoundResponseCode != .serviceUnavailable {
                $0.text("cluster_not_found_response_code", clusterNotFoundResponseCode.rawValue)
            }
            if let metadataMatch { $0.message("metadata_match", metadataMatch.json) }
            switch pathRewrite {
            case .none: break
            case .prefix(let text): $0.text("prefix_rewrite", text)
            case .regex(let rewrite): $0.message("regex_rewrite", rewrite.json)
            case .uriTemplate(let template):
                $0.sub("path_rewrite_policy") {
                    $0.text("name", "envoy.path.rewrite.uri_template.uri_template_rewriter")
                    $0.typed(
                        "typed_config", "envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig"
                    ) { $0.text("path_template_rewrite", template) }
                }
            }
            switch hostRewrite {
            case .none: break
            case .literal(let text): $0.text("host_rewrite_literal", text)
            case .auto: $0.flag("auto_host_rewrite", true)
            case .header(let name): $0.text("host_rewrite_header", name)
            case .pathRegex(let rewrite): $0.message("host_rewrite_path_regex", rewrite.json)
            }
            $0.flag("append_x_forwarded_host", appendXForwardedHost)
            $0.duration("timeout", timeout)
            $0.duration("idle_timeout", idleTimeout)
            $0.message("early_data_policy", earlyDataPolicy)
            $0.message("retry_policy", retryPolicy?.json)
            $0.list("request_mirror_policies", requestMirrorPolicies.map(\.json))
            if isHighPriority { $0.text("priority", "HIGH") }
            $0.message("rate_limits", rateLimits)
            $0.list("hash_policy", hashPolicies.map(\.json))
            $0.duration("max_grpc_timeout", maxGRPCTimeout)
            $0.list("upgrade_configs", upgradeConfigs.map(\.json))
            $0.message("hedge_policy", hedgePolicy)
            if maxStreamDuration != nil || grpcTimeoutHeaderMax != nil {
                $0.sub("max_stream_duration") {
                    $0.duration("max_stream_duration", maxStreamDuration)
                    $0.duration("grpc_timeout_header_max", grpcTimeoutHeaderMax)
                }
            }
        }
    }
}

extension HTTPConnectionManager.UpgradeConfig {
    var json: JSON {
        .message {
            $0.text("upgrade_type", type)
            if !enabled { $0.flag("enabled", wrapped: false) }
        }
    }
}

extension WeightedClusters {
    package var json: JSON {
        .message {
            $0.list("clusters", clusters.map(\.json))
            $0.text("runtime_key_prefix", runtimeKeyPrefix)
            $0.text("header_name", headerName)
            $0.flag("use_hash_policy", useHashPolicy)
        }
    }
}

extension WeightedClusters.Entry {
    var json: JSON {
        .message {
            $0.text("name", name)
            $0.text("cluster_header", clusterHeader)
            $0.number("weight", weight)
            if let metadataMatch { $0.message("metadata_match", metadataMatch.json) }
            $0.mutations(requestHeaders, "request")
            $0.mutations(responseHeaders, "response")
            $0.perFilter(perFilterConfig)
            $0.text("host_rewrite_literal", hostRewriteLiteral)
        }
    }
}

extension HashPolicy {
    package var json: JSON {
        .message {
            switch kind {
            case .header(let name, let rewrite):
                $0.sub("header") {
                    $0.text("header_name", name)
                    $0.message("regex_rewrite", rewrite?.json)
                }
            case .cookie(let name, let ttl, let path, let attributes):
                $0.sub("cookie") {
                    $0.text("name", name)
                    $0.duration("ttl", ttl)
                    $0.text("path", path)
                    $0.list(
                        "attributes",
                        attributes.map { attribute in
                            .message {
                                $0.text("name", attribute.name)
                                $0.text("value", attribute.value)
                            }
                        })
                }
            case .sourceIP: $0.sub("connection_properties") { $0.flag("source_ip", true) }
            case .queryParameter(let name): $0.sub("query_parameter") { $0.text("name", name) }
            case .filterState(let key): $0.sub("filter_state") { $0.text("key", key) }
            }
            $0.flag("terminal", terminal)
        }
    }
}

extension RequestMirrorPolicy {
    package var json: JSON {
        .message {
            $0.text("cluster", cluster)
            $0.text("cluster_header", clusterHeader)
            if let runtimeFraction { $0.sub("runtime_fraction") { $0.message("default_value", runtimeFraction.json) } }
            $0.flag("trace_sampled", wrapped: traceSampled)
            $0.flag("disable_shadow_host_suffix_append", disableShadowHostSuffixAppend)
            if !requestHeaders.add.isEmpty || !requestHeaders.remove.isEmpty {
                $0.list(
                    "request_headers_mutations",
                    requestHeaders.remove.map { name in .message { $0.text("remove", name) } }
                        + requestHeaders.add.map { addition in .message { $0.message("append", addition.json) } })
            }
            $0.text("host_rewrite_literal", hostRewriteLiteral)
        }
    }
}

extension RetryPolicy {
    package var json: JSON {
        .message {
            $0.text("retry_on", retryOn)
            $0.number("num_retries", numRetries)
            $0.duration("per_try_timeout", perTryTimeout)
            $0.duration("per_try_idle_timeout", perTryIdleTimeout)
            if let frequency = previousPrioritiesUpdateFrequency {
                $0.sub("retry_priority") {
                    $0.text("name", "envoy.retry_priorities.previous_priorities")
                    $0.typed(
                        "typed_config",
                        "envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig"
                    ) { $0.number("update_frequency", plain: Int64(frequency)) }
                }
            }
            var predicates: [JSON] = []
            if avoidsPreviousHosts {
                predicates.append(
                    .message {
                        $0.text("name", "envoy.retry_host_predicates.previous_hosts")
                        $0.typed(
                            "typed_config", "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate")
                    })
            }
            $0.list("retry_host_predicate", predicates + otherHostPredicates.map(\.json))
            if let attempts = hostSelectionRetryMaxAttempts {
                $0.text("host_selection_retry_max_attempts", String(attempts))
            }
            $0.list("retriable_status_codes", retriableStatusCodes.map { .int(Int64($0)) })
            if backOffBaseInterval != nil || backOffMaxInterval != nil {
                $0.sub("retry_back_off") {
                    $0.duration("base_interval", backOffBaseInterval)
                    $0.duration("max_interval", backOffMaxInterval)
                }
            }
            $0.list("retriable_headers", retriableHeaders.map(\.json))
            $0.list("retriable_request_headers", retriableRequestHeaders.map(\.json))
        }
    }
}

package import Documents

extension Cluster {
    /// In Envoy's proto3 JSON form: snake_case, defaults left out. What was read is given back as it was.
    package var json: JSON { raw?.node.json ?? modelJSON }

    /// Written from the modelled fields alone.
    package var modelJSON: JSON {
        var writer = MessageWriter()
        writeDiscovery(&writer)
        writeProtocols(&writer)
        writeBalancing(&writer)
        writeConnections(&writer)
        return writer.json
    }

    private func writeDiscovery(_ writer: inout MessageWriter) {
        writer.list("transport_socket_matches", transportSocketMatches.map(\.json))
        writer.text("name", name)
        writer.text("alt_stat_name", altStatName)
        switch type {
        // The zero value of the enum: Envoy's own dump writes it all the same, and readers of tables want it.
        case .static: writer.text("type", "STATIC")
        case .strictDNS, .logicalDNS, .eds, .originalDst: writer.text("type", type.name)
        case .custom(let config): writer.message("cluster_type", config.json)
        }
        if type == .eds {
            writer.sub("eds_cluster_config") {
                $0.sub("eds_config") {
                    $0.sub("ads") { _ in }
                    $0.duration("initial_fetch_timeout", .zero)
                    $0.text("resource_api_version", "V3")
                }
                $0.text("service_name", edsServiceName)
            }
        }
        writer.duration("connect_timeout", connectTimeout)
        writer.number("per_connection_buffer_limit_bytes", perConnectionBufferLimitBytes)
        switch lbPolicy {
        case .roundRobin, .other: break
        case .leastRequest: writer.text("lb_policy", "LEAST_REQUEST")
        case .random: writer.text("lb_policy", "RANDOM")
        case .ringHash: writer.text("lb_policy", "RING_HASH")
        case .maglev: writer.text("lb_policy", "MAGLEV")
        case .clusterProvided: writer.text("lb_policy", "CLUSTER_PROVIDED")
        }
        writer.message("load_assignment", loadAssignment?.json)
        writer.list("health_checks", healthChecks)
        writer.message("circuit_breakers", unlessEmpty: circuitBreakers.json)
    }

    private func writeProtocols(_ writer: inout MessageWriter) {
        let common: JSON = .message {
            $0.duration("idle_timeout", idleTimeout)
            $0.duration("max_connection_duration", maxConnectionDuration)
            $0.number("max_requests_per_connection", maxRequestsPerConnection)
        }
        let hasCommon = common.object?.isEmpty == false
        if upstreamProtocol != .http1 || hasCommon || http2MaxConcurrentStreams != nil {
            let http2: JSON = .message { $0.number("max_concurrent_streams", http2MaxConcurrentStreams) }
            var options = MessageWriter(type: "envoy.extensions.upstreams.http.v3.HttpProtocolOptions")
            options.message("common_http_protocol_options", unlessEmpty: common)
            switch upstreamProtocol {
            case .http1: options.sub("explicit_http_config") { $0.sub("http_protocol_options") { _ in } }
            case .http2: options.sub("explicit_http_config") { $0.message("http2_protocol_options", http2) }
            case .useDownstream:
                options.sub("use_downstream_protocol_config") {
                    $0.sub("http_protocol_options") { _ in }
                    $0.message("http2_protocol_options", http2)
                }
            case .auto:
                options.sub("auto_config") {
                    $0.sub("http_protocol_options") { _ in }
                    $0.message("http2_protocol_options", http2)
                }
            }
            writer.sub("typed_extension_protocol_options") {
                $0.message("envoy.extensions.upstreams.http.v3.HttpProtocolOptions", options.json)
            }
        }
        writer.duration("dns_refresh_rate", dnsRefreshRate)
        writer.flag("respect_dns_ttl", respectDNSTTL)
        if dnsLookupFamily != "AUTO" { writer.text("dns_lookup_family", dnsLookupFamily) }
        writer.message("outlier_detection", outlierDetection?.json)
        writer.duration("cleanup_interval", cleanupInterval)
        if let bindSourceAddress {
            writer.sub("upstream_bind_config") { $0.message("source_address", bindSourceAddress.json) }
        }
    }

    private func writeBalancing(_ writer: inout MessageWriter) {
        writer.message("lb_subset_config", subsetConfig?.json)
        switch lbPolicy {
        case .ringHash(let ring):
            let config: JSON = .message {
                $0.number("minimum_ring_size", wide: ring.minimumRingSize)
                if ring.function != .xxHash { $0.text("hash_function", ring.function.rawValue) }
                $0.number("maximum_ring_size", wide: ring.maximumRingSize)
            }
            writer.message("ring_hash_lb_config", unlessEmpty: config)
        case .maglev(let size):
            if let size { writer.sub("maglev_lb_config") { $0.number("table_size", wide: size) } }
        default: break
        }
        if originalDstUseHTTPHeader || originalDstPortOverride != nil {
            writer.sub("original_dst_lb_config") {
                $0.flag("use_http_header", originalDstUseHTTPHeader)
                $0.number("upstream_port_override", originalDstPortOverride)
            }
        }
        switch lbPolicy {
        case .leastRequest(let choices, let bias, _, let slowStart):
            let config: JSON = .message {
                if choices != 2 { $0.number("choice_count", choices) }
                if bias != 1 { $0.sub("active_request_bias") { $0.message("default_value", .plainNumber(bias)) } }
                $0.message("slow_start_config", slowStart?.json)
            }
            writer.message("least_request_lb_config", unlessEmpty: config)
        case .roundRobin(let slowStart?):
            writer.sub("round_robin_lb_config") { $0.message("slow_start_config", slowStart.json) }
        default: break
        }
        var shared = common.writer
        if useHostnameForHashing || hashBalanceFactor != nil {
            shared.sub("consistent_hashing_lb_config") {
                $0.flag("use_hostname_for_hashing", useHostnameForHashing)
                $0.number("hash_balance_factor", hashBalanceFactor)
            }
        }
        writer.message("common_lb_config", unlessEmpty: shared.json)
    }

    private func writeConnections(_ writer: inout MessageWriter) {
        writer.message("transport_socket", transportSocket.json)
        writer.metadata("metadata", metadata)
        if let tcpKeepalive { writer.sub("upstream_connection_options") { $0.message("tcp_keepalive", tcpKeepalive) } }
        writer.flag("close_connections_on_host_health_failure", closeConnectionsOnHostHealthFailure)
        writer.flag("ignore_health_on_host_removal", ignoreHealthOnHostRemoval)
        writer.list("filters", filters.map(\.json))
        if case .other(let config) = lbPolicy {
            writer.sub("load_balancing_policy") {
                $0.list("policies", [.message { $0.message("typed_extension_config", config.json) }])
            }
        }
    }
}

extension Cluster.SlowStart {
    var json: JSON {
        .message {
            $0.duration("slow_start_window", window)
            if aggression != 1 { $0.sub("aggression") { $0.message("default_value", .plainNumber(aggression)) } }
            if minWeightPercent != 10 {
                $0.sub("min_weight_percent") { $0.message("value", .plainNumber(minWeightPercent)) }
            }
        }
    }
}

extension TransportSocketMatch {
    var json: JSON {
        .message {
            $0.text("name", name)
            $0.message("match", .map(match))
            $0.message("transport_socket", transportSocket.explicitJSON)
        }
    }
}

extension CircuitBreakers {
    package var json: JSON {
        .message {
            $0.list(
                "thresholds",
                [`default`.map { $0.json(priority: "") }, high.map { $0.json(priority: "HIGH") }].compactMap { $0 })
        }
    }
}

extension CircuitBreakers.Thresholds {
    fileprivate func json(priority: String) -> JSON {
        .message {
            $0.text("priority", priority)
            $0.number("max_connections", maxConnections)
            $0.number("max_pending_requests", maxPendingRequests)
            $0.number("max_requests", maxRequests)
            $0.number("max_retries", maxRetries)
            if let retryBudget {
                $0.sub("retry_budget") {
                    if let percent = retryBudget.budgetPercent {
                        $0.sub("budget_percent") { $0.message("value", .plainNumber(percent)) }
                    }
                    $0.number("min_retry_concurrency", retryBudget.minRetryConcurrency)
                }
            }
            $0.flag("track_remaining", trackRemaining)
            $0.number("max_connection_pools", maxConnectionPools)
        }
    }
}

extension OutlierDetection {
    package var json: JSON {
        .message {
            $0.number("consecutive_5xx", consecutive5xx)
            $0.duration("interval", interval)
            $0.duration("base_ejection_time", baseEjectionTime)
            $0.number("max_ejection_percent", maxEjectionPercent)
            $0.number("enforcing_consecutive_5xx", enforcingConsecutive5xx)
            $0.number("enforcing_success_rate", enforcingSuccessRate)
            $0.number("success_rate_minimum_hosts", successRateMinimumHosts)
            $0.number("success_rate_request_volume", successRateRequestVolume)
            $0.number("success_rate_stdev_factor", successRateStdevFactor)
            $0.number("consecutive_gateway_failure", consecutiveGatewayFailure)
            $0.number("enforcing_consecutive_gateway_failure", enforcingConsecutiveGatewayFailure)
            $0.flag("split_external_local_origin_errors", splitExternalLocalOriginErrors)
            $0.number("consecutive_local_origin_failure", consecutiveLocalOriginFailure)
            $0.number("enforcing_consecutive_local_origin_failure", enforcingConsecutiveLocalOriginFailure)
            $0.number("enforcing_local_origin_success_rate", enforcingLocalOriginSuccessRate)
            $0.number("failure_percentage_threshold", failurePercentageThreshold)
            $0.number("enforcing_failure_percentage", enforcingFailurePercentage)
            $0.duration("max_ejection_time", maxEjectionTime)
            $0.list("monitors", monitors.map(\.json))
            $0.flag("always_eject_one_host", wrapped: alwaysEjectOneHost)
        }
    }
}

extension CommonLBConfig {
    fileprivate var writer: MessageWriter {
        var writer = MessageWriter()
        if let healthyPanicThreshold {
            writer.message(
                "healthy_panic_threshold",
                .message { if healthyPanicThreshold != 0 { $0.message("value", .plainNumber(healthyPanicThreshold)) } })
        }
        switch locality {
        case .none: break
        case .zoneAware(let percent, let size, let failOnPanic, let force):
            writer.sub("zone_aware_lb_config") {
                if let percent { $0.sub("routing_enabled") { $0.message("value", .plainNumber(percent)) } }
                $0.number("min_cluster_size", wide: size)
                $0.flag("fail_traffic_on_panic", failOnPanic)
                if force { $0.sub("force_local_zone") { _ in } }
            }
        case .localityWeighted: writer.sub("locality_weighted_lb_config") { _ in }
        }
        writer.duration("update_merge_window", updateMergeWindow)
        writer.flag("ignore_new_hosts_until_first_hc", ignoreNewHostsUntilFirstHC)
        writer.flag("close_connections_on_host_set_change", closeConnectionsOnHostSetChange)
        if !overrideHostStatus.isEmpty {
            writer.sub("override_host_status") { $0.strings("statuses", overrideHostStatus) }
        }
        return writer
    }
}

extension SubsetConfig {
    package var json: JSON {
        .message {
            if fallbackPolicy != .noFallback { $0.text("fallback_policy", fallbackPolicy.rawValue) }
            $0.message("default_subset", unlessEmpty: .map(defaultSubset))
            $0.list("subset_selectors", selectors.map { keys in .message { $0.strings("keys", keys) } })
            $0.flag("locality_weight_aware", localityWeightAware)
            $0.flag("scale_locality_weight", scaleLocalityWeight)
            $0.flag("panic_mode_any", panicModeAny)
            $0.flag("list_as_any", listAsAny)
        }
    }
}

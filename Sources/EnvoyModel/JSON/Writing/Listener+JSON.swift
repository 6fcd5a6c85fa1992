package import Documents

extension Listener {
    /// In Envoy's proto3 JSON form: snake_case, defaults left out. What was read is given back as it was.
    package var json: JSON { raw?.node.json ?? modelJSON }

    /// Written from the modelled fields alone.
    package var modelJSON: JSON {
        .message {
            $0.text("name", name)
            $0.message("address", address?.json)
            $0.list(
                "additional_addresses",
                additionalAddresses.map { address in .message { $0.message("address", address.json) } })
            $0.text("stat_prefix", statPrefix)
            $0.list("filter_chains", filterChains.map(\.json))
            $0.flag("use_original_dst", useOriginalDst)
            $0.message("default_filter_chain", defaultFilterChain?.json)
            $0.number("per_connection_buffer_limit_bytes", perConnectionBufferLimitBytes)
            $0.metadata("metadata", metadata)
            $0.list("listener_filters", listenerFilters.map(\.json))
            $0.duration("listener_filters_timeout", listenerFiltersTimeout)
            $0.flag("continue_on_listener_filters_timeout", continueOnListenerFiltersTimeout)
            $0.flag("transparent", transparent)
            if trafficDirection != .unspecified { $0.text("traffic_direction", trafficDirection.rawValue) }
            $0.flag("enable_reuse_port", wrapped: enableReusePort)
            $0.list("access_log", accessLog.map(\.json))
            $0.number("tcp_backlog_size", tcpBacklogSize)
            $0.number("max_connections_to_accept_per_socket_event", maxConnectionsToAcceptPerSocketEvent)
            if !bindToPort { $0.flag("bind_to_port", wrapped: false) }
            if isInternal { $0.sub("internal_listener") { _ in } }
        }
    }
}

extension ListenerFilter {
    var json: JSON {
        .message {
            for member in config.json.object?.members ?? [] { $0.message(member.key, member.value) }
            $0.message("filter_disabled", filterDisabled?.json)
        }
    }
}

extension PortPredicate {
    var json: JSON {
        .message {
            switch self {
            case .any: $0.flag("any_match", true)
            case .destinationPorts(let start, let end):
                $0.sub("destination_port_range") {
                    $0.number("start", plain: Int64(start))
                    $0.number("end", plain: Int64(end))
                }
            case .not(let inner): $0.message("not_match", inner.json)
            case .and(let all): $0.sub("and_match") { $0.list("rules", all.map(\.json)) }
            case .or(let some): $0.sub("or_match") { $0.list("rules", some.map(\.json)) }
            }
        }
    }
}

extension FilterChain {
    package var json: JSON {
        .message {
            $0.message("filter_chain_match", match?.json)
            $0.list("filters", filters.map(\.json))
            $0.metadata("metadata", metadata)
            switch transportSocket {
            case .tls(let context):
                $0.sub("transport_socket") {
                    $0.text("name", "envoy.transport_sockets.tls")
                    $0.message("typed_config", context.json)
                }
            case .other(let config): $0.message("transport_socket", config.json)
            case nil: break
            }
            $0.duration("transport_socket_connect_timeout", transportSocketConnectTimeout)
            $0.text("name", name)
        }
    }
}

extension FilterChainMatch {
    package var json: JSON {
        .message {
            if let destinationPort { $0.number("destination_port", UInt32(destinationPort)) }
            $0.list("prefix_ranges", prefixRanges.map(\.json))
            $0.list("direct_source_prefix_ranges", directSourcePrefixRanges.map(\.json))
            if sourceType != .any { $0.text("source_type", sourceType.rawValue) }
            $0.list("source_prefix_ranges", sourcePrefixRanges.map(\.json))
            $0.list("source_ports", sourcePorts.map { .int(Int64($0)) })
            $0.strings("server_names", serverNames)
            $0.text("transport_protocol", transportProtocol)
            $0.strings("application_protocols", applicationProtocols)
        }
    }
}

extension NetworkFilter {
    package var json: JSON {
        .message {
            switch config {
            case .httpConnectionManager(let manager):
                $0.text("name", name)
                $0.message("typed_config", manager.json)
            case .tcpProxy(let proxy):
                $0.text("name", name)
                $0.message("typed_config", proxy.json)
            case .other(let config):
                for member in config.json.object?.members ?? [] { $0.message(member.key, member.value) }
            }
        }
    }
}

extension TCPProxy {
    /// The `Any`.
    package var json: JSON {
        var writer = MessageWriter(type: "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy")
        writer.text("stat_prefix", statPrefix)
        if weightedClusters.isEmpty {
            writer.text("cluster", cluster)
        } else {
            writer.sub("weighted_clusters") {
                $0.list(
                    "clusters",
                    weightedClusters.map { entry in
                        .message {
                            $0.text("name", entry.name)
                            $0.number("weight", plain: Int64(entry.weight))
                        }
                    })
            }
        }
        if let metadataMatch { writer.message("metadata_match", metadataMatch.json) }
        writer.duration("idle_timeout", idleTimeout)
        writer.list("access_log", accessLog.map(\.json))
        writer.number("max_connect_attempts", maxConnectAttempts)
        if hashPolicySourceIP {
            writer.list("hash_policy", [.message { $0.sub("source_ip") { _ in } }])
        }
        writer.duration("max_downstream_connection_duration", maxDownstreamConnectionDuration)
        if let tunneling {
            writer.sub("tunneling_config") {
                $0.text("hostname", tunneling.hostname)
                $0.flag("use_post", tunneling.usesPost)
            }
        }
        return writer.json
    }
}

extension HTTPFilter {
    package var json: JSON {
        .message {
            switch config {
            case .router(let router):
                $0.text("name", name)
                $0.typed("typed_config", "envoy.extensions.filters.http.router.v3.Router") {
                    if router.startChildSpan { $0.flag("start_child_span", true) }
                    $0.flag("suppress_envoy_headers", router.suppressEnvoyHeaders)
                    $0.flag("respect_expected_rq_timeout", router.respectExpectedRQTimeout)
                }
            case .fault(let fault):
                $0.text("name", name)
                $0.message(
                    "typed_config", fault.json(MessageWriter(type: "envoy.extensions.filters.http.fault.v3.HTTPFault")))
            case .cors:
                $0.text("name", name)
                $0.typed("typed_config", "envoy.extensions.filters.http.cors.v3.Cors")
            case .inert(let config), .other(let config):
                for member in config.json.object?.members ?? [] { $0.message(member.key, member.value) }
            }
            $0.flag("disabled", disabled)
        }
    }
}

package import Documents

extension XDSSnapshot {
    /// A `/config_dump` with its sections as Envoy's admin API has them: bootstrap, clusters, endpoints if asked for, listeners, scoped
    /// routes, routes, secrets (without private parts).
    ///
    /// `includesEndpoints` is `?include_eds`; `timestamp` is the `last_updated` of everything, RFC 3339, left out when empty.
    package func configDump(includesEndpoints: Bool = false, timestamp: String = "") -> JSON {
        var sections = [bootstrapSection(timestamp), clustersSection(timestamp)]
        if includesEndpoints { sections.append(endpointsSection) }
        sections.append(listenersSection(timestamp))
        sections.append(MessageWriter(type: Self.dumpType + "ScopedRoutesConfigDump").json)
        sections.append(routesSection(timestamp))
        if !secrets.isEmpty { sections.append(secretsSection(timestamp)) }
        return .message { $0.list("configs", sections) }
    }

    private static let dumpType = "envoy.admin.v3."
    private var version: String { String(revision) }
    /// A bootstrap's resources are static; what a control plane sent is dynamic.
    private var isStatic: Bool {
        guard let node = bootstrap?.node, let resources = node["static_resources"] ?? node["staticResources"] else {
            return false
        }
        return routes.isEmpty && (resources["listeners"]?.count ?? 0) == listeners.count
            && (resources["clusters"]?.count ?? 0) == clusters.count
    }

    package func bootstrapSection(_ timestamp: String = "") -> JSON {
        var writer = MessageWriter(type: Self.dumpType + "BootstrapConfigDump")
        writer.message("bootstrap", bootstrap?.node.json ?? .message { $0.message("node", node.json) })
        writer.text("last_updated", timestamp)
        return writer.json
    }

    package func clustersSection(_ timestamp: String = "") -> JSON {
        var writer = MessageWriter(type: Self.dumpType + "ClustersConfigDump")
        if !isStatic { writer.text("version_info", version) }
        let dynamicCount = isStatic ? 0 : max(0, clusters.count - staticClusterCount)
        let wrap = { (cluster: Cluster, isStatic: Bool) -> JSON in
            entry("cluster", "envoy.config.cluster.v3.Cluster", cluster.json, timestamp, isStatic: isStatic)
        }
        writer.list("static_clusters", clusters.dropFirst(dynamicCount).map { wrap($0, true) })
        writer.list("dynamic_active_clusters", clusters.prefix(dynamicCount).map { wrap($0, false) })
        return writer.json
    }

    package var endpointsSection: JSON {
        var writer = MessageWriter(type: Self.dumpType + "EndpointsConfigDump")
        let type = "envoy.config.endpoint.v3.ClusterLoadAssignment"
        let all = liveAssignments
        let wrap = { (assignment: ClusterLoadAssignment) -> JSON in
            .message { $0.message("endpoint_config", typed(type, assignment.json)) }
        }
        writer.list("static_endpoint_configs", all.filter(\.isStatic).map { wrap($0.assignment) })
        writer.list("dynamic_endpoint_configs", all.filter { !$0.isStatic }.map { wrap($0.assignment) })
        return writer.json
    }

    package func listenersSection(_ timestamp: String = "") -> JSON {
        var writer = MessageWriter(type: Self.dumpType + "ListenersConfigDump")
        if !isStatic { writer.text("version_info", version) }
        let type = "envoy.config.listener.v3.Listener"
        let dynamicCount = isStatic ? 0 : max(0, listeners.count - staticListenerCount)
        let wrap = { (listener: Listener, isStatic: Bool) -> JSON in
            entry("listener", type, listener.json, timestamp, isStatic: isStatic)
        }
        writer.list("static_listeners", listeners.dropFirst(dynamicCount).map { wrap($0, true) })
        writer.list(
            "dynamic_listeners",
            listeners.prefix(dynamicCount).map { listener in
                .message {
                    $0.text("name", listener.name)
                    $0.message("active_state", wrap(listener, false))
                }
            })
        return writer.json
    }

    package func routesSection(_ timestamp: String = "") -> JSON {
        var writer = MessageWriter(type: Self.dumpType + "RoutesConfigDump")
        let type = "envoy.config.route.v3.RouteConfiguration"
        writer.list(
            "static_route_configs",
            inlineRoutes.map { configuration in
                .message {
                    $0.message("route_config", typed(type, configuration.json))
                    $0.text("last_updated", timestamp)
                }
            })
        writer.list("dynamic_route_configs", routes.map { entry("route_config", type, $0.json, timestamp) })
        return writer.json
    }

    package func secretsSection(_ timestamp: String = "") -> JSON {
        var writer = MessageWriter(type: Self.dumpType + "SecretsConfigDump")
        let wrap = { (secret: Secret) -> JSON in
            .message {
                $0.text("name", secret.name)
                $0.text("version_info", secret.isWarming ? "uninitialized" : version)
                $0.text("last_updated", timestamp)
                $0.message("secret", secret.json)
            }
        }
        writer.list("dynamic_active_secrets", secrets.filter { !$0.isWarming }.map(wrap))
        writer.list("dynamic_warming_secrets", secrets.filter(\.isWarming).map(wrap))
        return writer.json
    }

    /// The route configurations that connection managers carry themselves.
    package var inlineRoutes: [RouteConfiguration] {
        listeners.flatMap { listener in
            (listener.filterChains + (listener.defaultFilterChain.map { [$0] } ?? [])).flatMap { chain in
                chain.filters.compactMap { filter in
                    guard case .httpConnectionManager(let manager) = filter.config,
                        case .inline(let configuration) = manager.routeSource
                    else { return nil }
                    return configuration
                }
            }
        }
    }

    private func entry(
        _ name: String, _ type: String, _ json: JSON, _ timestamp: String, isStatic: Bool = false
    ) -> JSON {
        .message {
            if !isStatic { $0.text("version_info", version) }
            $0.message(name, typed(type, json))
            $0.text("last_updated", timestamp)
        }
    }

    /// The message as an `Any`.
    private func typed(_ type: String, _ json: JSON) -> JSON {
        var writer = MessageWriter(type: type)
        for member in json.object?.members ?? [] where member.key != "@type" {
            writer.message(member.key, member.value)
        }
        return writer.json
    }
}

extension NodeInfo {
    package var json: JSON {
        .message {
            $0.text("id", id)
            $0.text("cluster", cluster)
            if !metadata.isEmpty { $0.message("metadata", .object(metadata)) }
            if locality != Locality() { $0.message("locality", locality.json) }
        }
    }
}

package import Documents
package import EnvoyModel

extension TrafficTrace {
    /// One object in the contract's shape ("A trace").
    package var json: JSON {
        var object = JSONObject()
        object.add("id", .string(request.id))
        object.add("request", request.json)
        object.add("hops", .array(hops.map(\.json)))
        object.add("response", response?.json ?? .null)
        if let picks { object.add("picks", .array(picks.map { .string($0) })) }
        object.add("error", error.map { .string($0.rawValue) } ?? .null)
        return .object(object)
    }
}

extension SyntheticRequest {
    /// With its defaults filled in.
    package var json: JSON {
        var object = JSONObject()
        object.add("id", .string(id))
        object.add("method", .string(method))
        object.add("scheme", .string(scheme))
        object.add("authority", authority.map { .string($0) } ?? .null)
        object.add("path", .string(path))
        object.add("headers", .array(headers.map(\.json)))
        object.add("protocol", .string(application.rawValue))
        object.add("tls", .string(transport.rawValue))
        object.add("sni", serverName.isEmpty ? .null : .string(serverName))
        object.add("alpn", .array(alpn.map { .string($0) }))
        object.add("mode", .string(mode.rawValue))
        object.add("address", .string(address))
        object.add("port", .int(Int64(port)))
        var source = JSONObject()
        source.add("ip", .string(sourceIP))
        source.add("namespace", sourceNamespace.map { .string($0) })
        if !sourceLabels.isEmpty {
            var labels = JSONObject()
            for (key, value) in sourceLabels.sorted(by: { $0.key < $1.key }) { labels.add(key, .string(value)) }
            source.add("labels", .object(labels))
        }
        object.add("source", .object(source))
        object.add("count", .int(Int64(count)))
        object.add("body", body.map { .string($0) })
        object.add("client_certificate", clientCertificate.map { .string($0) })
        return .object(object)
    }

    /// The shape of `upstream_request`.
    fileprivate var upstreamJSON: JSON {
        var object = JSONObject()
        object.add("method", .string(method))
        object.add("authority", authority.map { .string($0) } ?? .null)
        object.add("path", .string(path))
        object.add("headers", .array(headers.map(\.json)))
        return .object(object)
    }
}

extension SyntheticRequest.Header {
    fileprivate var json: JSON { .array([.string(name), .string(value)]) }
}

extension TraceResponse {
    fileprivate var json: JSON {
        var object = JSONObject()
        object.add("status", status.map { .int(Int64($0)) } ?? .null)
        object.add("flags", .string(flags))
        object.add("details", .string(details))
        object.add("headers", .array(headers.map(\.json)))
        object.add("body", body.map { .string($0) } ?? .null)
        return .object(object)
    }
}

extension TraceHop {
    fileprivate var json: JSON {
        var object = JSONObject()
        let text = { (value: String?) -> JSON in value.map { .string($0) } ?? .null }
        object.add("proxy", .string(proxy))
        object.add("cluster_name", .string(clusterName))
        object.add("listener", text(listener?.name))
        object.add("filter_chain", text(filterChain.flatMap { $0.name.isEmpty ? nil : $0.name }))
        object.add("route_config", text(routeConfiguration?.name))
        object.add("virtual_host", text(virtualHost?.name))
        object.add("route", text(route?.name))
        object.add("cluster", text(clusterReference))
        object.add("endpoint", text(host?.address))
        object.add("candidates", .array(candidates.map(\.json)))
        object.add("mirrors", .array(mirrors.map(\.json)))
        object.add("upstream_request", upstreamRequest?.upstreamJSON ?? .null)
        object.add("transport", text(upstreamTransport))
        object.add("upstream_tls", upstreamTLS)
        object.add("sources", .array(sources.map(\.json)))
        object.add("steps", .array(steps.map(\.json)))
        return .object(object)
    }

    /// `sni` and client certificate of the connection to the endpoint.
    private var upstreamTLS: JSON {
        guard upstreamTransport == "tls" || upstreamTransport == "mtls", let context = upstreamTLSContext else {
            return .null
        }
        var object = JSONObject()
        object.add("sni", context.sni.isEmpty ? .null : .string(context.sni))
        let secret = context.common.certificateSDSSecrets.first?.name
        let name = secret.map { $0.hasPrefix("kubernetes://") ? String($0.dropFirst(13)) : $0 }
        object.add("client_certificate", name.flatMap { $0 == "default" ? nil : .string($0) } ?? .null)
        return .object(object)
    }

    /// The TLS that the cluster speaks to the endpoint; `nil` for plaintext.
    package var upstreamTLSContext: UpstreamTLSContext? {
        guard let cluster else { return nil }
        let wanted = host?.value.metadata.filterMetadata["envoy.transport_socket_match"]
        for match in cluster.transportSocketMatches
        where match.match.allSatisfy({ wanted?[$0.key] == $0.value }) {
            if let found = match.transportSocket.tls { return found }
        }
        return cluster.transportSocket.tls
    }

    /// Where listener, virtual host, route and cluster come from, each place once.
    package var sources: [SourceReference] {
        var result: [SourceReference] = []
        let all =
            (listener?.sources ?? []) + (filterChain?.sources ?? []) + (virtualHost?.sources ?? [])
            + (route?.sources ?? []) + (cluster?.sources ?? [])
        for source in all where !result.contains(source) { result.append(source) }
        return result
    }
}

extension Candidate {
    fileprivate var json: JSON {
        var object = JSONObject()
        object.add("route", route.map { .string($0.name) } ?? .null)
        object.add("cluster", .string(cluster))
        object.add("endpoint", host.map { .string($0.address) } ?? .null)
        if let host {
            object.add("locality", .string(host.locality.text))
            object.add("priority", .int(Int64(host.priority)))
        }
        object.add("share", .double(share))
        return .object(object)
    }
}

extension Locality {
    /// `region/zone/sub-zone`, without empty ends.
    package var text: String {
        var parts = [region, zone, subZone]
        while parts.last?.isEmpty == true { parts.removeLast() }
        return parts.joined(separator: "/")
    }
}

extension Mirror {
    fileprivate var json: JSON {
        var object = JSONObject()
        object.add("cluster", .string(cluster))
        object.add("share", .double(share))
        object.add("endpoint", host.map { .string($0.address) } ?? .null)
        object.add("authority", .string(authority))
        return .object(object)
    }
}

extension Step {
    fileprivate var json: JSON {
        var object = JSONObject()
        object.add("stage", .string(stage.rawValue))
        object.add("candidate", .string(candidate))
        object.add("matched", .bool(matched))
        object.add("reason", .string(reason))
        object.add("source", source?.json ?? .null)
        return .object(object)
    }
}

extension SourceReference {
    /// The contract's `source`.
    package var json: JSON {
        var object = JSONObject()
        object.add("kind", .string(kind))
        object.add("namespace", .string(namespace))
        object.add("name", .string(name))
        object.add("file", location.map { .string($0.file) } ?? .null)
        object.add("line", location.map { .int(Int64($0.line)) } ?? .null)
        return .object(object)
    }
}

package import Documents

extension DestinationRule {
    /// The whole object as a manifest.
    package var json: JSON {
        var spec = JSONObject()
        spec.addTexts("exportTo", exportTo)
        spec.addText("host", host)
        spec.addObjects(
            "subsets",
            subsets.map { subset in
                var fields = JSONObject()
                fields.addMap("labels", subset.labels)
                fields.addText("name", subset.name)
                fields.add("trafficPolicy", subset.trafficPolicy?.json)
                return .object(fields)
            })
        spec.add("trafficPolicy", trafficPolicy?.json)
        if let workloadSelector {
            var selector = JSONObject()
            selector.addMap("matchLabels", workloadSelector)
            spec.add("workloadSelector", .object(selector))
        }
        return meta.object(kind: Self.kindName, spec: spec)
    }
}

extension TrafficPolicy {
    var json: JSON {
        var object = JSONObject()
        object.add("connectionPool", connectionPool?.json)
        object.add("loadBalancer", loadBalancer?.json)
        object.add("outlierDetection", outlierDetection?.json)
        object.addObjects("portLevelSettings", portLevelSettings.map(\.json))
        object.add("proxyProtocol", proxyProtocol.map { ["version": .string($0.rawValue)] })
        if let retryBudget {
            var fields = JSONObject()
            fields.addDuration("budgetInterval", retryBudget.budgetInterval)
            fields.addNumber("minRetryConcurrency", retryBudget.minRetryConcurrency)
            fields.addDouble("percent", retryBudget.percent)
            object.add("retryBudget", .object(fields))
        }
        object.add("tls", tls?.json)
        if let tunnel {
            var fields = JSONObject()
            fields.addText("protocol", tunnel.protocol)
            fields.addText("targetHost", tunnel.targetHost)
            fields.addNumber("targetPort", tunnel.targetPort)
            object.add("tunnel", .object(fields))
        }
        return .object(object)
    }
}

extension TrafficPolicy.PortTrafficPolicy {
    var json: JSON {
        var object = JSONObject()
        object.add("connectionPool", connectionPool?.json)
        object.add("loadBalancer", loadBalancer?.json)
        object.add("outlierDetection", outlierDetection?.json)
        object.add("port", ["number": .int(Int64(port))])
        object.add("tls", tls?.json)
        return .object(object)
    }
}

extension ConnectionPoolSettings {
    var json: JSON {
        var object = JSONObject()
        if let http {
            var fields = JSONObject()
            if http.h2UpgradePolicy != .default { fields.addText("h2UpgradePolicy", http.h2UpgradePolicy.rawValue) }
            fields.addNumber("http1MaxPendingRequests", http.http1MaxPendingRequests)
            fields.addNumber("http2MaxRequests", http.http2MaxRequests)
            fields.addDuration("idleTimeout", http.idleTimeout)
            fields.addNumber("maxConcurrentStreams", http.maxConcurrentStreams)
            fields.addNumber("maxRequestsPerConnection", http.maxRequestsPerConnection)
            fields.addNumber("maxRetries", http.maxRetries)
            fields.addFlag("useClientProtocol", http.useClientProtocol)
            object.add("http", .object(fields))
        }
        if let tcp {
            var fields = JSONObject()
            fields.addDuration("connectTimeout", tcp.connectTimeout)
            fields.addDuration("idleTimeout", tcp.idleTimeout)
            fields.addDuration("maxConnectionDuration", tcp.maxConnectionDuration)
            fields.addNumber("maxConnections", tcp.maxConnections)
            if let keepalive = tcp.tcpKeepalive {
                var keepaliveFields = JSONObject()
                keepaliveFields.addDuration("interval", keepalive.interval)
                keepaliveFields.addNumber("probes", keepalive.probes)
                keepaliveFields.addDuration("time", keepalive.time)
                fields.add("tcpKeepalive", .object(keepaliveFields))
            }
            object.add("tcp", .object(fields))
        }
        return .object(object)
    }
}

extension OutlierDetection {
    var json: JSON {
        var object = JSONObject()
        object.addDuration("baseEjectionTime", baseEjectionTime)
        object.addNumber("consecutive5xxErrors", consecutive5xxErrors)
        object.addNumber("consecutiveErrors", consecutiveErrors)
        object.addNumber("consecutiveGatewayErrors", consecutiveGatewayErrors)
        object.addNumber("consecutiveLocalOriginFailures", consecutiveLocalOriginFailures)
        object.addDuration("interval", interval)
        object.addNumber("maxEjectionPercent", maxEjectionPercent)
        object.addNumber("minHealthPercent", minHealthPercent)
        object.addTexts("outlierDetectionHttpErrorCodes", outlierDetectionHttpErrorCodes)
        object.addFlag("splitExternalLocalOriginErrors", splitExternalLocalOriginErrors)
        return .object(object)
    }
}

extension ClientTLSSettings {
    var json: JSON {
        var object = JSONObject()
        object.addText("caCertificates", caCertificates)
        object.addText("caCrl", caCrl)
        object.addText("clientCertificate", clientCertificate)
        object.addText("credentialName", credentialName)
        object.addFlag("insecureSkipVerify", insecureSkipVerify)
        if mode != .disable { object.addText("mode", mode.rawValue) }
        object.addText("privateKey", privateKey)
        object.addText("sni", sni)
        object.addTexts("subjectAltNames", subjectAltNames)
        return .object(object)
    }
}

extension LoadBalancerSettings {
    var json: JSON {
        var object = JSONObject()
        object.add("consistentHash", consistentHash?.json)
        if let setting = localityLbSetting {
            var fields = JSONObject()
            fields.addObjects("distribute", setting.distribute.map(\.json))
            fields.addFlag("enabled", setting.enabled)
            fields.addObjects("failover", setting.failover.map(\.json))
            fields.addTexts("failoverPriority", setting.failoverPriority)
            object.add("localityLbSetting", .object(fields))
        }
        if let simple, simple != .unspecified { object.addText("simple", simple.rawValue) }
        if let warmup {
            var fields = JSONObject()
            fields.addDouble("aggression", warmup.aggression)
            fields.addDuration("duration", warmup.duration)
            fields.addDouble("minimumPercent", warmup.minimumPercent)
            object.add("warmup", .object(fields))
        }
        object.addDuration("warmupDurationSecs", warmupDurationSecs)
        if let setting = zoneAwareLbSetting {
            var fields = JSONObject()
            fields.addFlag("enabled", setting.enabled)
            fields.addObjects("failover", setting.failover.map(\.json))
            fields.addTexts("failoverPriority", setting.failoverPriority)
            fields.addNumber("minClusterSize", setting.minClusterSize)
            object.add("zoneAwareLbSetting", .object(fields))
        }
        return .object(object)
    }
}

extension LocalityLoadBalancerSetting.Distribute {
    var json: JSON {
        var weights = JSONObject()
        for (locality, weight) in to.sorted(by: { $0.key < $1.key }) { weights.add(locality, .int(Int64(weight))) }
        var object = JSONObject()
        object.addText("from", from)
        if !weights.isEmpty { object.add("to", .object(weights)) }
        return .object(object)
    }
}

extension LocalityLoadBalancerSetting.Failover {
    var json: JSON {
        var object = JSONObject()
        object.addText("from", from)
        object.addText("to", to)
        return .object(object)
    }
}

extension LoadBalancerSettings.ConsistentHash {
    var json: JSON {
        var object = JSONObject()
        switch key {
        case .httpHeaderName(let name): object.add("httpHeaderName", .string(name))
        case .httpCookie(let cookie):
            var fields = JSONObject()
            fields.addObjects(
                "attributes", cookie.attributes.map { ["name": .string($0.name), "value": .string($0.value)] })
            fields.addText("name", cookie.name)
            fields.addText("path", cookie.path)
            fields.addDuration("ttl", cookie.ttl)
            object.add("httpCookie", .object(fields))
        case .useSourceIP(let flag): object.add("useSourceIp", .bool(flag))
        case .httpQueryParameterName(let name): object.add("httpQueryParameterName", .string(name))
        case nil: break
        }
        // protobuf's JSON writes 64-bit numbers as text.
        switch algorithm {
        case .ringHash(let size):
            object.add("ringHash", size == 0 ? .object(JSONObject()) : ["minimumRingSize": .string(String(size))])
        case .maglev(let size):
            object.add("maglev", size == 0 ? .object(JSONObject()) : ["tableSize": .string(String(size))])
        case nil: break
        }
        if minimumRingSize != 0 { object.add("minimumRingSize", .string(String(minimumRingSize))) }
        return .object(object)
    }
}

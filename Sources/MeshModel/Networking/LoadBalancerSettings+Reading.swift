import Documents

extension LoadBalancerSettings {
    init(_ fields: inout FieldReader) {
        self.init()
        location = fields.node.location
        simple = fields.enumeration("simple")
        consistentHash = fields.object("consistentHash", of: "ConsistentHashLB") { ConsistentHash(&$0) }
        localityLbSetting = fields.object("localityLbSetting", of: "LocalityLoadBalancerSetting") {
            LocalityLoadBalancerSetting(&$0)
        }
        zoneAwareLbSetting = fields.object("zoneAwareLbSetting", of: "ZoneAwareLoadBalancerSetting") {
            ZoneAwareLoadBalancerSetting(&$0)
        }
        warmupDurationSecs = fields.duration("warmupDurationSecs")
        warmup = fields.object("warmup", of: "WarmupConfiguration") { fields in
            var warmup = Warmup()
            warmup.duration = fields.duration("duration")
            warmup.minimumPercent = fields.double("minimumPercent")
            warmup.aggression = fields.double("aggression")
            return warmup
        }
    }
}

extension LoadBalancerSettings.ConsistentHash {
    init(_ fields: inout FieldReader) {
        self.init()
        let header = fields.string("httpHeaderName").map(Key.httpHeaderName)
        let cookie = fields.object("httpCookie", of: "HTTPCookie") { Key.httpCookie(Cookie(&$0)) }
        let sourceIP = fields.bool("useSourceIp").map(Key.useSourceIP)
        let parameter = fields.string("httpQueryParameterName").map(Key.httpQueryParameterName)
        let keys = [header, cookie, sourceIP, parameter].compactMap { $0 }
        if keys.count > 1 {
            fields.sink.error(
                "only one of httpHeaderName, httpCookie, useSourceIp and httpQueryParameterName can be given",
                at: fields.node.location)
        }
        key = keys.first
        let ring = fields.object("ringHash", of: "RingHash") {
            Algorithm.ringHash(minimumRingSize: $0.uint64("minimumRingSize") ?? 0)
        }
        let maglev = fields.object("maglev", of: "MagLev") {
            Algorithm.maglev(tableSize: $0.uint64("tableSize") ?? 0)
        }
        if ring != nil, maglev != nil {
            fields.sink.error("only one of ringHash and maglev can be given", at: fields.node.location)
        }
        algorithm = ring ?? maglev
        minimumRingSize = fields.uint64("minimumRingSize") ?? 0
    }
}

extension LoadBalancerSettings.ConsistentHash.Cookie {
    init(_ fields: inout FieldReader) {
        self.init()
        name = fields.string("name") ?? ""
        path = fields.string("path") ?? ""
        ttl = fields.duration("ttl")
        attributes = fields.list("attributes", of: "CookieAttribute") { fields in
            var attribute = Attribute()
            attribute.name = fields.string("name") ?? ""
            attribute.value = fields.string("value") ?? ""
            return attribute
        }
    }
}

extension LocalityLoadBalancerSetting {
    init(_ fields: inout FieldReader) {
        self.init()
        distribute = fields.list("distribute", of: "Distribute") { fields in
            var distribute = Distribute()
            distribute.from = fields.string("from") ?? ""
            for entry in fields.entries("to") {
                guard let weight = entry.value.int, (0...Int64(UInt32.max)).contains(weight) else {
                    fields.sink.wrongType(entry.value, entry.key, expected: "a whole number")
                    continue
                }
                distribute.to[entry.key] = Int(weight)
            }
            return distribute
        }
        failover = fields.list("failover", of: "Failover") { Failover(&$0) }
        failoverPriority = fields.strings("failoverPriority")
        enabled = fields.bool("enabled")
    }
}

extension LocalityLoadBalancerSetting.Failover {
    init(_ fields: inout FieldReader) {
        self.init()
        from = fields.string("from") ?? ""
        to = fields.string("to") ?? ""
    }
}

extension ZoneAwareLoadBalancerSetting {
    init(_ fields: inout FieldReader) {
        self.init()
        enabled = fields.bool("enabled")
        failover = fields.list("failover", of: "Failover") { LocalityLoadBalancerSetting.Failover(&$0) }
        failoverPriority = fields.strings("failoverPriority")
        minClusterSize = fields.natural("minClusterSize")
    }
}

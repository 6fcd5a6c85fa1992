import Documents

extension Cluster {
    mutating func readBalancing(_ reader: inout MessageReader) {
        common = reader.sub("commonLbConfig") { readCommonConfig(&$0) } ?? CommonLBConfig()
        subsetConfig = reader.sub("lbSubsetConfig") { SubsetConfig(&$0) }
        let ring = reader.sub("ringHashLbConfig") { RingHash(&$0) }
        let maglev = reader.sub("maglevLbConfig") { $0.wide("tableSize") } ?? nil
        let least = reader.sub("leastRequestLbConfig") { LBPolicy(leastRequest: &$0) }
        let roundRobin = reader.sub("roundRobinLbConfig") { config in
            config.sub("slowStartConfig") { SlowStart(&$0) }
        }
        reader.sub("originalDstLbConfig") {
            originalDstUseHTTPHeader = $0.flag("useHttpHeader")
            originalDstPortOverride = $0.number("upstreamPortOverride")
            $0.ignore("httpHeaderName", "metadataKey")
        }
        switch reader.text("lbPolicy") {
        case "LEAST_REQUEST", "1":
            lbPolicy = least ?? .leastRequest(choiceCount: 2, activeRequestBias: 1, fullScan: false, slowStart: nil)
        case "RING_HASH", "2": lbPolicy = .ringHash(ring ?? RingHash())
        case "RANDOM", "3": lbPolicy = .random
        case "MAGLEV", "5": lbPolicy = .maglev(tableSize: maglev)
        case "CLUSTER_PROVIDED", "6": lbPolicy = .clusterProvided
        default: lbPolicy = .roundRobin(roundRobin ?? nil)
        }
        reader.sub("loadBalancingPolicy") { policy in
            var isSet = false
            _ = policy.list("policies") { entry in
                entry.sub("typedExtensionConfig") { config in
                    if !isSet { isSet = readTypedPolicy(&config) } else { _ = ExtensionConfig(&config) }
                }
            }
        }
    }

    /// The first policy of the list that is known counts, as in Envoy.
    private mutating func readTypedPolicy(_ reader: inout MessageReader) -> Bool {
        let type = reader.node("typedConfig")?["@type"]?.text.split(separator: ".").last
        reader.ignore("name")
        switch type {
        case "RoundRobin":
            reader.typed("typedConfig") { _, config in
                lbPolicy = .roundRobin(config.sub("slowStartConfig") { SlowStart(&$0) })
                readLocality(&config)
            }
        case "LeastRequest":
            reader.typed("typedConfig") { _, config in
                readLocality(&config)
                lbPolicy = LBPolicy(leastRequest: &config)
            }
        case "Random":
            reader.typed("typedConfig") { _, config in
                lbPolicy = .random
                readLocality(&config)
            }
        case "RingHash":
            reader.typed("typedConfig") { _, config in
                lbPolicy = .ringHash(RingHash(&config))
                readHashing(&config)
                readLocality(&config)
            }
        case "Maglev":
            reader.typed("typedConfig") { _, config in
                lbPolicy = .maglev(tableSize: config.wide("tableSize"))
                readHashing(&config)
                readLocality(&config)
            }
        case "ClusterProvided":
            _ = ExtensionConfig(&reader)
            lbPolicy = .clusterProvided
        default:
            lbPolicy = .other(ExtensionConfig(&reader))
            reader.context.report(reader.path.text + "typed_config", at: reader.node.location)
            return false
        }
        return true
    }

    private mutating func readHashing(_ reader: inout MessageReader) {
        useHostnameForHashing = reader.flag("useHostnameForHashing") || useHostnameForHashing
        hashBalanceFactor = reader.number("hashBalanceFactor") ?? hashBalanceFactor
        reader.sub("consistentHashingLbConfig") {
            useHostnameForHashing = $0.flag("useHostnameForHashing") || useHostnameForHashing
            hashBalanceFactor = $0.number("hashBalanceFactor") ?? hashBalanceFactor
            let policies = $0.list("hashPolicy") { HashPolicy(&$0) }.compactMap { $0 }
            if !policies.isEmpty { lbHashPolicies = policies }
        }
    }

    private mutating func readLocality(_ reader: inout MessageReader) {
        reader.sub("localityLbConfig") { config in
            if config.has("localityWeightedLbConfig") { common.locality = .localityWeighted }
            if let zone = config.sub("zoneAwareLbConfig", { CommonLBConfig.LocalityConfig(zoneAware: &$0) }) {
                common.locality = zone
            }
        }
        if reader.has("localityWeightedLbConfig") { common.locality = .localityWeighted }
    }

    private mutating func readCommonConfig(_ reader: inout MessageReader) -> CommonLBConfig {
        var common = CommonLBConfig()
        common.healthyPanicThreshold = reader.percentage("healthyPanicThreshold")
        if reader.has("localityWeightedLbConfig") { common.locality = .localityWeighted }
        if let zone = reader.sub("zoneAwareLbConfig", { CommonLBConfig.LocalityConfig(zoneAware: &$0) }) {
            common.locality = zone
            if case .zoneAware(_, _, true, _) = zone { common.failTrafficOnPanic = true }
        }
        reader.sub("consistentHashingLbConfig") {
            useHostnameForHashing = $0.flag("useHostnameForHashing")
            hashBalanceFactor = $0.number("hashBalanceFactor")
        }
        common.updateMergeWindow = reader.duration("updateMergeWindow")
        common.ignoreNewHostsUntilFirstHC = reader.flag("ignoreNewHostsUntilFirstHc")
        common.closeConnectionsOnHostSetChange = reader.flag("closeConnectionsOnHostSetChange")
        common.overrideHostStatus = reader.sub("overrideHostStatus") { $0.strings("statuses") } ?? []
        return common
    }
}

extension CommonLBConfig.LocalityConfig {
    init(zoneAware reader: inout MessageReader) {
        self = .zoneAware(
            routingEnabledPercent: reader.percentage("routingEnabled"), minClusterSize: reader.wide("minClusterSize"),
            failTrafficOnPanic: reader.flag("failTrafficOnPanic"), forceLocalZone: reader.has("forceLocalZone"))
    }
}

extension Cluster.LBPolicy {
    init(leastRequest reader: inout MessageReader) {
        self = .leastRequest(
            choiceCount: reader.number("choiceCount") ?? 2,
            activeRequestBias: reader.sub("activeRequestBias") {
                $0.ignore("runtimeKey")
                return $0.double("defaultValue") ?? 0
            } ?? 1,
            fullScan: reader.flag("enableFullScan") || reader.text("selectionMethod") == "FULL_SCAN",
            slowStart: reader.sub("slowStartConfig") { Cluster.SlowStart(&$0) })
    }
}

extension Cluster.SlowStart {
    init(_ reader: inout MessageReader) {
        self.init(window: reader.duration("slowStartWindow") ?? .zero)
        aggression =
            reader.sub("aggression") {
                $0.ignore("runtimeKey")
                return $0.double("defaultValue") ?? 0
            } ?? 1
        minWeightPercent = reader.percentage("minWeightPercent") ?? 10
    }
}

extension Cluster.RingHash {
    init(_ reader: inout MessageReader) {
        self.init()
        minimumRingSize = reader.wide("minimumRingSize")
        maximumRingSize = reader.wide("maximumRingSize")
        switch reader.text("hashFunction") {
        case "MURMUR_HASH_2", "1": function = .murmurHash2
        default: function = .xxHash
        }
    }
}

extension SubsetConfig {
    init(_ reader: inout MessageReader) {
        self.init()
        fallbackPolicy = reader.choice("fallbackPolicy", FallbackPolicy.noFallback)
        defaultSubset = reader.map("defaultSubset")
        selectors = reader.list("subsetSelectors") { $0.strings("keys") }
        panicModeAny = reader.flag("panicModeAny")
        localityWeightAware = reader.flag("localityWeightAware")
        scaleLocalityWeight = reader.flag("scaleLocalityWeight")
        listAsAny = reader.flag("listAsAny")
    }
}

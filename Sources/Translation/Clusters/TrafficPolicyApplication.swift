import Documents
import EnvoyModel
import MeshModel

extension Cluster {
    /// Limits and timeouts (istiod: `applyConnectionPool`).
    mutating func apply(_ pool: ConnectionPoolSettings?, retryBudget: TrafficPolicy.RetryBudget?, mesh: MeshConfig) {
        var thresholds = CircuitBreakers.Thresholds()
        func limit(_ value: Int?) -> UInt32 { value.flatMap { $0 > 0 ? UInt32(clamping: $0) : nil } ?? .max }
        thresholds.maxConnections = limit(pool?.tcp?.maxConnections)
        thresholds.maxPendingRequests = limit(pool?.http?.http1MaxPendingRequests)
        thresholds.maxRequests = limit(pool?.http?.http2MaxRequests)
        thresholds.maxRetries = limit(pool?.http?.maxRetries)
        thresholds.trackRemaining = true
        if let retryBudget {
            thresholds.retryBudget = .init(
                budgetPercent: retryBudget.percent ?? 20,
                minRetryConcurrency: UInt32(clamping: retryBudget.minRetryConcurrency ?? 3))
        }
        circuitBreakers.default = thresholds
        connectTimeout = pool?.tcp?.connectTimeout ?? mesh.connectTimeout
        idleTimeout = pool?.http?.idleTimeout ?? pool?.tcp?.idleTimeout
        maxConnectionDuration = pool?.tcp?.maxConnectionDuration
        if let requests = pool?.http?.maxRequestsPerConnection, requests > 0 {
            maxRequestsPerConnection = UInt32(clamping: requests)
        }
        if upstreamProtocol != .http1, let streams = pool?.http?.maxConcurrentStreams, streams > 0 {
            http2MaxConcurrentStreams = UInt32(clamping: streams)
        }
        applyKeepalive(pool?.tcp?.tcpKeepalive, mesh: mesh.tcpKeepalive)
    }

    private mutating func applyKeepalive(_ own: TCPKeepalive?, mesh: TCPKeepalive?) {
        guard own != nil || mesh != nil else { return }
        var object = JSONObject()
        func seconds(_ duration: Duration?) -> JSON? { duration.map { .int($0.components.seconds) } }
        let probes = (own?.probes).flatMap { $0 > 0 ? $0 : nil } ?? mesh?.probes
        object.add("keepaliveProbes", probes.map { .int(Int64($0)) })
        object.add("keepaliveTime", seconds(own?.time ?? mesh?.time))
        object.add("keepaliveInterval", seconds(own?.interval ?? mesh?.interval))
        tcpKeepalive = .object(object)
    }

    /// What a connection to the upstream speaks (istiod: `applyH2Upgrade`, `setH2Options`).
    mutating func applyProtocol(_ port: Service.Port, pool: ConnectionPoolSettings?, mesh: MeshConfig, isSidecar: Bool)
    {
        if port.proto.isHTTP2 {
            upstreamProtocol = .http2
        } else if port.proto == .auto, isSidecar {
            upstreamProtocol = .useDownstream
        }
        if pool?.http?.useClientProtocol == true {
            upstreamProtocol = .useDownstream
            return
        }
        switch pool?.http?.h2UpgradePolicy ?? .default {
        case .upgrade: upstreamProtocol = .http2
        case .doNotUpgrade: break
        case .default:
            if mesh.h2UpgradePolicy == .upgrade, port.proto.isHTTP { upstreamProtocol = .http2 }
        }
    }

    /// istiod: `applyOutlierDetection`.
    mutating func apply(_ outlier: MeshModel.OutlierDetection?, sendsUnhealthy: Bool, hasTrafficDistribution: Bool) {
        guard let outlier else {
            if sendsUnhealthy { common.healthyPanicThreshold = 0 }
            return
        }
        var result = EnvoyModel.OutlierDetection()
        result.enforcingSuccessRate = 0
        if let errors = outlier.consecutive5xxErrors {
            result.consecutive5xx = UInt32(clamping: errors)
            result.enforcingConsecutive5xx = errors > 0 ? 100 : 0
        }
        if let errors = outlier.consecutiveGatewayErrors {
            result.consecutiveGatewayFailure = UInt32(clamping: errors)
            result.enforcingConsecutiveGatewayFailure = errors > 0 ? 100 : 0
        }
        result.interval = outlier.interval
        result.baseEjectionTime = outlier.baseEjectionTime
        if outlier.maxEjectionPercent > 0 {
            result.maxEjectionPercent = UInt32(clamping: outlier.maxEjectionPercent)
        }
        if outlier.splitExternalLocalOriginErrors {
            result.splitExternalLocalOriginErrors = true
            if let failures = outlier.consecutiveLocalOriginFailures, failures > 0 {
                result.consecutiveLocalOriginFailure = UInt32(clamping: failures)
                result.enforcingConsecutiveLocalOriginFailure = 100
            }
            result.enforcingLocalOriginSuccessRate = 0
        }
        outlierDetection = result
        let minimum = max(outlier.minHealthPercent, 0)
        common.healthyPanicThreshold = hasTrafficDistribution ? 0 : Double(minimum)
    }

    /// istiod: `applyLoadBalancer`, without localities.
    mutating func apply(_ balancer: LoadBalancerSettings?, port: Service.Port, features: Features) {
        let isOriginalDst = type == .originalDst
        if isOriginalDst || balancer?.simple == .passthrough {
            type = .originalDst
            lbPolicy = .clusterProvided
            return
        }
        if case .custom = type {
            lbPolicy = .clusterProvided
            return
        }
        if port.proto == .redis, features.enableRedisFilter {
            lbPolicy = .maglev(tableSize: nil)
            return
        }
        let slowStart = balancer.flatMap(SlowStart.init)
        switch balancer?.simple {
        case .random: lbPolicy = .random
        case .roundRobin: lbPolicy = .roundRobin(slowStart)
        default:
            lbPolicy = .leastRequest(choiceCount: 2, activeRequestBias: 1, fullScan: false, slowStart: slowStart)
        }
        guard let hash = balancer?.consistentHash else { return }
        switch hash.algorithm {
        case .maglev(let size): lbPolicy = .maglev(tableSize: size == 0 ? nil : size)
        case .ringHash(let size):
            var ring = RingHash()
            if size != 0 { ring.minimumRingSize = size }
            lbPolicy = .ringHash(ring)
        case nil:
            var ring = RingHash()
            ring.minimumRingSize = hash.minimumRingSize == 0 ? 1024 : hash.minimumRingSize
            lbPolicy = .ringHash(ring)
        }
    }
}

extension Cluster.SlowStart {
    fileprivate init?(_ balancer: LoadBalancerSettings) {
        if let warmup = balancer.warmup, let window = warmup.duration {
            self.init(
                window: window, aggression: warmup.aggression ?? 1, minWeightPercent: warmup.minimumPercent ?? 10)
        } else if let window = balancer.warmupDurationSecs {
            self.init(window: window)
        } else {
            return nil
        }
    }
}

import TrafficEngine

/// A connection to an endpoint: being made, idle in its pool, or busy with one request.
package final class UpstreamConnection: ProxyConnection {
    enum State {
        case connecting
        case idle
        case busy
        case closed
    }

    package let host: HostRuntime
    let cluster: ClusterRuntime
    let stats: StatBlock<ClusterStat>
    let proxy: ProxyInstance
    var state = State.connecting
    var isConnected = false
    var client: ClientConnection?
    /// The copy of a request that it carries instead of a client's own.
    var shadow: Shadow?
    var scanner = HeadScanner(.response)
    var response = ResponseHead()
    var body = BodyReader()
    var hasHead = false
    var isUpgraded = false
    var keepsAlive = true
    var requests: UInt32 = 0
    var connectDeadline: UInt64 = .max
    var idleSince: UInt64 = 0
    var openedAt: UInt64 = 0

    init(host: HostRuntime, cluster: ClusterRuntime, proxy: ProxyInstance, now: UInt64) {
        self.host = host
        self.cluster = cluster
        stats = cluster.stats
        self.proxy = proxy
        openedAt = now
        super.init(isUpstream: true)
    }

    override func nextDeadline(now: UInt64) -> UInt64 {
        switch state {
        case .connecting: connectDeadline
        case .idle: idleSince.addingCapped(cluster.idleTimeout)
        case .busy: shadow?.deadline ?? .max
        case .closed: .max
        }
    }

    func clearResponse() {
        response.block.removeAll()
        response.status = 0
        scanner.reset()
        hasHead = false
        keepsAlive = true
    }
}

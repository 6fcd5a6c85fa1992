import Documents
import EnvoyModel
import Synchronization

@testable import AdminAPI

/// A proxy with two clusters, one listener and some statistics.
struct Fixture: Sendable {
    static let clusterName = "outbound|8000||httpbin.default.svc.cluster.local"

    final class Log: Sendable {
        private let commands = Mutex<[AdminSource.Command]>([])
        func add(_ command: AdminSource.Command) { commands.withLock { $0.append(command) } }
        var all: [AdminSource.Command] { commands.withLock { $0 } }
    }

    let log = Log()

    static var snapshot: XDSSnapshot {
        var cluster = Cluster(name: clusterName, type: .eds)
        cluster.edsServiceName = clusterName
        var healthy = LbEndpoint(address: .socket(SocketAddress("10.244.0.7", 8080)))
        healthy.hostname = "httpbin-1"
        var draining = LbEndpoint(address: .socket(SocketAddress("fd00::8", 8080)))
        draining.healthStatus = .draining
        draining.loadBalancingWeight = 3
        let assignment = ClusterLoadAssignment(
            clusterName: clusterName,
            localities: [
                LocalityLbEndpoints(
                    locality: Locality(region: "eu", zone: "a"), endpoints: [healthy, draining], priority: 1)
            ])
        var routes = RouteConfiguration(name: "http.8080")
        routes.virtualHosts = [VirtualHost(name: "a", domains: ["*"])]
        return XDSSnapshot(
            revision: 7, listeners: [Listener(name: "0.0.0.0_8080", address: .socket(SocketAddress("0.0.0.0", 8080)))],
            routes: [routes], clusters: [cluster, Cluster(name: "BlackHoleCluster", type: .static)],
            endpoints: [assignment])
    }

    static var stats: StatsSnapshot {
        var stats = StatsSnapshot()
        stats.uptime = 12.7
        stats.counters = [
            "cluster.\(clusterName).upstream_rq_total": 40, "cluster.\(clusterName).upstream_rq_200": 38,
            "cluster.\(clusterName).upstream_rq_2xx": 38, "http.outbound_0.0.0.0_8080.downstream_rq_total": 41,
            "cluster.BlackHoleCluster.upstream_rq_total": 0, "listener.0.0.0.0_8080.downstream_cx_total": 3,
        ]
        stats.gauges = ["server.live": 1, "cluster.\(clusterName).upstream_cx_active": 0, "big": .max]
        stats.textReadouts = ["listener_manager.lds.version_text": "7"]
        stats.histograms = [
            "cluster.\(clusterName).upstream_rq_time": .init(
                quantiles: [1, 1, 2, 3, 4, 5, 6, 7, 8, 9.5],
                buckets: [(0.5, 0), (1, 10), (5, 35), (1_800_000, 40)], count: 40, sum: 92),
            "empty": .init(quantiles: nil, buckets: [], count: 0, sum: 0),
        ]
        var host = HostStats()
        host.rqTotal = 40
        host.cxActive = 2
        host.isEjected = true
        stats.hosts = [clusterName: ["10.244.0.7:8080": host]]
        return stats
    }

    var source: AdminSource {
        let log = log
        return AdminSource(
            version: "meshtop/test", concurrency: 2, stats: { _ in Self.stats }, snapshot: { _ in Self.snapshot },
            listeners: { _ in
                [AdminSource.BoundListener(name: "0.0.0.0_8080", address: .socket(SocketAddress("127.0.0.1", 43210)))]
            },
            perform: { log.add($0) })
    }

    var pages: AdminPages { AdminPages(source) }
}

extension AdminResponse {
    /// The body, read back.
    var json: JSON? { JSONReader.read(Array(body.utf8), file: "-").documents.first?.root.json }
}

import Documents
import EnvoyModel
import TrafficEngine

@testable import ProxyCore

/// A worker whose connections are kept by hand: what it wants done is done here, at a time that only the test moves.
final class Transcript {
    /// The transport of one connection: remembers what was sent.
    final class Line: Carrier {
        unowned let connection: ProxyConnection
        var sent: [UInt8] = []
        var isReading = true
        var isShut = false
        var isClosed = false
        /// A socket that takes nothing.
        var isBlocked = false

        init(_ connection: ProxyConnection) { self.connection = connection }

        func flush(_ core: ProxyWorker) {
            guard !isBlocked else { return }
            sent += connection.output.bytes
            connection.output.removeAll()
            core.outputDrained(connection)
        }

        func setReading(_ isOn: Bool) { isReading = isOn }
        func end(_ kind: CarrierEnd) {
            sent += connection.output.bytes
            connection.output.removeAll()
            if kind == .shutdown { isShut = true } else { isClosed = true }
        }
        func close() { isClosed = true }

        /// What was sent since the last call.
        func take() -> String {
            defer { sent = [] }
            return String(decoding: sent, as: UTF8.self)
        }
    }

    let worker: ProxyWorker
    var now: UInt64 = 1_000_000_000
    var dialled: [UpstreamConnection] = []
    var refusesConnections = false

    /// `text` is a bootstrap in YAML.
    init(_ text: String) throws {
        worker = ProxyWorker(index: 0, seed: 1, wallOffset: 0, tapCapacity: 4, keepsAccessLog: true)
        try install(text)
    }

    func install(_ text: String) throws {
        let parsed = DocumentReader.read(Array(text.utf8), file: "bootstrap.yaml")
        guard let root = parsed.documents.first?.root else { throw Problem(text: "no document") }
        worker.install([(name: "p", compiled: CompiledSnapshot(XDSSnapshot(bootstrap: root)))])
        perform()
    }

    struct Problem: Error { var text: String }

    func open(listener: String = "l") throws -> (ClientConnection, Line) {
        let opened = worker.clientOpened(
            proxy: "p", listener: listener, remoteIP: "10.0.0.9", remotePort: 4711, now: now)
        guard let client = opened else { throw Problem(text: "not accepted") }
        let line = Line(client)
        client.carrier = line
        perform()
        return (client, line)
    }

    func send(_ text: String, _ client: ClientConnection) {
        worker.received(Array(text.utf8).span, from: client, now: now)
        perform()
    }

    func answer(_ text: String, _ upstream: UpstreamConnection) {
        worker.received(Array(text.utf8).span, from: upstream, now: now)
        perform()
    }

    func close(_ upstream: UpstreamConnection) {
        worker.closed(upstream, now: now)
        perform()
    }

    func close(_ client: ClientConnection) {
        worker.closed(client, now: now)
        perform()
    }

    /// Lets time pass; the worker is woken as often as it asks for.
    func wait(_ duration: Duration) {
        let end = now + nanoseconds(duration)
        while let wake = worker.nextWake, wake <= end {
            now = max(now, wake)
            worker.timePassed(now: now)
            perform()
        }
        now = end
    }

    func line(_ connection: ProxyConnection) throws -> Line {
        guard let line = connection.carrier as? Line else { throw Problem(text: "no transport") }
        return line
    }

    func perform() {
        while let action = worker.nextAction() {
            let connection = action.connection
            switch action.kind {
            case .connect:
                guard let upstream = connection as? UpstreamConnection else { continue }
                dialled.append(upstream)
                if refusesConnections {
                    worker.connectFailed(upstream, now: now)
                } else {
                    upstream.carrier = Line(upstream)
                    worker.connected(upstream, now: now)
                }
            case .flush:
                worker.flushBegins(connection)
                connection.carrier?.flush(worker)
            case .pauseReading: connection.carrier?.setReading(false)
            case .resumeReading: connection.carrier?.setReading(true)
            case .shutdownAfterFlush: connection.carrier?.end(.shutdown)
            case .closeAfterFlush: connection.carrier?.end(.close)
            case .close: connection.carrier?.close()
            }
        }
    }

    /// The access log so far, a JSON object a line.
    var log: [String] {
        String(decoding: worker.accessLog.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func counter(_ name: String) -> UInt64? {
        var sum = StatsShard()
        for shard in worker.shards().values { sum.add(shard) }
        let stats = sum.statsSnapshot
        return stats.counters[name] ?? stats.gauges[name]
    }
}

/// One listener, one cluster of one endpoint, and routes as given.
func bootstrap(routes: String, manager: String = "", cluster: String = "") -> String {
    """
    static_resources:
      listeners:
      - name: l
        address: {socket_address: {address: 0.0.0.0, port_value: 80}}
        filter_chains:
        - filters:
          - name: envoy.filters.network.http_connection_manager
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: in
              \(manager)
              route_config:
                name: r
                virtual_hosts:
                - name: v
                  domains: ["*"]
                  routes: \(routes)
              http_filters:
              - name: envoy.filters.http.router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
      clusters:
      - name: c
        type: STATIC
        \(cluster)
        load_assignment:
          cluster_name: c
          endpoints:
          - lb_endpoints:
            - endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 8080}}}
    """
}

let plainRoutes = #"[{name: all, match: {prefix: "/"}, route: {cluster: c}}]"#

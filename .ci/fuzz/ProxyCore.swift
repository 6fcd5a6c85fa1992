import Documents
import EnvoyModel
import ProxyCore
import TrafficEngine

private let configuration = """
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
              normalize_path: true
              merge_slashes: true
              path_with_escaped_slashes_action: UNESCAPE_AND_FORWARD
              route_config:
                name: r
                virtual_hosts:
                - name: v
                  domains: ["*"]
                  routes:
                  - match: {safe_regex: {regex: "/r/([a-z]+)"}}
                    route: {cluster: c, regex_rewrite: {pattern: {regex: "/r/(.*)"}, substitution: "/\\\\1"}}
                  - {match: {path_separated_prefix: /moved}, redirect: {prefix_rewrite: /to}}
                  - match: {prefix: /p/, query_parameters: [{name: q, present_match: true}]}
                    route: {cluster: c, prefix_rewrite: /, timeout: 1s}
                  - {match: {prefix: /x}, direct_response: {status: 200, body: {inline_string: "x"}}}
                  - {match: {prefix: /}, route: {cluster: c}}
              http_filters:
              - name: envoy.filters.http.router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
      clusters:
      - name: c
        type: STATIC
        load_assignment:
          cluster_name: c
          endpoints:
          - lb_endpoints:
            - endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 8080}}}
    """

private let compiled: CompiledSnapshot = {
    guard let root = DocumentReader.read(Array(configuration.utf8), file: "boot.yaml").documents.first?.root else {
        fatalError("no configuration")
    }
    return CompiledSnapshot(XDSSnapshot(bootstrap: root))
}()

private final class Line: Carrier {
    unowned let connection: ProxyConnection
    init(_ connection: ProxyConnection) { self.connection = connection }
    func flush(_ core: ProxyWorker) {
        connection.output.removeAll()
        core.outputDrained(connection)
    }
    func setReading(_ isOn: Bool) {}
    func end(_ kind: CarrierEnd) { connection.output.removeAll() }
    func close() {}
}

/// Any bytes from both sides: pieces end at 0xff; those that begin like a response are an endpoint's, the others the
/// client's; an empty piece lets a second pass.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let worker = ProxyWorker(index: 0, seed: 1, wallOffset: 0, tapCapacity: 4, keepsAccessLog: true)
    worker.install([(name: "p", compiled: compiled)])
    var now: UInt64 = 1_000_000_000
    var dialled: [UpstreamConnection] = []
    func perform() {
        while let action = worker.nextAction() {
            let connection = action.connection
            switch action.kind {
            case .connect:
                guard let upstream = connection as? UpstreamConnection else { continue }
                dialled.append(upstream)
                upstream.carrier = Line(upstream)
                worker.connected(upstream, now: now)
            case .flush:
                worker.flushBegins(connection)
                connection.carrier?.flush(worker)
            case .pauseReading, .resumeReading: continue
            case .shutdownAfterFlush, .closeAfterFlush: connection.carrier?.end(.close)
            case .close: connection.carrier?.close()
            }
        }
    }
    perform()
    guard let client = worker.clientOpened(proxy: "p", listener: "l", remoteIP: "10.0.0.9", remotePort: 1, now: now)
    else { fatalError("the listener takes nobody") }
    client.carrier = Line(client)
    perform()
    let input = UnsafeBufferPointer(start: bytes, count: count)
    for piece in input.split(separator: 0xff, omittingEmptySubsequences: false) {
        let piece = Array(piece)
        if piece.isEmpty {
            now += 1_000_000_000
            worker.timePassed(now: now)
        } else if piece.starts(with: "HTTP".utf8), let upstream = dialled.last {
            worker.received(piece.span, from: upstream, now: now)
        } else {
            worker.received(piece.span, from: client, now: now)
        }
        perform()
    }
    worker.closed(client, now: now)
    perform()
    // Whatever is still there when everything is closed would be lost memory.
    for upstream in dialled { worker.closed(upstream, now: now) }
    perform()
    precondition(worker.tapRecords(since: 0).records.count <= 4)
    return 0
}

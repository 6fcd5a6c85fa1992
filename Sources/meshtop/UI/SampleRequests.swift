import CurlCommand
import EnvoyModel
import MeshtopUI
import TrafficEngine

/// A request of the sample traffic.
struct SampleRequest: Hashable, Sendable {
    /// `127.0.0.1:PORT`.
    var bound: String
    var isHead: Bool
    var bytes: [UInt8]

    init(_ transfer: CurlTransfer, bound: String) {
        self.bound = bound
        isHead = transfer.request.method == "HEAD"
        bytes = transfer.request.wire
    }

    /// A request as a load balancer hands it on, in HTTP/1.1. Values that it would make up are left out.
    init(_ request: SyntheticRequest, bound: String) {
        self.bound = bound
        isHead = request.method == "HEAD"
        let body = Array((request.body ?? "").utf8)
        var lines = ["\(request.method) \(request.path) HTTP/1.1", "Host: \(request.authority ?? "")"]
        for header in request.headers where header.value != "*" && header.name.lowercased() != "host" {
            if header.name.lowercased() == "content-length" || header.name.lowercased() == "transfer-encoding" {
                continue
            }
            lines.append("\(header.name): \(header.value)")
        }
        if !body.isEmpty { lines.append("content-length: \(body.count)") }
        bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}

/// What the sample traffic asks for.
enum SampleRequests {
    private static let limit = 500

    /// The sample's own lines as often as they weigh, or a request for each route of another mesh.
    static func all(
        of snapshot: XDSSnapshot, bindings: [(listener: String, address: String, bound: String)], isSample: Bool
    ) -> [SampleRequest] {
        let listeners = ListenerItem.items(
            of: snapshot,
            bindings: bindings.map { .init(listener: $0.listener, address: $0.address, bound: $0.bound) }
        ).filter { !$0.isTLS && !$0.bound.isEmpty && $0.routeConfiguration != nil && !$0.isProbe }
        guard isSample, let listener = listeners.first else { return witnesses(snapshot, listeners) }
        return EmbeddedSample.traffic.flatMap { weight, line -> [SampleRequest] in
            guard let request = request(line, listener.bound) else { return [] }
            return Array(repeating: request, count: weight)
        }.shuffled()
    }

    private static func witnesses(_ snapshot: XDSSnapshot, _ listeners: [ListenerItem]) -> [SampleRequest] {
        RouteItem.items(of: snapshot).prefix(limit).compactMap { item in
            guard let listener = listeners.first(where: { $0.routeConfiguration == item.configuration }) else {
                return nil
            }
            return request(item.curl(through: listener.bound, tls: false), listener.bound)
        }
    }

    private static func request(_ line: String, _ bound: String) -> SampleRequest? {
        let script = try? CurlScript.parse(line, context: ReplayContext(variable: { _ in bound }))
        return script?.transfers.first.map { SampleRequest($0, bound: bound) }
    }
}

import CurlCommand
import EnvoyModel
import MeshtopUI

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

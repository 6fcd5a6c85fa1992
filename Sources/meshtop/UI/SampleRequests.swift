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

/// What the sample traffic asks for: the curl lines in the comments of the manifests, else a request for each route.
enum SampleRequests {
    private static let limit = 200

    static func all(
        of snapshot: XDSSnapshot, bindings: [(listener: String, bound: String)], files: [String]
    ) -> [SampleRequest] {
        let plain = ListenerItem.items(
            of: snapshot, bindings: bindings.map { .init(listener: $0.listener, address: "", bound: $0.bound) }
        ).filter { !$0.isTLS && !$0.bound.isEmpty && $0.routeConfiguration != nil }
        var requests: [SampleRequest] = []
        for file in files.prefix(200) {
            guard let text = TextFile.read(file, limit: 1 << 20) else { continue }
            for line in text.split(separator: "\n") where requests.count < limit {
                let words = line.drop { $0 == " " || $0 == "#" }
                guard line.drop(while: { $0 == " " }).first == "#", words.hasPrefix("curl ") else { continue }
                requests += commented(String(words), plain)
            }
        }
        return requests.isEmpty ? witnesses(snapshot, plain) : requests
    }

    private static func commented(_ line: String, _ listeners: [ListenerItem]) -> [SampleRequest] {
        guard let listener = listeners.first(where: { $0.port == 8080 || $0.port == 80 }) ?? listeners.first,
            let script = try? CurlScript.parse(line, context: ReplayContext(variable: { _ in "127.0.0.1" }))
        else { return [] }
        return script.transfers.compactMap { transfer in
            SampleRequest(transfer, bound: listener.bound)
        }
    }

    private static func witnesses(_ snapshot: XDSSnapshot, _ listeners: [ListenerItem]) -> [SampleRequest] {
        RouteItem.items(of: snapshot).prefix(limit).compactMap { item in
            guard let listener = listeners.first(where: { $0.routeConfiguration == item.configuration }),
                !RouteItem.isProbe(item.configuration)
            else { return nil }
            let curl = item.curl(through: listener.bound, tls: false)
            guard let script = try? CurlScript.parse(curl), let transfer = script.transfers.first else { return nil }
            return SampleRequest(transfer, bound: listener.bound)
        }
    }
}

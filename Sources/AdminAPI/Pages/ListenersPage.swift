import Documents
import EnvoyModel

extension AdminPages {
    /// `/listeners`, as text or JSON.
    func listeners(_ request: AdminRequest) async -> AdminResponse {
        let listeners = await source.listeners(request.parameter("proxy"))
        switch request.parameter("format") ?? "text" {
        case "json":
            let statuses = listeners.map { listener -> JSON in
                ["name": .string(listener.name), "local_address": listener.address.json]
            }
            return .json(["listener_statuses": .array(statuses)])
        case "text":
            return AdminResponse(body: listeners.map { "\($0.name)::\($0.address.adminText)\n" }.joined())
        case let format: return .badRequest("usage: /listeners?format=text|json, not \(format)\n")
        }
    }
}

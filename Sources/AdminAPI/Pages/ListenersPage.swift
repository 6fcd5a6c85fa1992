import Documents
import EnvoyModel

extension AdminPages {
    /// `/listeners`, as text or JSON.
    func listeners(_ request: AdminRequest) async -> AdminResponse {
        let listeners = await source.listeners(request.parameter("proxy"))
        switch request.parameter("format") ?? "text" {
        case "json":
            let statuses = listeners.map { listener -> JSON in
                ["name": .string(listener.name), "local_address": listener.address.adminJSON]
            }
            return .json(["listener_statuses": .array(statuses)])
        case "text":
            return AdminResponse(body: listeners.map { "\($0.name)::\($0.address.adminText)\n" }.joined())
        case let format: return .badRequest("usage: /listeners?format=text|json, not \(format)\n")
        }
    }
}

extension Address {
    /// `config.core.v3.Address`.
    var adminJSON: JSON {
        switch self {
        case .socket(let socket):
            ["socket_address": ["address": .string(socket.address), "port_value": .int(Int64(socket.port))]]
        case .pipe(let path): ["pipe": ["path": .string(path)]]
        case .envoyInternal(let listener, let endpoint):
            endpoint.isEmpty
                ? ["envoy_internal_address": ["server_listener_name": .string(listener)]]
                : [
                    "envoy_internal_address": [
                        "server_listener_name": .string(listener), "endpoint_id": .string(endpoint),
                    ]
                ]
        }
    }

    /// As Envoy prints an address; IPv6 in brackets.
    var adminText: String {
        switch self {
        case .socket(let socket):
            socket.address.contains(":") ? "[\(socket.address)]:\(socket.port)" : "\(socket.address):\(socket.port)"
        case .pipe(let path): path
        case .envoyInternal(let listener, let endpoint): "envoy://\(listener)/\(endpoint)"
        }
    }
}

package import Documents

extension Address {
    /// `config.core.v3.Address`.
    package var adminJSON: JSON {
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
    package var adminText: String {
        switch self {
        case .socket(let socket):
            socket.address.contains(":") ? "[\(socket.address)]:\(socket.port)" : "\(socket.address):\(socket.port)"
        case .pipe(let path): path
        case .envoyInternal(let listener, let endpoint): "envoy://\(listener)/\(endpoint)"
        }
    }
}

extension Locality {
    /// An object with the parts that are not empty.
    package var adminJSON: JSON {
        var object = JSONObject()
        if !region.isEmpty { object.add("region", .string(region)) }
        if !zone.isEmpty { object.add("zone", .string(zone)) }
        if !subZone.isEmpty { object.add("sub_zone", .string(subZone)) }
        return .object(object)
    }
}

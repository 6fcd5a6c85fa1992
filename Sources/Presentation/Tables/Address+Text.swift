import EnvoyModel

extension Address {
    /// As `proxy-config listeners` prints it: a socket's address without its port, a pipe's path.
    var listenerText: String {
        switch self {
        case .socket(let socket): socket.address
        case .pipe(let path): path
        case .envoyInternal: ""
        }
    }

    var port: UInt16 {
        guard case .socket(let socket) = self else { return 0 }
        return socket.port
    }

    /// As `proxy-config eds` prints it: with the port, a pipe's bare path.
    var edsText: String {
        switch self {
        case .socket(let socket): "\(socket.address):\(socket.port)"
        case .pipe(let path): path
        case .envoyInternal(let listener, let endpointID): "envoy://\(listener)/\(endpointID)"
        }
    }

    /// As `proxy-config endpoints` prints it, without a port.
    var endpointText: String {
        switch self {
        case .socket(let socket): socket.address
        case .pipe(let path): "unix://" + path
        case .envoyInternal(let listener, let endpointID): "envoy://\(listener)/\(endpointID)"
        }
    }
}

extension Locality {
    /// `region/zone/sub_zone` up to the first empty part (istiod: `LocalityToString`).
    package var text: String {
        if zone.isEmpty { return region }
        if subZone.isEmpty { return "\(region)/\(zone)" }
        return "\(region)/\(zone)/\(subZone)"
    }
}

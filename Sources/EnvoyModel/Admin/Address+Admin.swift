extension Address {
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

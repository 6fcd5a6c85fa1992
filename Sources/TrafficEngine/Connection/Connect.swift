import EnvoyModel

extension CompiledSnapshot {
    /// Which listener and filter chain a connection gets to.
    package func connect(_ attempt: ConnectionAttempt, trace: inout Explanation) -> ConnectionChoice {
        guard let listener = listener(for: attempt) else {
            for other in listeners.prefix(50) {
                trace.record(
                    Step(
                        .listener, candidate: other.value.name, matched: false,
                        reason:
                            "it listens on \(other.value.address?.text ?? "no address"), not on \(attempt.address):\(attempt.port)",
                        evidence: [
                            Evidence(
                                .address, isMet: false, expected: other.value.address?.text ?? "",
                                actual: "\(attempt.address):\(attempt.port)")
                        ], source: other.value.sources.first))
            }
            return ConnectionChoice(error: .noListener, listener: nil, chain: nil)
        }
        return connect(attempt, at: listener, trace: &trace)
    }

    /// `virtualInbound` for inbound connections; else the listener bound to exactly address and port, else `0.0.0.0` and the port, else
    /// `virtualOutbound`.
    private func listener(for attempt: ConnectionAttempt) -> CompiledListener? {
        if attempt.mode == .inbound { return listener(named: "virtualInbound") }
        var wildcard: CompiledListener?
        for listener in listeners {
            for case .socket(let socket) in [listener.value.address].compactMap({ $0 })
                + listener.value.additionalAddresses
            where socket.port == attempt.port && !socket.isUDP {
                if socket.address == attempt.address { return listener }
                if socket.address == "0.0.0.0" || socket.address == "::" { wildcard = wildcard ?? listener }
            }
        }
        return wildcard
            ?? (attempt.mode == .outbound ? listener(named: "virtualOutbound") : listener(named: "virtualOutbound"))
    }

    /// The same for a connection that a known listener has accepted.
    package func connect(
        _ attempt: ConnectionAttempt, at listener: CompiledListener, trace: inout Explanation
    ) -> ConnectionChoice {
        trace.record(
            Step(
                .listener, candidate: listener.value.name, matched: true,
                reason: "it takes connections to \(attempt.address):\(attempt.port)",
                source: listener.value.sources.first))
        let seen = InspectedConnection(attempt, listener: listener.value)
        var choice = ConnectionChoice(error: nil, listener: listener, chain: nil)
        var search = FilterChainSearch(listener.chains, listener.defaultChain)
        search.narrow(by: seen)
        search.record(seen, &trace)
        switch search.outcome {
        case .failure(let error):
            choice.error = error
            return choice
        case .success(let chain): choice.chain = chain
        }
        choice.error = choice.chain.flatMap { transportError(attempt, $0) }
        return choice
    }

    /// TLS and protocol of the chain against those of the call.
    private func transportError(_ attempt: ConnectionAttempt, _ chain: CompiledFilterChain) -> ConnectionError? {
        if case .tls(let context)? = chain.value.transportSocket {
            if attempt.transport == .plaintext { return .tlsError }
            guard context.accepts(attempt.certificate, usesMesh: attempt.transport == .mtls) else { return .mtlsError }
        } else if chain.manager != nil, attempt.transport != .plaintext {
            return .protocolError
        }
        return chain.manager != nil && attempt.application == .tcp ? .protocolError : nil
    }
}

extension Address {
    /// `ip:port`, or the path of a socket.
    package var text: String {
        switch self {
        case .socket(let socket):
            socket.address.contains(":") ? "[\(socket.address)]:\(socket.port)" : "\(socket.address):\(socket.port)"
        case .pipe(let path): path
        case .envoyInternal(let listener, let endpoint): "envoy://\(listener)/\(endpoint)"
        }
    }
}

/// What a listener's inspectors find out about a connection.
struct InspectedConnection {
    let port: UInt16
    let address: IPAddress?
    let source: IPAddress?
    let sourcePort: UInt16
    let isLocal: Bool
    /// In lower case; empty: unknown.
    let serverName: String
    let transportProtocol: String
    let applicationProtocols: [String]

    init(_ attempt: ConnectionAttempt, listener: Listener) {
        port = attempt.port
        address = IPAddress(attempt.address)
        source = IPAddress(attempt.sourceAddress)
        sourcePort = attempt.sourcePort
        let isLoopback = source.map { $0.isIPv4 ? $0.low >> 24 == 127 : $0.high == 0 && $0.low == 1 } ?? false
        isLocal = isLoopback || (source != nil && source == address)
        let isOn = { (kind: ListenerFilter.Kind) in
            listener.listenerFilters.contains {
                $0.kind == kind && !($0.filterDisabled?.matches(port: Int(attempt.port)) ?? false)
            }
        }
        let hasTLSInspector = isOn(.tlsInspector)
        serverName = hasTLSInspector ? attempt.serverName.lowercased() : ""
        if attempt.transport != .plaintext, hasTLSInspector {
            transportProtocol = "tls"
            applicationProtocols = attempt.applicationProtocols
        } else {
            transportProtocol = "raw_buffer"
            var protocols: [String] = []
            if attempt.transport == .plaintext, isOn(.httpInspector) {
                switch attempt.application {
                case .http: protocols = ["http/1.1"]
                case .http2: protocols = ["h2c"]
                case .tcp: break
                }
            }
            applicationProtocols = protocols
        }
    }
}

import EnvoyModel
import TrafficEngine

/// The connections that two configurations can tell apart: listeners, server names, protocols.
struct ConnectionSpace {
    private(set) var attempts: [ConnectionAttempt] = []

    /// `address`: what stands for a proxy's own address, where a listener takes any.
    init(_ old: CompiledSnapshot, _ new: CompiledSnapshot, mode: ConnectionAttempt.Mode, address: String) {
        let listeners =
            (old.listeners.dropLast(old.snapshot.staticListenerCount)
            + new.listeners.dropLast(new.snapshot.staticListenerCount)).filter { Self.concerns($0.value, mode) }
        var places: [Place: [CompiledListener]] = [:]
        var order: [Place] = []
        for listener in listeners {
            for place in Self.places(listener, mode, address) {
                if places[place] == nil { order.append(place) }
                places[place, default: []].append(listener)
            }
        }
        for place in order { add(place, places[place] ?? [], mode) }
    }

    private struct Place: Hashable {
        let address: String
        let port: UInt16
    }

    /// Stands for an address that no listener names.
    private static let elsewhere = "198.51.100.1"

    private static func concerns(_ listener: Listener, _ mode: ConnectionAttempt.Mode) -> Bool {
        (mode == .inbound) == (listener.name == "virtualInbound" || listener.trafficDirection == .inbound)
            && (mode != .inbound || listener.name == "virtualInbound")
    }

    /// Where connections to a listener go.
    private static func places(
        _ listener: CompiledListener, _ mode: ConnectionAttempt.Mode, _ own: String
    ) -> [Place] {
        let matches = (listener.chains.map(\.value.match) + [listener.defaultChain?.value.match]).compactMap { $0 }
        let ranges = Set(matches.flatMap(\.prefixRanges).map(\.addressPrefix)).sorted()
        let any = mode == .outbound ? elsewhere : own
        var ports = Set(matches.compactMap(\.destinationPort))
        if mode == .inbound || listener.value.name == "virtualOutbound" { ports.insert(61_234) }
        var result: [Place] = []
        for case .socket(let socket) in [listener.value.address].compactMap({ $0 }) + listener.value.additionalAddresses
        where !socket.isUDP {
            let isAny = socket.address == "0.0.0.0" || socket.address == "::"
            let takesPorts = mode == .inbound || listener.value.name == "virtualOutbound"
            for port in takesPorts ? ports.sorted() : [socket.port] {
                for address in (isAny ? [any] + ranges : [socket.address]) {
                    result.append(Place(address: address, port: port))
                }
            }
        }
        return result
    }

    private mutating func add(_ place: Place, _ listeners: [CompiledListener], _ mode: ConnectionAttempt.Mode) {
        let chains = listeners.flatMap { $0.chains + [$0.defaultChain].compactMap { $0 } }
        let matches = chains.compactMap(\.value.match)
        var names: [String] = []
        for name in matches.flatMap(\.serverNames) + ["unknown.invalid"] {
            let sample = name.hasPrefix("*") ? "witness" + name.dropFirst() : name
            if !names.contains(sample) { names.append(sample) }
        }
        let offers = [[], ["h2", "http/1.1"]] + matches.map(\.applicationProtocols).filter { !$0.isEmpty }
        let hasTCP = chains.contains { $0.tcpProxy != nil }
        var base = ConnectionAttempt(address: place.address, port: place.port)
        base.mode = mode
        base.sourceAddress = "203.0.113.77"
        for application in [ConnectionAttempt.ApplicationProtocol.http, .http2] + (hasTCP ? [.tcp] : []) {
            var attempt = base
            attempt.application = application
            attempts.append(attempt)
            let asks = chains.contains { chain in
                if case .tls(let context)? = chain.value.transportSocket {
                    return context.asksForCertificate && !context.isMesh
                }
                return false
            }
            let own: [(ConnectionAttempt.Transport, ClientCertificate?)] = asks ? [(.tls, ClientCertificate())] : []
            for (transport, certificate) in [(.tls, nil), (.mtls, nil)] + own {
                attempt.transport = transport
                attempt.certificate = certificate
                for name in names + [""] {
                    attempt.serverName = name
                    for offer in Set(offers).sorted(by: { $0.count < $1.count }) {
                        attempt.applicationProtocols = offer
                        attempts.append(attempt)
                    }
                }
            }
        }
    }
}

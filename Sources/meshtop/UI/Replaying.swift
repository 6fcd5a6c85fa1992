import CurlCommand
import EnvoyModel
import MeshtopUI
import ProxyRuntime
import TrafficEngine

/// Tries a curl line against the mesh, for the simulator screen.
struct Replaying: Sendable {
    let loaded: LoadedConfiguration
    let current: LoadedConfiguration.Proxy?
    let server: ProxyServer?

    func run(_ line: String) async -> Simulation {
        let script: CurlScript
        do {
            script = try CurlScript.parse(line, context: ReplayContext(variable: { Environment[$0] }))
        } catch {
            return Simulation(line: line, error: "\(error)")
        }
        guard let transfer = script.transfers.first else {
            return Simulation(line: line, error: "no curl command here")
        }
        guard let current else { return Simulation(line: line, error: "there is no proxy to send it to") }
        var request = SyntheticRequest()
        request.method = transfer.request.method
        request.path = transfer.request.target
        request.authority = transfer.request.authority
        request.scheme = transfer.request.isTLS ? "https" : "http"
        request.headers = transfer.request.headers.filter { $0.name.lowercased() != "host" }
            .map { .init($0.name, $0.value) }
        let port = UInt16(clamping: transfer.request.connection.port)
        let ports = current.snapshot.listeners.compactMap { listener -> UInt16? in
            guard case .socket(let address)? = listener.address else { return nil }
            return address.port
        }
        let bindings = await server?.bindings ?? []
        let bound = bindings.first { $0.bound.hasSuffix(":\(port)") }
        let listening = bound.flatMap { UInt16($0.address.split(separator: ":").last ?? "") }
        request.port = listening ?? ports.first { $0 == port } ?? ports.first { $0 == 8000 + port } ?? port
        let trace = TrafficEngine.simulate(request, with: CompiledSnapshot(current.snapshot), proxy: current.name)
        var simulation = Simulation(line: line, trace: trace)
        simulation.destination = "\(transfer.request.connection.host):\(port) = \(current.name) port \(request.port)"
        return simulation
    }
}

import AdminAPI
import ArgumentParser
import Documents
import EnvoyModel
import MeshModel
import Presentation

/// What a sub-command looks at: a dump, and the mesh it was computed from where there is one.
struct ProxyConfigInput {
    var dump: ConfigDump
    /// The snapshot behind a computed dump.
    var snapshot: XDSSnapshot?
    var loaded: LoadedConfiguration?
    var node: ProxyNode?
}

extension ProxyConfigOptions {
    /// The proxy as `NAME.NAMESPACE`.
    var proxyName: String? {
        guard let name = target ?? configuration.proxy else { return nil }
        guard let namespace, !name.contains(".") else { return name }
        return "\(name).\(namespace)"
    }

    private func check(_ kind: ProxyConfig.Kind) throws(ProxyConfigError) {
        guard (1...65535).contains(proxyAdminPort) else {
            throw ProxyConfigError("port number \(proxyAdminPort) must be in the range 1..65535", isUsage: true)
        }
        let isEmpty =
            configuration.filenames.isEmpty && configuration.clusters.isEmpty && configuration.services == nil
            && configuration.configDump == nil && configuration.bootstrap == nil && configuration.admin == nil
            && configuration.proxyFile == nil
        if file != nil ? target != nil : (target == nil && isEmpty) {
            throw ProxyConfigError("\(kind.rawValue) requires pod name or --file parameter", isUsage: true)
        }
    }

    /// The bytes of `--file`, `--config-dump` or an admin page.
    private func answer(_ kind: ProxyConfig.Kind) async throws -> (bytes: [UInt8], name: String)? {
        if let path = file { return (try FileInput.bytes(path), path) }
        if let path = configuration.configDump, kind != .endpoints { return (try FileInput.bytes(path), path) }
        guard let address = configuration.admin else { return nil }
        do throws(AdminError) {
            return (try await AdminClient(address).get(kind.adminPage), address)
        } catch {
            throw ProxyConfigError(error.description)
        }
    }

    /// The configuration of the proxy that is meant.
    func input(_ kind: ProxyConfig.Kind) async throws -> ProxyConfigInput {
        try check(kind)
        if let (bytes, name) = try await answer(kind) {
            return ProxyConfigInput(dump: try ConfigDump(bytes, file: name))
        }
        let (loaded, proxy) = try await configuration.loadProxy(named: proxyName)
        return ProxyConfigInput(
            dump: ConfigDump(proxy.snapshot), snapshot: proxy.snapshot, loaded: loaded, node: proxy.node)
    }

    /// The hosts of the proxy that is meant.
    func hosts() async throws -> HostStatuses {
        try check(.endpoints)
        if let (bytes, name) = try await answer(.endpoints) { return try HostStatuses(bytes, file: name) }
        let (_, proxy) = try await configuration.loadProxy(named: proxyName)
        return HostStatuses(proxy.snapshot)
    }
}

extension ProxyConfigInput {
    /// The Service port of each port of the proxy, the lowest of several.
    var servicePorts: [UInt16: UInt16] {
        guard let mesh = loaded?.mesh, let node else { return [:] }
        var ports: [UInt16: UInt16] = [:]
        for service in mesh.services(inNamespace: node.namespace) {
            guard let selector = service.selector, !selector.isEmpty,
                selector.allSatisfy({ node.labels[$0.key] == $0.value })
            else { continue }
            for port in service.ports {
                guard let target = UInt16(exactly: port.targetPort?.number ?? port.port),
                    let number = UInt16(exactly: port.port)
                else { continue }
                ports[target] = min(ports[target] ?? number, number)
            }
        }
        return ports
    }
}

/// Runs a sub-command: its errors go to standard error as istioctl writes them, with exit code 2 for wrong usage and unreadable
/// input, else 1.
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as ProxyConfigError {
        Console.error("Error: " + error.message)
        throw ExitCode(error.isUsage ? 2 : 1)
    }
}

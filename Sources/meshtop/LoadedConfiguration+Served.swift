import EnvoyModel
import MeshModel
import Paths
import ProxyRuntime

extension LoadedConfiguration {
    /// Proxies for the embedded proxy, each knowing the addresses that lead to it: one gateway's endpoint may be another's load
    /// balancer.
    func served(_ nodes: [ProxyNode]) -> [ServedProxy] {
        var none: [String: Proxy] = [:]
        return served(nodes, after: &none)
    }

    /// The same after another revision: `before` has its proxies, and then those of this one.
    func served(_ nodes: [ProxyNode], after before: inout [String: Proxy]) -> [ServedProxy] {
        let book = mesh.map { AddressBook($0, proxies: proxies) }
        let keys = Set(nodes.map { "\($0.cluster)/\($0.id)" })
        before = before.filter { keys.contains($0.key) }
        return nodes.map { node in
            let key = "\(node.cluster)/\(node.id)"
            let proxy = configuration(for: node, previous: before[key])
            before[key] = proxy
            var addresses: [String: String] = [:]
            if node.type == .gateway, let book {
                for (address, port) in book.addresses(leadingTo: node) {
                    addresses[address] = proxy.snapshot.listeners.first { $0.socketPort == port }?.name
                }
            }
            return ServedProxy(name: proxy.name, snapshot: proxy.snapshot, addresses: addresses)
        }
    }
}

extension Listener {
    fileprivate var socketPort: Int? {
        guard case .socket(let address)? = address, !address.isUDP else { return nil }
        return Int(address.port)
    }
}

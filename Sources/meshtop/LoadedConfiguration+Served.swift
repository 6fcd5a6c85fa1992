import EnvoyModel
import MeshModel
import Paths
import ProxyRuntime

extension LoadedConfiguration {
    /// Proxies for the embedded proxy, each knowing the addresses that lead to it: one gateway's endpoint may be another's load
    /// balancer.
    func served(_ nodes: [ProxyNode]) -> [ServedProxy] {
        let book = mesh.map { AddressBook($0, proxies: proxies) }
        return nodes.map { node in
            let proxy = configuration(for: node)
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

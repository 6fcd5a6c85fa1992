package import EnvoyModel
import Synchronization

/// A cluster with its hosts. Tables of ring hash and Maglev are made when first asked for, and shared by the workers.
package final class CompiledCluster: Sendable {
    package let value: Cluster
    package let name: String
    /// Its place in `CompiledSnapshot.clusters`.
    package let index: Int
    /// Where the hosts came from.
    let assignment: ClusterLoadAssignment?
    /// All hosts, in the order of the configuration.
    package let hosts: [CompiledHost]
    let balancing: ClusterBalancing
    /// Some circuit breaker has a limit of 0.
    let mayBeClosed: Bool
    let tables = Mutex<SharedTables>(SharedTables())

    init(
        _ value: Cluster, _ assignment: ClusterLoadAssignment?, index: Int, hosts: [CompiledHost],
        balancing: ClusterBalancing
    ) {
        self.value = value
        self.assignment = assignment
        name = value.name
        self.index = index
        self.hosts = hosts
        self.balancing = balancing
        mayBeClosed = [value.circuitBreakers.default, value.circuitBreakers.high].contains {
            $0?.maxRequests == 0 || $0?.maxPendingRequests == 0
        }
    }
}

/// One endpoint of a cluster.
package final class CompiledHost: Sendable {
    package let value: LbEndpoint
    /// Its place in `CompiledCluster.hosts`.
    package let index: Int
    /// `ip:port` as Envoy logs it (IPv6 `[…]:port`).
    package let address: String
    package let socketAddress: SocketAddress?
    package let locality: Locality
    package let priority: UInt32
    package let weight: UInt32
    /// The place of its locality in the load assignment.
    package let localityIndex: Int
    let hashKey: [UInt8]
    let hostname: [UInt8]

    init(
        _ value: LbEndpoint, index: Int, address: String, socketAddress: SocketAddress?, locality: Locality,
        priority: UInt32, localityIndex: Int, hashKey: [UInt8]
    ) {
        self.value = value
        self.index = index
        self.address = address
        self.socketAddress = socketAddress
        self.locality = locality
        self.priority = priority
        weight = max(1, value.loadBalancingWeight ?? 1)
        self.localityIndex = localityIndex
        self.hashKey = hashKey
        hostname = Array(value.hostname.utf8)
    }
}

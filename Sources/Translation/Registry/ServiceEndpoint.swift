import Documents
import EnvoyModel

/// An address that serves one port of a service (istiod: `model.IstioEndpoint`).
struct ServiceEndpoint: Hashable, Sendable {
    enum Health: Hashable, Sendable {
        case healthy
        case unhealthy
        case terminating
        case draining
    }

    /// IP addresses (several: dual stack), a host name or a Unix socket's path behind `unix://`.
    var addresses: [String]
    /// The service port's name that it serves.
    var portName: String
    /// The port at the endpoint.
    var port: Int
    var labels: [String: String] = [:]
    var namespace = ""
    var serviceAccount = ""
    var workloadName = ""
    /// `istio` when a sidecar terminates mutual TLS there.
    var isMTLSCapable = false
    var locality = Locality()
    var network = ""
    var clusterID = "Kubernetes"
    var weight: UInt32 = 1
    var health = Health.healthy
    var nodeName = ""
    var hostName = ""
    var workload: WorkloadReference?
    /// The Pod, EndpointSlice, WorkloadEntry or ServiceEntry that gave it.
    var source: SourceReference

    var address: String { addresses.first ?? "" }
    var isUnixSocket: Bool { address.hasPrefix("unix://") }
}

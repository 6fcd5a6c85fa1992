import Documents
import MeshModel

/// A health check as it is configured: what is asked of whom.
struct HealthCheck: Sendable {
    enum Port: Sendable {
        /// The port that traffic goes to.
        case traffic
        /// A port of the target as it is: of a node, or of a Pod.
        case number(Int)
        /// A port of the Service by name: its node port, or its target port.
        case named(String)
        /// kube-proxy's own port for `externalTrafficPolicy: Local`.
        case healthCheckNodePort
        /// kube-proxy's health on every node.
        case kubeProxy
    }

    var scheme = HealthReport.Scheme.http
    var port = Port.traffic
    var path = "/"
    var successCodes = "200"
    /// Who says so.
    var origin: String
    var source: SourceReference?
    var facts: [PathFact] = []

    /// Whether a status counts: `200`, `200,302`, `200-399`.
    static func counts(_ status: Int, _ codes: String) -> Bool {
        codes.split(separator: ",").contains { part in
            let ends = part.split(separator: "-", maxSplits: 1).compactMap { Int($0.trimmingBlanks) }
            switch ends.count {
            case 1: return ends[0] == status
            case 2: return ends[0] <= status && status <= ends[1]
            default: return false
            }
        }
    }
}

package import Analysis
import Documents
package import MeshModel
package import Paths

extension Finding {
    /// What is wrong with the ways through load balancers, as findings. The ladder has noticed it, so that both always say the same.
    package static func all(of faults: [PathFault], in mesh: MeshSnapshot) -> [Finding] {
        guard !faults.isEmpty else { return [] }
        // Only objects whose manifest has a namespace are called by it.
        let explicit = Set(
            mesh.resources.lazy.filter(\.meta.hasExplicitNamespace).map { "\($0.kindName) \($0.meta.namespacedName)" })
        return faults.map { fault in
            let source = fault.source
            let full = "\(source.kind) \(source.namespace)/\(source.name)"
            return Finding(
                severity(of: fault), fault.code,
                object: explicit.contains(full) ? full : "\(source.kind) \(source.name)", analyzer: nil,
                at: source.location, hint: advice(for: fault),
                "\(fault.fact.text) (\(fault.rule) through \(fault.front)"
                    + (fault.hop == fault.front ? ")" : ", at \(fault.hop))"))
        }
    }

    /// A way that does not work is no mistake of a manifest that Istio would refuse: at most a warning.
    private static func severity(of fault: PathFault) -> Diagnostic.Severity {
        switch fault.fact.verdict {
        case .bad, .warning: .warning
        case .note, .good: .info
        }
    }

    /// What to do about it.
    private static func advice(for fault: PathFault) -> String? {
        switch fault.code {
        case "MT0210": "give a Gateway of these Pods a server for the port, or lead the Service's port elsewhere"
        case "MT0220": "name a port that the target has: status-port (15021) with path /healthz/ready for a gateway"
        case "MT0221": "put it on the Service that is checked"
        case "MT0311":
            fault.fact.verdict == .bad
                ? "give the load balancer's Pods a sidecar, or accept plaintext on this port (portLevelMtls)"
                : "send it on with TLS (backend-protocol), or keep to HTTP inside on purpose"
        default: fault.advice
        }
    }
}

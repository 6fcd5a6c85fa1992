import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `services.MultiClusterServiceAnalyzer`: a Service of several clusters is one Service for the mesh, and has to be the same
    /// in all of them.
    static let multiClusterServices = Analyzer(
        name: "services.MultiClusterServiceAnalyzer", codes: ["IST0170"]
    ) { context in
        let byName = Dictionary(grouping: context.snapshot.services, by: \.namespacedName)
        var findings: [Finding] = []
        for (name, services) in byName.sorted(by: { $0.key < $1.key }) {
            let clusters = Set(services.map(\.meta.cluster)).sorted()
            guard clusters.count > 1, let first = services.first else { continue }
            var differences: [String] = []
            if Set(services.map(\.isHeadless)).count > 1 { differences.append("headless in some clusters only") }
            if Set(services.map(\.type.rawValue)).count > 1 { differences.append("types differ") }
            if Set(services.map { ports(of: $0) }).count > 1 { differences.append("ports differ") }
            guard !differences.isEmpty else { continue }
            findings.append(
                Finding(
                    .warning, "IST0170", about: first, analyzer: "services.MultiClusterServiceAnalyzer",
                    hint: "make the Service the same in \(clusters.joined(separator: ", "))",
                    "The Service \(name.name) in namespace \(name.namespace) is inconsistent across clusters"
                        + " \(clusters.joined(separator: ", ")): \(differences.joined(separator: ", "))"))
        }
        return findings
    }

    private static func ports(of service: Service) -> [String] {
        service.ports.map { "\($0.port) \($0.name) \($0.protocol)" }.sorted()
    }
}

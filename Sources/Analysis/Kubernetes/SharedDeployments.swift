import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `deployment.MultiServiceAnalyzer`: Services of one Deployment agree about its ports.
    static let sharedDeployments = Analyzer(
        name: "deployment.MultiServiceAnalyzer", codes: ["IST0116", "IST0137"]
    ) { context in
        let analyzer = "deployment.MultiServiceAnalyzer"
        let services = Dictionary(grouping: context.snapshot.services.filter { !$0.isStandIn }, by: \.namespace)
        var findings: [Finding] = []
        for workload in context.snapshot.workloads where workload.kind == .deployment && !workload.isStandIn {
            guard isInMesh(workload, in: context) else { continue }
            let own = services[workload.meta.namespace, default: []].filter { service in
                guard let selector = service.selector, !selector.isEmpty else { return false }
                return selector.isContained(in: workload.templateLabels)
            }
            guard own.count > 1 else { continue }
            let names = own.map(\.name).joined(separator: " ")
            let ports = own.flatMap(\.ports)
            for (port, same) in Dictionary(grouping: ports, by: \.port).sorted(by: { $0.key < $1.key })
            where Set(same.map(\.protocol)).count > 1 {
                findings.append(
                    Finding(
                        .warning, "IST0116", about: workload, analyzer: analyzer,
                        "This deployment \(workload.name) is associated with multiple services using port \(port) but"
                            + " different protocols: [\(names)]"))
            }
            let targets = Dictionary(grouping: ports) { port in
                switch port.targetPort {
                case .number(let number)?: String(number)
                case .name(let name)?: name
                case nil: String(port.port)
                }
            }
            for (target, same) in targets.sorted(by: { $0.key < $1.key }) where Set(same.map(\.port)).count > 1 {
                findings.append(
                    Finding(
                        .warning, "IST0137", about: workload, analyzer: analyzer,
                        "This deployment \(workload.name) is associated with multiple services [\(names)] using"
                            + " targetPort \"\(target)\" but different ports:"
                            + " [\(Set(same.map(\.port)).sorted().map(String.init).joined(separator: " "))]."))
            }
        }
        return findings
    }

    private static func isInMesh(_ workload: Workload, in context: AnalysisContext) -> Bool {
        let key = "sidecar.istio.io/inject"
        if let wish = workload.templateLabels[key] ?? workload.templateAnnotations[key] { return wish == "true" }
        return context.injects(into: workload.meta.namespace)
    }
}

import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `virtualservice.ConflictingMeshGatewayHostsAnalyzer`: a host of the mesh has one VirtualService.
    static let meshHosts = Analyzer(
        name: "virtualservice.ConflictingMeshGatewayHostsAnalyzer", codes: ["IST0109"]
    ) { context in
        let all = context.snapshot.virtualServices.filter {
            $0.semantics == .standard && ($0.gateways.isEmpty || $0.gateways.contains("mesh"))
        }
        var owners: [String: [Int]] = [:]
        for (position, virtualService) in all.enumerated() {
            for host in virtualService.hosts {
                owners[context.expanded(host, in: virtualService.namespace), default: []].append(position)
            }
        }
        let wildcards = owners.keys.filter { $0.hasPrefix("*") }
        var findings: [Finding] = []
        for (position, virtualService) in all.enumerated() {
            for (index, written) in virtualService.hosts.enumerated() {
                let host = context.expanded(written, in: virtualService.namespace)
                let keys = host.hasPrefix("*") ? wildcards.filter { matches(host, $0) } : [host]
                let others = Set(keys.flatMap { owners[$0] ?? [] }).filter {
                    $0 != position && areVisibleTogether(all[$0], virtualService)
                }
                guard !others.isEmpty else { continue }
                let names = (others + [position]).sorted().map { all[$0].namespacedName.description }
                let places = virtualService.hostLocations
                findings.append(
                    Finding(
                        .error, "IST0109", about: virtualService,
                        analyzer: "virtualservice.ConflictingMeshGatewayHostsAnalyzer",
                        at: places.indices.contains(index) ? places[index] : nil,
                        hint: "only the oldest counts for sidecars: merge them",
                        "The VirtualServices \(names.joined(separator: ",")) associated with mesh gateway define the"
                            + " same host \(host) which can lead to undefined behavior. This can be fixed by merging the"
                            + " conflicting VirtualServices into a single resource."))
            }
        }
        return findings
    }

    private static func areVisibleTogether(_ left: VirtualService, _ right: VirtualService) -> Bool {
        func namespaces(_ virtualService: VirtualService) -> Set<String> {
            Set(virtualService.exportTo.map { $0 == "." ? virtualService.namespace : $0 })
        }
        let a = namespaces(left)
        let b = namespaces(right)
        return a.isEmpty || b.isEmpty || a.contains("*") || b.contains("*") || !a.isDisjoint(with: b)
    }
}

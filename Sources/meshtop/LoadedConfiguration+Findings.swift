import Analysis
import Documents
import MeshModel
import Paths
import Presentation
import Translation

extension LoadedConfiguration {
    /// Everything that is to be said about the manifests: what analyzers find in objects, and what the ladder finds on the ways that lead
    /// through load balancers. `reading` and `now`: as for `Analyzer.findings`.
    func findings(
        reading: [Diagnostic] = [], now: Int64? = nil, enabled: Set<String> = []
    ) -> [Finding] {
        guard let mesh else { return [] }
        return Analyzer.findings(
            in: mesh, reading: reading, now: now, enabled: enabled,
            also: Finding.all(of: pathFaults(in: mesh), in: mesh))
    }

    private func pathFaults(in mesh: MeshSnapshot) -> [PathFault] {
        // Configurations are computed for the proxies behind load balancers only, where there are any.
        let isFront = { (resource: Resource) in resource.kindName == "Ingress" || resource.kindName == "Mapping" }
        guard mesh.resources.contains(where: isFront) else { return [] }
        // What a Service does with the client's address is said of all gateways, with load balancers before them and without.
        let simulator = HopSimulator(self)
        return withExtendedLifetime(simulator) { simulator.tracer?.survey(except: ["MT0310"]) ?? [] }
    }

    /// The findings about a state of the manifests.
    static func findings(in mesh: MeshSnapshot) -> [Finding] {
        LoadedConfiguration(mesh: mesh, translation: MeshTranslation(mesh), proxies: mesh.proxies).findings()
    }
}

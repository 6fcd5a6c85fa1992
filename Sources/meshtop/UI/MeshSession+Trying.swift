import Presentation
import MeshModel
import EnvoyModel
import ManifestStore
import MeshtopUI

/// What is tried for the screens: curl lines, reasons, searches.
extension MeshSession {
    /// Tries a curl line.
    func simulate(_ line: String, send: Bool, want: String, count: Int = 1) async -> Simulation {
        await Replaying(
            loaded: looked, proxy: asked, server: send ? server : nil, want: want, count: count
        ).run(line)
    }

    /// The lines of the manifests that hold a text, without regard to case; not more than a person reads.
    func grep(_ text: String) -> [GrepHit] {
        let wanted = text.lowercased()
        var hits: [GrepHit] = []
        for file in revision?.files ?? [] where file.path != "-" {
            for (index, line) in lines(of: file.path).enumerated() where line.lowercased().contains(wanted) {
                hits.append(GrepHit(file: file.path, line: index + 1, text: line))
                if hits.count >= 2_000 { return hits }
            }
        }
        return hits
    }

    /// The proxy that takes what nobody in the store has an address for: the gateway that is looked at, or the sidecar that the
    /// user asked for; lines come from outside as long as nobody says otherwise.
    var asked: String? { isChosenByName || current?.node?.type == .gateway ? chosen : nil }

    /// The mesh with the configuration that is on the screen, which need not be computed again to be tried.
    private var looked: LoadedConfiguration {
        var looked = loaded
        if let current, let node = current.node { looked.known[LoadedConfiguration.key(of: node)] = current }
        return looked
    }

    /// What can be asked about the mesh as it is now.
    var reasons: MeshReasons {
        MeshReasons(
            loaded: loaded, node: current?.node, snapshot: current?.snapshot ?? XDSSnapshot(), asked: asked)
    }

    /// Something to look at: the first of these lines that arrives. Names that an Ingress has come first, since they lead
    /// through the load balancer in front.
    func example(_ lines: [String]) async -> Simulation? {
        // After a change the screen comes first, and changes come in swarms.
        let number = revision?.number ?? 1
        if number > 1 {
            try? await Task.sleep(for: .milliseconds(200))
            guard revision?.number == number else { return nil }
        }
        var first: Simulation?
        for line in ExampleLines.ingress(loaded.mesh) + lines {
            var simulation = await Replaying(loaded: looked, proxy: asked, server: nil).run(line)
            simulation.occasion = .example
            if (200..<300).contains(simulation.status) { return simulation }
            if first == nil { first = simulation }
        }
        return first
    }

    /// The same request from everywhere.
    func callers(_ line: String) async -> CallerTable? {
        Replaying(loaded: loaded, proxy: nil, server: nil).callers(line)
    }

    /// A curl line that a row of the chosen proxy takes, or why there is none.
    func witness(table: String, host: String, position: Int) -> (line: String?, problem: String?) {
        guard let node = current?.node, let witness = CurlWitness(loaded, node),
            let row = witness.row(table: table, host: host, position: position)
        else { return (nil, "no manifests are behind this route") }
        let found = witness.found(row)
        return (found.line, found.problem)
    }
}

import Documents
import Glibc
import TestSupport
import Testing

/// Random meshes: what the simulator says of requests to their gateways and sidecars is what a real Envoy does that runs
/// the exported bootstrap.
///
/// `MESHTOP_MESHES` is how many (12), `MESHTOP_MESH_SEED` the first one's seed (1); a mesh with a disagreement is kept in
/// the folder `MESHTOP_MESH_FOLDER`, if that is set.
@Suite(
    .enabled(if: Program.path != nil, "the program has not been built"),
    .enabled(if: envoyPath != nil, "there is no Envoy here: MESHTOP_ENVOY, .build/envoy-venv/bin/envoy"))
struct GeneratedMeshTests {
    static let seeds: [UInt64] = {
        let first = spawnEnvironment("MESHTOP_MESH_SEED").flatMap { UInt64($0) } ?? 1
        let count = spawnEnvironment("MESHTOP_MESHES").flatMap { UInt64($0) } ?? 12
        return (0..<count).map { first + $0 }
    }()

    @Test("the same seed makes the same mesh") func repeats() {
        #expect(MeshGenerator.mesh(seed: 7).manifests == MeshGenerator.mesh(seed: 7).manifests)
        #expect(MeshGenerator.mesh(seed: 7).manifests != MeshGenerator.mesh(seed: 8).manifests)
    }

    @Test("Envoy runs every proxy of a generated mesh and does what the simulator says", arguments: seeds)
    func agreement(seed: UInt64) throws {
        let mesh = MeshGenerator.mesh(seed: seed)
        var generator = RequestGenerator(mesh)
        let comparison = try MeshComparison(mesh)
        for gateway in mesh.gateways {
            try comparison.compare(gateway) { generator.requests(gateway: $0, count: 100) }
        }
        try comparison.compare(mesh.sidecar) { _ in generator.requests(sidecar: 100) }
        if spawnEnvironment("MESHTOP_MESHES") != nil {
            print("seed \(seed): \(comparison.tally.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" })")
        }
        #expect(
            comparison.differences.isEmpty,
            "seed \(seed): \(comparison.differences.count) of \(comparison.count) requests\n\(comparison.report)")
    }
}

import Documents

/// Fills what was collected from manifests up with what no manifest says.
struct SnapshotBuilder {
    var snapshot: MeshSnapshot
    var diagnostics: [Diagnostic]

    init(_ collected: CollectedObjects) {
        snapshot = collected.snapshot
        diagnostics = collected.diagnostics
    }
}

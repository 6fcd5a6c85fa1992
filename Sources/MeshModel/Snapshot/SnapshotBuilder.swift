import Documents

/// Fills what was collected from manifests up with what no manifest says.
struct SnapshotBuilder {
    var snapshot: MeshSnapshot
    var diagnostics: [Diagnostic]
    /// Those of the snapshot before, then those of this one.
    var standInSlices: StandInSlices?

    init(_ collected: CollectedObjects, standInSlices: StandInSlices? = nil) {
        self.standInSlices = standInSlices
        snapshot = collected.snapshot
        diagnostics = collected.diagnostics
    }
}

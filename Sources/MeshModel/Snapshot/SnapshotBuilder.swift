import Documents

/// Fills what was collected from manifests up with what no manifest says.
struct SnapshotBuilder {
    var snapshot: MeshSnapshot
    var diagnostics: [Diagnostic]
    /// Those of the snapshot before, then those of this one.
    var standInSlices: StandInSlices?
    /// The cluster that stand-ins belong to.
    let cluster: String
    /// Where the addresses of stand-ins begin: clusters have networks of their own.
    let addressBase: (UInt8, UInt8)

    /// `number`: the place of the cluster among several.
    init(
        _ collected: CollectedObjects, standInSlices: StandInSlices? = nil,
        cluster: String = ManifestFile.defaultCluster, number: Int = 0
    ) {
        self.standInSlices = standInSlices
        self.cluster = cluster
        addressBase = (10, UInt8(244 - 4 * (number % 32)))
        snapshot = collected.snapshot
        diagnostics = collected.diagnostics
    }
}

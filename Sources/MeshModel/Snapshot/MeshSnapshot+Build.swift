package import Documents

extension MeshSnapshot {
    /// What a snapshot is built from, besides manifests.
    package struct Settings: Sendable {
        package var options = Options()
        /// `--mesh-config FILE`; wins over ConfigMap `istio`.
        package var meshConfig: Node?
        /// `--mesh-networks FILE`; wins over ConfigMap `istio`.
        package var meshNetworks: Node?
        /// `--services FILE`.
        package var services: Node?

        package init() {}
    }

    /// One immutable value of all files. A later object of the same kind, namespace and name wins, with a warning.
    /// The diagnostics are those of building alone; each file has its own.
    package static func build(files: [ManifestFile], settings: Settings = Settings()) -> (MeshSnapshot, [Diagnostic]) {
        var series = SnapshotSeries()
        return series.next(files: files, settings: settings)
    }
}

/// Snapshots of the same sources, one after the other. Each is what `MeshSnapshot.build` makes of the files; what has not
/// changed since the one before is taken over.
package struct SnapshotSeries: Sendable {
    private var collected: CollectedObjects?
    private var standInSlices: StandInSlices?
    /// One for each cluster where there are several.
    private var clusters: [String: SnapshotSeries] = [:]

    package init() {}

    package mutating func next(
        files: [ManifestFile], settings: MeshSnapshot.Settings = .init()
    ) -> (MeshSnapshot, [Diagnostic]) {
        var names: [String] = []
        for file in files where !names.contains(file.cluster) { names.append(file.cluster) }
        guard names.count > 1 else {
            return next(
                files: files, settings: settings, cluster: names.first ?? ManifestFile.defaultCluster, number: 0)
        }
        var parts: [(name: String, snapshot: MeshSnapshot)] = []
        var diagnostics: [Diagnostic] = []
        for (number, name) in names.enumerated() {
            let (snapshot, problems) = clusters[name, default: SnapshotSeries()].next(
                files: files.filter { $0.cluster == name }, settings: settings, cluster: name, number: number)
            parts.append((name, snapshot))
            diagnostics += problems
        }
        return (MeshSnapshot(joining: parts), diagnostics)
    }

    private mutating func next(
        files: [ManifestFile], settings: MeshSnapshot.Settings, cluster: String, number: Int
    ) -> (MeshSnapshot, [Diagnostic]) {
        if collected?.update(to: files, options: settings.options) != true {
            collected = nil
            collected = CollectedObjects(files, options: settings.options)
        }
        guard let collected else { return (MeshSnapshot(), []) }
        var builder = SnapshotBuilder(
            collected, standInSlices: standInSlices, cluster: cluster, number: number)
        builder.readMeshConfig(settings)
        builder.readServices(settings)
        builder.nameWorkloadsOfPods()
        if settings.options.standIns {
            builder.addStandInPods()
            builder.addStandInGateways()
            builder.addStandInClusterIPs()
            builder.addStandInEndpoints()
        }
        standInSlices = builder.standInSlices
        builder.snapshot.proxies = builder.snapshot.knownProxies()
        return (builder.snapshot, builder.diagnostics)
    }
}

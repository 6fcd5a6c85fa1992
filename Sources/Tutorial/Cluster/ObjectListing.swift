package import Documents
package import MeshModel

/// `kubectl get` against manifests, outside of any page.
package enum ObjectListing {
    /// What it prints, to standard error too, and what is worth knowing. `words`: everything behind `get`.
    package static func get(
        _ words: [String], in mesh: MeshSnapshot, settings: MeshSnapshot.Settings
    ) -> (output: [String], errors: [String], notes: [Diagnostic], isFailure: Bool) {
        let cluster = PlayedCluster(mesh, settings: settings)
        let kubectl = Kubectl(cluster, at: SourceLocation(file: "-", line: 1, column: 1))
        let prediction = kubectl.get(KubectlLine(["get"] + words))
        if let refusal = prediction.refusal { return ([], ["error: \(refusal)"], [], true) }
        let (lines, errors) = prediction.lines.reduce(into: ([String](), [String]())) { parts, line in
            if line.text.hasPrefix("Error from server") || line.text.hasPrefix("No resources found") {
                parts.1.append(line.text)
            } else {
                parts.0.append(line.text)
            }
        }
        let isFailure = prediction.isFailure || errors.contains { $0.hasPrefix("Error") }
        return (lines, errors + prediction.errorLines.map(\.text), prediction.notes, isFailure)
    }
}

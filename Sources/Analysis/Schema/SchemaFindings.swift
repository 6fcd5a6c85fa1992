import Documents
import MeshModel

/// istioctl's `schema.ValidationAnalyzer.KIND`, as far as reading the manifests finds it out: fields that the kind does not have, values of the
/// wrong type. kubectl refuses such objects (strict decoding), so they are errors here, also where meshtop has gone on without the field.
enum SchemaFindings {
    static func of(_ reading: [Diagnostic], in snapshot: MeshSnapshot) -> [Finding] {
        let complaints = reading.filter { $0.code == "IST0106" && $0.location != nil }
        guard !complaints.isEmpty else { return [] }
        let files = Set(complaints.compactMap(\.location?.file))
        var resources: [String: [Resource]] = [:]
        for resource in snapshot.resources {
            guard let location = resource.meta.location, files.contains(location.file) else { continue }
            resources[location.file, default: []].append(resource)
        }
        for file in files { resources[file]?.sort { line($0) < line($1) } }
        return complaints.compactMap { complaint in
            guard let location = complaint.location,
                let resource = resources[location.file]?.last(where: { line($0) <= location.line })
            else { return nil }
            return Finding(
                .error, "IST0106", about: resource, analyzer: "schema.ValidationAnalyzer.\(resource.kindName)",
                at: location, hint: complaint.hint, "Schema validation error: \(complaint.message)")
        }
    }

    private static func line(_ resource: Resource) -> Int { resource.meta.location?.line ?? 0 }
}

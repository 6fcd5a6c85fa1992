import Documents
import MeshModel

/// What one part of a file holds, read and typed.
struct ParsedPart: Sendable {
    var resources: [Resource] = []
    /// What is wrong with the text.
    var textDiagnostics: [Diagnostic] = []
    /// What is wrong with the objects.
    var typeDiagnostics: [Diagnostic] = []

    /// Whether an object is missing because it could not be read, or because Kubernetes would refuse it.
    var isBroken: Bool { (textDiagnostics + typeDiagnostics).contains { $0.severity == .error } }

    /// A file may have so many diagnostics of each sort.
    private static let maximumDiagnostics = 1000

    private init() {}

    private init(_ part: DocumentReader.Part, of bytes: [UInt8], file: String, cluster: String) {
        let parsed = DocumentReader.read(part, of: bytes, file: file)
        let typed = ManifestFile.read(path: file, cluster: cluster, documents: parsed.documents)
        resources = typed.resources
        textDiagnostics = parsed.diagnostics
        typeDiagnostics = typed.diagnostics.bounded(to: Self.maximumDiagnostics)
    }

    /// Reads and types the documents of a file on all cores, some of them at a time.
    static func parse(_ bytes: [UInt8], file: String, cluster: String) async -> ParsedPart {
        let parts = DocumentReader.parts(of: bytes, file: file, size: 256 << 10)
        if parts.count < 2 {
            return parts.first.map { ParsedPart($0, of: bytes, file: file, cluster: cluster) } ?? ParsedPart()
        }
        return await withTaskGroup(of: (Int, ParsedPart).self) { group in
            for (index, part) in parts.enumerated() {
                group.addTask { (index, ParsedPart(part, of: bytes, file: file, cluster: cluster)) }
            }
            var read = [ParsedPart](repeating: ParsedPart(), count: parts.count)
            for await (index, parsed) in group { read[index] = parsed }
            var whole = ParsedPart()
            for part in read {
                whole.resources += part.resources
                whole.textDiagnostics += part.textDiagnostics
                whole.typeDiagnostics += part.typeDiagnostics
            }
            whole.textDiagnostics = whole.textDiagnostics.bounded(to: maximumDiagnostics)
            whole.typeDiagnostics = whole.typeDiagnostics.bounded(to: maximumDiagnostics)
            return whole
        }
    }
}

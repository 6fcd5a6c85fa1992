package import Documents

extension Finding {
    /// `Error`, `Warning`, `Info`, as istioctl writes them.
    private var level: String {
        switch diagnostic.severity {
        case .error: "Error"
        case .warning: "Warning"
        case .info: "Info"
        }
    }

    /// The contract's shape.
    package var json: JSON {
        [
            "code": diagnostic.code.map(JSON.string) ?? .null, "level": .string(level), "object": .string(object),
            "message": .string(diagnostic.message),
            "file": diagnostic.location.map { .string($0.file) } ?? .null,
            "line": diagnostic.location.map { .int(Int64($0.line)) } ?? .null,
            "analyzer": analyzer.map(JSON.string) ?? .null,
        ]
    }
}

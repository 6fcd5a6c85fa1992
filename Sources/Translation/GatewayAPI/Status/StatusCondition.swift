import Documents

/// A condition as Kubernetes keeps it in a status.
struct StatusCondition: Hashable {
    let type: String
    let isTrue: Bool
    let reason: String
    let message: String

    init(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) {
        self.type = type
        self.isTrue = isTrue
        self.reason = reason
        self.message = message
    }

    var json: JSON {
        [
            "message": .string(message), "reason": .string(reason), "status": .string(isTrue ? "True" : "False"),
            "type": .string(type),
        ]
    }
}

extension [StatusCondition] {
    /// In the order of types, as Istio writes them.
    var json: JSON { .array(sorted { $0.type < $1.type }.map(\.json)) }
}

import Documents

/// Members as protobuf's JSON has them: what is empty or zero is left out.
extension JSONObject {
    mutating func addText(_ key: String, _ value: String) { if !value.isEmpty { add(key, .string(value)) } }
    mutating func addNumber(_ key: String, _ value: Int) { if value != 0 { add(key, .int(Int64(value))) } }
    mutating func addNumber(_ key: String, _ value: Int?) { add(key, value.map { .int(Int64($0)) }) }
    mutating func addTexts(_ key: String, _ values: [String]) {
        if !values.isEmpty { add(key, .array(values.map(JSON.string))) }
    }
    mutating func addMap(_ key: String, _ values: [String: String]) {
        guard !values.isEmpty else { return }
        var object = JSONObject()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { object.add(name, .string(value)) }
        add(key, .object(object))
    }
    mutating func addMatches(_ key: String, _ values: [String: StringMatch]) {
        guard !values.isEmpty else { return }
        var object = JSONObject()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { object.add(name, value.json) }
        add(key, .object(object))
    }
    mutating func addObjects(_ key: String, _ values: [JSON]) { if !values.isEmpty { add(key, .array(values)) } }
    mutating func addDuration(_ key: String, _ value: Duration?) { add(key, value.map { .string($0.protobufText) }) }
    mutating func addFlag(_ key: String, _ value: Bool) { if value { add(key, .bool(true)) } }
    mutating func addFlag(_ key: String, _ value: Bool?) { add(key, value.map(JSON.bool)) }
    /// A share in per cent; a whole one is written as a whole number.
    mutating func addDouble(_ key: String, _ value: Double?) {
        add(key, value.map { value in Int64(exactly: value).map(JSON.int) ?? .double(value) })
    }
    mutating func addPercent(_ key: String, _ value: Double?) {
        guard let value else { return }
        var percent = JSONObject()
        if value != 0 { percent.addDouble("value", value) }
        add(key, .object(percent))
    }
}

extension StringMatch {
    var json: JSON {
        switch self {
        case .exact(let text): ["exact": .string(text)]
        case .prefix(let text): ["prefix": .string(text)]
        case .regex(let text): ["regex": .string(text)]
        case .empty: .object(JSONObject())
        }
    }
}

extension ObjectMeta {
    /// `apiVersion`, `kind`, `metadata` and `spec` of an object.
    func object(kind: String, spec: JSONObject) -> JSON {
        var metadata = JSONObject()
        metadata.addMap("annotations", annotations)
        metadata.add("creationTimestamp", creationTime.rfc3339.map(JSON.string))
        metadata.addMap("labels", labels)
        metadata.addText("name", name)
        metadata.addText("namespace", namespace)
        var object = JSONObject()
        object.add("apiVersion", .string(apiVersion))
        object.add("kind", .string(kind))
        object.add("metadata", .object(metadata))
        object.add("spec", .object(spec))
        return .object(object)
    }
}

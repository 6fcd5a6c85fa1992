extension Node {
    /// The value of this node with all below it. Keys keep the text they are written with.
    package var json: JSON {
        switch kind {
        case .null: return .null
        case .bool: return .bool(bool ?? false)
        case .int:
            if let value = int { return .int(value) }
            return unsigned.map { .number(String($0)) } ?? .string(text)
        case .float: return double.map(JSON.double) ?? .string(text)
        case .string: return .string(text)
        case .sequence: return .array(elements.map(\.json))
        case .mapping:
            var object = JSONObject()
            object.reserve(count)
            for entry in entries { object.add(entry.key, entry.value.json) }
            return .object(object)
        }
    }
}

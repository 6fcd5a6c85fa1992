package import Documents

extension XDSSnapshot {
    /// One note for each field that was read and decides nothing here, with the first place and how many messages have it.
    package var notesOnUnmodelled: [Diagnostic] {
        var order: [String] = []
        var groups: [String: (first: UnmodelledField, count: Int)] = [:]
        for field in unmodelled {
            let name = field.field.withoutPositions
            if groups[name] == nil { order.append(name) }
            groups[name, default: (field, 0)].count += 1
        }
        return order.compactMap { name in
            guard let group = groups[name] else { return nil }
            let others = group.count > 1 ? " and \(group.count - 1) more" : ""
            return Diagnostic(
                .info, "field \"\(name)\" is not modelled: \(group.first.owner)\(others)",
                at: group.first.location, hint: "it is kept and shown (y, -o json), but changes no prediction")
        }
    }
}

extension String {
    /// `a[3].b` → `a[].b`
    fileprivate var withoutPositions: String {
        var result = ""
        var isInside = false
        for character in self {
            if character == "]" { isInside = false }
            if !isInside { result.append(character) }
            if character == "[" { isInside = true }
        }
        return result
    }
}

extension DocumentBuilder {
    /// Why a `<<` cannot be followed, and at which node.
    struct MergeFailure {
        enum Reason { case notAMapping, tooLarge }
        let reason: Reason
        let node: UInt32
    }

    /// Replaces `<<: *anchor` and `<<: [*a, *b]` by the entries they bring: keys of the mapping itself win over merged
    /// ones, earlier merged ones over later ones (YAML 1.1, "Merge Key Language-Independent Type").
    mutating func merge(from start: Int) -> MergeFailure? {
        let own = Array(pending.elements[start...])
        pending.truncate(to: start)
        var sources: [UInt32] = []
        var seen = Set<[UInt8]>()
        for position in stride(from: 0, to: own.count - 1, by: 2) {
            let (key, value) = (own[position], own[position + 1])
            if isMergeKey(nodes[Int(key)]) {
                sources.append(value)
            } else {
                pending.append(key)
                pending.append(value)
                seen.insert(Array(bytes(of: key)))
            }
        }
        for source in sources {
            let record = nodes[Int(source)]
            guard record.kind == .sequence else {
                if let failure = append(source, unless: &seen) { return failure }
                continue
            }
            for element in 0..<Int(record.count) {
                if let failure = append(children[Int(record.first) + element], unless: &seen) { return failure }
            }
        }
        return nil
    }

    private mutating func append(_ mapping: UInt32, unless seen: inout Set<[UInt8]>) -> MergeFailure? {
        let record = nodes[Int(mapping)]
        guard record.kind == .mapping else { return MergeFailure(reason: .notAMapping, node: mapping) }
        guard anchors.spend(Int(record.count), size: size) else {
            return MergeFailure(reason: .tooLarge, node: mapping)
        }
        for entry in 0..<Int(record.count) {
            let key = children[Int(record.first) + 2 * entry]
            guard seen.insert(Array(bytes(of: key))).inserted else { continue }
            pending.append(key)
            pending.append(children[Int(record.first) + 2 * entry + 1])
        }
        return nil
    }
}

import Documents
import EnvoyModel
import MeshModel

/// Header operations of a VirtualService in Envoy's terms, and the authority that hides in them.
struct HeaderOperations {
    var request = HeaderMutations()
    var response = HeaderMutations()
    /// A request `set` or `add` of `host` or `:authority`: becomes the literal host rewrite.
    var authority = ""

    init(_ headers: VirtualService.Headers?) {
        guard let headers else { return }
        if let operations = headers.request {
            request = Self.mutations(operations)
            authority = Self.authority(operations.set) ?? Self.authority(operations.add) ?? ""
        }
        if let operations = headers.response { response = Self.mutations(operations) }
    }

    private static func mutations(_ operations: VirtualService.HeaderOperations) -> HeaderMutations {
        let set = operations.set.sorted { $0.key < $1.key }.filter { !isInternal($0.key) }
        let add = operations.add.sorted { $0.key < $1.key }.filter { !isInternal($0.key) }
        return HeaderMutations(
            add: set.map { .init(name: $0.key, value: $0.value, action: .overwriteIfExistsOrAdd) }
                + add.map { .init(name: $0.key, value: $0.value, action: .appendIfExistsOrAdd) },
            remove: operations.remove.filter { !isInternal($0) })
    }

    /// Pseudo headers and `host` are never passed on as header operations.
    private static func isInternal(_ name: String) -> Bool { name.hasPrefix(":") || name.lowercased() == "host" }

    private static func authority(_ values: [String: String]) -> String? {
        values.sorted { $0.key < $1.key }.first { $0.key == ":authority" || $0.key.lowercased() == "host" }?.value
    }
}

extension HeaderMutations {
    mutating func append(_ other: HeaderMutations) {
        add += other.add
        remove += other.remove
    }
}

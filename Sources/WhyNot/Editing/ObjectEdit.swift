package import Documents
package import MeshModel

/// A change of the manifests: of a value of an object, or an object more.
package struct ObjectEdit: Sendable {
    package enum Change: Sendable {
        case value(ValueEdit)
        /// A new object behind this one, in its file.
        case create(JSON)
    }

    package let resource: Resource
    package let change: Change

    package init(_ resource: Resource, _ edit: ValueEdit) {
        self.resource = resource
        change = .value(edit)
    }

    package init(creating object: JSON, beside resource: Resource) {
        self.resource = resource
        change = .create(object)
    }

    /// Where the change is made: the value that it is about, or what holds it.
    package var location: SourceLocation? {
        guard case .value(let edit) = change else { return resource.meta.location }
        var node = resource.node
        var place = node.location
        for step in edit.path {
            switch step {
            case .key(let name):
                guard let next = node[name] else { return place }
                node = next
                place = next.isMapping || next.isSequence ? next.keyLocation : next.location
            case .index(let index):
                guard let next = node[index] else { return place }
                node = next
                place = next.location
            }
        }
        return place
    }
}

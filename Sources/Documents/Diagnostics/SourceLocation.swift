/// A place in a document: 1-based line and column, columns counted in Unicode scalars as libyaml counts them.
package struct SourceLocation: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The file as the user named it, `-` for standard input.
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// The manifest that a piece of configuration came from: the contract's `source` of a trace step.
package struct SourceReference: Hashable, Sendable {
    package let kind: String
    /// Empty for cluster-scoped objects.
    package let namespace: String
    package let name: String
    /// `nil` for what no document says: stand-ins, built-in defaults.
    package let location: SourceLocation?

    package init(kind: String, namespace: String, name: String, location: SourceLocation?) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.location = location
    }
}

/// A place in a document: 1-based line and column, columns counted in Unicode scalars as libyaml counts them.
///
/// Twelve bytes and nothing to count references on: every object of a mesh has dozens of these.
package struct SourceLocation: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let source: SourceFile
    private let lineNumber: UInt32
    private let columnNumber: UInt32

    package init(file: String, line: Int, column: Int) {
        self.init(SourceFile(file), line: UInt32(clamping: line), column: UInt32(clamping: column))
    }

    init(_ source: SourceFile, line: UInt32, column: UInt32) {
        self.source = source
        lineNumber = line
        columnNumber = column
    }

    /// The file as the user named it, `-` for standard input.
    package var file: String { source.name }
    package var line: Int { Int(lineNumber) }
    package var column: Int { Int(columnNumber) }

    /// Whether both are in the same file, told without its name.
    package func isInFile(of other: SourceLocation) -> Bool { source == other.source }

    package var description: String { "\(file):\(line):\(column)" }

    package static func < (left: Self, right: Self) -> Bool {
        let (leftPlace, rightPlace) = ((left.line, left.column), (right.line, right.column))
        return left.source == right.source ? leftPlace < rightPlace : left.file < right.file
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

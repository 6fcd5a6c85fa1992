/// A message about configuration: the only kind there is, so that it has one renderer and always knows its place.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
        case error, warning, info

        private var rank: Int {
            switch self {
            case .info: 0
            case .warning: 1
            case .error: 2
            }
        }

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    package let severity: Severity
    /// What is wrong, in the user's words; lower case, no full stop.
    package let message: String
    package let location: SourceLocation?
    /// The next step.
    package let hint: String?
    /// An `ISTnnnn` or `MTnnnn` code.
    package let code: String?

    package init(
        _ severity: Severity, _ message: String, at location: SourceLocation?, hint: String? = nil, code: String? = nil
    ) {
        self.severity = severity
        self.message = message
        self.location = location
        self.hint = hint
        self.code = code
    }
}

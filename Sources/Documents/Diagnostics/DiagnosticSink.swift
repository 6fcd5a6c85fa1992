/// Where readers put what they find while they work through one document or one set of them.
package final class DiagnosticSink {
    package private(set) var diagnostics: [Diagnostic] = []
    /// The names that the readers at work have asked for in vain: the candidates for "did you mean".
    var missedNames: [String] = []

    package init() {}

    package func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    package func error(_ message: String, at location: SourceLocation?, hint: String? = nil, code: String? = nil) {
        add(Diagnostic(.error, message, at: location, hint: hint, code: code))
    }

    package func warning(_ message: String, at location: SourceLocation?, hint: String? = nil, code: String? = nil) {
        add(Diagnostic(.warning, message, at: location, hint: hint, code: code))
    }

    /// Gives a code to what has been added from a place on and has none.
    package func setCode(_ code: String, from start: Int) {
        for place in diagnostics.indices.dropFirst(start) where diagnostics[place].code == nil {
            let old = diagnostics[place]
            diagnostics[place] = Diagnostic(
                old.severity, old.message, at: old.location, hint: old.hint, code: code)
        }
    }
}

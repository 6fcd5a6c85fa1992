package import Documents

/// What a response flag means here: a sentence, and its causes with what the manifests say for and against each.
package struct Diagnosis: Sendable {
    /// A cause, judged by the manifests.
    package struct Cause: Sendable {
        package enum Verdict: String, Sendable {
            case yes, maybe, no
        }

        package let text: String
        package let verdict: Verdict
        /// What was found.
        package let evidence: String
        package let source: SourceReference?
    }

    package let flag: String
    package let meaning: String
    /// The likeliest first.
    package let causes: [Cause]
    /// What to look at next.
    package let next: String
}

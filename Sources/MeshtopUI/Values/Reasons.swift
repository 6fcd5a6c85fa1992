/// Whether a request takes a route: a curl line that does, tried, or why there is none.
package struct RouteWitness: Hashable, Sendable {
    package var line: String?
    /// `cannot be hit: hidden by …`
    package var problem: String?

    package init(line: String?, problem: String?) {
        self.line = line
        self.problem = problem
    }
}

/// A change of the manifests that puts a finding right, tried; or why there is none.
package struct FindingFix: Hashable, Sendable {
    /// The finding's `id`.
    package var finding: String
    /// The request that was tried, what is changed and what becomes of it, and the patch.
    package var lines: [String] = []
    /// For `patch -p0`.
    package var patch = ""
    package var problem: String?

    package init(finding: String, lines: [String], patch: String) {
        self.finding = finding
        self.lines = lines
        self.patch = patch
    }

    package init(finding: String, problem: String) {
        self.finding = finding
        self.problem = problem
    }
}

/// What is known of a mesh besides its rows, once somebody has asked: for one revision and one proxy.
struct Reasons: Sendable {
    /// By the route's `id`.
    var witnesses: [String: RouteWitness] = [:]
    var areWitnessesAsked = false
    /// Why requests of a kind went wrong, by `TapEntry.kind`; empty while it is being found out.
    var causes: [String: [String]] = [:]
}

extension TapEntry {
    /// Requests of one kind go wrong for one reason.
    var kind: String { [method, authority, pathOnly, flags].joined(separator: " ") }

    /// Whether there is something to explain.
    var isBad: Bool { flags != "-" && !flags.isEmpty }
}

/// A line of a manifest that holds a text.
package struct GrepHit: Hashable, Sendable {
    package var file: String
    package var line: Int
    package var text: String

    package init(file: String, line: Int, text: String) {
        self.file = file
        self.line = line
        self.text = text
    }
}

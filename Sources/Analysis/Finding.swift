package import Documents
package import MeshModel

/// What an analyzer found about one object.
package struct Finding: Hashable, Sendable {
    /// Code, level, words and place.
    package let diagnostic: Diagnostic
    /// `Kind NAMESPACE/NAME`, or `Kind NAME` where the manifest gives no namespace.
    package let object: String
    /// istioctl's name of the analyzer; `nil` for checks of meshtop's own.
    package let analyzer: String?

    init(
        _ severity: Diagnostic.Severity, _ code: String, about object: some MeshObject, analyzer: String?,
        at location: SourceLocation? = nil, hint: String? = nil, _ message: String
    ) {
        diagnostic = Diagnostic(severity, message, at: location ?? object.meta.location, hint: hint, code: code)
        let kind = type(of: object).kindName
        self.object =
            object.meta.hasExplicitNamespace ? "\(kind) \(object.namespace)/\(object.name)" : "\(kind) \(object.name)"
        self.analyzer = analyzer
    }
}

/// One check of the manifests.
package struct Analyzer: Sendable {
    /// istioctl's name (`istioctl analyze --list-analyzers`).
    package let name: String
    /// The codes that it can give.
    package let codes: [String]
    let check: @Sendable (AnalysisContext) -> [Finding]

    /// Every analyzer; a new one is a file and a line here.
    package static let all: [Analyzer] = [
        .gatewayReferences, .destinationHosts, .destinationSubsets, .routeOrder, .gatewayWorkloads, .subsetPods,
        .portNames,
    ]

    /// What all of them find, in the order of the manifests.
    package static func findings(in snapshot: MeshSnapshot) -> [Finding] {
        let context = AnalysisContext(snapshot)
        var seen: Set<Finding> = []
        var findings: [Finding] = []
        for analyzer in all {
            for finding in analyzer.check(context) where seen.insert(finding).inserted { findings.append(finding) }
        }
        return findings.enumerated().sorted { left, right in
            guard let a = left.element.diagnostic.location, let b = right.element.diagnostic.location, a != b else {
                return left.offset < right.offset
            }
            return a < b
        }.map(\.element)
    }
}

import Documents
import MeshModel

/// What istiod's validation says of one object: what makes it refuse the object, and what it only warns of.
struct Validation {
    struct Problem {
        let severity: Diagnostic.Severity
        let message: String
        let location: SourceLocation?
        let hint: String?
    }

    let resource: Resource
    private(set) var problems: [Problem] = []

    init(_ resource: Resource) { self.resource = resource }

    /// `spec`, empty where there is none.
    var spec: Node? { resource.node.at("spec") }

    /// The object would be refused.
    mutating func reject(_ message: String, at node: Node?, hint: String? = nil) {
        problems.append(
            Problem(
                severity: .error, message: message, location: node?.location ?? resource.meta.location, hint: hint))
    }

    /// The object is taken, and is not what it looks like.
    mutating func warn(_ message: String, at node: Node?, hint: String? = nil) {
        problems.append(
            Problem(
                severity: .warning, message: message, location: node?.location ?? resource.meta.location, hint: hint))
    }

    /// A number that has to lie in a range; what is no number was found out when the manifest was read.
    mutating func check(_ node: Node?, isIn range: ClosedRange<Double>, _ message: (String) -> String) {
        guard let node, let value = node.double, !range.contains(value) else { return }
        reject(message(node.text), at: node)
    }

    /// A duration that has to be at least a millisecond, and of whole ones.
    mutating func check(duration node: Node?) {
        guard let node, let duration = Duration(goText: node.text) else { return }
        if duration < .milliseconds(1) {
            reject("duration must be greater than 1ms, not \(node.text)", at: node)
        } else if duration.components.attoseconds % 1_000_000_000_000_000 != 0 {
            reject("only durations to ms precision are supported, not \(node.text)", at: node)
        }
    }
}

/// The rules of one kind.
struct KindValidation: Sendable {
    let kind: String
    let group: String
    let check: @Sendable (inout Validation) -> Void

    /// Every kind that istiod's webhook validates and meshtop has rules for; a new one is a file and a line here.
    static let all: [KindValidation] = [
        .virtualService, .gateway, .destinationRule, .serviceEntry, .workloadEntry, .workloadGroup, .sidecar,
        .peerAuthentication, .requestAuthentication, .authorizationPolicy, .telemetry, .envoyFilter, .wasmPlugin,
    ]

    /// istioctl's `schema.ValidationAnalyzer.KIND`.
    var analyzer: Analyzer {
        let name = "schema.ValidationAnalyzer.\(kind)"
        return Analyzer(name: name, codes: ["IST0106", "IST0133"]) { context in
            context.resources(kind, group: group).flatMap { resource -> [Finding] in
                var validation = Validation(resource)
                check(&validation)
                return validation.problems.map { problem in
                    let isError = problem.severity == .error
                    return Finding(
                        problem.severity, isError ? "IST0106" : "IST0133", about: resource, analyzer: name,
                        at: problem.location, hint: problem.hint,
                        "Schema validation \(isError ? "error" : "warning"): \(problem.message)")
                }
            }
        }
    }
}

import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `envoyfilter.EnvoyPatchAnalyzer`: patches work where they stand, and do not depend on their order.
    static let envoyPatches = Analyzer(
        name: "envoyfilter.EnvoyPatchAnalyzer", codes: ["IST0151", "IST0152", "IST0153", "IST0154", "IST0155"]
    ) { context in
        var patched = VersionedPatches()
        return context.resources("EnvoyFilter", group: "networking.istio.io").flatMap { filter -> [Finding] in
            let hasPriority = (filter.node.at("spec", "priority")?.int ?? 0) != 0
            // istiod reads patches up to the first one that patches nothing.
            let patches = (filter.node.at("spec", "configPatches")?.list ?? []).prefix { $0.at("patch") != nil }
            return patches.map(EnvoyPatch.init).compactMap { patch in
                defer { patched.take(patch) }
                guard
                    let defect = patch.misfit
                        ?? (patch.isRelative && !hasPriority ? patch.dependence(isVersioned: patched.have(patch)) : nil)
                else { return nil }
                return Finding(
                    defect.severity, defect.code, about: filter, analyzer: "envoyfilter.EnvoyPatchAnalyzer",
                    at: patch.location, hint: defect.hint, defect.message)
            }
        }
    }
}

/// One of an EnvoyFilter's patches, as far as it can be judged without the configuration that it patches.
private struct EnvoyPatch {
    struct Defect {
        var severity: Diagnostic.Severity
        var code: String
        var message: String
        var hint: String?
    }

    let operation: String
    let target: String
    /// The name that the patch gives its part, or that of the filter it looks for; empty where it carries no value.
    let name: String
    let isForVersion: Bool
    let location: SourceLocation?

    init(_ node: Node) {
        operation = node.at("patch", "operation")?.text ?? ""
        target = node.at("applyTo")?.text ?? ""
        let given = node.at("patch", "value")
        let sought = node.at("match", "listener", "filterChain", "filter", "name")
        name = given.flatMap { ($0.at("name") ?? sought)?.text } ?? ""
        isForVersion = node.at("match", "proxy", "proxyVersion") != nil
        location = node.at("patch", "operation")?.location ?? node.location
    }

    /// Operations that need a part that is there already: whether it is depends on what was patched before.
    var isRelative: Bool { ["REMOVE", "REPLACE", "INSERT_BEFORE", "INSERT_AFTER"].contains(operation) }

    /// Whole route configurations and routes are not lists that something can be put into or taken out of.
    private static let fixedParts: Set<String> = ["ROUTE_CONFIGURATION", "HTTP_ROUTE"]
    /// What can be replaced as a whole.
    private static let replaceable: Set<String> = ["HTTP_FILTER", "NETWORK_FILTER"]

    /// Why the patch does nothing at all where it stands.
    var misfit: Defect? {
        let code: String
        let message: String
        var hint = "use MERGE"
        switch operation {
        case "ADD" where Self.fixedParts.contains(target):
            code = "IST0153"
            message = "ADD is ignored when applyTo is \(target)"
            if target == "HTTP_ROUTE" { hint = "use INSERT_FIRST, INSERT_BEFORE or INSERT_AFTER" }
        case "REMOVE" where Self.fixedParts.contains(target):
            code = "IST0154"
            message = "REMOVE is ignored when applyTo is \(target)"
        case "REPLACE" where !Self.replaceable.contains(target):
            code = "IST0152"
            message = "REPLACE only works for HTTP_FILTER and NETWORK_FILTER"
        default: return nil
        }
        return Defect(
            severity: .error, code: code, message: "This EnvoyFilter does not have an effect because \(message).",
            hint: hint)
    }

    /// What may go wrong with a relative operation of an EnvoyFilter that has no priority.
    func dependence(isVersioned: Bool) -> Defect {
        let why =
            isVersioned
            ? "a relative patch operation (\(operation)) and the proxyVersion set, which may make it fail during an upgrade"
            : "a relative patch operation (\(operation)), which may keep it from being applied"
        return Defect(
            severity: .warning, code: isVersioned ? "IST0155" : "IST0151",
            message: "This EnvoyFilter does not have a priority and has \(why).",
            hint: "set spec.priority, or use INSERT_FIRST or ADD")
    }
}

/// Which names the patches so far have given to parts of certain proxy versions only: another patch of such a name finds them in some
/// proxies and not in others.
private struct VersionedPatches {
    private var names: Set<String> = []

    mutating func take(_ patch: EnvoyPatch) {
        if patch.isForVersion { names.insert(patch.name) }
    }

    func have(_ patch: EnvoyPatch) -> Bool { names.contains(patch.name) }
}

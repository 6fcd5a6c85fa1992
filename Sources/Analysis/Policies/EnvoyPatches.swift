import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `envoyfilter.EnvoyPatchAnalyzer`: patches work where they stand, and do not depend on their order.
    static let envoyPatches = Analyzer(
        name: "envoyfilter.EnvoyPatchAnalyzer", codes: ["IST0151", "IST0152", "IST0153", "IST0154", "IST0155"]
    ) { context in
        /// Names of filters that an earlier patch adds for certain proxy versions only.
        var versioned: Set<String> = []
        var findings: [Finding] = []
        for filter in context.resources("EnvoyFilter", group: "networking.istio.io") {
            let hasPriority = (filter.node.at("spec", "priority")?.int ?? 0) != 0
            for patch in filter.node.at("spec", "configPatches")?.list ?? [] {
                guard let change = patch.at("patch") else { break }
                let operation = change.at("operation")
                let name =
                    change.at("value") == nil
                    ? ""
                    : (change.at("value", "name") ?? patch.at("match", "listener", "filterChain", "filter", "name"))?
                        .text ?? ""
                let problem = problem(
                    of: operation?.text ?? "", to: patch.at("applyTo")?.text ?? "", hasPriority: hasPriority,
                    isVersioned: versioned.contains(name))
                if let problem {
                    findings.append(
                        Finding(
                            problem.severity, problem.code, about: filter, analyzer: "envoyfilter.EnvoyPatchAnalyzer",
                            at: operation?.location ?? patch.location, problem.message))
                }
                if patch.at("match", "proxy", "proxyVersion") != nil { versioned.insert(name) }
            }
        }
        return findings
    }

    private static func problem(
        of operation: String, to target: String, hasPriority: Bool, isVersioned: Bool
    ) -> (severity: Diagnostic.Severity, code: String, message: String)? {
        let isRoute = target == "ROUTE_CONFIGURATION" || target == "HTTP_ROUTE"
        switch operation {
        case "ADD":
            return isRoute
                ? (
                    .error, "IST0153",
                    "This EnvoyFilter does not have an effect because ADD is ignored when applyTo is \(target)."
                ) : nil
        case "REMOVE" where isRoute:
            return (
                .error, "IST0154",
                "This EnvoyFilter does not have an effect because REMOVE is ignored when applyTo is \(target)."
            )
        case "REPLACE" where target != "NETWORK_FILTER" && target != "HTTP_FILTER":
            return (
                .error, "IST0152",
                "This EnvoyFilter does not have an effect because REPLACE only works for HTTP_FILTER and NETWORK_FILTER."
            )
        case "REMOVE", "REPLACE", "INSERT_BEFORE", "INSERT_AFTER", "MERGE":
            if hasPriority { return nil }
            return isVersioned
                ? (
                    .warning, "IST0155",
                    "This EnvoyFilter does not have a priority and has a relative patch operation (\(operation)) and the"
                        + " proxyVersion set, which may make it fail during an upgrade; set a priority."
                )
                : (
                    .warning, "IST0151",
                    "This EnvoyFilter does not have a priority and has a relative patch operation (\(operation)), which"
                        + " may keep it from being applied; set a priority."
                )
        default: return nil
        }
    }
}

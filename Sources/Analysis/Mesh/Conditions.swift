import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `conditions.ConditionAnalyzer`: the status of no object reports something that is not met.
    static let conditions = Analyzer(name: "conditions.ConditionAnalyzer", codes: ["IST0171"]) { context in
        let kinds = [
            ("Service", ""), ("ServiceEntry", "networking.istio.io"), ("WorkloadEntry", "networking.istio.io"),
            ("AuthorizationPolicy", "security.istio.io"), ("Gateway", "gateway.networking.k8s.io"),
            ("HTTPRoute", "gateway.networking.k8s.io"), ("GRPCRoute", "gateway.networking.k8s.io"),
        ]
        var findings: [Finding] = []
        for resource in kinds.flatMap({ context.resources($0.0, group: $0.1) }) {
            guard let status = resource.node.at("status") else { continue }
            let parents = (status.at("parents")?.list ?? []).flatMap { $0.at("conditions")?.list ?? [] }
            for condition in (status.at("conditions")?.list ?? []) + parents where isNegative(condition) {
                func field(_ name: String) -> String { condition.at(name)?.text ?? "" }
                findings.append(
                    Finding(
                        .warning, "IST0171", about: resource, analyzer: "conditions.ConditionAnalyzer",
                        at: condition.location,
                        "A condition with a negative status is present: type=\(field("type")),"
                            + " reason=\(field("reason")), message=\(field("message"))."))
            }
        }
        return findings
    }

    private static func isNegative(_ condition: Node) -> Bool {
        let type = condition.at("type")?.text ?? ""
        // Types with a domain of their own are other controllers'.
        if let slash = type.firstIndex(of: "/"), !type[..<slash].hasSuffix("istio.io") { return false }
        let isBad = type == "Conflicted" || type == "OverlappingTLSConfig" ? "True" : "False"
        return condition.at("status")?.text == isBad || condition.at("reason")?.text == "PartiallyInvalid"
    }
}

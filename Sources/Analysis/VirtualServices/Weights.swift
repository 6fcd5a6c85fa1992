import Documents
import MeshModel

extension Analyzer {
    /// Kiali's checks of the destinations of one rule (Istio has no codes for them): KIA1104, a weight that means nothing; KIA1105, the same
    /// destination twice.
    static let routeWeights = Analyzer(
        name: "meshtop.RouteWeights", codes: ["KIA1104", "KIA1105"]
    ) { context in
        context.resources("VirtualService", group: "networking.istio.io").flatMap { resource -> [Finding] in
            guard let spec = resource.node.at("spec") else { return [] }
            let rules = ["http", "tls", "tcp"].flatMap { spec.at($0)?.list ?? [] }
            return rules.flatMap { rule -> [Finding] in
                let destinations = rule.at("route")?.list ?? []
                return destinations.count == 1
                    ? lonelyWeight(destinations, resource) : repeated(destinations, resource, context)
            }
        }
    }

    private static func lonelyWeight(_ destinations: [Node], _ resource: Resource) -> [Finding] {
        guard destinations.count == 1, let weight = destinations.first?.at("weight"), weight.int != 100 else {
            return []
        }
        return [
            Finding(
                .warning, "KIA1104", about: resource, analyzer: nil, at: weight.location,
                hint: "leave the weight out, or add the destination that gets the rest",
                "The weight is assumed to be 100 because there is only one route destination")
        ]
    }

    private static func repeated(
        _ destinations: [Node], _ resource: Resource, _ context: AnalysisContext
    ) -> [Finding] {
        var seen: Set<[String]> = []
        return destinations.compactMap { weighted in
            guard let destination = weighted.at("destination"), let host = destination.at("host") else { return nil }
            let key = [
                context.expanded(host.text, in: resource.meta.namespace), destination.at("subset")?.text ?? "",
                destination.at("port", "number")?.text ?? "",
            ]
            guard !seen.insert(key).inserted else { return nil }
            return Finding(
                .warning, "KIA1105", about: resource, analyzer: nil, at: destination.location,
                hint: "put their weights together",
                "This host subset combination is already referenced in another route destination")
        }
    }
}

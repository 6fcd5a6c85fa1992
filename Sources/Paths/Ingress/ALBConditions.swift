import Documents
import EnvoyModel
import TrafficEngine

/// `alb.ingress.kubernetes.io/conditions.NAME`: a list of conditions that must all hold.
struct ALBConditions {
    private let list: Node

    init(_ list: Node) { self.list = list }

    func hold(for request: SyntheticRequest) -> Bool { list.elements.allSatisfy { holds($0, request) } }

    private func holds(_ condition: Node, _ request: SyntheticRequest) -> Bool {
        switch condition.member("field")?.string {
        case "host-header":
            return values(condition, "hostHeaderConfig").contains {
                PathPattern.matches(request.hostName, wildcard: $0.lowercased())
            }
        case "path-pattern":
            return values(condition, "pathPatternConfig").contains {
                PathPattern.matches(request.plainPath, wildcard: $0)
            }
        case "http-request-method":
            return values(condition, "httpRequestMethodConfig").contains(request.method)
        case "http-header":
            let config = condition.member("httpHeaderConfig")
            guard let name = config?.member("httpHeaderName")?.string?.lowercased(),
                let value = request.header(name)?.lowercased()
            else { return false }
            return values(condition, "httpHeaderConfig").contains {
                PathPattern.matches(value, wildcard: $0.lowercased())
            }
        case "query-string":
            let pairs = (request.query ?? "").split(separator: "&").map { pair in
                pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                    String($0).lowercased()
                }
            }
            let wanted = condition.member("queryStringConfig")?.member("values")?.elements.map { $0 } ?? []
            return wanted.contains { want in
                let key = want.member("key")?.string?.lowercased()
                let value = want.member("value")?.string?.lowercased() ?? ""
                return pairs.contains { pair in
                    (key.map { PathPattern.matches(pair[0], wildcard: $0) } ?? true)
                        && PathPattern.matches(pair.count > 1 ? pair[1] : "", wildcard: value)
                }
            }
        case "source-ip":
            return values(condition, "sourceIPConfig").contains {
                CIDRRange(text: $0)?.contains(request.sourceIP) ?? false
            }
        default: return false
        }
    }

    private func values(_ condition: Node, _ config: String) -> [String] {
        condition.member(config)?.member("values")?.elements.compactMap(\.string) ?? []
    }
}

import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `schema.ValidationAnalyzer.VirtualService`, as far as it is about rules that an earlier rule hides.
    static let routeOrder = Analyzer(
        name: "schema.ValidationAnalyzer.VirtualService", codes: ["IST0130", "IST0131"]
    ) { context in
        context.snapshot.virtualServices.flatMap { virtualService in
            // Objects made of Gateway API routes are sorted by Istio itself.
            virtualService.semantics == .standard ? hiddenRules(of: virtualService) : []
        }
    }

    private static func hiddenRules(of virtualService: VirtualService) -> [Finding] {
        let analyzer = "schema.ValidationAnalyzer.VirtualService"
        var findings: [Finding] = []
        var earlier: [(match: VirtualService.HTTPMatch, rule: Int)] = []
        var catchAll: Int?
        for (number, route) in virtualService.http.enumerated() {
            let name = route.name.isEmpty ? "#\(number)" : "\"\(route.name)\""
            if let taker = catchAll {
                findings.append(
                    Finding(
                        .warning, "IST0130", about: virtualService, analyzer: analyzer, at: route.location,
                        hint: "rule #\(taker) takes every request: move it behind this one",
                        "VirtualService rule \(name) not used (only the last rule can have no matches)."))
                continue
            }
            var hidden = 0
            for (position, match) in route.match.enumerated() {
                guard let taker = earlier.first(where: { covers($0.match, match) }) else { continue }
                hidden += 1
                findings.append(
                    Finding(
                        .info, "IST0131", about: virtualService, analyzer: analyzer, at: match.location,
                        hint: "put the narrower match first",
                        "VirtualService rule \(name) match #\(position) is not used (duplicate/overlapping match in rule"
                            + " #\(taker.rule))."))
            }
            if hidden > 0, hidden == route.match.count {
                findings.append(
                    Finding(
                        .warning, "IST0130", about: virtualService, analyzer: analyzer, at: route.location,
                        "VirtualService rule \(name) not used (all matches used by prior rules)."))
            }
            earlier += route.match.map { ($0, number) }
            if route.match.isEmpty || route.match.contains(where: takesEverything) { catchAll = number }
        }
        return findings
    }

    private static func takesEverything(_ match: VirtualService.HTTPMatch) -> Bool {
        var bare = match
        bare.name = ""
        bare.statPrefix = ""
        bare.location = nil
        let empty = VirtualService.HTTPMatch()
        if bare == empty { return true }
        guard case .prefix("/")? = bare.uri else { return false }
        bare.uri = nil
        bare.ignoreUriCase = false
        return bare == empty
    }

    /// Whether all that `later` takes has been taken by `earlier`: its conditions are among the later one's, its path no narrower.
    private static func covers(_ earlier: VirtualService.HTTPMatch, _ later: VirtualService.HTTPMatch) -> Bool {
        guard covers(path: earlier, later) else { return false }
        func isContained<Key: Hashable, Value: Equatable>(_ left: [Key: Value], _ right: [Key: Value]) -> Bool {
            left.allSatisfy { right[$0.key] == $0.value }
        }
        func fits<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool { left == nil || left == right }
        return fits(earlier.scheme, later.scheme) && fits(earlier.method, later.method)
            && fits(earlier.authority, later.authority) && isContained(earlier.headers, later.headers)
            && isContained(earlier.withoutHeaders, later.withoutHeaders)
            && isContained(earlier.queryParams, later.queryParams)
            && (earlier.port == 0 || earlier.port == later.port)
            && isContained(earlier.sourceLabels, later.sourceLabels)
            && (earlier.sourceNamespace.isEmpty || earlier.sourceNamespace == later.sourceNamespace)
            && (earlier.gateways.isEmpty
                || (!later.gateways.isEmpty && Set(later.gateways).isSubset(of: earlier.gateways)))
    }

    private static func covers(path earlier: VirtualService.HTTPMatch, _ later: VirtualService.HTTPMatch) -> Bool {
        guard let wide = earlier.uri else { return true }
        guard let narrow = later.uri else { return wide == .prefix("/") }
        if earlier.ignoreUriCase != later.ignoreUriCase { return false }
        return switch (wide, narrow) {
        case (.prefix(let a), .prefix(let b)), (.prefix(let a), .exact(let b)): b.hasPrefix(a)
        case (.exact(let a), .exact(let b)), (.regex(let a), .regex(let b)): a == b
        default: false
        }
    }
}

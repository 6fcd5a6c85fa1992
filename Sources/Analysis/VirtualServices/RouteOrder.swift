import Documents
import MeshModel

extension Analyzer {
    /// istioctl's `schema.ValidationAnalyzer.VirtualService`, as far as it is about rules that an earlier rule hides.
    static let routeOrder = Analyzer(
        name: "schema.ValidationAnalyzer.VirtualService", codes: ["IST0130", "IST0131"]
    ) { context in
        context.snapshot.virtualServices.flatMap { virtualService in
            // Objects made of Gateway API routes are sorted by Istio itself.
            virtualService.semantics == .standard
                ? hiddenRules(of: virtualService) + hiddenConnectionRules(of: virtualService) : []
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
                guard let taker = earlier.first(where: { covers($0.match, match) }) else {
                    // Both lead to the same place: worth a word only where one is plainly a repetition of the other.
                    let inside = route.match[..<position].contains { isNarrower(match, than: $0) }
                    if inside {
                        findings.append(
                            Finding(
                                .info, "IST0131", about: virtualService, analyzer: analyzer, at: match.location,
                                hint: "an earlier match of the same rule takes it",
                                "VirtualService rule \(name) match #\(position) is not used (duplicate/overlapping match"
                                    + " in rule #\(number))."))
                    }
                    continue
                }
                if isSame(taker.match, match) { hidden += 1 }
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

    /// As `hiddenRules`, for rules about connections: TLS by name, then TCP.
    private static func hiddenConnectionRules(of virtualService: VirtualService) -> [Finding] {
        let tls = virtualService.tls.map { rule in
            (
                rule.location,
                rule.match.map { match in
                    var bare = match
                    bare.location = nil
                    return (AnyHashable(bare), match.location)
                }
            )
        }
        let tcp = virtualService.tcp.map { rule in
            (
                rule.location,
                rule.match.map { match in
                    var bare = match
                    bare.location = nil
                    return (AnyHashable(bare), match.location)
                }
            )
        }
        return repeated(tls, of: virtualService) + repeated(tcp, of: virtualService)
    }

    private static func repeated(
        _ rules: [(SourceLocation?, [(AnyHashable, SourceLocation?)])], of virtualService: VirtualService
    ) -> [Finding] {
        var findings: [Finding] = []
        func report(_ severity: Diagnostic.Severity, _ code: String, _ place: SourceLocation?, _ message: String) {
            findings.append(
                Finding(
                    severity, code, about: virtualService, analyzer: "schema.ValidationAnalyzer.VirtualService",
                    at: place, message))
        }
        var taken: [AnyHashable: Int] = [:]
        var catchAll = false
        for (number, (place, matches)) in rules.enumerated() {
            if catchAll {
                report(
                    .warning, "IST0130", place,
                    "VirtualService rule #\(number) not used (only the last rule can have no matches).")
                continue
            }
            var hidden = 0
            for (position, (match, place)) in matches.enumerated() {
                guard let taker = taken[match] else { continue }
                hidden += 1
                report(
                    .info, "IST0131", place,
                    "VirtualService rule #\(number) match #\(position) is not used (duplicate/overlapping match in rule"
                        + " #\(taker)).")
            }
            if hidden > 0, hidden == matches.count {
                report(
                    .warning, "IST0130", place,
                    "VirtualService rule #\(number) not used (all matches used by prior rules).")
            }
            for (match, _) in matches where taken[match] == nil { taken[match] = number }
            catchAll = matches.isEmpty
        }
        return findings
    }

    /// Whether a match is another one with a longer prefix, or again.
    private static func isNarrower(_ match: VirtualService.HTTPMatch, than other: VirtualService.HTTPMatch) -> Bool {
        guard covers(other, match) else { return false }
        if case .prefix? = other.uri, case .prefix? = match.uri { return true }
        return isSame(other, match)
    }

    /// Whether both take the very same requests; only such a repetition makes istioctl call the whole rule unused.
    private static func isSame(_ left: VirtualService.HTTPMatch, _ right: VirtualService.HTTPMatch) -> Bool {
        var left = left
        left.name = right.name
        left.statPrefix = right.statPrefix
        left.location = right.location
        return left == right
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

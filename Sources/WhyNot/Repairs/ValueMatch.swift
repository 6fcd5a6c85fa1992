import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

extension Repair {
    /// Method, headers, query parameters, authority and scheme that a match wants and the request does not have.
    static let valueMatch = Repair("condition of a match") { context in
        guard context.request.application != .tcp else { return [] }
        return context.virtualServices.flatMap { istio($0, context) }
            + context.routes.flatMap { route in
                if let object = route.object as? HTTPRoute { return http(object, context) }
                if let object = route.object as? GRPCRoute { return grpc(object, context) }
                return []
            }
    }

    private static func istio(_ object: VirtualService, _ context: RepairContext) -> [Proposal] {
        var proposals: [Proposal?] = []
        for (index, route) in object.http.enumerated() {
            for (position, match) in route.match.enumerated() {
                let place: [PathStep] = ["spec", "http", .index(index), "match", .index(position)]
                let what = "http[\(index)] of VirtualService \(object.namespacedName)"
                func look(_ path: [PathStep], _ name: String, _ wanted: StringMatch, _ found: String?) {
                    if context.meets(wanted, found) { return }
                    let reason = "\(what) wants \(name) \(wanted.words), the request has \(found ?? "none")"
                    if let found {
                        let kind = wanted.kind ?? "exact"
                        proposals.append(context.change(object, .set(path + [.key(kind)], .string(found)), reason))
                    }
                    proposals.append(context.change(object, .remove(path), reason, penalty: 2))
                }
                if let method = match.method { look(place + ["method"], "method", method, context.request.method) }
                if let scheme = match.scheme { look(place + ["scheme"], "scheme", scheme, context.request.scheme) }
                if let authority = match.authority {
                    look(place + ["authority"], "authority", authority, context.request.authority)
                }
                for (name, wanted) in match.headers.sorted(by: { $0.key < $1.key }) {
                    look(place + ["headers", .key(name)], "header \(name)", wanted, context.header(name))
                    proposals += renamed(object, place + ["headers"], name, what, context)
                }
                for (name, wanted) in match.queryParams.sorted(by: { $0.key < $1.key }) {
                    look(place + ["queryParams", .key(name)], "query parameter \(name)", wanted, context.query(name))
                }
                for (name, refused) in match.withoutHeaders.sorted(by: { $0.key < $1.key })
                where context.meets(refused, context.header(name)) && context.header(name) != nil {
                    let reason = "\(what) wants no header \(name) \(refused.words), the request has it"
                    proposals.append(context.change(object, .remove(place + ["withoutHeaders", .key(name)]), reason))
                }
            }
        }
        return proposals.compactMap { $0 }
    }

    /// A header of another name, where the request has one that looks like it.
    private static func renamed(
        _ object: VirtualService, _ place: [PathStep], _ name: String, _ what: String, _ context: RepairContext
    ) -> [Proposal?] {
        guard context.header(name) == nil, let headers = context.resource(object)?.node.at(place)?.json.object else {
            return []
        }
        return Near.names(name.lowercased(), among: context.request.headers.map { $0.name.lowercased() })
            .filter { Near.distance(name.lowercased(), $0) != nil }
            .map { other in
                var new = JSONObject()
                for member in headers.members { new[member.key == name ? other : member.key] = member.value }
                return context.change(
                    object, .set(place, .object(new)), "\(what) looks at header \(name), the request has \(other)",
                    penalty: -8)
            }
    }

    private static func http(_ object: HTTPRoute, _ context: RepairContext) -> [Proposal] {
        var proposals: [Proposal?] = []
        for (index, rule) in object.rules.enumerated() {
            for (position, match) in rule.matches.enumerated() {
                let place: [PathStep] = ["spec", "rules", .index(index), "matches", .index(position)]
                let what = "rules[\(index)] of HTTPRoute \(object.namespacedName)"
                if let method = match.method, method != context.request.method {
                    let reason = "\(what) wants method \(method), the request has \(context.request.method)"
                    proposals.append(
                        context.change(object, .set(place + ["method"], .string(context.request.method)), reason))
                    proposals.append(context.change(object, .remove(place + ["method"]), reason, penalty: 2))
                }
                for (name, list, lookup) in [
                    ("header", match.headers, context.header), ("query parameter", match.queryParams, context.query),
                ] {
                    let key: PathStep = name == "header" ? "headers" : "queryParams"
                    for (entry, wanted) in list.enumerated() {
                        proposals += values(
                            object, place + [key, .index(entry)], "\(what) wants \(name) \(wanted.name)", wanted,
                            lookup(wanted.name), context)
                    }
                }
            }
        }
        return proposals.compactMap { $0 }
    }

    private static func grpc(_ object: GRPCRoute, _ context: RepairContext) -> [Proposal] {
        var proposals: [Proposal?] = []
        let segments = context.path.split(separator: "/").map(String.init)
        for (index, rule) in object.rules.enumerated() {
            for (position, match) in rule.matches.enumerated() {
                let place: [PathStep] = ["spec", "rules", .index(index), "matches", .index(position)]
                let what = "rules[\(index)] of GRPCRoute \(object.namespacedName)"
                if let method = match.method, segments.count == 2 {
                    for (key, wanted, found) in [
                        ("service", method.service, segments[0]), ("method", method.method, segments[1]),
                    ] {
                        guard let wanted, wanted != found else { continue }
                        let reason = "\(what) wants \(key) \(wanted), the request is for \(found)"
                        proposals.append(
                            context.change(object, .set(place + ["method", .key(key)], .string(found)), reason))
                    }
                }
                for (entry, wanted) in match.headers.enumerated() {
                    proposals += values(
                        object, place + ["headers", .index(entry)], "\(what) wants header \(wanted.name)", wanted,
                        context.header(wanted.name), context)
                }
            }
        }
        return proposals.compactMap { $0 }
    }

    private static func values(
        _ object: some MeshObject, _ place: [PathStep], _ what: String, _ wanted: MeshModel.ValueMatch,
        _ found: String?,
        _ context: RepairContext
    ) -> [Proposal?] {
        if found == wanted.value, wanted.type == .exact { return [] }
        let reason = "\(what) \"\(wanted.value)\", the request has \(found ?? "none")"
        var proposals: [Proposal?] = []
        if let found {
            proposals.append(context.change(object, .set(place + ["value"], .string(found)), reason))
        } else {
            let names = context.request.headers.map { $0.name.lowercased() } + context.queryNames
            for name in Near.names(wanted.name.lowercased(), among: names)
            where Near.distance(name, wanted.name.lowercased()) != nil {
                proposals.append(context.change(object, .set(place + ["name"], .string(name)), reason))
            }
        }
        proposals.append(context.change(object, .remove(place), reason, penalty: 2))
        return proposals
    }
}

extension RepairContext {
    func header(_ name: String) -> String? {
        request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var queryNames: [String] {
        let query = request.path.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        return query.split(separator: "&").compactMap { $0.split(separator: "=").first.map(String.init) }
    }

    func query(_ name: String) -> String? {
        let query = request.path.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count > 1 ? String(parts[1]) : "" }
        }
        return nil
    }

    /// Whether a value meets a condition, as far as it can be seen without a regular expression.
    func meets(_ wanted: StringMatch, _ found: String?) -> Bool {
        switch (wanted, found) {
        case (.exact(let text), let found?): text == found
        case (.prefix(let text), let found?): found.hasPrefix(text)
        case (.empty, .some): true
        default: false
        }
    }
}

extension StringMatch {
    /// `exact "v2"`.
    var words: String {
        switch self {
        case .exact(let text): "exact \"\(text)\""
        case .prefix(let text): "prefix \"\(text)\""
        case .regex(let text): "regex \"\(text)\""
        case .empty: "present"
        }
    }

    var kind: String? {
        switch self {
        case .exact: "exact"
        case .prefix: "prefix"
        case .regex: "regex"
        case .empty: nil
        }
    }
}

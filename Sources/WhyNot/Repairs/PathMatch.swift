import CurlCommand
import Documents
import EnvoyModel
import MeshModel
import TrafficEngine

extension Repair {
    /// A path that no match takes: exact where a prefix was meant, a mistyped segment, a star that is no glob.
    static let pathMatch = Repair("path of a match") { context in
        guard context.request.application != .tcp else { return [] }
        var proposals: [Proposal?] = []
        for object in context.virtualServices {
            for (index, route) in object.http.enumerated() {
                for (position, match) in route.match.enumerated() {
                    guard let uri = match.uri else { continue }
                    let place: [PathStep] = ["spec", "http", .index(index), "match", .index(position), "uri"]
                    let what = "http[\(index)] of VirtualService \(object.namespacedName)"
                    for wish in wishes(for: uri, context.path) {
                        let edit =
                            wish.kind == wish.old
                            ? ValueEdit.set(place + [.key(wish.kind)], .string(wish.value))
                            : .set(place, [wish.kind: .string(wish.value)])
                        proposals.append(
                            context.change(
                                object, edit, "\(what) takes \(wish.old) \"\(wish.text)\", the path is \(context.path)",
                                penalty: wish.penalty))
                    }
                    if !takes(uri, context.path) {
                        proposals.append(
                            context.change(
                                object,
                                .insert(
                                    ["spec", "http", .index(index), "match"], ["uri": ["prefix": .string(context.path)]]
                                ),
                                "\(what) has no match for \(context.path)"))
                    }
                }
            }
        }
        for route in context.routes {
            guard let object = route.object as? HTTPRoute else { continue }
            for (index, rule) in object.rules.enumerated() {
                for (position, match) in rule.matches.enumerated() {
                    guard let path = match.path else { continue }
                    let old: StringMatch =
                        switch path.type {
                        case .exact: .exact(path.value)
                        case .pathPrefix: .prefix(path.value)
                        case .regularExpression: .regex(path.value)
                        }
                    let place: [PathStep] = ["spec", "rules", .index(index), "matches", .index(position), "path"]
                    let what = "rules[\(index)] of HTTPRoute \(object.namespacedName)"
                    for wish in wishes(for: old, context.path) {
                        let type = wish.kind == "exact" ? "Exact" : "PathPrefix"
                        let edit =
                            wish.kind == wish.old
                            ? ValueEdit.set(place + ["value"], .string(wish.value))
                            : .set(place, ["type": .string(type), "value": .string(wish.value)])
                        proposals.append(
                            context.change(
                                object, edit, "\(what) takes \(wish.old) \"\(wish.text)\", the path is \(context.path)",
                                penalty: wish.penalty))
                    }
                    if !takes(old, context.path) {
                        let added: JSON = ["path": ["type": "PathPrefix", "value": .string(context.path)]]
                        proposals.append(
                            context.change(
                                object, .insert(["spec", "rules", .index(index), "matches"], added),
                                "\(what) has no match for \(context.path)"))
                    }
                }
            }
        }
        return proposals.compactMap { $0 }
    }

    /// Another way to write a match, so that it takes the path.
    private struct Wish {
        var old: String
        var text: String
        var kind: String
        var value: String
        var penalty = 0
    }

    private static func takes(_ match: StringMatch, _ path: String) -> Bool {
        switch match {
        case .exact(let text): text == path
        case .prefix(let text): path.hasPrefix(text)
        case .regex: false
        case .empty: true
        }
    }

    private static func wishes(for match: StringMatch, _ path: String) -> [Wish] {
        switch match {
        case .empty: return []
        case .exact(let text):
            if text == path { return [] }
            var wishes: [Wish] = []
            // What lies below an exact path was left out by the word, not by its letters.
            let isBelow = path.hasPrefix(text)
            if isBelow { wishes.append(Wish(old: "exact", text: text, kind: "prefix", value: text, penalty: -10)) }
            wishes.append(
                Wish(old: "exact", text: text, kind: "exact", value: path, penalty: isBelow ? 16 : far(text, path)))
            return wishes
        case .prefix(let text):
            if path.hasPrefix(text) { return [] }
            // As many segments of the path as the prefix has.
            let count = text.split(separator: "/").count
            let segments = path.split(separator: "/").prefix(max(count, 1))
            var value = "/" + segments.joined(separator: "/")
            if text.hasSuffix("/"), path.hasPrefix(value + "/") { value += "/" }
            let isStar = text.hasSuffix("*") && path.hasPrefix(text.dropLast())
            var wishes = [
                Wish(old: "prefix", text: text, kind: "prefix", value: value, penalty: isStar ? 16 : far(text, value))
            ]
            if isStar {
                wishes.append(Wish(old: "prefix", text: text, kind: "prefix", value: String(text.dropLast())))
            }
            return wishes
        case .regex(let text):
            return [
                Wish(old: "regex", text: text, kind: "regex", value: escaped(path), penalty: 14),
                Wish(old: "regex", text: text, kind: "prefix", value: path, penalty: 14),
            ]
        }
    }

    /// What it costs to take a path away from those who ask for it now.
    private static func far(_ old: String, _ new: String) -> Int { Near.distance(old, new) == nil ? 16 : 0 }

    private static func escaped(_ path: String) -> String {
        path.map { ".+*?()|[]{}^$\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }
}

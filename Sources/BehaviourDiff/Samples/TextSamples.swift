import EnvoyModel
import TrafficEngine

/// Texts on both sides of a matcher's border: some that it takes, some that it just does not.
enum TextSamples {
    /// Stands for any other text.
    static let other = "x"

    static func of(_ matcher: StringMatcher) -> [String] {
        var samples: [String]
        switch matcher.pattern {
        case .exact(let text): samples = [text, text + other]
        case .prefix(let text): samples = [text, text + other]
        case .suffix(let text): samples = [text, other + text]
        case .contains(let text): samples = [text, other + text + other]
        case .safeRegex(let pattern): samples = RegexSamples.of(pattern)
        }
        if matcher.ignoreCase { samples += samples.map { $0.uppercased() } }
        return samples
    }

    /// `nil` is a header that is not there.
    static func of(_ matcher: HeaderMatcher) -> [String?] {
        switch matcher.test {
        case .present: return [other, nil]
        case .string(let matcher): return of(matcher).map { $0 } + [nil, "meshtop-other"]
        case .range(let start, let end): return ["\(start)", "\(end - 1)", "\(end)", "\(start - 1)", nil]
        }
    }

    static func of(_ matcher: QueryParameterMatcher) -> [String?] {
        switch matcher.test {
        case .present: [other, nil]
        case .string(let matcher): of(matcher).map { $0 } + [nil, "meshtop-other"]
        }
    }

    /// Paths at the border of a route's path condition.
    static func of(_ match: RouteMatch) -> [String] {
        var samples: [String]
        switch match.path {
        case .prefix(let text):
            samples = text.hasSuffix("/") ? [text, text + "x", text + "x/y"] : [text, text + "x", text + "/x"]
        case .path(let text): samples = [text, text + "x", text + "/"]
        case .pathSeparatedPrefix(let text): samples = [text, text + "/", text + "/x", text + "x"]
        case .safeRegex(let pattern): samples = RegexSamples.of(pattern)
        case .uriTemplate(let template): samples = [filled(template)]
        case .connect, .none: samples = []
        }
        if !match.caseSensitive { samples += samples.map { $0.uppercased() } }
        return samples.filter { $0.hasPrefix("/") }
    }

    /// A URI template with its variables filled in.
    private static func filled(_ template: String) -> String {
        var result = ""
        var depth = 0
        for character in template {
            switch character {
            case "{":
                depth += 1
                if depth == 1 { result += other }
            case "}": depth = max(0, depth - 1)
            case "*" where depth == 0: if !result.hasSuffix(other) { result += other }
            default: if depth == 0 { result.append(character) }
            }
        }
        return result
    }
}

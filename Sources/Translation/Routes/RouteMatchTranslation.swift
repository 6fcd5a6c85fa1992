import Documents
import EnvoyModel
import MeshModel

extension RouteMatch {
    /// The conditions of one `match` entry; `nil` is everything (istiod: `TranslateRouteMatch`).
    init(_ match: VirtualService.HTTPMatch?, semantics: VirtualService.RouteSemantics) {
        self.init(.prefix("/"))
        guard let match else { return }
        path = Self.path(match.uri, semantics: semantics)
        caseSensitive = !match.ignoreUriCase
        for (name, test) in match.headers.sorted(by: { $0.key < $1.key }) {
            if let claim = Self.claim(name, test, inverted: false) {
                dynamicMetadata.append(claim)
            } else {
                headers.append(HeaderMatcher(name, test))
            }
        }
        for (name, test) in match.withoutHeaders.sorted(by: { $0.key < $1.key }) {
            if let claim = Self.claim(name, test, inverted: true) {
                dynamicMetadata.append(claim)
                continue
            }
            var matcher = HeaderMatcher(name, test)
            matcher.invertMatch = true
            matcher.treatMissingHeaderAsEmpty = !test.isPresenceTest
            headers.append(matcher)
        }
        if headers.count > 1 { headers = headers.stableSorted { $0.name < $1.name } }
        if let method = match.method { headers.append(HeaderMatcher(":method", method)) }
        if let authority = match.authority { headers.append(HeaderMatcher(":authority", authority)) }
        if let scheme = match.scheme { headers.append(HeaderMatcher(":scheme", scheme)) }
        for (name, test) in match.queryParams.sorted(by: { $0.key < $1.key }) {
            queryParameters.append(
                QueryParameterMatcher(
                    name: name,
                    test: test.isPresenceTest ? .present(true) : test.envoy.map { .string($0) } ?? .present(true)))
        }
    }

    private static func path(_ uri: StringMatch?, semantics: VirtualService.RouteSemantics) -> Path {
        switch uri {
        case .exact(let text): return .path(text)
        case .regex(let text): return .safeRegex(text)
        case .prefix(let text):
            if semantics == .standard || text == "/" { return .prefix(text) }
            return .pathSeparatedPrefix(text.hasSuffix("/") ? String(text.dropLast()) : text)
        case .empty, nil: return .prefix("/")
        }
    }

    /// A header name that means a JWT claim: `@request.auth.claims.a.b` or `@request.auth.claims[a][b]`.
    private static func claim(_ name: String, _ test: StringMatch, inverted: Bool) -> DynamicMetadataMatcher? {
        let marker = "@request.auth.claims"
        guard name.lowercased().hasPrefix(marker) else { return nil }
        let rest = name.dropFirst(marker.count)
        let path: [Substring]
        if rest.hasPrefix("."), rest.count > 1 {
            path = rest.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        } else if rest.hasPrefix("["), rest.hasSuffix("]"), rest.count > 2 {
            path = String(rest.dropFirst().dropLast()).split(separator: "][").map { $0[...] }
        } else {
            return nil
        }
        return DynamicMetadataMatcher(
            filter: "envoy.filters.http.jwt_authn", path: ["payload"] + path.map(String.init),
            value: test.envoy ?? StringMatcher(.safeRegex(".*")), isListMatch: true, invert: inverted)
    }

    /// Whether nothing restricts it (istiod: `IsCatchAllMatch`).
    var isCatchAll: Bool {
        switch path {
        case .prefix("/"), .pathSeparatedPrefix("/"), .safeRegex(".*"):
            headers.isEmpty && queryParameters.isEmpty && dynamicMetadata.isEmpty
        default: false
        }
    }
}

extension HeaderMatcher {
    fileprivate init(_ name: String, _ match: StringMatch) {
        if match.isPresenceTest {
            self.init(name: name, test: .present(true))
        } else {
            self.init(name: name, test: match.envoy.map { .string($0) } ?? .present(true))
        }
    }
}

extension StringMatch {
    /// `{}` and the regex `*` ask only whether the value is there (istiod: `canBeConvertedToPresentMatch`).
    var isPresenceTest: Bool { self == .empty || self == .regex("*") }

    var envoy: StringMatcher? {
        switch self {
        case .exact(let text): StringMatcher(.exact(text))
        case .prefix(let text): StringMatcher(.prefix(text))
        case .regex(let text): StringMatcher(.safeRegex(text))
        case .empty: nil
        }
    }
}

extension Array {
    /// Sorted so that equal elements keep their order, which the standard library does not promise.
    func stableSorted(by areInOrder: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { left, right in
            if areInOrder(left.element, right.element) { return true }
            if areInOrder(right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }
}

import EnvoyModel

/// The path condition of a route made ready (rule book, section 3). A class, so that handing it on counts one reference at most.
final class CompiledPathMatch: Sendable {
    enum Kind: Sendable { case prefix, exact, separatedPrefix, regex, connect, never }

    let kind: Kind
    let ignoresCase: Bool
    /// In lower case where case is ignored.
    let text: [UInt8]
    /// Of `safe_regex` and URI templates.
    let regex: Regex?
    let template: URITemplate?

    init(_ match: RouteMatch, compiler: inout SnapshotCompiler) {
        let kind: Kind
        var text = ""
        var regex: Regex?
        var template: URITemplate?
        switch match.path {
        case .prefix(let value): (kind, text) = (.prefix, value)
        case .path(let value): (kind, text) = (.exact, value)
        case .pathSeparatedPrefix(let value): (kind, text) = (.separatedPrefix, value)
        case .safeRegex(let value):
            regex = compiler.regex(value)
            (kind, text) = (regex == nil ? .never : .regex, value)
        case .uriTemplate(let value):
            template = URITemplate(value)
            regex = template.flatMap { compiler.regex($0.expression) }
            if template == nil { compiler.report("URI template \"\(value)\" cannot be read") }
            (kind, text) = (regex == nil ? .never : .regex, value)
        case .connect: kind = .connect
        case .none: kind = .never
        }
        self.kind = kind
        ignoresCase = !match.caseSensitive && kind != .regex
        self.text = Array(text, lowercased: ignoresCase)
        self.regex = regex
        self.template = template
    }

    @inline(__always)
    func matches(_ request: borrowing RequestHead, _ view: RequestView) -> Bool {
        let path = view.matchedPath
        switch kind {
        case .prefix: return begins(request.block, path)
        case .exact: return Int(path.count) == text.count && begins(request.block, path)
        case .separatedPrefix:
            guard begins(request.block, path) else { return false }
            return Int(path.count) == text.count || request.block.byte(path, text.count) == UInt8(ascii: "/")
        case .regex:
            // Templates see the parameters in any case.
            return regex?.matchesAll(request.block, template == nil ? path : view.path) ?? false
        case .connect, .never: return false
        }
    }

    @inline(__always)
    private func begins(_ block: borrowing HeaderBlock, _ path: ByteRange) -> Bool {
        ignoresCase ? block.hasPrefixIgnoringCase(path, text) : block.hasPrefix(path, text)
    }
}

extension RouteMatch {
    /// The name of the kind, in Envoy's spelling.
    var pathKind: String {
        switch path {
        case .prefix: "prefix"
        case .path: "path"
        case .safeRegex: "safe_regex"
        case .pathSeparatedPrefix: "path_separated_prefix"
        case .uriTemplate: "path_match_policy"
        case .connect: "connect_matcher"
        case .none: "none"
        }
    }

    /// The text of the path condition.
    var pathText: String {
        switch path {
        case .prefix(let text), .path(let text), .safeRegex(let text), .pathSeparatedPrefix(let text),
            .uriTemplate(let text):
            text
        case .connect, .none: ""
        }
    }

    /// As a user reads it: `prefix "/status"`.
    var pathWords: String {
        let suffix = caseSensitive ? "" : " (case ignored)"
        return switch path {
        case .prefix(let text): "prefix \"\(text)\"" + suffix
        case .path(let text): "exact \"\(text)\"" + suffix
        case .safeRegex(let text): "regular expression \"\(text)\""
        case .pathSeparatedPrefix(let text): "path prefix \"\(text)\"" + suffix
        case .uriTemplate(let text): "template \"\(text)\""
        case .connect: "CONNECT"
        case .none: "no path"
        }
    }

    func pathDifference(from path: String) -> Int? {
        switch self.path {
        case .prefix(let text): firstDifference(text, path, ignoringCase: !caseSensitive, isPrefix: true)
        case .path(let text): firstDifference(text, path, ignoringCase: !caseSensitive, isPrefix: false)
        case .pathSeparatedPrefix(let text):
            firstDifference(text, path, ignoringCase: !caseSensitive, isPrefix: true) ?? text.utf8.count
        case .safeRegex, .uriTemplate, .connect, .none: nil
        }
    }
}

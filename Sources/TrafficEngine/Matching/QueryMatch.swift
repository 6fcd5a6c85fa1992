import EnvoyModel

/// A `QueryParameterMatcher` made ready: the first parameter of the name counts, nothing is decoded.
struct CompiledQueryMatcher: Sendable {
    let value: QueryParameterMatcher
    let name: [UInt8]
    let matcher: CompiledStringMatcher?
    let wantsPresence: Bool

    init(_ value: QueryParameterMatcher, compiler: inout SnapshotCompiler) {
        self.value = value
        name = Array(value.name.utf8)
        switch value.test {
        case .present(let present): (matcher, wantsPresence) = (nil, present)
        case .string(let string):
            (matcher, wantsPresence) = (CompiledStringMatcher(string, compiler: &compiler), true)
        }
    }

    func matches(_ request: borrowing RequestHead) -> Bool {
        guard let found = request.queryParameter(name) else { return !wantsPresence }
        guard let matcher else { return wantsPresence }
        return matcher.matches(request.block, found)
    }

    func evidence(_ request: RequestHead) -> Evidence {
        let actual = request.queryParameter(name).map { request.block.string($0) }
        var words = wantsPresence ? "present" : "absent"
        var difference: Int?
        if case .string(let string) = value.test {
            words = string.words
            difference = actual.flatMap { string.difference(from: $0) }
        }
        let isMet = matches(request)
        return Evidence(
            .queryParameter(name: value.name), isMet: isMet, expected: words, actual: actual,
            difference: isMet ? nil : difference)
    }
}

package import EnvoyModel

/// Matchers on values outside a request: a route test's expectations are matched by the code that matches requests.
extension StringMatcher {
    package func matches(_ text: String) -> Bool {
        var compiler = SnapshotCompiler(XDSSnapshot())
        var block = HeaderBlock()
        let range = block.store(text.utf8)
        return CompiledStringMatcher(self, compiler: &compiler).matches(block, range)
    }
}

extension HeaderMatcher {
    /// Whether headers meet the matcher; `:status`, `:path` and the like are headers like all others here, told apart by the name
    /// they have in `headers`.
    package func matches(_ headers: [SyntheticRequest.Header]) -> Bool {
        var compiler = SnapshotCompiler(XDSSnapshot())
        var plain = self
        var head = RequestHead()
        plain.name = name.hasPrefix(":") ? String(name.dropFirst()) : name
        // Without the colon it is no pseudo header, whose place in a request's head is empty here.
        for header in headers where header.name.lowercased() == name.lowercased() {
            head.block.append(name: plain.name.lowercased().utf8, value: header.value.utf8)
        }
        return CompiledHeaderMatcher(plain, compiler: &compiler).matches(head, RequestView())
    }
}

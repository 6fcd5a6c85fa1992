import Documents

extension SourceLocation? {
    /// `httpbin.yaml:23`, empty for nothing.
    var placeText: String {
        guard let self else { return "" }
        return "\(Words.fileName(self.file)):\(self.line)"
    }
}

extension SourceReference? {
    /// `httpbin.yaml:23`; `(built in)` for what no document says.
    var placeText: String {
        guard let self else { return "" }
        return self.location == nil ? "(built in)" : self.location.placeText
    }

    /// `VirtualService default/httpbin`.
    var objectText: String {
        guard let self else { return "" }
        return self.kind + " " + (self.namespace.isEmpty ? "" : self.namespace + "/") + self.name
    }
}

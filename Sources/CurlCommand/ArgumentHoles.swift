/// What the shell in front of us did not fill in: variables in single quotes, and addresses whose variables were unset.
struct ArgumentHoles {
    let context: ReplayContext
    private(set) var notes: [CurlNote] = []

    init(context: ReplayContext) { self.context = context }

    mutating func fill(_ words: [ShellRun.Word]) throws(CurlError) -> [ShellRun.Word] {
        var result: [ShellRun.Word] = []
        var takesAddress = false
        for var word in words {
            if word.text.contains("://") || takesAddress {
                word.text = try expand(word)
                if let filled = withHost(word) { word.text = filled }
            } else if word.text.hasPrefix("$"), !word.text.contains(" ") {
                word.text = try expand(word)
            }
            takesAddress = ["--resolve", "--connect-to", "--url"].contains(word.text)
            result.append(word)
        }
        return result
    }

    /// `$NAME` and `${NAME}` by the context.
    private func expand(_ word: ShellRun.Word) throws(CurlError) -> String {
        guard word.text.contains("$") else { return word.text }
        var result = ""
        var missing: [String] = []
        var rest = word.text[...]
        while let character = rest.popFirst() {
            guard character == "$" else {
                result.append(character)
                continue
            }
            let isBraced = rest.first == "{"
            let from = isBraced ? rest.dropFirst() : rest
            let name = from.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            let after = from.dropFirst(name.count)
            guard ShellParser.isName(name), !isBraced || after.first == "}" else {
                result.append(character)
                continue
            }
            rest = isBraced ? after.dropFirst() : after
            if let value = context.variable(String(name)) { result += value } else { missing.append("$" + name) }
        }
        guard missing.isEmpty else {
            throw CurlError(
                missing.joined(separator: ", ") + (missing.count == 1 ? " has no value" : " have no value"),
                at: word.place,
                hint: "no manifest gives it: set it in the environment", unresolved: missing)
        }
        return result
    }

    /// An address without a host is what the shell makes of `http://$INGRESS_HOST:$INGRESS_PORT/` when both are unset.
    private mutating func withHost(_ word: ShellRun.Word) -> String? {
        guard let mark = word.text.firstRange(of: "://") else { return nil }
        let tail = word.text[mark.upperBound...]
        guard tail.hasPrefix(":"), let host = context.variable("INGRESS_HOST") else { return nil }
        let isTLS = word.text.hasPrefix("https")
        var rest = tail.dropFirst()
        var port = String(rest.prefix { $0.isNumber })
        rest = rest.dropFirst(port.count)
        if port.isEmpty { port = context.variable(isTLS ? "SECURE_INGRESS_PORT" : "INGRESS_PORT") ?? "" }
        let authority = (host.contains(":") ? "[\(host)]" : host) + (port.isEmpty ? "" : ":" + port)
        notes.append(CurlNote("the address has no host; took \(authority) from the manifests", at: word.place))
        return word.text[..<mark.upperBound] + authority + rest
    }
}

/// A path template (`/u/{a}/x/{b=**}`) as a regular expression, and rewrites by its variables.
struct URITemplate: Sendable {
    private static let pchar = "a-zA-Z0-9\\-._~%!$&'()+,;:@=*"

    /// RE2; each variable is a group.
    let expression: String
    /// In the order of their groups.
    let variables: [String]

    init?(_ template: String) {
        var expression = ""
        var variables: [String] = []
        var rest = Substring(template)
        while let character = rest.first {
            if character == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let inner = rest[rest.index(after: rest.startIndex)..<end]
                let parts = inner.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = parts.first, !name.isEmpty, variables.count < 9 else { return nil }
                variables.append(String(name))
                expression += "(" + Self.globs(parts.count > 1 ? parts[1] : "*") + ")"
                rest = rest[rest.index(after: end)...]
            } else {
                let end = rest.firstIndex(of: "{") ?? rest.endIndex
                expression += Self.globs(rest[..<end])
                rest = rest[end...]
            }
        }
        self.expression = expression
        self.variables = variables
    }

    /// `path_template_rewrite` as a rewrite of the whole path; `nil` when it names an unknown variable.
    func substitution(_ rewrite: String) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = Substring(rewrite)
        while let character = rest.first {
            if character == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let name = rest[rest.index(after: rest.startIndex)..<end]
                guard let index = variables.firstIndex(where: { $0 == name }) else { return nil }
                result += Array("\\\(index + 1)".utf8)
                rest = rest[rest.index(after: end)...]
            } else {
                if character == "\\" { result.append(UInt8(ascii: "\\")) }
                result += Array(String(character).utf8)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func globs(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let character = rest.first {
            if rest.hasPrefix("**") {
                result += "[\(pchar)/]*"
                rest = rest.dropFirst(2)
            } else if character == "*" {
                result += "[\(pchar)]+"
                rest = rest.dropFirst()
            } else {
                if "\\.+*?()|[]{}^$".contains(character) { result += "\\" }
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}

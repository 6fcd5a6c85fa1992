/// The words of a kubectl command, sorted.
struct KubectlLine: Sendable {
    /// `apply`, `get`, …
    var verb = ""
    /// What follows: kinds, names, labels.
    var operands: [String] = []
    var namespace: String?
    var context: String?
    var allNamespaces = false
    var files: [String] = []
    var selector: [(key: String, value: String?, isEqual: Bool)] = []
    var output = ""
    private(set) var options: [String: String] = [:]
    /// What stands behind `--`.
    var rest: [String] = []

    private static let withValue: Set<String> = [
        "-n", "--namespace", "--context", "--cluster", "--kubeconfig", "-f", "--filename", "-k", "--kustomize", "-l",
        "--selector", "-o", "--output", "-p", "--patch", "--type", "--replicas", "--for", "--timeout", "-c",
        "--container", "--image", "--port", "--target-port", "--name", "--key", "--cert", "--from-file",
        "--from-literal", "--field-selector", "--sort-by", "-L", "--label-columns", "--as", "--tail", "--since",
        "--server", "-s", "--user", "--patch-file", "--labels", "--env", "--overrides", "--restart", "--grace-period",
    ]

    private static let short: [String: String] = [
        "-n": "--namespace", "-f": "--filename", "-k": "--kustomize", "-l": "--selector", "-o": "--output",
        "-p": "--patch", "-c": "--container", "-L": "--label-columns", "-A": "--all-namespaces", "-R": "--recursive",
    ]

    /// `words` without the word kubectl.
    init(_ words: some Sequence<String>) {
        var rest = Array(words)[...]
        while let word = rest.popFirst() {
            if word == "--" {
                self.rest = Array(rest)
                break
            }
            guard word.hasPrefix("-"), word.count > 1 else {
                if verb.isEmpty { verb = word } else { operands.append(word) }
                continue
            }
            var name = word
            var value: String?
            if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
                name = String(word[..<equals])
                value = String(word[word.index(after: equals)...])
            } else if !word.hasPrefix("--"), word.count > 2, Self.withValue.contains(String(word.prefix(2))) {
                // "-ojson", "-n=default".
                name = String(word.prefix(2))
                value = String(word.dropFirst(2))
                if value?.hasPrefix("=") == true { value?.removeFirst() }
            } else if Self.withValue.contains(word), word != "-p" || !["logs", "wait"].contains(verb) {
                value = rest.popFirst()
            }
            set(Self.short[name] ?? name, value)
        }
    }

    private mutating func set(_ name: String, _ value: String?) {
        switch name {
        case "--namespace": namespace = value
        case "--context": context = value
        case "--all-namespaces": allNamespaces = value != "false"
        case "--filename": files += (value ?? "").split(separator: ",").map(String.init)
        case "--selector": selector = Self.selector(value ?? "")
        case "--output": output = value ?? ""
        default: options[name] = value ?? "true"
        }
    }

    subscript(_ option: String) -> String? { options[option] }

    func has(_ option: String) -> Bool { options[option].map { $0 != "false" } ?? false }

    private static func selector(_ text: String) -> [(key: String, value: String?, isEqual: Bool)] {
        text.split(separator: ",").map { pair in
            if let range = pair.firstRange(of: "!=") {
                return (pair[..<range.lowerBound].trimmed, pair[range.upperBound...].trimmed, false)
            }
            guard let equals = pair.firstIndex(of: "=") else { return (pair.trimmed, nil, true) }
            let value = pair[equals...].drop { $0 == "=" }
            return (pair[..<equals].trimmed, value.trimmed, true)
        }
    }

    func selects(_ labels: [String: String]) -> Bool {
        selector.allSatisfy { rule in
            guard let value = rule.value else { return labels[rule.key] != nil }
            return (labels[rule.key] == value) == rule.isEqual
        }
    }
}

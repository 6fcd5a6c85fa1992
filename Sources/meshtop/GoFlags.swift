/// Go's spelling of flags, which istioctl's users type: `--verbose=false`.
enum GoFlags {
    private static let flags: Set<String> = [
        "verbose", "waypoint", "with-headers", "reset", "strict", "explain",
        "use-kube", "all-namespaces", "list-analyzers",
    ]

    /// `--FLAG=true` becomes `--FLAG`, `--FLAG=false` becomes `--no-FLAG` (or nothing, where that is the default); words behind
    /// `--` are left alone.
    static func normalized(_ words: [String]) -> [String] {
        var result: [String] = []
        for (index, word) in words.enumerated() {
            if word == "--" { return result + words[index...] }
            // istioctl analyze -k=false: no cluster is asked anyway.
            if word == "-k=false" || word == "-k=true" { continue }
            guard word.hasPrefix("--"), let equals = word.firstIndex(of: "="),
                flags.contains(String(word[..<equals].dropFirst(2)))
            else {
                result.append(word)
                continue
            }
            let name = word[..<equals].dropFirst(2)
            switch word[word.index(after: equals)...] {
            case "true", "1", "t", "T", "TRUE", "True": result.append("--\(name)")
            case "false", "0", "f", "F", "FALSE", "False": if name == "verbose" { result.append("--no-verbose") }
            default: result.append(word)
            }
        }
        return result
    }
}

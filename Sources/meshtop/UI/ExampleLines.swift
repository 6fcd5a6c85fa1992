import MeshModel

/// Curl lines for what the manifests expose, to have something to show.
enum ExampleLines {
    private static let limit = 4

    /// For the first hosts of Ingresses, by https and by http.
    static func ingress(_ mesh: MeshSnapshot?) -> [String] {
        let rules = (mesh?.ingresses ?? []).lazy.flatMap(\.rules).filter { !$0.host.isEmpty && isPlain($0.host) }
        return rules.prefix(limit).flatMap { rule in
            let path = rule.paths?.lazy.map(\.path).first { $0.hasPrefix("/") && isPlain($0.dropFirst()) } ?? "/"
            return ["https", "http"].map { "curl \($0)://\(rule.host)\(path)" }
        }
    }

    private static func isPlain(_ text: some StringProtocol) -> Bool {
        text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "./-_".contains($0)) }
    }
}

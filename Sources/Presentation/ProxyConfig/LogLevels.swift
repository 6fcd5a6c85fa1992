/// What `--level` of `proxy-config log` asks for, as queries of `/logging`.
package struct LogLevels: Hashable, Sendable {
    package let requests: [String]

    private static let known = Set(["trace", "debug", "info", "warning", "warn", "error", "critical", "off"])

    /// Reads a comma list of `LEVEL`, `LOGGER:LEVEL` or `LOGGER=LEVEL`; `loggers` is the list that Envoy gave. A bare level
    /// replaces everything before it.
    package init(_ text: String, loggers: String) throws(ProxyConfigError) {
        var bare: String?
        var single: [(logger: String, level: String)] = []
        for item in text.split(separator: ",") {
            let (logger, level) = Self.parts(item)
            if let logger, logger != "level", !(Self.isName(logger) && loggers.containsText(logger)) {
                throw ProxyConfigError("unrecognized logger name: \(logger)", isUsage: true)
            }
            guard Self.known.contains(level) else {
                throw ProxyConfigError("unrecognized logging level: \(level)", isUsage: true)
            }
            if let logger, logger != "level" {
                single.removeAll { $0.logger == logger }
                single.append((logger, level))
            } else {
                bare = level
                single = []
            }
        }
        requests = (bare.map { ["level=" + $0] } ?? []) + single.map { "\($0.logger)=\($0.level)" }
    }

    /// What can stand in a query as it is; Envoy's fine-grained loggers are paths.
    private static func isName(_ logger: String) -> Bool {
        logger.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "_-./*".unicodeScalars.contains($0)
        }
    }

    /// What stands before the last `::` is dropped (a loggers' scope), the rest is cut at the first `:` or `=`.
    private static func parts(_ item: Substring) -> (logger: String?, level: String) {
        var rest = Array(item.unicodeScalars)
        if rest.count > 1,
            let scope = rest.indices.dropLast().last(where: { rest[$0] == ":" && rest[$0 + 1] == ":" })
        {
            rest.removeFirst(scope + 2)
        }
        func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            return String(text)
        }
        guard let cut = rest.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return (nil, string(rest[...])) }
        return (string(rest[..<cut]), string(rest[(cut + 1)...]))
    }
}

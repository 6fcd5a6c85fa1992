/// The levels of `/logging`. meshtop has Envoy's loggers by name, so that tools which set them are understood.
struct LoggerLevels: Sendable {
    private var levels: [String: String]

    private static let names = [
        "admin", "assert", "backtrace", "client", "config", "connection", "conn_handler", "dns", "file", "filter",
        "happy_eyeballs", "hc", "health_checker", "http", "http2", "init", "io", "main", "matcher", "misc", "pool",
        "rbac", "rds", "router", "runtime", "secret", "stats", "tap", "tracing", "udp", "upstream",
    ]
    private static let known = Set(["trace", "debug", "info", "warning", "warn", "error", "critical", "off"])

    init() { levels = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, "warning") }) }

    /// `active loggers:` and a line each.
    var text: String {
        "active loggers:\n" + Self.names.map { "  \($0): \(levels[$0] ?? "warning")\n" }.joined() + "\n"
    }

    /// `level=L` for all, `NAME=L` for one, `paths=a:L,b:L` for several; nothing changes when one of them is wrong.
    mutating func apply(_ query: [(name: String, value: String)]) throws(AdminError) {
        var changed = self
        for (name, value) in query where name != "proxy" {
            switch name {
            case "level":
                let level = try Self.level(value)
                for name in Self.names { changed.levels[name] = level }
            case "paths", "group":
                for item in value.split(separator: ",") {
                    guard let colon = item.lastIndex(of: ":") else {
                        throw AdminError("error: empty logger name or empty logger level")
                    }
                    try changed.set(String(item[..<colon]), String(item[item.index(after: colon)...]))
                }
            default: try changed.set(name, value)
            }
        }
        self = changed
    }

    private mutating func set(_ name: String, _ level: String) throws(AdminError) {
        let level = try Self.level(level)
        guard levels[name] != nil else { throw AdminError("error: unknown logger name") }
        levels[name] = level
    }

    private static func level(_ text: String) throws(AdminError) -> String {
        guard known.contains(text) else { throw AdminError("error: unknown logger level") }
        return text == "warn" ? "warning" : text
    }
}

import Testing

@testable import Presentation

struct LogLevelsTests {
    private let loggers = "active loggers:\n  admin: warning\n  http: warning\n  http2: warning\n"

    @Test(
        "what --level asks for",
        arguments: [
            ("debug", ["level=debug"]), ("http:debug", ["http=debug"]),
            ("http=debug,admin:off", ["http=debug", "admin=off"]),
            ("http:debug,info,admin:trace", ["level=info", "admin=trace"]), ("level:error", ["level=error"]),
            ("ns::http:info", ["http=info"]), ("", []),
        ])
    func requests(text: String, requests: [String]) throws {
        #expect(try LogLevels(text, loggers: loggers).requests == requests)
    }

    @Test("a wrong logger is named before a wrong level")
    func errors() {
        #expect(throws: ProxyConfigError("unrecognized logger name: xxx", isUsage: true)) {
            try LogLevels("xxx:yyy", loggers: loggers)
        }
        #expect(throws: ProxyConfigError("unrecognized logger name: \n  http", isUsage: true)) {
            try LogLevels("\n  http:debug", loggers: loggers)
        }
        #expect(throws: ProxyConfigError("unrecognized logging level: yyy", isUsage: true)) {
            try LogLevels("http:yyy", loggers: loggers)
        }
    }
}

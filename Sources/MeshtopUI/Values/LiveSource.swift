/// The running proxy whose admin address the screens look at.
package struct LiveSource: Hashable, Sendable {
    /// `HOST:PORT`.
    package var address: String
    /// When it last answered, `HH:MM:SS`.
    package var answeredAt: String
    /// How long that took.
    package var milliseconds: Double
    /// How long it runs.
    package var uptime: Double
    /// Why it gives no answer now; what the screens show is what it said last.
    package var problem: String?

    package init(
        address: String, answeredAt: String = "", milliseconds: Double = 0, uptime: Double = 0, problem: String? = nil
    ) {
        self.address = address
        self.answeredAt = answeredAt
        self.milliseconds = milliseconds
        self.uptime = uptime
        self.problem = problem
    }

    package var isLost: Bool { problem != nil }
}

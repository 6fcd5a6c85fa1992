import Glibc

/// The time of day for people, and seconds that only go forward.
enum Clock {
    static func now() -> String { text(of: time(nil)) }

    /// `HH:MM:SS` in the local zone.
    static func text(of seconds: Int) -> String {
        var seconds = seconds
        var parts = tm()
        localtime_r(&seconds, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { ($0 < 10 ? "0" : "") + String($0) }.joined(
            separator: ":")
    }

    static func seconds() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}

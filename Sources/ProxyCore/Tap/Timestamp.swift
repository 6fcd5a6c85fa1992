/// Times since 1970 as text, without a calendar library.
package enum Timestamp {
    private static let weekdays: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `2026-11-21T02:15:00.123Z`
    package static func append(microseconds: Int64, to output: inout ByteQueue) {
        let (seconds, rest) = floorDivided(microseconds, 1_000_000)
        let date = Date(seconds: seconds)
        padded(date.year, 4, &output)
        output.append("-")
        padded(date.month, 2, &output)
        output.append("-")
        padded(date.day, 2, &output)
        output.append("T")
        clock(date, &output)
        output.append(".")
        padded(rest / 1000, 3, &output)
        output.append("Z")
    }

    /// The value of a `date` field: `Sat, 21 Nov 2026 02:15:00 GMT`
    package static func httpDate(seconds: Int64) -> [UInt8] {
        var output = ByteQueue()
        let date = Date(seconds: seconds)
        output.append(weekdays[Int(date.weekday)])
        output.append(", ")
        padded(date.day, 2, &output)
        output.append(" ")
        output.append(months[Int(date.month - 1)])
        output.append(" ")
        padded(date.year, 4, &output)
        output.append(" ")
        clock(date, &output)
        output.append(" GMT")
        return output.bytes
    }

    private static func clock(_ date: Date, _ output: inout ByteQueue) {
        padded(date.second / 3600, 2, &output)
        output.append(":")
        padded(date.second / 60 % 60, 2, &output)
        output.append(":")
        padded(date.second % 60, 2, &output)
    }

    private static func padded(_ value: Int64, _ width: Int, _ output: inout ByteQueue) {
        let digits = String(max(0, value))
        for _ in 0..<max(0, width - digits.utf8.count) { output.append("0") }
        output.append(text: digits)
    }

    private struct Date {
        var year: Int64
        /// 1 to 12.
        var month: Int64
        var day: Int64
        /// 0 is Thursday, as 1 January 1970 was.
        var weekday: Int64
        /// Of the day.
        var second: Int64

        /// The proleptic Gregorian calendar, counted in years that begin in March.
        init(seconds: Int64) {
            let (days, second) = floorDivided(seconds, 86400)
            self.second = second
            weekday = floorDivided(days, 7).remainder
            let (era, dayOfEra) = floorDivided(days + 719_468, 146_097)
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let shifted = (5 * dayOfYear + 2) / 153
            day = dayOfYear - (153 * shifted + 2) / 5 + 1
            month = shifted < 10 ? shifted + 3 : shifted - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        }
    }

    private static func floorDivided(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

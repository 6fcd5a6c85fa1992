import Documents

/// `proxy-status`: what istiod would send against what Envoy has.
package enum ProxyStatusReport {
    /// The text for clusters, listeners and routes, and whether all three match.
    package static func compare(istiod: ConfigDump, envoy: ConfigDump) -> (text: String, matches: Bool) {
        var text = ""
        var matches = true
        for (name, section) in [
            ("Clusters", ConfigDump.Section.clusters), ("Listeners", .listeners), ("Routes", .routes),
        ] {
            let expected = json(istiod, section)
            let found = json(envoy, section)
            var suffix = ""
            if section == .routes, let updated = envoy.routesLastUpdated.flatMap(rfc1123) {
                suffix = " (RDS last loaded at \(updated))"
            }
            guard expected != found else {
                text += "\(name) Match\(suffix)\n"
                continue
            }
            matches = false
            text += "\(name) Don't Match\(suffix)\n"
            text += UnifiedDiff.text(from: expected, named: "Istiod " + name, to: found, named: "Envoy " + name) + "\n"
        }
        return (text, matches)
    }

    /// A missing section counts as its error.
    private static func json(_ dump: ConfigDump, _ section: ConfigDump.Section) -> String {
        do throws(ProxyConfigError) {
            return try dump.comparable(section).text(indent: 4, escapesHTML: true)
        } catch {
            return error.message
        }
    }

    /// `Mon, 02 Jan 2006 15:04:05 UTC` of an RFC 3339 time in UTC.
    static func rfc1123(_ time: String) -> String? {
        let numbers = time.split { !("0"..."9").contains($0) }.prefix(6).map { Int($0) ?? 0 }
        guard numbers.count == 6, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]), numbers[0] < 10_000
        else { return nil }
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][numbers[1] - 1]
        let shiftedYear = numbers[1] < 3 ? numbers[0] - 1 : numbers[0]
        let offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
        let weekday =
            (shiftedYear + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + offsets[numbers[1] - 1]
                + numbers[2])
            % 7
        let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday]
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(day), \(two(numbers[2])) \(month) \(numbers[0]) "
            + "\(two(numbers[3])):\(two(numbers[4])):\(two(numbers[5])) UTC"
    }
}

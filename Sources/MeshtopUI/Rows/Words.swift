/// Numbers and names as the screens write them.
package enum Words {
    /// A number with so many decimals.
    package static func fixed(_ value: Double, _ decimals: Int = 1) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<max(0, decimals) { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let number = Int(scaled)
        let sign = value < 0 && number != 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(number) }
        let whole = number / Int(scale)
        let fraction = String(number % Int(scale))
        return sign + String(whole) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// A whole number with thin groups: `18 040`.
    package static func grouped(_ value: Int) -> String {
        let digits = Array(String(abs(value)))
        guard digits.count > 3 else { return String(value) }
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(" ") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }

    package static func grouped(_ value: UInt64) -> String { grouped(Int(clamping: value)) }

    /// Bytes in a short form: `512`, `1.4k`, `3.2M`.
    package static func bytes(_ value: Int) -> String {
        switch value {
        case ..<1_000: String(value)
        case ..<1_000_000: fixed(Double(value) / 1_000) + "k"
        case ..<1_000_000_000: fixed(Double(value) / 1_000_000) + "M"
        default: fixed(Double(value) / 1_000_000_000) + "G"
        }
    }

    /// Milliseconds, with decimals only below ten; what took less than the clock tells apart is `<1`.
    package static func milliseconds(_ value: Double) -> String {
        value == 0 ? "<1" : value < 1 ? fixed(value, 2) : value < 10 ? fixed(value, 1) : fixed(value, 0)
    }

    /// `1 error`, `3 warnings`.
    package static func count(_ number: Int, _ word: String) -> String {
        "\(grouped(number)) \(word)\(number == 1 ? "" : "s")"
    }

    /// A duration as Envoy's users write it: `15s`, `250ms`.
    package static func duration(_ value: Duration) -> String {
        let (seconds, attoseconds) = value.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if seconds == 0 { return "\(milliseconds)ms" }
        return milliseconds == 0 ? "\(seconds)s" : fixed(Double(seconds) + Double(milliseconds) / 1000, 3) + "s"
    }

    /// The last part of a path.
    package static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// `httpbin.default.svc.cluster.local` → `httpbin.default`.
    package static func shortHost(_ host: String) -> String {
        guard let range = host.range(of: ".svc.") else { return host }
        return String(host[..<range])
    }
}

extension String {
    /// Where a text begins first, by bytes.
    fileprivate func range(of text: String) -> String.Index? {
        let (hay, needle) = (Array(utf8), Array(text.utf8))
        guard !needle.isEmpty, hay.count >= needle.count else { return nil }
        for start in 0...(hay.count - needle.count) where hay[start..<start + needle.count].elementsEqual(needle) {
            return utf8.index(startIndex, offsetBy: start)
        }
        return nil
    }
}

/// Host names with other than ASCII letters, as they go over the wire (RFC 3492).
enum Punycode {
    static func asciiHost(_ host: String) -> String {
        host.lowercased().split(separator: ".", omittingEmptySubsequences: false).map { label in
            label.utf8.allSatisfy { $0 < 0x80 } ? String(label) : "xn--" + encoded(Array(label.unicodeScalars))
        }.joined(separator: ".")
    }

    private static func encoded(_ input: [Unicode.Scalar]) -> String {
        var output = input.filter(\.isASCII).map { Character($0) }
        let basic = output.count
        var handled = basic
        if basic > 0 { output.append("-") }
        var threshold: UInt32 = 128
        var delta: UInt32 = 0
        var bias: UInt32 = 72
        while handled < input.count {
            guard let next = input.map(\.value).filter({ $0 >= threshold }).min() else { break }
            delta &+= (next - threshold) &* UInt32(handled + 1)
            threshold = next
            for scalar in input {
                if scalar.value < threshold { delta &+= 1 }
                guard scalar.value == threshold else { continue }
                var rest = delta
                var base: UInt32 = 36
                while true {
                    let limit = base <= bias ? 1 : (base >= bias + 26 ? 26 : base - bias)
                    guard rest >= limit else { break }
                    output.append(digit(limit + (rest - limit) % (36 - limit)))
                    rest = (rest - limit) / (36 - limit)
                    base += 36
                }
                output.append(digit(rest))
                bias = adapted(delta, count: UInt32(handled + 1), isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta &+= 1
            threshold &+= 1
        }
        return String(output)
    }

    private static func digit(_ value: UInt32) -> Character {
        Character(Unicode.Scalar(UInt8(truncatingIfNeeded: value < 26 ? value + 97 : value - 26 + 48)))
    }

    private static func adapted(_ delta: UInt32, count: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var base: UInt32 = 0
        while delta > 455 {
            delta /= 35
            base += 36
        }
        return base + 36 * delta / (delta + 38)
    }
}

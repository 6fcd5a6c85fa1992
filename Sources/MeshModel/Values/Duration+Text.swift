extension Duration {
    /// A duration as Go writes it (`1m30s`, `0.5s`, `250ms`, `0`); also every one that Gateway API allows.
    package init?(goText text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        var sign = 1.0
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            if first == UInt8(ascii: "-") { sign = -1 }
            bytes = bytes.dropFirst()
        }
        if bytes.elementsEqual("0".utf8) {
            self = .zero
            return
        }
        guard !bytes.isEmpty, bytes.count <= 64 else { return nil }
        var total = 0.0
        while !bytes.isEmpty {
            let number = bytes.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
            bytes = bytes.dropFirst(number.count)
            let unit = bytes.prefix { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: ".") }
            bytes = bytes.dropFirst(unit.count)
            guard let value = Double(String(decoding: number, as: UTF8.self)),
                let nanoseconds = Self.nanoseconds[String(decoding: unit, as: UTF8.self)]
            else { return nil }
            total += value * nanoseconds
        }
        guard total < 9.2e18 else { return nil }
        self = .nanoseconds(Int64((sign * total).rounded()))
    }

    private static let nanoseconds: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]

    /// The duration as protobuf's JSON has it: `1.500s`, `10s`.
    package var protobufText: String {
        let (seconds, attoseconds) = components
        let nanoseconds = abs(attoseconds / 1_000_000_000)
        let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
        guard nanoseconds != 0 else { return "\(sign)\(abs(seconds))s" }
        var digits = String(nanoseconds)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("000") { digits.removeLast(3) }
        return "\(sign)\(abs(seconds)).\(digits)s"
    }
}

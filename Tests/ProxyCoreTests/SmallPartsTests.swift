import TestSupport
import Testing

@testable import ProxyCore

@Suite("Small parts of the core") struct SmallPartsTests {
    @Test("dates, over leap days and centuries")
    func dates() {
        let rows: [(Int64, String)] = [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (1_709_251_200, "Fri, 01 Mar 2024 00:00:00 GMT"),
            (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ]
        for (seconds, text) in rows {
            #expect(String(decoding: Timestamp.httpDate(seconds: seconds), as: UTF8.self) == text)
        }
        var output = ByteQueue()
        Timestamp.append(microseconds: 1_709_251_199_045_678, to: &output)
        #expect(String(decoding: output.bytes, as: UTF8.self) == "2024-02-29T23:59:59.045Z")
    }

    @Test("numbers in a queue of bytes")
    func numbers() {
        for value: UInt64 in [0, 1, 9, 10, 15, 16, 255, 256, 99999, 1 << 32, .max] {
            var output = ByteQueue()
            output.append(decimal: value)
            output.append(32)
            output.append(hexadecimal: value)
            #expect(String(decoding: output.bytes, as: UTF8.self) == "\(value) \(String(value, radix: 16))")
        }
    }

    @Test("bytes leave a queue in their order, whatever the pieces", arguments: [7, 8] as [UInt64])
    func queue(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = ByteQueue()
        var expected: [UInt8] = []
        var sent: [UInt8] = []
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            queue.append(bytes.span)
            expected += bytes
            let count = Int.random(in: 0...25, using: &random)
            sent += queue.bytes.prefix(count)
            queue.removeFirst(count)
        }
        #expect(sent + queue.bytes == expected, "seed \(seed)")
    }

    @Test("strings in the access log are JSON whatever a client sends")
    func json() {
        var output = ByteQueue()
        JSONText.append("a\"\\\n\r\t\u{1}\u{1f}\u{7f}é", to: &output)
        #expect(String(decoding: output.bytes, as: UTF8.self) == #""a\"\\\n\r\t\u0001\u001f\u007fé""#)
    }

    @Test("durations of a configuration; none and zero are no limit")
    func durations() {
        #expect(nanoseconds(nil) == .max)
        #expect(nanoseconds(.zero) == .max)
        #expect(nanoseconds(nil, default: .seconds(2)) == 2_000_000_000)
        #expect(nanoseconds(.milliseconds(250)) == 250_000_000)
        #expect(nanoseconds(.seconds(Int64.max)) == .max)
    }
}

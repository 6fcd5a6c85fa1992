import TestSupport
import Testing

@testable import ProxyCore

@Suite("eight bytes at a time say the same as byte by byte")
struct ByteWordTests {
    /// Words of bytes that are near to a border of some class, with one random byte among them.
    private static func words(_ random: inout SplitMix64) -> [UInt8] {
        let borders: [UInt8] = [
            0, 8, 9, 10, 11, 13, 31, 32, 33, 44, 45, 46, 47, 48, 57, 58, 64, 65, 90, 91, 95, 96, 97, 122, 123, 126, 127,
            128, 137, 138, 160, 193, 255,
        ]
        return (0..<8).map { _ in
            random.next() % 4 == 0 ? UInt8(truncatingIfNeeded: random.next()) : borders[Int(random.next() % 33)]
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func classes(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<50_000 {
            let bytes = Self.words(&random)
            let word = ByteWord(bytes.span.bytes, at: 0)
            #expect(ByteWord.firstPlace(in: word.firstLineFeed) == bytes.firstIndex(of: 10) ?? 8, "\(bytes)")
            let isPlain = bytes.allSatisfy { ByteClass.isFieldValue($0) && $0 != 9 }
            #expect(word.isPlainValue == isPlain, "\(bytes)")
            #expect(word.isVisible == bytes.allSatisfy(ByteClass.isTarget), "\(bytes)")
            let small = bytes.map(ByteClass.lowercased)
            let lowercased = word.lowercased
            #expect(lowercased.value == ByteWord(small.span.bytes, at: 0).value, "\(bytes)")
            let names = small.prefix { $0 == 45 || 48...57 ~= $0 || 97...122 ~= $0 }.count
            #expect(ByteWord.firstPlace(in: lowercased.nameBytes ^ ByteWord.all) == names, "\(bytes)")
            let mixed = Array(small.prefix(names) + bytes.dropFirst(names))
            #expect(lowercased.prefix(names, then: word).value == ByteWord(mixed.span.bytes, at: 0).value, "\(bytes)")
        }
    }
}

import TestSupport
import Testing

@testable import ProxyCore

@Suite("Bodies") struct BodyReaderTests {
    enum Outcome: Hashable {
        case whole(data: String, used: Int)
        case incomplete(data: String)
        case failed
    }

    func read(_ framing: BodyFraming, _ pieces: [[UInt8]]) -> Outcome {
        var reader = BodyReader(framing)
        var data: [UInt8] = []
        var used = 0
        for piece in pieces {
            var offset = 0
            reading: while true {
                switch reader.read(piece.span, from: &offset) {
                case .data(let range): data += piece[range]
                case .needsMore: break reading
                case .end: return .whole(data: String(decoding: data, as: UTF8.self), used: used + offset)
                case .failed: return .failed
                }
            }
            used += offset
        }
        return reader.isDone
            ? .whole(data: String(decoding: data, as: UTF8.self), used: used)
            : .incomplete(data: String(decoding: data, as: UTF8.self))
    }

    struct Row: CustomTestStringConvertible {
        var text: String
        var outcome: Outcome
        var testDescription: String { text.debugDescription }
    }

    static let rows = [
        Row(text: "5\r\nhello\r\n0\r\n\r\nGET", outcome: .whole(data: "hello", used: 15)),
        Row(text: "5;a=b\r\nhello\r\n6;\"x\"\r\n world\r\n0\r\n\r\n", outcome: .whole(data: "hello world", used: 34)),
        Row(text: "00A\r\n0123456789\r\n000\r\n\r\n", outcome: .whole(data: "0123456789", used: 24)),
        Row(text: "1\r\na\r\n0\r\nX: 1\r\nY: 2\r\n\r\n", outcome: .whole(data: "a", used: 23)),
        Row(text: "0\r\n\r\n", outcome: .whole(data: "", used: 5)),
        Row(text: "5\r\nhel", outcome: .incomplete(data: "hel")),
        Row(text: "5\r\nhello\r\n0\r\n", outcome: .incomplete(data: "hello")), Row(text: "\r\n", outcome: .failed),
        Row(text: "0x5\r\nhello\r\n0\r\n\r\n", outcome: .failed), Row(text: "-5\r\n", outcome: .failed),
        Row(text: "+5\r\n", outcome: .failed), Row(text: " 5\r\nhello\r\n0\r\n\r\n", outcome: .failed),
        Row(text: "5 \r\nhello\r\n0\r\n\r\n", outcome: .failed), Row(text: ";a\r\n", outcome: .failed),
        Row(text: "5\nhello\r\n0\r\n\r\n", outcome: .failed), Row(text: "5\r\nhello\n0\r\n\r\n", outcome: .failed),
        Row(text: "5\r\nhelloX0\r\n\r\n", outcome: .failed), Row(text: "5\r\nhello!!0\r\n\r\n", outcome: .failed),
        Row(text: "5;a\nb\r\nhello\r\n0\r\n\r\n", outcome: .failed), Row(text: "5;\0\r\n", outcome: .failed),
        Row(text: "10000000000000000\r\n", outcome: .failed), Row(text: "0000000000000005\r\n", outcome: .failed),
        Row(text: "0\r\nX\0: 1\r\n\r\n", outcome: .failed), Row(text: "0\r\n: 1\r\n\r\n", outcome: .failed),
        Row(text: "0\r\n X: 1\r\n\r\n", outcome: .failed), Row(text: "0\r\n\rX", outcome: .failed),
    ]

    @Test("chunked", arguments: rows) func chunked(_ row: Row) {
        let bytes = Array(row.text.utf8)
        #expect(read(.chunked, [bytes]) == row.outcome)
        #expect(read(.chunked, bytes.map { [$0] }) == row.outcome, "byte by byte")
        for cut in bytes.indices {
            #expect(read(.chunked, [Array(bytes[..<cut]), Array(bytes[cut...])]) == row.outcome, "cut at \(cut)")
        }
    }

    @Test("extensions and trailers without end are refused") func floods() {
        #expect(read(.chunked, [Array(("5;" + String(repeating: "a", count: 20000) + "\r\n").utf8)]) == .failed)
        #expect(read(.chunked, [Array(("0\r\n" + String(repeating: "X: 1\r\n", count: 5000)).utf8)]) == .failed)
    }

    @Test("of known length, and up to the end") func plain() {
        #expect(read(.length(3), [Array("abcdef".utf8)]) == .whole(data: "abc", used: 3))
        #expect(read(.length(3), [Array("ab".utf8)]) == .incomplete(data: "ab"))
        #expect(read(.none, []) == .whole(data: "", used: 0))
        #expect(read(.untilClose, [Array("ab".utf8), Array("c".utf8)]) == .incomplete(data: "abc"))
    }
}

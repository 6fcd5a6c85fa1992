import EnvoyModel
import TestSupport
import Testing

@testable import ProxyCore

@Suite("Hostile streams") struct HostileStreamTests {
    private static let streams = [
        "GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nConnection: content-length\r\nContent-Length: 30\r\n\r\nGET /hidden HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ]
    private static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ]

    private func mutated(_ text: String, _ random: inout SplitMix64) -> [UInt8] {
        var bytes = Array(text.utf8)
        let spice = Array("\r\n\t :,;\0GETchunked0123456789f".utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = spice.randomElement(using: &random) ?? 0
            case 1: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
            default: bytes.remove(at: place)
            }
        }
        return bytes
    }

    /// The requests that stand in bytes, read one behind the other; `isClean` is false when something else follows.
    private func requests(in bytes: [UInt8]) -> (paths: [String], isClean: Bool) {
        var paths: [String] = []
        var rest = bytes
        while !rest.isEmpty {
            guard case .read(let read) = readHead([rest]) else { return (paths, false) }
            paths.append(read.path)
            rest = Array(rest[read.used...])
            var body = BodyReader(read.framing)
            var offset = 0
            reading: while true {
                switch body.read(rest.span, from: &offset) {
                case .data: continue
                case .needsMore, .end: break reading
                case .failed: return (paths, false)
                }
            }
            rest = Array(rest[offset...])
        }
        return (paths, true)
    }

    @Test(
        "whatever comes on either side, endpoints get whole requests, those of the client and no others",
        arguments: [11, 12, 13] as [UInt64])
    func streams(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for round in 0..<300 {
            let run = try Transcript(bootstrap(routes: plainRoutes))
            let (client, _) = try run.open()
            let input = mutated(Self.streams.randomElement(using: &random) ?? "", &random)
            var rest = input[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(Int.random(in: 1...40, using: &random)))
                rest = rest.dropFirst(piece.count)
                run.worker.received(piece.span, from: client, now: run.now)
                run.perform()
                for upstream in run.dialled where Bool.random(using: &random) {
                    let answer = mutated(Self.answers.randomElement(using: &random) ?? "", &random)
                    run.worker.received(answer.span, from: upstream, now: run.now)
                    run.perform()
                }
            }
            run.wait(.seconds(20))
            let asked = requests(in: input).paths
            var forwarded: [String] = []
            for upstream in run.dialled {
                let (paths, isClean) = requests(in: try run.line(upstream).sent)
                #expect(isClean, "seed \(seed), round \(round)")
                forwarded += paths
            }
            #expect(forwarded.count <= asked.count, "seed \(seed), round \(round)")
            #expect(forwarded.allSatisfy { asked.contains($0) }, "seed \(seed), round \(round)")
        }
    }
}

import TrafficEngine

@testable import ProxyCore

/// What became of a request head, in a form that can be compared.
enum HeadOutcome: Hashable, CustomStringConvertible {
    case incomplete
    case refused(HeadError)
    case answered(Int)
    case read(Read)

    struct Read: Hashable {
        var method: String
        var path: String
        var authority: String?
        /// The live fields, `name: value`.
        var fields: [String]
        var framing: BodyFraming
        var keepsAlive: Bool
        /// How many bytes of the input belong to the head.
        var used: Int
    }

    var description: String {
        switch self {
        case .incomplete: "incomplete"
        case .refused(let error): "refused \(error)"
        case .answered(let status): "answered \(status)"
        case .read(let read): "\(read)"
        }
    }
}

/// Reads a head that comes in these pieces.
func readHead(_ pieces: [[UInt8]], rules: RequestRules = RequestRules()) -> HeadOutcome {
    var rules = rules
    var scanner = HeadScanner(.request, limits: rules.limits)
    var head = RequestHead()
    var used = 0
    for piece in pieces {
        var offset = 0
        let progress = scanner.read(piece.span, from: &offset, into: &head.block)
        used += offset
        switch progress {
        case .needsMore: continue
        case .failed(let error): return .refused(error)
        case .complete: break
        }
        switch RequestReader.read(&head, scanned: scanner, rules: &rules) {
        case .refused(let error): return .refused(error)
        case .answered(let reply): return .answered(reply.status)
        case .accepted(let facts):
            return .read(
                HeadOutcome.Read(
                    method: head.block.string(head.method), path: head.block.string(head.path),
                    authority: head.hasHost ? head.block.string(head.authority) : nil,
                    fields: head.block.fields.filter { !$0.isRemoved }.map {
                        head.block.string($0.name) + ": " + head.block.string($0.value)
                    }, framing: facts.framing, keepsAlive: facts.keepsAlive, used: used))
        }
    }
    return .incomplete
}

func readHead(_ text: String, rules: RequestRules = RequestRules()) -> HeadOutcome {
    readHead([Array(text.utf8)], rules: rules)
}

import CurlCommand
package import Documents
package import TrafficEngine

/// The candidate that nearly took a request, and what would have made it.
package struct NearestMiss: Hashable, Sendable {
    package var step: Step
    package var failures: [Evidence]
    /// The smallest change of the request that meets the failed conditions, in words.
    package var requestChange: String?
    /// The smallest change of the configuration, in words, and where.
    package var configurationChange: String?
    package var configurationPlace: SourceReference?

    /// Of the candidates that failed at a stage, the one with the fewest failed conditions; among those the one whose
    /// text differs latest.
    package static func among(_ steps: [Step], at stage: Step.Stage) -> NearestMiss? {
        let failed = steps.filter { $0.stage == stage && !$0.matched && !$0.evidence.isEmpty }
        let ranked = failed.enumerated().map { index, step in
            let failures = step.evidence.filter { !$0.isMet }
            return (index: index, step: step, failures: failures, distance: failures.map(distance).reduce(0, +))
        }
        let best = ranked.filter { !$0.failures.isEmpty }.min { left, right in
            if left.failures.count != right.failures.count { return left.failures.count < right.failures.count }
            if left.distance != right.distance { return left.distance < right.distance }
            return left.index < right.index
        }
        return best.map { NearestMiss(step: $0.step, failures: $0.failures) }
    }

    /// How far the request is from meeting a condition: edits between what is wanted and what is there.
    private static func distance(_ evidence: Evidence) -> Int {
        let wanted = evidence.wantedText
        guard let actual = evidence.actual else { return wanted.count + 1 }
        if case .path(let kind) = evidence.condition, kind.contains("prefix") {
            return EditDistance.between(wanted, String(actual.prefix(wanted.count)))
        }
        return EditDistance.between(wanted, actual)
    }
}

extension Step {
    /// The configuration gives the candidate no name; its place says which one it is.
    var isUnnamed: Bool {
        candidate.isEmpty || candidate == "default" || position.map { candidate == "route \($0)" } == true
    }
}

extension Evidence {
    /// The text inside the quotes of `expected`: `/status` of `prefix "/status"`.
    var wantedText: String {
        guard let open = expected.firstIndex(of: "\""), let close = expected.lastIndex(of: "\""), open < close else {
            return expected
        }
        return String(expected[expected.index(after: open)..<close])
    }

    /// Why the condition failed, in words that name where the two texts part.
    var failureText: String {
        guard let actual else { return "\(subject) is not there, \(expected) is wanted" }
        let shown = actual.quotedForMessage
        guard let difference else { return "\(subject) \(shown) does not match \(expected)" }
        let wanted = Array(wantedText.utf8)
        let found = Array(actual.utf8)
        let place = "at character \(difference + 1)"
        switch (character(of: wanted, at: difference), character(of: found, at: difference)) {
        case (let left?, let right?): return "\(subject) \(shown) differs \(place): \(left) wanted, \(right) found"
        case (let left?, nil): return "\(subject) \(shown) ends before \(left) \(place)"
        case (nil, let right?): return "\(subject) \(shown) goes on with \(right) \(place)"
        default: return "\(subject) \(shown) does not match \(expected)"
        }
    }

    private func character(of bytes: [UInt8], at index: Int) -> String? {
        guard bytes.indices.contains(index) else { return nil }
        // The whole character that the byte belongs to.
        var start = index
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        var end = index + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self).quotedForMessage
    }

    private var subject: String {
        switch condition {
        case .address: "address"
        case .destinationPort: "port"
        case .sourceAddress: "source address"
        case .serverName: "SNI"
        case .transportProtocol: "transport"
        case .applicationProtocol: "protocol"
        case .domain: "host"
        case .path: "path"
        case .header(let name):
            switch name {
            case ":method": "method"
            case ":authority": "authority"
            case ":scheme": "scheme"
            default: "header \(name)"
            }
        case .queryParameter(let name): "query parameter \(name)"
        case .grpc: "content type"
        case .runtimeFraction: "random value"
        case .tls: "client certificate"
        case .dynamicMetadata: "metadata"
        }
    }

    /// The part of a request that would meet the condition; `nil` when it cannot be said.
    func proposal(path: String) -> String? {
        let wanted = wantedText
        switch condition {
        case .path(let kind) where kind.contains("prefix"):
            return "ask for \(wanted) or something under it"
        case .path(let kind) where kind == "path" || kind == "exact": return "ask for exactly \(wanted)"
        case .path: return "ask for a path that matches \(expected)"
        case .header(":method"): return "-X \(wanted)"
        case .header(let name) where !name.hasPrefix(":"):
            return expected.hasPrefix("present") ? "-H '\(name): …'" : "-H '\(name): \(wanted)'"
        case .header(":authority"), .domain: return "-H 'Host: \(wanted)'"
        case .queryParameter(let name): return "add ?\(name)=\(wanted)"
        case .serverName: return "--resolve so that the address in the line is \(wanted)"
        default: return nil
        }
    }
}

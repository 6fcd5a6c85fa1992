package import Documents

/// Why a request does not go where it is meant to: a sentence, and the objects on both sides.
package struct Reason: Sendable {
    package let text: String
    /// The object at fault first.
    package let objects: [SourceReference]
}

extension WhyNotAnswer {
    /// The likeliest reason: what the smallest fix puts right; without one, the nearest route that is not used, or what might help.
    package var firstReason: Reason? {
        if let fix = fixes.first {
            let objects = fix.proposals.flatMap { [$0.object] + $0.others }
            return Reason(text: fix.proposals.map(\.reason).joined(separator: "; "), objects: objects)
        }
        for attachment in attachments {
            guard case .detached(let why) = attachment.state else { continue }
            return Reason(text: why, objects: [attachment.object] + attachment.others)
        }
        if let cause = clinic?.causes.first(where: { $0.verdict == .yes }) {
            return Reason(text: "\(cause.text): \(cause.evidence)", objects: cause.source.map { [$0] } ?? [])
        }
        return suspicion.map { Reason(text: $0.reason, objects: [$0.object] + $0.others) }
    }
}

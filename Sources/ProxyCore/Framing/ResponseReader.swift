package import TrafficEngine

/// What a response head says about its message.
package struct ResponseFacts: Hashable, Sendable {
    package var framing = BodyFraming.none
    package var keepsAlive = true
    /// 100 to 199 but 101: another head follows.
    package var isInterim = false
    package var isUpgrade = false
}

/// Reads what a scanned response head means for its connection (RFC 9112 section 6.3).
package enum ResponseReader {
    /// `nil`: the framing cannot be trusted.
    package static func read(
        _ head: inout ResponseHead, scanned scanner: borrowing HeadScanner, toHead: Bool, toConnect: Bool = false
    ) -> ResponseFacts? {
        var facts = ResponseFacts()
        let status = scanner.status
        let isHTTP11 = scanner.version == .http11
        head.status = status
        var length: UInt64?
        var isChunked = false
        var asksClose = false
        var asksKeepAlive = false
        for index in head.block.fields.indices {
            let field = head.block.fields[index]
            switch field.name.count {
            case 10 where head.block.equals(field.name, "connection"):
                head.block.forEachListItem(field.value) { item in
                    if head.block.equalsIgnoringCase(item, "close") { asksClose = true }
                    if head.block.equalsIgnoringCase(item, "keep-alive") { asksKeepAlive = true }
                }
            case 14 where head.block.equals(field.name, "content-length"):
                guard let number = head.block.unsigned(field.value), length == nil || length == number else {
                    return nil
                }
                if length != nil { head.block.fields[index].isRemoved = true }
                length = number
            case 17 where head.block.equals(field.name, "transfer-encoding"):
                guard !isChunked, head.block.equalsIgnoringCase(field.value, "chunked") else { return nil }
                isChunked = true
            default: break
            }
        }
        facts.keepsAlive = isHTTP11 ? !asksClose : asksKeepAlive && !asksClose
        facts.isUpgrade = status == 101
        facts.isInterim = status < 200 && !facts.isUpgrade
        if facts.isInterim || facts.isUpgrade { return facts }
        if isChunked, length != nil { return nil }
        if toHead || status == 204 || status == 304 || (toConnect && status < 300) {
            return facts
        }
        if isChunked {
            facts.framing = .chunked
        } else if let length {
            facts.framing = .length(length)
        } else {
            facts.framing = .untilClose
            facts.keepsAlive = false
        }
        return facts
    }
}

package import EnvoyModel
package import TrafficEngine

/// What a request head says about its message, once it is known to be safe to act on.
package struct RequestFacts: Hashable, Sendable {
    package var framing = BodyFraming.none
    package var keepsAlive = true
    package var expectsContinue = false
    package var isHead = false
    package var isConnect = false
}

/// What is done with a head that was read.
package enum RequestVerdict: Sendable {
    case accepted(RequestFacts)
    /// The codec refuses it; the connection closes.
    case refused(HeadError)
    /// Answered without a route; the connection stays.
    case answered(LocalReply)
}

/// The connection manager's settings that the codec looks at, taken out once per connection.
package struct RequestRules: Hashable, Sendable {
    package var limits = HeadLimits()
    package var allowsAbsoluteURL = true
    package var allowsChunkedLength = false
    package var defaultHost: [UInt8] = []
    package var underscores = HTTPConnectionManager.UnderscoresAction.allow

    package init() {}

    package init(_ manager: HTTPConnectionManager) {
        limits.bytes = Int(manager.maxRequestHeadersKB ?? 60) * 1024
        limits.fields = Int(manager.maxHeadersCount ?? 100)
        limits.acceptsHTTP10 = manager.http1.acceptHTTP10
        limits.allowsCustomMethods = manager.http1.allowCustomMethods
        allowsAbsoluteURL = manager.http1.allowAbsoluteURL ?? true
        allowsChunkedLength = manager.http1.allowChunkedLength
        defaultHost = Array(manager.http1.defaultHostForHTTP10.utf8)
        underscores = manager.headersWithUnderscoresAction
    }
}

/// Makes a scanned request head into a `RequestHead`: the target, the host, the length of the body (rule book section 27).
package struct RequestReader: Sendable {
    private var host: ByteRange?
    private var length: ByteRange?
    private var lengthValue: UInt64 = 0
    private var isChunked = false
    private var hasEncoding = false
    private var asksClose = false
    private var asksKeepAlive = false

    /// Settles what is done with a head. The rules are only read; they are `inout` for the reason that `HeadWriter` gives.
    package static func read(
        _ head: inout RequestHead, scanned scanner: borrowing HeadScanner, rules: inout RequestRules
    ) -> RequestVerdict {
        var reader = RequestReader()
        return reader.read(&head, scanner, rules)
    }

    private mutating func read(
        _ head: inout RequestHead, _ scanner: borrowing HeadScanner, _ rules: borrowing RequestRules
    ) -> RequestVerdict {
        var facts = RequestFacts()
        head.method = scanner.method
        facts.isHead = head.block.equals(scanner.method, "HEAD")
        facts.isConnect = head.block.equals(scanner.method, "CONNECT")
        if let error = readFields(&head.block, rules.underscores, &facts) { return .refused(error) }
        if let error = settleFraming(&head.block, scanner.version, rules, &facts) { return .refused(error) }
        facts.keepsAlive = scanner.version == .http11 ? !asksClose : asksKeepAlive && !asksClose
        if let host {
            head.authority = host
            head.hasHost = true
        } else if scanner.version == .http10, !rules.defaultHost.isEmpty {
            head.authority = head.block.store(rules.defaultHost)
            head.hasHost = true
        }
        return readTarget(&head, scanner.target, rules, facts)
    }

    private mutating func readFields(
        _ block: inout HeaderBlock, _ underscores: HTTPConnectionManager.UnderscoresAction, _ facts: inout RequestFacts
    ) -> HeadError? {
        for index in block.fields.indices {
            let name = block.fields[index].name
            switch name.count {
            case 4 where block.equals(name, "host"):
                block.fields[index].isRemoved = true
                let value = block.fields[index].value
                host = host.map { block.joined($0, value) } ?? value
            case 6 where block.equals(name, "expect"):
                if block.equalsIgnoringCase(block.fields[index].value, "100-continue") {
                    facts.expectsContinue = true
                    block.fields[index].isRemoved = true
                }
            case 10 where block.equals(name, "connection"): readConnection(block, block.fields[index].value)
            case 16 where block.equals(name, "proxy-connection"): readConnection(block, block.fields[index].value)
            case 14 where block.equals(name, "content-length"):
                if let error = readLength(&block, index) { return error }
            case 17 where block.equals(name, "transfer-encoding"):
                guard !hasEncoding, block.equalsIgnoringCase(block.fields[index].value, "chunked") else {
                    return .invalidTransferEncoding
                }
                hasEncoding = true
                isChunked = true
            default: break
            }
            if underscores != .allow, block.contains(name, 95) {
                if underscores == .rejectRequest { return .underscores }
                block.fields[index].isRemoved = true
            }
        }
        return nil
    }

    private mutating func readConnection(_ block: borrowing HeaderBlock, _ value: ByteRange) {
        block.forEachListItem(value) { item in
            if block.equalsIgnoringCase(item, "close") { asksClose = true }
            if block.equalsIgnoringCase(item, "keep-alive") { asksKeepAlive = true }
        }
    }

    private mutating func readLength(_ block: inout HeaderBlock, _ index: Int) -> HeadError? {
        let value = block.fields[index].value
        guard let number = block.unsigned(value) else { return .malformed }
        if length != nil {
            guard number == lengthValue else { return .malformed }
            block.fields[index].isRemoved = true
            return nil
        }
        length = value
        lengthValue = number
        return nil
    }

    private mutating func settleFraming(
        _ block: inout HeaderBlock, _ version: HeadScanner.Version, _ rules: borrowing RequestRules,
        _ facts: inout RequestFacts
    ) -> HeadError? {
        if isChunked {
            // RFC 9112 section 6.1: an HTTP/1.0 message with Transfer-Encoding has faulty framing.
            guard version == .http11 else { return .malformed }
            if length != nil {
                guard rules.allowsChunkedLength else { return .lengthAndChunked }
                block.removeAll(named: "content-length")
            }
            facts.framing = .chunked
        } else if length != nil {
            facts.framing = .length(lengthValue)
        }
        return nil
    }

    private func readTarget(
        _ head: inout RequestHead, _ target: ByteRange, _ rules: borrowing RequestRules, _ facts: RequestFacts
    ) -> RequestVerdict {
        let first = head.block.byte(target, 0)
        if facts.isConnect {
            head.authority = target
            head.hasHost = true
            return isAuthorityValid(head) ? .accepted(facts) : .refused(.malformed)
        }
        if first == 47 {
            head.path = target
        } else if target.count == 1, first == 42 {
            guard head.block.equals(head.method, "OPTIONS") else { return .refused(.malformed) }
            return .answered(LocalReply(404, details: "absolute_path_rejected"))
        } else if rules.allowsAbsoluteURL {
            guard readAbsolute(&head, target) else { return .refused(.malformed) }
        } else {
            return .refused(.malformed)
        }
        guard isAuthorityValid(head) else {
            return .answered(
                LocalReply(
                    400, .downstreamProtocolError, details: "http.invalid_authority", body: Array("Bad Request".utf8)))
        }
        return .accepted(facts)
    }

    private func isAuthorityValid(_ head: borrowing RequestHead) -> Bool {
        for byte in head.block.storage[head.authority.range] where !ByteClass.isAuthority(byte) { return false }
        return true
    }

    /// `scheme://authority[/path][?query]`: authority and path become the request's, the Host field does not count.
    private func readAbsolute(_ head: inout RequestHead, _ target: ByteRange) -> Bool {
        let start = target.range.lowerBound
        let end = target.range.upperBound
        let schemeCount: Int
        if head.block.startsIgnoringCase(target, "http://") {
            schemeCount = 7
        } else if head.block.startsIgnoringCase(target, "https://") {
            schemeCount = 8
        } else {
            return false
        }
        var index = start + schemeCount
        let authorityStart = index
        while index < end, head.block.storage[index] != 47, head.block.storage[index] != 63 { index += 1 }
        guard index > authorityStart else { return false }
        head.authority = ByteRange(start: authorityStart, count: index - authorityStart)
        head.hasHost = true
        if index == end {
            head.path = head.block.store(CollectionOfOne(UInt8(47)))
        } else {
            head.path = ByteRange(start: index, count: end - index)
        }
        return true
    }
}

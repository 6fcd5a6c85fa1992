package import EnvoyModel

/// A `HeaderMatcher` made ready (rule book, section 5).
struct CompiledHeaderMatcher: Sendable {
    enum Test: Sendable {
        case present(Bool)
        case string(CompiledStringMatcher)
        case range(start: Int64, end: Int64)
    }

    let value: HeaderMatcher
    let source: HeaderSource
    let test: Test
    let inverts: Bool
    let treatsMissingAsEmpty: Bool

    init(_ value: HeaderMatcher, compiler: inout SnapshotCompiler) {
        self.value = value
        source = HeaderSource(value.name)
        inverts = value.invertMatch
        treatsMissingAsEmpty = value.treatMissingHeaderAsEmpty
        switch value.test {
        case .present(let present): test = .present(present)
        case .string(let matcher): test = .string(CompiledStringMatcher(matcher, compiler: &compiler))
        case .range(let start, let end): test = .range(start: start, end: end)
        }
    }

    func matches(_ request: borrowing RequestHead, _ view: RequestView) -> Bool {
        if case .present(let wanted) = test {
            let isPresent = source.isPresent(request) || treatsMissingAsEmpty
            return (isPresent == wanted) != inverts
        }
        if source.isPseudo {
            guard let range = source.pseudoValue(request, view) else {
                return treatsMissingAsEmpty && passes(request.block, .empty) != inverts
            }
            return passes(request.block, range) != inverts
        }
        var isPresent = false
        var index = 0
        while let next = request.block.next(source.name, from: index) {
            isPresent = true
            if passes(request.block, request.block.fields[next].value) { return !inverts }
            index = next + 1
        }
        if isPresent { return inverts }
        return treatsMissingAsEmpty && passes(request.block, .empty) != inverts
    }

    private func passes(_ block: borrowing HeaderBlock, _ range: ByteRange) -> Bool {
        switch test {
        case .string(let matcher): return matcher.matches(block, range)
        case .range(let start, let end):
            guard let number = block.signedDecimal(range) else { return false }
            return number >= start && number < end
        case .present: return true
        }
    }

    func evidence(_ request: RequestHead, _ view: RequestView) -> Evidence {
        let values = source.values(request, view)
        let actual = values.isEmpty ? nil : values.joined(separator: ", ")
        var difference: Int?
        if case .string(let matcher) = value.test, let actual, !inverts {
            difference = matcher.difference(from: actual)
        }
        let isMet = matches(request, view)
        return Evidence(
            .header(name: value.name), isMet: isMet, expected: value.words, actual: actual,
            difference: isMet ? nil : difference)
    }
}

extension HeaderMatcher {
    /// As a user reads it: `not prefix "v2"`.
    package var words: String {
        let words =
            switch test {
            case .present(let present): present ? "present" : "absent"
            case .range(let start, let end): "a number from \(start) to below \(end)"
            case .string(let matcher): matcher.words
            }
        return invertMatch ? "not " + words : words
    }
}

/// Where the value of a header name stands: pseudo headers are not among the fields.
struct HeaderSource: Sendable {
    enum Kind: Sendable { case field, method, path, authority, scheme, protocolName }

    let kind: Kind
    /// In lower case.
    let name: [UInt8]

    init(_ name: String) {
        self.name = Array(name, lowercased: true)
        switch String(decoding: self.name, as: UTF8.self) {
        case ":method": kind = .method
        case ":path": kind = .path
        case ":authority", "host": kind = .authority
        case ":scheme": kind = .scheme
        case ":protocol": kind = .protocolName
        default: kind = .field
        }
    }

    var isPseudo: Bool { kind != .field }

    func pseudoValue(_ request: borrowing RequestHead, _ view: RequestView) -> ByteRange? {
        switch kind {
        case .method: request.method
        case .path: request.path
        case .authority: request.hasHost ? request.authority : nil
        case .scheme: view.scheme
        case .field, .protocolName: nil
        }
    }

    func isPresent(_ request: borrowing RequestHead) -> Bool {
        switch kind {
        case .field: request.block.first(name) != nil
        case .authority: request.hasHost
        case .method, .path, .scheme: true
        case .protocolName: false
        }
    }

    /// The first value.
    func value(_ request: borrowing RequestHead, _ view: RequestView) -> ByteRange? {
        if isPseudo { return pseudoValue(request, view) }
        return request.block.first(name).map { request.block.fields[$0].value }
    }

    func values(_ request: RequestHead, _ view: RequestView) -> [String] {
        if isPseudo { return pseudoValue(request, view).map { [request.block.string($0)] } ?? [] }
        return request.block.fields.filter { !$0.isRemoved && request.block.equals($0.name, name) }
            .map { request.block.string($0.value) }
    }
}

extension HeaderBlock {
    /// The whole value as a signed decimal number of 64 bits; a leading `+` is accepted.
    func signedDecimal(_ range: ByteRange) -> Int64? {
        var offset = 0
        var isNegative = false
        if range.count > 0, byte(range, 0) == UInt8(ascii: "-") || byte(range, 0) == UInt8(ascii: "+") {
            isNegative = byte(range, 0) == UInt8(ascii: "-")
            offset = 1
        }
        guard offset < Int(range.count) else { return nil }
        var value: Int64 = 0
        while offset < Int(range.count) {
            let byte = byte(range, offset)
            guard byte.isDigit else { return nil }
            let digit = Int64(byte - 48)
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = sum
            offset += 1
        }
        return value
    }

    /// The whole value as an unsigned decimal number of 64 bits.
    func unsignedDecimal(_ range: ByteRange) -> UInt64? {
        guard range.count > 0 else { return nil }
        var value: UInt64 = 0
        for offset in 0..<Int(range.count) {
            let byte = byte(range, offset)
            guard byte.isDigit else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 48))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }
}

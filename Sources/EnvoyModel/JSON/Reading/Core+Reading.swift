package import Documents

extension Address {
    init?(_ reader: inout MessageReader) {
        if let socket = reader.sub("socketAddress", { SocketAddress(&$0) }) {
            self = .socket(socket)
        } else if let path = reader.sub("pipe", { $0.text("path") }) {
            self = .pipe(path)
        } else if let name = reader.sub(
            "envoyInternalAddress",
            { Address.envoyInternal(listener: $0.text("serverListenerName"), endpointID: $0.text("endpointId")) })
        {
            self = name
        } else {
            return nil
        }
    }
}

extension SocketAddress {
    init(_ reader: inout MessageReader) {
        self.init(
            reader.text("address"), UInt16(truncatingIfNeeded: reader.number("portValue") ?? 0),
            isUDP: reader.text("protocol") == "UDP")
        reader.ignore("ipv4Compat", "resolverName")
    }
}

extension CIDRRange {
    init(_ reader: inout MessageReader) {
        self.init(reader.text("addressPrefix"), UInt8(clamping: reader.number("prefixLen") ?? 0))
    }
}

extension Locality {
    init(_ reader: inout MessageReader) {
        self.init(region: reader.text("region"), zone: reader.text("zone"), subZone: reader.text("subZone"))
    }
}

extension Metadata {
    init(_ reader: inout MessageReader) { self.init(reader.map("filterMetadata")) }
}

extension MessageReader {
    mutating func metadata(_ name: String) -> Metadata { sub(name) { Metadata(&$0) } ?? Metadata() }

    mutating func regex(_ name: String) -> String? {
        sub(name) {
            $0.ignore("googleRe2")
            return $0.text("regex")
        }
    }

    mutating func percent(_ name: String) -> FractionalPercent? { sub(name) { FractionalPercent(&$0) } }

    /// `RuntimeFractionalPercent`.
    mutating func runtimePercent(_ name: String) -> (FractionalPercent, String)? {
        sub(name) { ($0.percent("defaultValue") ?? FractionalPercent(0), $0.text("runtimeKey")) }
    }
}

extension FractionalPercent {
    init(_ reader: inout MessageReader) {
        self.init(reader.number("numerator") ?? 0, reader.choice("denominator", Denominator.hundred))
    }
}

extension StringMatcher {
    init?(_ reader: inout MessageReader) {
        let ignoreCase = reader.flag("ignoreCase")
        if let text = reader.optionalText("exact") {
            self.init(.exact(text), ignoreCase: ignoreCase)
        } else if let text = reader.optionalText("prefix") {
            self.init(.prefix(text), ignoreCase: ignoreCase)
        } else if let text = reader.optionalText("suffix") {
            self.init(.suffix(text), ignoreCase: ignoreCase)
        } else if let text = reader.optionalText("contains") {
            self.init(.contains(text), ignoreCase: ignoreCase)
        } else if let text = reader.regex("safeRegex") {
            self.init(.safeRegex(text), ignoreCase: ignoreCase)
        } else {
            return nil
        }
    }
}

extension HeaderMatcher {
    /// Reads a matcher on its own; `diagnostics` gets what has the wrong type.
    package init(_ node: Node, diagnostics: inout [Diagnostic]) {
        let context = ReadingContext()
        var reader = MessageReader(node, type: "HeaderMatcher", context)
        self.init(&reader)
        reader.finish()
        diagnostics += context.sink.diagnostics
        diagnostics += context.unmodelled.map {
            Diagnostic(.error, "field \"\($0.field)\" is not part of a header matcher", at: $0.location)
        }
    }

    init(_ reader: inout MessageReader) {
        self.init(name: reader.text("name"), test: .present(true))
        invertMatch = reader.flag("invertMatch")
        treatMissingHeaderAsEmpty = reader.flag("treatMissingHeaderAsEmpty")
        if let matcher = reader.sub("stringMatch", { StringMatcher(&$0) }) ?? nil {
            test = .string(matcher)
        } else if let text = reader.optionalText("exactMatch") {
            test = .string(StringMatcher(.exact(text)))
        } else if let text = reader.optionalText("prefixMatch") {
            test = .string(StringMatcher(.prefix(text)))
        } else if let text = reader.optionalText("suffixMatch") {
            test = .string(StringMatcher(.suffix(text)))
        } else if let text = reader.optionalText("containsMatch") {
            test = .string(StringMatcher(.contains(text)))
        } else if let text = reader.regex("safeRegexMatch") {
            test = .string(StringMatcher(.safeRegex(text)))
        } else if let range = reader.sub(
            "rangeMatch", { Test.range(start: $0.signed("start") ?? 0, end: $0.signed("end") ?? 0) })
        {
            test = range
        } else if let present = reader.wrapped("presentMatch") {
            test = .present(present)
        }
    }
}

extension QueryParameterMatcher {
    init(_ reader: inout MessageReader) {
        self.init(name: reader.text("name"), test: .present(true))
        if let matcher = reader.sub("stringMatch", { StringMatcher(&$0) }) ?? nil {
            test = .string(matcher)
        } else if let present = reader.wrapped("presentMatch") {
            test = .present(present)
        }
    }
}

extension DynamicMetadataMatcher {
    init(_ reader: inout MessageReader) {
        self.init(
            filter: reader.text("filter"), path: reader.list("path") { $0.text("key") }, value: nil,
            isListMatch: false, invert: reader.flag("invert"))
        reader.sub("value") { value in
            let single = { (reader: inout MessageReader) -> StringMatcher? in
                reader.ignore("presentMatch")
                return reader.sub("stringMatch") { StringMatcher(&$0) } ?? nil
            }
            if let matcher = value.sub("listMatch", { $0.sub("oneOf", single) ?? nil }) {
                isListMatch = true
                self.value = matcher
            } else {
                self.value = single(&value)
            }
        }
    }
}

extension RegexRewrite {
    init(_ reader: inout MessageReader) {
        self.init(regex: reader.regex("pattern") ?? "", substitution: reader.text("substitution"))
    }
}

import Documents

/// Values of Kubernetes and Istio that are more than a scalar.
extension FieldReader {
    /// A duration such as `1m30s`.
    mutating func duration(_ name: String) -> Duration? {
        guard let value = node(name) else { return nil }
        if let duration = value.strictString.flatMap({ Duration(goText: $0) }) { return duration }
        // YAML reads an unquoted 0 as a number; Kubernetes refuses it, as it does every number here.
        sink.wrongType(value, name, expected: "a duration such as 10s or 250ms")
        return nil
    }

    /// A whole number from 0 to 2³² − 1: none of the numbers in manifests may be negative, and none is larger.
    mutating func natural(_ name: String) -> Int? { uint32(name).map { Int($0) } }

    /// A port number, or 0 for none.
    mutating func port(_ name: String) -> Int? {
        guard let value = node(name) else { return nil }
        guard let number = natural(name) else { return nil }
        if number <= 65535 { return number }
        sink.wrongType(value, name, expected: "a port from 1 to 65535")
        return nil
    }

    /// A mapping of names to port numbers.
    mutating func ports(_ name: String) -> [String: Int] {
        var ports: [String: Int] = [:]
        for entry in entries(name) {
            guard let number = entry.value.int, (0...65535).contains(number) else {
                sink.wrongType(entry.value, entry.key, expected: "a port from 1 to 65535")
                continue
            }
            ports[entry.key] = Int(number)
        }
        return ports
    }

    /// One of the texts of an enumeration.
    mutating func enumeration<Value>(_ name: String) -> Value?
    where Value: RawRepresentable<String> & CaseIterable {
        guard let value = node(name) else { return nil }
        if let found = value.strictString.flatMap({ Value(rawValue: $0) }) { return found }
        let known = Value.allCases.map(\.rawValue)
        let nearest = value.strictString.flatMap { nearestName(to: $0, among: known) }
        sink.error(
            "field \(quoted(name)): \(value.shortDescription) is not one of its values", at: value.location,
            hint: nearest.map { "did you mean \"\($0)\"?" } ?? "it has to be one of " + known.joined(separator: ", "))
        return nil
    }

    /// A port by number or name.
    mutating func portReference(_ name: String) -> PortReference? {
        switch intOrString(name) {
        case .int(let number):
            if (0...65535).contains(number) { return .number(Int(number)) }
            if let value = node(name) { sink.wrongType(value, name, expected: "a port from 1 to 65535") }
            return nil
        case .string(let text): return .name(text)
        case nil: return nil
        }
    }

    /// `{number: 80}`.
    mutating func portNumber(_ name: String) -> Int? {
        object(name, of: "PortSelector") { fields in
            fields.ignore("name")
            return fields.port("number")
        } ?? nil
    }

    /// `{value: 12.5}`.
    mutating func percent(_ name: String) -> Double? {
        object(name, of: "Percent") { $0.double("value") ?? 0 }
    }

    /// Texts, each with its place.
    mutating func places(_ name: String) -> ([String], [SourceLocation]) {
        var texts: [String] = []
        var locations: [SourceLocation] = []
        for element in list(name) {
            guard let text = element.strictString else {
                sink.wrongType(element, name, expected: "a string")
                continue
            }
            texts.append(text)
            locations.append(element.location)
        }
        return (texts, locations)
    }

    /// The place of a field's value, without reading it.
    func place(of name: String) -> SourceLocation? { node[name]?.location }

    mutating func stringMatch(_ name: String) -> StringMatch? {
        guard let value = node(name) else { return nil }
        return stringMatch(value)
    }

    /// A mapping of names to matches; one without anything asks for presence.
    mutating func stringMatches(_ name: String) -> [String: StringMatch] {
        var matches: [String: StringMatch] = [:]
        for entry in entries(name) { matches[entry.key] = stringMatch(entry.value) }
        return matches
    }

    mutating func stringMatchList(_ name: String) -> [StringMatch] { list(name).map { stringMatch($0) } }

    private func stringMatch(_ value: Node) -> StringMatch {
        var fields = FieldReader(value, type: "StringMatch", sink: sink, spelling: spelling)
        defer { fields.finish() }
        let exact = fields.string("exact")
        let prefix = fields.string("prefix")
        let regex = fields.string("regex")
        if [exact, prefix, regex].compactMap({ $0 }).count > 1 {
            sink.error("only one of exact, prefix and regex can be given", at: value.location)
        }
        if let exact { return .exact(exact) }
        if let prefix { return .prefix(prefix) }
        if let regex { return .regex(regex) }
        return .empty
    }

    mutating func labelSelector(_ name: String) -> LabelSelector? {
        object(name, of: "LabelSelector") { LabelSelector(&$0) }
    }
}

extension LabelSelector {
    init(_ fields: inout FieldReader) {
        self.init(
            matchLabels: fields.stringMap("matchLabels"),
            matchExpressions: fields.list("matchExpressions", of: "LabelSelectorRequirement") { fields in
                Requirement(
                    key: fields.string("key") ?? "", operator: fields.enumeration("operator") ?? .exists,
                    values: fields.strings("values"))
            })
    }
}

func quoted(_ text: String) -> String { text.quotedForMessage }

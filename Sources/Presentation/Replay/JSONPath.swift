import Documents

/// kubectl's `-o jsonpath=…`, in the forms that tutorials use: `{.a.b[0].c}`, `{.items[*].x}`, `{..name}`,
/// `{.ports[?(@.name=="http2")].port}`; text outside the braces stands as it is.
struct JSONPath {
    private enum Step {
        case member(String)
        case index(Int)
        case all
        case descend(String)
        case filter(path: [String], operation: String, value: String)
    }

    private enum Piece {
        case text(String)
        case path([Step])
    }

    private let pieces: [Piece]

    init?(_ text: String) {
        var pieces: [Piece] = []
        if !text.contains("{") {
            guard let steps = Self.steps(text[...]) else { return nil }
            self.pieces = [.path(steps)]
            return
        }
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            let inner = rest[rest.index(after: open)..<close]
            if inner.hasPrefix("\"") {
                pieces.append(
                    .text(inner.filter { $0 != "\"" }.replacing("\\n", with: "\n").replacing("\\t", with: "\t")))
            } else if let steps = Self.steps(inner) {
                pieces.append(.path(steps))
            } else {
                return nil
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    private static func steps(_ text: Substring) -> [Step]? {
        var rest = text.hasPrefix("$") ? text.dropFirst() : text
        var steps: [Step] = []
        while let first = rest.first {
            if rest.hasPrefix("..") {
                rest = rest.dropFirst(2)
                let name = rest.prefix { $0 != "." && $0 != "[" }
                steps.append(.descend(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "." {
                rest = rest.dropFirst()
                var name = ""
                while let character = rest.first, character != ".", character != "[" {
                    rest = rest.dropFirst()
                    // Labels have dots in their names: `.metadata.labels.istio\.io/rev`.
                    if character == "\\", let escaped = rest.popFirst() {
                        name.append(escaped)
                    } else {
                        name.append(character)
                    }
                }
                if name == "*" { steps.append(.all) } else if !name.isEmpty { steps.append(.member(name)) }
            } else if first == "[" {
                guard let close = closingBracket(rest) else { return nil }
                let inner = rest[rest.index(after: rest.startIndex)..<close]
                guard let step = bracket(inner) else { return nil }
                steps.append(step)
                rest = rest[rest.index(after: close)...]
            } else {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                steps.append(.member(String(name)))
                rest = rest.dropFirst(name.count)
            }
        }
        return steps
    }

    private static func closingBracket(_ text: Substring) -> Substring.Index? {
        var depth = 0
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "[" {
                depth += 1
            } else if character == "]" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    private static func bracket(_ inner: Substring) -> Step? {
        if inner == "*" { return .all }
        if let number = Int(inner) { return .index(number) }
        if inner.hasPrefix("?(") && inner.hasSuffix(")") {
            let condition = inner.dropFirst(2).dropLast()
            for operation in ["==", "!="] {
                guard let mark = condition.firstRange(of: operation) else { continue }
                let left = condition[..<mark.lowerBound].filter { $0 != " " && $0 != "@" }
                let right = condition[mark.upperBound...].filter { !"\"' ".contains($0) }
                return .filter(
                    path: left.split(separator: ".").map(String.init), operation: operation, value: String(right))
            }
            return nil
        }
        let name = inner.filter { $0 != "'" && $0 != "\"" }
        return name.isEmpty ? nil : .member(String(name))
    }

    /// The text for a value; empty where nothing is found.
    func evaluate(_ value: JSON) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .path(let steps): Self.values(steps[...], [value]).map(Self.text).joined(separator: " ")
            }
        }.joined()
    }

    private static func values(_ steps: ArraySlice<Step>, _ values: [JSON]) -> [JSON] {
        guard let step = steps.first else { return values }
        let next = values.flatMap { value -> [JSON] in
            switch step {
            case .member(let name): return value[name].map { [$0] } ?? []
            case .index(let index):
                guard let array = value.array else { return [] }
                let place = index < 0 ? array.count + index : index
                return array.indices.contains(place) ? [array[place]] : []
            case .all: return value.array ?? value.object?.members.map(\.value) ?? []
            case .descend(let name): return descendants(of: value, named: name, depth: 0)
            case .filter(let path, let operation, let wanted):
                return (value.array ?? []).filter { element in
                    let found = path.reduce(Optional(element)) { $0?[$1] }
                    let isEqual = found.map { text($0) == wanted } ?? false
                    return operation == "==" ? isEqual : !isEqual
                }
            }
        }
        return Self.values(steps.dropFirst(), next)
    }

    private static func descendants(of value: JSON, named name: String, depth: Int) -> [JSON] {
        guard depth < 64 else { return [] }
        var found: [JSON] = []
        if let member = value[name] { found.append(member) }
        for child in value.array ?? value.object?.members.map(\.value) ?? [] {
            found += descendants(of: child, named: name, depth: depth + 1)
        }
        return found
    }

    private static func text(_ value: JSON) -> String {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .number(let text): text
        case .string(let text): text
        case .array, .object: value.text()
        }
    }
}

extension SourceTree {
    /// Where an object of the document begins: its root, or an item of a list.
    package struct Anchor: Hashable, Sendable {
        let part: Int
    }

    package var rootAnchor: Anchor { Anchor(part: root) }

    /// The mapping that begins at a place of the text, counted from 1.
    package func anchor(line: Int, column: Int) -> Anchor? {
        part(line: line, column: column, isContainer: true).map(Anchor.init)
    }

    /// What has to be replaced for a change below an anchor; `nil` where the text has no such place.
    package func textEdits(_ edit: ValueEdit, below anchor: Anchor) -> [TextEdit]? {
        switch edit {
        case .set(let path, let value): return set(value, at: path, below: anchor.part)
        case .insert(let path, let value, let position):
            return insert(value, before: position, at: path, below: anchor.part)
        case .remove(let path): return remove(path, below: anchor.part).map { [$0] }
        case .move(let path, let from, let to): return move(path, from: from, to: to, below: anchor.part)
        }
    }

    // MARK: Setting

    private func set(_ value: JSON, at path: [PathStep], below anchor: Int) -> [TextEdit]? {
        guard let last = path.last else { return nil }
        // The first part of the path that is not there is made with all below it.
        guard let container = part(at: path.dropLast(), from: anchor) else {
            guard case .key(let name) = last else { return nil }
            return set([.init(name, value)].object, at: path.dropLast(), below: anchor)
        }
        switch last {
        case .index(let index):
            guard parts[container].kind == .sequence, parts[container].children.indices.contains(index) else {
                return nil
            }
            return [replace(parts[container].children[index], key: nil, in: container, with: value)]
        case .key(let name):
            guard parts[container].kind == .mapping else {
                // `key:` with nothing behind it.
                guard parts[container].kind == .scalar, text(of: container).isNullText, !path.dropLast().isEmpty else {
                    return nil
                }
                return set([.init(name, value)].object, at: path.dropLast(), below: anchor)
            }
            if let entry = entry(name, of: container) {
                let key = parts[container].children[2 * entry]
                return [replace(parts[container].children[2 * entry + 1], key: key, in: container, with: value)]
            }
            return [add(name, value, to: container)]
        }
    }

    private func replace(_ old: Int, key: Int?, in container: Int, with value: JSON) -> TextEdit {
        let range = parts[old].range
        let isInFlow = isInFlow(old)
        if let scalar = value.scalarText {
            if parts[old].kind == .scalar {
                let isNothing = range.isEmpty
                let end = isNothing ? range.upperBound : contentEnd(range)
                return TextEdit(
                    range.lowerBound..<end, (isNothing ? " " : "") + quoted(scalar, value, as: parts[old].quote))
            }
            if parts[old].isFlow || isInFlow {
                return TextEdit(range, isInFlow ? value.text() : quoted(scalar, value, as: 0))
            }
            let start = key.map { afterColon(parts[$0].range.upperBound) } ?? range.lowerBound
            return TextEdit(start..<contentEnd(range), (key == nil ? "" : " ") + quoted(scalar, value, as: 0))
        }
        if isInFlow || value.isEmptyContainer { return TextEdit(range, (range.isEmpty ? " " : "") + value.text()) }
        if let key {
            let start = afterColon(parts[key].range.upperBound)
            return TextEdit(start..<contentEnd(range), newline + block(value, column: parts[key].column + 2))
        }
        let column = parts[old].column
        return TextEdit(range.lowerBound..<contentEnd(range), block(value, column: column).dropBlanks)
    }

    private func add(_ name: String, _ value: JSON, to mapping: Int) -> TextEdit {
        let member: JSON = [.init(name, value)].object
        guard !isInFlow(mapping, orIs: true) else {
            return addInFlow(String(member.text().dropFirst().dropLast()), to: mapping)
        }
        let lines = block(member, column: parts[mapping].column)
        return addLines(lines, behind: parts[mapping].range)
    }

    private func addInFlow(_ text: String, to container: Int) -> TextEdit {
        if let last = parts[container].children.last {
            let end = parts[last].range.upperBound
            return TextEdit(end..<end, ", " + text)
        }
        let inside = parts[container].range.lowerBound + 1
        return TextEdit(inside..<inside, text)
    }

    /// New lines behind the line in which a value ends.
    private func addLines(_ lines: String, behind range: Range<Int>) -> TextEdit {
        let end = contentEnd(range)
        let next = lineEnd(end)
        if next == bytes.count, bytes.last != 0x0A { return TextEdit(next..<next, newline + lines) }
        return TextEdit(next..<next, lines + newline)
    }

    // MARK: Sequences

    private func insert(_ value: JSON, before position: Int?, at path: [PathStep], below anchor: Int) -> [TextEdit]? {
        guard let sequence = part(at: path, from: anchor), parts[sequence].kind == .sequence,
            !parts[sequence].children.isEmpty
        else { return set(.array([value]), at: path, below: anchor) }
        let children = parts[sequence].children
        if isInFlow(sequence, orIs: true) {
            guard let position, children.indices.contains(position) else {
                return [addInFlow(value.text(), to: sequence)]
            }
            let start = parts[children[position]].range.lowerBound
            return [TextEdit(start..<start, value.text() + ", ")]
        }
        let lines = block([value].array, column: parts[sequence].column)
        guard let position, children.indices.contains(position) else {
            return [addLines(lines, behind: parts[sequence].range)]
        }
        let start = lineStart(parts[children[position]].range.lowerBound)
        guard isAlone(children[position], in: sequence) else { return nil }
        return [TextEdit(start..<start, lines + newline)]
    }

    private func move(_ path: [PathStep], from: Int, to: Int, below anchor: Int) -> [TextEdit]? {
        guard let sequence = part(at: path, from: anchor), parts[sequence].kind == .sequence,
            !isInFlow(sequence, orIs: true)
        else { return nil }
        let children = parts[sequence].children
        guard children.indices.contains(from), children.indices.contains(to), from > to,
            isAlone(children[to], in: sequence), let gone = remove(path + [.index(from)], below: anchor)
        else { return nil }
        var text = String(decoding: bytes[gone.range], as: UTF8.self)
        if !text.hasSuffix("\n") { text += newline }
        if text.hasPrefix("\n") { text.removeFirst() }
        let start = lineStart(parts[children[to]].range.lowerBound)
        return [TextEdit(start..<start, text), gone]
    }

    /// Whether the line of an element begins with its dash.
    private func isAlone(_ element: Int, in sequence: Int) -> Bool {
        let start = lineStart(parts[element].range.lowerBound)
        let line = bytes[start..<parts[element].range.lowerBound]
        return line.filter { $0 == UInt8(ascii: "-") }.count == 1
            && line.allSatisfy { $0 == 0x20 || $0 == UInt8(ascii: "-") }
            && line.firstIndex(of: UInt8(ascii: "-")).map { $0 - start } == parts[sequence].column
    }

    // MARK: Removing

    private func remove(_ path: [PathStep], below anchor: Int) -> TextEdit? {
        guard let last = path.last, let container = part(at: path.dropLast(), from: anchor) else { return nil }
        let children = parts[container].children
        let (first, final, count): (Int, Int, Int)
        let position: Int
        switch last {
        case .key(let name):
            guard let entry = entry(name, of: container) else { return nil }
            (position, count) = (entry, children.count / 2)
            (first, final) = (children[2 * entry], children[2 * entry + 1])
        case .index(let index):
            guard parts[container].kind == .sequence, children.indices.contains(index) else { return nil }
            (position, count) = (index, children.count)
            (first, final) = (children[index], children[index])
        }
        // An empty sequence or mapping means something else than none at all: the whole goes.
        if count == 1 { return path.count > 1 ? remove(path.dropLast(), below: anchor) : nil }
        let width = parts[container].kind == .mapping ? 2 : 1
        if isInFlow(container, orIs: true) {
            if position + 1 < count {
                let next = parts[children[width * (position + 1)]].range.lowerBound
                return TextEdit(parts[first].range.lowerBound..<next, "")
            }
            let before = parts[children[width * position - 1]].range.upperBound
            return TextEdit(before..<parts[final].range.upperBound, "")
        }
        if position == 0, parts[container].kind == .mapping {
            // Its line may begin with the dash of an element: what follows takes its place.
            return TextEdit(parts[first].range.lowerBound..<parts[children[width]].range.lowerBound, "")
        }
        if parts[container].kind == .sequence, !isAlone(first, in: container) { return nil }
        let start = lineStart(parts[first].range.lowerBound)
        let end = lineEnd(contentEnd(parts[final].range))
        // Without a line end at the end of the file, the one before goes.
        if end == bytes.count, bytes.last != 0x0A, start > 0 { return TextEdit(start - newline.utf8.count..<end, "") }
        return TextEdit(start..<end, "")
    }

    // MARK: Places and styles

    private func afterColon(_ offset: Int) -> Int {
        var end = offset
        while end < bytes.count, bytes[end] != UInt8(ascii: ":") { end += 1 }
        return min(bytes.count, end + 1)
    }

    /// The end of a value without the blank lines and line ends that a block scalar takes along.
    private func contentEnd(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[end - 1]) { end -= 1 }
        return end
    }

    private func isInFlow(_ part: Int, orIs counts: Bool = false) -> Bool {
        let range = parts[part].range
        return parts.indices.contains { index in
            parts[index].isFlow && (index != part || counts) && parts[index].range.lowerBound <= range.lowerBound
                && parts[index].range.upperBound >= range.upperBound
        }
    }

    /// A scalar in the style of the one that it replaces.
    private func quoted(_ text: String, _ value: JSON, as quote: UInt8) -> String {
        guard case .string = value else { return text }
        if quote == UInt8(ascii: "'"), !text.contains(where: \.isNewline) {
            return "'" + text.replacing("'", with: "''") + "'"
        }
        if quote == UInt8(ascii: "\"") { return value.text() }
        let plain = String(value.yaml.dropLast())
        return plain.contains("\n") ? value.text() : plain
    }

    /// A value in block style, each line set in; no line end behind the last one.
    private func block(_ value: JSON, column: Int) -> String {
        let blanks = String(repeating: " ", count: column)
        return value.yaml.split(separator: "\n").map { blanks + $0 }.joined(separator: newline)
    }
}

extension JSON {
    /// The text of a scalar; `nil` for the others.
    fileprivate var scalarText: String? {
        switch self {
        case .string(let text): text
        case .null, .bool, .int, .double, .number: text()
        case .array, .object: nil
        }
    }

    fileprivate var isEmptyContainer: Bool {
        switch self {
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }
}

extension [JSON] {
    fileprivate var array: JSON { .array(self) }
}

extension [JSONObject.Member] {
    fileprivate var object: JSON {
        var object = JSONObject()
        for member in self { object[member.key] = member.value }
        return .object(object)
    }
}

extension JSONObject.Member {
    fileprivate init(_ key: String, _ value: JSON) { self.init(key: key, value: value) }
}

extension String {
    fileprivate var isNullText: Bool { isEmpty || self == "~" || self == "null" }
    /// Without the blanks in front.
    fileprivate var dropBlanks: String { String(drop { $0 == " " }) }
}

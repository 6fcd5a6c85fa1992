import CLibYAML

/// A YAML or JSON document as it is written: where each value begins and ends in the bytes, in which style. What an edit
/// needs to change one value and leave every other byte alone.
package struct SourceTree: Sendable {
    /// One value of the text.
    struct Part: Sendable {
        enum Kind: Sendable { case scalar, sequence, mapping, alias }

        var kind: Kind
        /// The bytes of the value: for a block sequence or mapping from its first dash or key to the end of its last value.
        var range: Range<Int>
        /// Written in brackets or braces; for a scalar: in quotes (`'` or `"`), else plain or a block scalar.
        var isFlow = false
        var quote: UInt8 = 0
        /// Keys and values in turn for a mapping, elements for a sequence.
        var children: [Int] = []
        /// From 0, in characters.
        var column = 0
        var line = 0
    }

    let bytes: [UInt8]
    private(set) var parts: [Part] = []
    private var lineStarts: [Int] = [0]
    /// `\r\n` where the text ends its lines so.
    let newline: String
    let root: Int

    /// `nil` for what is no document that can be edited: broken, empty, or with line ends that editors disagree about.
    package init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        var hasReturns = false
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A { starts.append(index + 1) }
            guard byte == 0x0D else { continue }
            guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else { return nil }
            hasReturns = true
        }
        newline = hasReturns ? "\r\n" : "\n"
        var builder = PartBuilder(bytes: bytes, lineStarts: starts)
        guard let root = builder.build() else { return nil }
        lineStarts = starts
        parts = builder.parts
        self.root = root
    }

    /// The line of the first value, from 0: what stands in front of it are comments and markers.
    package var rootLine: Int { parts[root].line }

    /// The value that begins at a place, a container rather than what begins with it.
    func part(line: Int, column: Int, isContainer: Bool) -> Int? {
        parts.indices.first {
            parts[$0].line == line - 1 && parts[$0].column == column - 1
                && (parts[$0].kind == .mapping || parts[$0].kind == .sequence) == isContainer
        }
    }

    /// The value at the end of a path, from a part.
    func part(at path: some Collection<PathStep>, from start: Int) -> Int? {
        var part = start
        for step in path {
            guard let next = child(step, of: part) else { return nil }
            part = next
        }
        return part
    }

    private func child(_ step: PathStep, of part: Int) -> Int? {
        switch step {
        case .key(let name):
            guard let position = entry(name, of: part) else { return nil }
            return parts[part].children[2 * position + 1]
        case .index(let index):
            guard parts[part].kind == .sequence, parts[part].children.indices.contains(index) else { return nil }
            return parts[part].children[index]
        }
    }

    /// The position of a key among the entries of a mapping; of equal keys the last one, which counts.
    func entry(_ name: String, of part: Int) -> Int? {
        guard parts[part].kind == .mapping else { return nil }
        let children = parts[part].children
        return (0..<children.count / 2).last { text(of: children[2 * $0]) == name }
    }

    /// A scalar's text as it is written, without quotes (escapes are left as they are: keys have none).
    func text(of part: Int) -> String {
        var range = parts[part].range
        if parts[part].quote != 0, range.count >= 2 { range = range.lowerBound + 1..<range.upperBound - 1 }
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// The first byte of the line that a byte is in.
    func lineStart(_ offset: Int) -> Int {
        var start = min(offset, bytes.count)
        while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
        return start
    }

    /// The first byte behind the line that a byte is in.
    func lineEnd(_ offset: Int) -> Int {
        var end = offset
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        return min(bytes.count, end + 1)
    }
}

/// One step of a path into a document.
package enum PathStep: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case key(String)
    case index(Int)

    package init(stringLiteral value: String) { self = .key(value) }
    package init(integerLiteral value: Int) { self = .index(value) }
}

extension Node {
    /// The node at the end of a path; `nil` where the document has no such place.
    package func at(_ path: some Sequence<PathStep>) -> Node? {
        var node = self
        for step in path {
            switch step {
            case .key(let name):
                guard let next = node[name] else { return nil }
                node = next
            case .index(let index):
                guard let next = node[index] else { return nil }
                node = next
            }
        }
        return node
    }
}

/// Makes the parts of a document from libyaml's events.
private struct PartBuilder {
    let bytes: [UInt8]
    let lineStarts: [Int]
    var parts: [SourceTree.Part] = []
    private var open: [Int] = []
    private var root: Int?
    private var isBroken = false

    init(bytes: [UInt8], lineStarts: [Int]) {
        self.bytes = bytes
        self.lineStarts = lineStarts
    }

    mutating func build() -> Int? {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
        defer {
            event.deallocate()
            parser.deallocate()
        }
        guard yaml_parser_initialize(parser) != 0 else { return nil }
        defer { yaml_parser_delete(parser) }
        let isWhole = bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            while true {
                guard yaml_parser_parse(parser, event) != 0 else { return false }
                let type = event.pointee.type
                take(event.pointee)
                yaml_event_delete(event)
                if isBroken || type == YAML_NO_EVENT { return false }
                if type == YAML_DOCUMENT_END_EVENT || type == YAML_STREAM_END_EVENT { return true }
            }
        }
        guard isWhole, open.isEmpty else { return nil }
        return root
    }

    private mutating func take(_ event: yaml_event_t) {
        let (start, end) = (offset(event.start_mark), offset(event.end_mark))
        guard start <= end, end <= bytes.count else {
            isBroken = true
            return
        }
        var part = SourceTree.Part(
            kind: .scalar, range: start..<end, column: event.start_mark.column, line: event.start_mark.line)
        switch event.type {
        case YAML_SCALAR_EVENT:
            let style = event.data.scalar.style
            if style == YAML_SINGLE_QUOTED_SCALAR_STYLE { part.quote = UInt8(ascii: "'") }
            if style == YAML_DOUBLE_QUOTED_SCALAR_STYLE { part.quote = UInt8(ascii: "\"") }
            add(part)
        case YAML_ALIAS_EVENT:
            part.kind = .alias
            add(part)
        case YAML_SEQUENCE_START_EVENT:
            part.kind = .sequence
            part.isFlow = event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
            open.append(add(part))
        case YAML_MAPPING_START_EVENT:
            part.kind = .mapping
            part.isFlow = event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
            open.append(add(part))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            guard let container = open.popLast() else {
                isBroken = true
                return
            }
            // The end of a block collection is where the next token begins: its last value says where it ends.
            let last = parts[container].children.last.map { parts[$0].range.upperBound }
            let upper = parts[container].isFlow ? end : max(last ?? parts[container].range.upperBound, start)
            let lower = parts[container].range.lowerBound
            parts[container].range = lower..<max(lower, parts[container].isFlow ? upper : last ?? lower)
        default: break
        }
    }

    @discardableResult
    private mutating func add(_ part: SourceTree.Part) -> Int {
        parts.append(part)
        let index = parts.count - 1
        if let container = open.last { parts[container].children.append(index) } else { root = root ?? index }
        return index
    }

    /// libyaml counts characters.
    private func offset(_ mark: yaml_mark_t) -> Int {
        guard lineStarts.indices.contains(mark.line) else { return bytes.count }
        var offset = lineStarts[mark.line]
        var left = mark.column
        // A byte order mark is no character of the first line.
        if mark.line == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset += 3 }
        while left > 0, offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            left -= 1
        }
        return offset
    }
}

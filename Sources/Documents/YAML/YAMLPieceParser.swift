import CLibYAML
import Glibc

/// Reads pieces of a YAML file: libyaml's events into a `DocumentBuilder`.
///
/// All pieces with one parser when nothing is wrong with them, since making a parser costs as much as reading a small
/// document; else one by one, so that what is wrong with one stays in it.
struct YAMLPieceParser {
    /// The first line of what is read.
    private let firstLine: Int
    /// The pieces that are read by this parser.
    private let pieces: ArraySlice<YAMLPiece>
    private let file: String
    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var diagnostics: [Diagnostic] = []
    /// The piece whose document is being read.
    private var current: Int

    /// `whole` are the bytes of the file.
    init?(_ pieces: ArraySlice<YAMLPiece>, of whole: UnsafeBufferPointer<UInt8>, file: String) {
        guard let first = pieces.first, let last = pieces.last else { return nil }
        firstLine = first.line
        self.pieces = pieces
        self.file = file
        bytes = UnsafeBufferPointer(rebasing: whole[first.range.lowerBound..<last.range.upperBound])
        current = pieces.startIndex
    }

    /// `false` when a piece is broken; then a diagnostic says why, and what the builder got is not to be used.
    mutating func parse(with builder: inout DocumentBuilder) -> Bool {
        guard directives <= Self.maximumDirectives else {
            diagnostics.append(
                Diagnostic(
                    .error, "more than \(Self.maximumDirectives) lines begin with \"%\"", at: location(0, 0),
                    hint: "such lines are directives of YAML; a document has two at most"))
            return false
        }
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
        defer {
            event.deallocate()
            parser.deallocate()
        }
        guard yaml_parser_initialize(parser) != 0 else {
            diagnostics.append(Diagnostic(.error, "no memory to read the file", at: location(0, 0)))
            return false
        }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
        builder.beginDocument()
        while true {
            guard yaml_parser_parse(parser, event) != 0 else {
                diagnostics.append(YAMLProblem(parser.pointee, in: self).diagnostic)
                return false
            }
            let type = event.pointee.type
            let isGood = take(event, type, into: &builder)
            yaml_event_delete(event)
            if !isGood { return false }
            if type == YAML_STREAM_END_EVENT { return true }
        }
    }

    /// libyaml compares each `%TAG` with all before it: a million of them take hours.
    private static let maximumDirectives = 500

    /// How many lines may be directives, wherever a line may begin for libyaml (behind CR, NEL, LS and PS, too).
    private var directives: Int {
        guard let base = bytes.baseAddress else { return 0 }
        var count = 0
        var position = 0
        while let found = memchr(base + position, Int32(UInt8(ascii: "%")), bytes.count - position) {
            let place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            switch place > 0 ? base[place - 1] : 0x0A {
            case 0x0A, 0x0D, 0x85, 0xA8, 0xA9: count += 1
            default: break
            }
            position = place + 1
        }
        return count
    }

    private mutating func take(
        _ event: UnsafeMutablePointer<yaml_event_t>, _ type: yaml_event_type_t, into builder: inout DocumentBuilder
    ) -> Bool {
        switch type {
        case YAML_SCALAR_EVENT:
            scalar(event, into: &builder)
            return true
        case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT: return begin(event, in: &builder)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return end(in: &builder)
        case YAML_ALIAS_EVENT: return alias(event, in: &builder)
        case YAML_DOCUMENT_START_EVENT: return beginDocument(event, in: &builder)
        case YAML_DOCUMENT_END_EVENT: return finish(&builder)
        default: return true
        }
    }

    /// `false` when libyaml does not count lines as we do (it takes more than line feeds for their ends), so that the
    /// pieces have to be read one by one.
    private mutating func beginDocument(
        _ event: UnsafeMutablePointer<yaml_event_t>, in builder: inout DocumentBuilder
    ) -> Bool {
        builder.beginDocument()
        guard pieces.count > 1 else { return true }
        let line = firstLine + event.pointee.start_mark.line
        while current + 1 < pieces.endIndex, pieces[current + 1].line <= line { current += 1 }
        let start = pieces[current].range.lowerBound - pieces[pieces.startIndex].range.lowerBound
        return bytes[start] != UInt8(ascii: "-") || pieces[current].line == line
    }

    // MARK: - Events

    private func scalar(_ event: UnsafeMutablePointer<yaml_event_t>, into builder: inout DocumentBuilder) {
        let mark = event.pointee.start_mark
        let text = UnsafeBufferPointer<UInt8>(
            start: event.pointee.data.scalar.value, count: event.pointee.data.scalar.length)
        let isPlain = yaml_event_scalar_is_plain(event) != 0
        let kind: NodeKind
        if isPlain {
            kind = ScalarResolution.kind(text)
        } else if yaml_event_scalar_is_quoted(event) != 0 {
            kind = .string
        } else {
            kind = Self.kind(of: text, tag: event.pointee.data.scalar.tag)
        }
        builder.scalar(
            text, kind: kind, isQuoted: !isPlain || yaml_event_scalar_style(event) != YAML_PLAIN_SCALAR_STYLE,
            line: line(mark), column: column(mark))
        if let anchor = event.pointee.data.scalar.anchor { builder.nameScalar(String(cString: anchor)) }
    }

    /// The kind of a scalar with a tag of its own: a tag of YAML's numbers, booleans and null leaves it what it would be
    /// without, every other makes it a string.
    private static func kind(of text: UnsafeBufferPointer<UInt8>, tag: UnsafePointer<UInt8>?) -> NodeKind {
        guard let tag else { return .string }
        switch String(cString: tag) {
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            return ScalarResolution.kind(text)
        default: return .string
        }
    }

    private mutating func begin(
        _ event: UnsafeMutablePointer<yaml_event_t>, in builder: inout DocumentBuilder
    ) -> Bool {
        let mark = event.pointee.start_mark
        guard builder.depth < DocumentBuilder.maximumDepth else {
            fail("nested more than \(DocumentBuilder.maximumDepth) levels deep", at: mark)
            return false
        }
        let isMapping = event.pointee.type == YAML_MAPPING_START_EVENT
        let anchor = isMapping ? event.pointee.data.mapping_start.anchor : event.pointee.data.sequence_start.anchor
        builder.begin(isMapping ? .mapping : .sequence, line: line(mark), column: column(mark))
        if let anchor { builder.nameContainer(String(cString: anchor)) }
        return true
    }

    private mutating func end(in builder: inout DocumentBuilder) -> Bool {
        guard let failure = builder.end() else { return true }
        let record = builder.nodes[Int(failure.node)]
        let place = SourceLocation(file: file, line: Int(record.line), column: Int(record.column))
        switch failure.reason {
        case .notAMapping:
            diagnostics.append(
                Diagnostic(
                    .error, "\"<<\" can merge mappings only", at: place,
                    hint: "put \"<<\" in quotes if it is meant as a key"))
        case .tooLarge:
            diagnostics.append(
                Diagnostic(.error, "merge keys make this document too large", at: place, hint: Self.expansionHint))
        }
        return false
    }

    private mutating func alias(
        _ event: UnsafeMutablePointer<yaml_event_t>, in builder: inout DocumentBuilder
    ) -> Bool {
        let name = event.pointee.data.alias.anchor.map { String(cString: $0) } ?? ""
        let mark = event.pointee.start_mark
        switch builder.alias(name) {
        case nil: return true
        case .unknown:
            fail(
                "alias \("*\(name)".quotedForMessage) has no anchor before it", at: mark,
                hint: "write \"&\(name)\" first")
        case .cyclic:
            fail(
                "alias \("*\(name)".quotedForMessage) contains itself", at: mark,
                hint: "a value cannot be part of itself")
        case .tooLarge:
            fail(
                "alias \("*\(name)".quotedForMessage) makes this document too large", at: mark, hint: Self.expansionHint
            )
        }
        return false
    }

    private static let expansionHint = "aliases of aliases multiply; write the values out"

    private mutating func finish(_ builder: inout DocumentBuilder) -> Bool {
        if let key = builder.unusableKey {
            let record = builder.nodes[Int(key)]
            diagnostics.append(
                Diagnostic(
                    .error, "a key cannot be a \(record.kind == .mapping ? "mapping" : "list")",
                    at: SourceLocation(file: file, line: Int(record.line), column: Int(record.column)),
                    hint: "a template has to be rendered first; a text that begins with \"{\" or \"[\" needs quotes"))
            return false
        }
        for (key, first) in builder.duplicates {
            let record = builder.nodes[Int(key)]
            let text = builder.text.elements[Int(record.first)..<Int(record.first + record.count)]
            diagnostics.append(
                Diagnostic(
                    .warning,
                    "key \(String(decoding: text, as: UTF8.self).quotedForMessage) is there twice; this one counts",
                    at: SourceLocation(file: file, line: Int(record.line), column: Int(record.column)),
                    hint: "the other one is in line \(builder.nodes[Int(first)].line)"))
        }
        builder.endDocument(byteRange: pieces[current].range)
        return true
    }

    private mutating func fail(_ message: String, at mark: yaml_mark_t, hint: String? = nil) {
        diagnostics.append(Diagnostic(.error, message, at: location(mark.line, mark.column), hint: hint))
    }

    // MARK: - Places

    private func line(_ mark: yaml_mark_t) -> UInt32 { UInt32(truncatingIfNeeded: firstLine + mark.line) }
    private func column(_ mark: yaml_mark_t) -> UInt32 { UInt32(truncatingIfNeeded: mark.column + 1) }

    /// The place of a line and column counted from 0 in this piece.
    func location(_ line: Int, _ column: Int) -> SourceLocation {
        SourceLocation(file: file, line: firstLine + line, column: column + 1)
    }
}

import CLibYAML

extension JSON {
    /// The value as `sigs.k8s.io/yaml` writes it: keys sorted, two blanks, dashes at the indent of their key, strings
    /// quoted only when they have to be, long ones folded at 80 columns; a newline at the end.
    package var yaml: String {
        let writer = YAMLWriter()
        return writer.text(of: self)
    }
}

/// Writes a value through libyaml's emitter, of which go-yaml's is a translation: folding and quoting come out alike.
private final class YAMLWriter {
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let event: UnsafeMutablePointer<yaml_event_t>
    private var output: [UInt8] = []

    init() {
        emitter = .allocate(capacity: 1)
        event = .allocate(capacity: 1)
    }

    deinit {
        emitter.deallocate()
        event.deallocate()
    }

    func text(of value: JSON) -> String {
        guard yaml_emitter_initialize(emitter) != 0 else { return "" }
        defer { yaml_emitter_delete(emitter) }
        yaml_emitter_set_output(
            emitter,
            { context, bytes, count in
                guard let context, let bytes else { return 0 }
                let writer = Unmanaged<YAMLWriter>.fromOpaque(context).takeUnretainedValue()
                writer.output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            }, Unmanaged.passUnretained(self).toOpaque())
        yaml_emitter_set_unicode(emitter, 1)
        if yaml_stream_start_event_initialize(event, YAML_UTF8_ENCODING) != 0 { emit() }
        if yaml_document_start_event_initialize(event, nil, nil, nil, 1) != 0 { emit() }
        write(value)
        if yaml_document_end_event_initialize(event, 1) != 0 { emit() }
        // go-yaml writes no `...` behind a literal scalar at the end, which libyaml asks for.
        emitter.pointee.open_ended = 0
        if yaml_stream_end_event_initialize(event) != 0 { emit() }
        return withExtendedLifetime(self) { String(decoding: output, as: UTF8.self) }
    }

    private func emit() { yaml_emitter_emit(emitter, event) }

    private func write(_ value: JSON) {
        switch value {
        case .null: plain("null")
        case .bool(let flag): plain(flag ? "true" : "false")
        case .int(let number): plain(String(number))
        case .double(let number): plain(number.yamlText)
        case .number(let text): plain(text)
        case .string(let text): write(string: text)
        case .array(let elements):
            if yaml_sequence_start_event_initialize(event, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE) != 0 { emit() }
            for element in elements { write(element) }
            if yaml_sequence_end_event_initialize(event) != 0 { emit() }
        case .object(let object):
            if yaml_mapping_start_event_initialize(event, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) != 0 { emit() }
            for member in object.members.sorted(by: { YAMLStyle.isKey($0.key, before: $1.key) }) {
                write(string: member.key)
                write(member.value)
            }
            if yaml_mapping_end_event_initialize(event) != 0 { emit() }
        }
    }

    private func write(string: String) {
        var string = string
        let style = string.withUTF8 { bytes in
            if bytes.contains(0x0A) { return YAML_LITERAL_SCALAR_STYLE }
            return YAMLStyle.needsQuotes(bytes) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE
        }
        scalar(string, style)
    }

    private func plain(_ text: String) { scalar(text, YAML_PLAIN_SCALAR_STYLE) }

    private func scalar(_ text: String, _ style: yaml_scalar_style_t) {
        var text = text
        let made = text.withUTF8 { bytes in
            yaml_scalar_event_initialize(event, nil, nil, bytes.baseAddress, Int32(clamping: bytes.count), 1, 1, style)
        }
        if made != 0 { emit() }
    }
}

extension Double {
    /// A whole number as one; else Go's `FormatFloat(x, 'g', -1, 64)`: an exponent of at least two digits below 10⁻⁴ and
    /// from 10⁶ on.
    var yamlText: String {
        if isNaN { return ".nan" }
        if isInfinite { return self < 0 ? "-.inf" : ".inf" }
        if let whole = Int64(exactly: self) { return whole == 0 && sign == .minus ? "-0" : String(whole) }
        let (digits, exponent) = shortestDigits
        let sign = self < 0 ? "-" : ""
        guard exponent < -4 || exponent >= 6 else { return sign + Self.plain(digits, exponent) }
        let mantissa = digits.prefix(1) + (digits.count > 1 ? "." + digits.dropFirst() : "")
        let power = String(exponent.magnitude)
        return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(power.count < 2 ? "0" : "")\(power)"
    }
}

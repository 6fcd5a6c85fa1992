package import TrafficEngine

/// Writes heads: runs of fields that stand as they were received are copied in one piece, the others are written out.
///
/// Heads are `inout` though they are only read: the property of a class that is handed on as a value is copied for the call, and
/// all its references are counted up and down.
package enum HeadWriter {
    package enum Length: Sendable {
        /// The head's own content-length, or a message that has none.
        case asIs
        case chunked
        case fixed(UInt64)
    }

    package static func write(_ head: inout RequestHead, length: Length, to output: inout ByteQueue) {
        let bytes = head.block.storage.span
        output.append(bytes.extracting(head.method.range))
        output.append(ByteClass.space)
        output.append(bytes.extracting(head.path.range))
        output.append(" HTTP/1.1\r\n")
        if head.hasHost {
            output.append("host: ")
            output.append(bytes.extracting(head.authority.range))
            output.append("\r\n")
        }
        writeFields(head.block, to: &output)
        write(length, to: &output)
        output.append("\r\n")
    }

    /// The same for another host: a copy.
    package static func write(
        _ head: inout RequestHead, length: Length, authority: [UInt8], to output: inout ByteQueue
    ) {
        let bytes = head.block.storage.span
        output.append(bytes.extracting(head.method.range))
        output.append(ByteClass.space)
        output.append(bytes.extracting(head.path.range))
        output.append(" HTTP/1.1\r\nhost: ")
        output.append(authority.span)
        output.append("\r\n")
        writeFields(head.block, to: &output)
        write(length, to: &output)
        output.append("\r\n")
    }

    private static func write(_ length: Length, to output: inout ByteQueue) {
        switch length {
        case .asIs: break
        case .chunked: output.append("transfer-encoding: chunked\r\n")
        case .fixed(let count):
            output.append("content-length: ")
            output.append(decimal: count)
            output.append("\r\n")
        }
    }

    package static func write(
        _ head: inout ResponseHead, length: Length, closes: Bool, to output: inout ByteQueue
    ) {
        output.append("HTTP/1.1 ")
        output.append(decimal: UInt64(max(0, head.status)))
        output.append(ByteClass.space)
        output.append(StatusText.of(head.status))
        output.append("\r\n")
        writeFields(head.block, to: &output)
        write(length, to: &output)
        if closes { output.append("connection: close\r\n") }
        output.append("\r\n")
    }

    private static func writeFields(_ block: borrowing HeaderBlock, to output: inout ByteQueue) {
        let bytes = block.storage.span
        let fields = block.fields.span
        var runStart = 0
        var runEnd = 0
        for index in fields.indices where !fields[index].isRemoved {
            let field = fields[index]
            let start = Int(field.name.start)
            let end = field.value.range.upperBound
            if field.isOriginal {
                // The two bytes behind an original value are its CRLF.
                if start == runEnd {
                    runEnd = end + 2
                    continue
                }
                if runEnd > runStart { output.append(bytes.extracting(runStart..<runEnd)) }
                runStart = start
                runEnd = end + 2
                continue
            }
            if runEnd > runStart { output.append(bytes.extracting(runStart..<runEnd)) }
            runStart = 0
            runEnd = 0
            output.append(bytes.extracting(field.name.range))
            output.append(": ")
            output.append(bytes.extracting(field.value.range))
            output.append("\r\n")
        }
        if runEnd > runStart { output.append(bytes.extracting(runStart..<runEnd)) }
    }
}

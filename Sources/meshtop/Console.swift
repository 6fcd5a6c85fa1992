import Glibc

/// Standard output and standard error.
enum Console {
    static func write(_ text: String) { put(text, 1) }

    static func write(_ bytes: [UInt8]) { put(bytes, 1) }

    /// A line on standard error.
    static func error(_ text: String) { put(text.hasSuffix("\n") ? text : text + "\n", 2) }

    /// Text on standard error as it is.
    static func error(_ text: String, unlessEmpty: Bool) {
        if !text.isEmpty { put(text, 2) }
    }

    private static func put(_ text: String, _ descriptor: Int32) {
        var text = text
        text.withUTF8 { put($0.baseAddress, $0.count, descriptor) }
    }

    private static func put(_ bytes: [UInt8], _ descriptor: Int32) {
        bytes.withUnsafeBufferPointer { put($0.baseAddress, $0.count, descriptor) }
    }

    private static func put(_ start: UnsafePointer<UInt8>?, _ count: Int, _ descriptor: Int32) {
        var written = 0
        while let start, written < count {
            let result = Glibc.write(descriptor, start + written, count - written)
            if result < 0 && errno == EINTR { continue }
            // A reader that has gone (`| head`) is no mistake of ours.
            if result <= 0 { return }
            written += result
        }
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}

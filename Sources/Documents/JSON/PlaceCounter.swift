/// Turns growing offsets into lines and columns, looking at each byte once.
struct PlaceCounter {
    private let bytes: UnsafeBufferPointer<UInt8>
    let firstLine: Int
    private var offset = 0
    private var line: UInt32
    private var column: UInt32 = 1

    init(bytes: UnsafeBufferPointer<UInt8>, line: Int) {
        self.bytes = bytes
        firstLine = line
        self.line = UInt32(truncatingIfNeeded: line)
    }

    mutating func place(of target: Int) -> (line: UInt32, column: UInt32) {
        while offset < target {
            let byte = bytes[offset]
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            offset += 1
        }
        return (line, column)
    }
}

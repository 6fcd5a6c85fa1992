import Documents
import Glibc

/// The bytes of one file, or why there are none.
enum FileContent: Sendable {
    case bytes([UInt8])
    case failure(Diagnostic)

    /// Reads a file, or standard input for `-`, up to the limit.
    static func read(_ path: String, limits: ManifestLimits) -> FileContent {
        let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return failure(path, "cannot read: \(errnoText(errno))") }
        defer { close(descriptor) }
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        if isRegular, Int(status.st_size) > limits.fileSize { return tooLarge(path, limits) }
        var bytes: [UInt8] = []
        // One byte more than the file has, so that its end is seen without growing.
        var step = isRegular ? max(Int(status.st_size) + 1, 4096) : 1 << 16
        while true {
            guard let chunk = readChunk(descriptor, step) else {
                return failure(path, "cannot read: \(errnoText(errno))")
            }
            if chunk.isEmpty { break }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            if bytes.count > limits.fileSize { return tooLarge(path, limits) }
            step = 1 << 16
        }
        if isBinary(bytes) {
            return failure(
                path, "this is a binary file, not YAML or JSON", hint: "name the files, or move it out of the folder")
        }
        return .bytes(bytes)
    }

    private static func readChunk(_ descriptor: Int32, _ size: Int) -> [UInt8]? {
        var failed = false
        let chunk = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while true {
                let got = Glibc.read(descriptor, buffer.baseAddress, size)
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                count = max(0, got)
                return
            }
        }
        return failed ? nil : chunk
    }

    /// Whether this is no text: it has a NUL near its beginning, and is not UTF-16.
    private static func isBinary(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return false }
        return bytes.prefix(8192).contains(0)
    }

    private static func tooLarge(_ path: String, _ limits: ManifestLimits) -> FileContent {
        failure(path, "larger than \(limits.fileSize >> 20) MB", hint: "split the file")
    }

    private static func failure(_ path: String, _ message: String, hint: String? = nil) -> FileContent {
        .failure(Diagnostic(.error, message, at: SourceLocation(file: path, line: 1, column: 1), hint: hint))
    }
}

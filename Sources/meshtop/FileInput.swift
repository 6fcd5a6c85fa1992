import Documents
import Glibc

/// Input that cannot be used: a message for standard error and exit code 2.
struct InputError: Error, CustomStringConvertible {
    /// What is wrong, without place and hint.
    let message: String
    /// `file:line:column: error: what`, with its hint on a line of its own.
    let description: String

    init(_ message: String, at location: SourceLocation? = nil, hint: String? = nil) {
        self.message = message
        let place = location.map { "\($0): " } ?? ""
        description = "\(place)error: \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
    }
}

/// Whole files and standard input.
enum FileInput {
    /// All bytes of a file, of standard input for `-`.
    static func bytes(_ path: String) throws -> [UInt8] {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError("\(path): \(String(cString: strerror(errno)))") }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        // Room for all of a file at once; what is no file has no places to go to.
        let start = lseek(descriptor, 0, SEEK_CUR)
        if start >= 0 {
            bytes.reserveCapacity(max(0, lseek(descriptor, 0, SEEK_END) - start))
            lseek(descriptor, start, SEEK_SET)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw InputError("\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// The first document of a file of settings: `--mesh-config`, `--services`, `--proxy-file`, dumps.
    static func document(_ path: String) throws -> (Node, [Diagnostic]) {
        let parsed = DocumentReader.read(try bytes(path), file: path)
        if let error = parsed.diagnostics.first(where: { $0.severity == .error }) {
            throw InputError(error.message, at: error.location, hint: error.hint)
        }
        guard let root = parsed.documents.first?.root else { throw InputError("\(path): the file is empty") }
        return (root, parsed.diagnostics)
    }
}

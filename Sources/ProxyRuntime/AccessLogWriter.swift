import Glibc
import NIOPosix

/// Writes lines to a file or standard output from a thread of its own, in the order in which they come.
final class AccessLogWriter: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let descriptor: CInt
    private let ownsDescriptor: Bool

    /// Opens the log; `-` is standard output.
    /// - Throws: `ServeError` if the file cannot be opened.
    init(path: String) throws {
        if path == "-" {
            descriptor = STDOUT_FILENO
            ownsDescriptor = false
        } else {
            descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            ownsDescriptor = true
            guard descriptor >= 0 else {
                throw ServeError("cannot write the access log \(path): \(String(cString: strerror(errno)))")
            }
        }
        pool.start()
    }

    func write(_ bytes: [UInt8]) {
        let descriptor = descriptor
        pool.submit { _ in
            bytes.withUnsafeBytes { buffer in
                var start = 0
                while start < buffer.count {
                    let written = Glibc.write(
                        descriptor, UnsafeRawBufferPointer(rebasing: buffer[start...]).baseAddress,
                        buffer.count - start)
                    if written > 0 {
                        start += written
                    } else if errno != EINTR {
                        return
                    }
                }
            }
        }
    }

    /// Waits until all is written.
    func close() async {
        try? await pool.runIfActive {}
        try? await pool.shutdownGracefully()
        if ownsDescriptor { _ = Glibc.close(descriptor) }
    }
}

import Glibc

/// What went wrong with a file that a test needs.
package struct FileProblem: Error, CustomStringConvertible {
    package let description: String

    package init(_ what: String, _ path: String) {
        description = "cannot \(what) \(path): \(String(cString: strerror(errno)))"
    }
}

/// All bytes of a file.
package func readBytes(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "r") else { throw FileProblem("read", path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        if count == 0 { break }
        bytes.append(contentsOf: chunk[..<count])
    }
    if ferror(file) != 0 { throw FileProblem("read", path) }
    return bytes
}

/// A file as text; bytes that are no UTF-8 become U+FFFD.
package func readText(_ path: String) throws -> String {
    String(decoding: try readBytes(path), as: UTF8.self)
}

/// Writes a file in place: opened, cut to nothing, written, closed.
package func writeBytes(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "w") else { throw FileProblem("write", path) }
    defer { fclose(file) }
    if fwrite(bytes, 1, bytes.count, file) != bytes.count { throw FileProblem("write", path) }
}

/// Writes a text file in place.
package func writeText(_ text: String, to path: String) throws {
    try writeBytes(Array(text.utf8), to: path)
}

/// The names in a folder, sorted.
package func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else { throw FileProblem("list", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// A folder that is gone when the test is over.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/meshtop-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileProblem("make", "/tmp/meshtop-test-XXXXXX") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { removeTree(path) }

    /// The path of a name in this folder.
    package func path(_ name: String) -> String { path + "/" + name }

    /// Writes a text file, making the folders above it; gives its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// Writes a file, making the folders above it; gives its path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            if mkdir(folder, 0o755) != 0, errno != EEXIST { throw FileProblem("make", folder) }
        }
        try writeBytes(bytes, to: path(name))
        return path(name)
    }
}

private func removeTree(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
        for name in (try? names(in: path)) ?? [] { removeTree(path + "/" + name) }
        rmdir(path)
    } else {
        unlink(path)
    }
}

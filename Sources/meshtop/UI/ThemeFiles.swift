import Glibc
import TerminalUI

/// The theme files of this machine.
enum ThemeFiles {
    private static let limit = 400
    private static let sizeLimit = 1 << 16

    /// Built-in themes, those beside the binary, the user's own, and those of k9s, btop and tinted-theming.
    static func catalog() -> ThemeCatalog {
        var entries: [ThemeCatalog.Entry] = []
        for folder in folders() {
            for name in names(in: folder) where entries.count < limit {
                guard let entry = entry(folder + "/" + name) else { continue }
                entries.removeAll { $0.name == entry.name }
                entries.append(entry)
            }
        }
        return ThemeCatalog(files: entries)
    }

    /// A theme by its name, or the file of this path.
    static func theme(_ name: String, in catalog: ThemeCatalog) -> ThemeReading {
        if name.contains("/") || name.contains("."), let entry = entry(name) {
            return ThemeCatalog(files: [entry]).theme(entry.name)
        }
        return catalog.theme(name)
    }

    /// Later ones win.
    private static func folders() -> [String] {
        let home = Environment["HOME"] ?? ""
        let config = Environment["XDG_CONFIG_HOME"] ?? home + "/.config"
        let data = Environment["XDG_DATA_HOME"] ?? home + "/.local/share"
        var folders = [
            config + "/btop/themes", config + "/k9s/skins", data + "/tinted-theming/tinty/repos/schemes/base16",
            "/usr/share/meshtop/themes",
        ]
        if let binary = Environment.binaryFolder {
            folders += [binary + "/../share/meshtop/themes", binary + "/Themes"]
        }
        return folders + [data + "/meshtop/themes", config + "/meshtop/themes"]
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory), names.count < limit {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.hasSuffix(".theme") { names.append(name) }
        }
        return names.sorted()
    }

    private static func entry(_ path: String) -> ThemeCatalog.Entry? {
        guard let text = TextFile.read(path, limit: sizeLimit) else { return nil }
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let name = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
        return ThemeCatalog.Entry(name: name, file: path, text: text)
    }
}

/// The environment of the process.
enum Environment {
    static subscript(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The folder that the binary lies in.
    static var binaryFolder: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, Int(PATH_MAX))
        guard count > 0 else { return nil }
        let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}

/// Small files of text.
enum TextFile {
    /// The text of a file that is not larger than the limit; `nil` when it cannot be read.
    static func read(_ path: String, limit: Int) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { break }
            guard count > 0, bytes.count + count <= limit else { return nil }
            bytes += piece.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

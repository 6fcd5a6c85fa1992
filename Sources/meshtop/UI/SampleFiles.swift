import Glibc

/// Where the bundled sample mesh lies: beside the sources or the binary, else written out from the binary itself, so that
/// it can be read, edited and watched like any other.
enum SampleFiles {
    static func folder() throws -> String {
        var places: [String] = []
        if let binary = Environment.binaryFolder {
            places += [binary + "/Samples/demo", binary + "/../share/meshtop/Samples/demo"]
            // .build/release/meshtop and .build/x86_64-unknown-linux-gnu/release/meshtop
            places += [binary + "/../../Samples/demo", binary + "/../../../Samples/demo"]
        }
        for place in places where access(place + "/gateway.yaml", R_OK) == 0 { return resolved(place) }
        return try written()
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// The user's cache, else a new folder for temporary files.
    private static func written() throws -> String {
        let cache = Environment["XDG_CACHE_HOME"] ?? Environment["HOME"].map { $0 + "/.cache" }
        if let cache {
            mkdir(cache, 0o700)
            mkdir(cache + "/meshtop", 0o700)
            mkdir(cache + "/meshtop/demo", 0o700)
            if write(to: cache + "/meshtop/demo") { return cache + "/meshtop/demo" }
        }
        var template = Array("/tmp/meshtop-demo-XXXXXX".utf8CString)
        if let made = mkdtemp(&template) {
            let folder = String(cString: made)
            if write(to: folder) { return folder }
        }
        throw InputError("the bundled sample could not be written", hint: "give manifests: meshtop PATH")
    }

    private static func write(to folder: String) -> Bool {
        for file in EmbeddedSample.files {
            let path = folder + "/" + (file.path.split(separator: "/").last.map(String.init) ?? file.path)
            if TextFile.read(path, limit: 1 << 22) == file.text { continue }
            do { try WholeFile.write(file.text, to: path) } catch { return false }
        }
        return true
    }
}

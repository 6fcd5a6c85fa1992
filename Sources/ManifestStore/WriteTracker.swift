import Glibc

/// What inotify has said of the files in watched folders: which are being written, which are whole again.
///
/// The kernel queues an event at the moment of a write, so whoever takes all events before and after reading a file knows
/// whether it was written meanwhile.
struct WriteTracker {
    struct File: Hashable {
        let folder: String
        let name: String

        init(path: String) {
            self.init(
                folder: FileScan.folder(of: path), name: path.split(separator: "/").last.map(String.init) ?? "")
        }

        init(folder: String, name: String) {
            self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
            self.name = name
        }
    }

    /// How a file stands.
    struct State: Equatable {
        /// It was closed by its writer, or moved here, and not written since.
        var isWhole = false
        /// Another one after each event.
        var version = 0
    }

    private var folders: [Int32: Set<String>] = [:]
    private var files: [File: State] = [:]
    /// Folders whose files were all exchanged at once.
    private var swaps: [String: State] = [:]
    private var lastOverflow = 0
    private var version = 0

    mutating func add(_ folder: String, descriptor: Int32) {
        folders[descriptor, default: []].insert(File(folder: folder, name: "").folder)
    }

    func state(of file: File) -> State {
        let own = files[file] ?? State()
        let swap = swaps[file.folder] ?? State()
        let last = own.version > swap.version ? own : swap
        // Whatever was known before events were lost may have changed.
        return last.version > lastOverflow ? last : State(isWhole: false, version: lastOverflow)
    }

    /// Takes an event in; says whether it can matter.
    mutating func take(_ event: inotify_event, name: String) -> Bool {
        let mask = event.mask
        version += 1
        if mask & UInt32(IN_IGNORED) != 0 { folders[event.wd] = nil }
        if mask & UInt32(IN_Q_OVERFLOW) != 0 || files.count > 100_000 {
            (files, swaps, lastOverflow) = ([:], [:], version)
            return true
        }
        // Names with a dot in front are no manifests, but `..data` is how all of a ConfigMap's files change at once.
        let isSwap = name.hasPrefix("..")
        if name.hasPrefix("."), !isSwap { return false }
        let isWhole = mask & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO) != 0
        guard isWhole || mask & UInt32(IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM) != 0 else { return true }
        let state = State(isWhole: isWhole, version: version)
        for folder in folders[event.wd] ?? [] {
            if isSwap { swaps[folder] = state } else { files[File(folder: folder, name: name)] = state }
        }
        return true
    }
}

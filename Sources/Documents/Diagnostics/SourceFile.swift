import Synchronization

/// A file by its number in the process's list of file names: places are many, files are few. A name stays in the list for good.
struct SourceFile: Hashable, Sendable, BitwiseCopyable {
    private let number: UInt32

    init(_ name: String) {
        number = Self.names.withLock { names in
            if let known = names.numbers[name] { return known }
            let number = UInt32(names.list.count)
            names.list.append(name)
            names.numbers[name] = number
            return number
        }
    }

    var name: String { Self.names.withLock { $0.list[Int(number)] } }

    private struct Names {
        var list: [String] = []
        var numbers: [String: UInt32] = [:]
    }

    private static let names = Mutex(Names())
}

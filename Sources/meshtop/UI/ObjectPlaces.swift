import Documents
import MeshtopUI

/// Which object stands at a place of some files: the last one that begins at it or above it.
struct ObjectPlaces {
    private var objects: [String: [(line: Int, text: String)]] = [:]

    init(_ items: [ObjectItem], in files: Set<String>) {
        guard !files.isEmpty else { return }
        // Those of one file come one after the other.
        var last: (location: SourceLocation, isWanted: Bool)?
        for place in items.indices {
            guard let location = items[place].location else { continue }
            if last.map({ !location.isInFile(of: $0.location) }) ?? true {
                last = (location, files.contains(location.file))
            }
            guard last?.isWanted ?? false else { continue }
            let item = items[place]
            let name = item.namespace.isEmpty ? item.name : "\(item.namespace)/\(item.name)"
            objects[location.file, default: []].append((location.line, "\(item.kind) \(name)"))
        }
        for file in objects.keys { objects[file]?.sort { $0.line < $1.line } }
    }

    /// `Kind NAMESPACE/NAME`; empty where there is none.
    func object(at location: SourceLocation?) -> String {
        guard let location, let found = objects[location.file] else { return "" }
        var (low, high) = (0, found.count)
        while low < high {
            let middle = (low + high) / 2
            if found[middle].line <= location.line { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? found[low - 1].text : ""
    }
}

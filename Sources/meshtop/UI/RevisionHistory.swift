import ManifestStore
import MeshModel

/// The last revisions of the manifests, to go back to and to compare with. What does not change from one to the next is shared.
struct RevisionHistory {
    struct Entry: Sendable {
        let revision: Revision
        let loaded: LoadedConfiguration
        /// What the change was, and when it was read.
        let change: String
        let loadedAt: String

        var number: Int { revision.number }
    }

    private(set) var entries: [Entry] = []
    /// The place of the revision that is looked at; `nil`: the newest, whichever that is.
    private var place: Int?

    /// So many are kept, and of a large mesh only the one before.
    private static let most = 40
    private static let large = 5_000

    var newest: Int { entries.last?.number ?? 0 }
    var isTravelling: Bool { place != nil }

    private var shown: Int { place ?? entries.count - 1 }

    /// Takes in a new revision, which is looked at from now on.
    mutating func add(_ entry: Entry) {
        place = nil
        if entries.last?.number == entry.number { entries.removeLast() }
        entries.append(entry)
        let most = entry.revision.snapshot.resources.count > Self.large ? 2 : Self.most
        if entries.count > most { entries.removeFirst(entries.count - most) }
    }

    /// Goes some revisions on (or back), as far as there are any; `nil` where it stays.
    mutating func move(_ step: Int) -> Entry? { show(at: shown + step) }

    /// Goes to a revision by its number; without one to the newest.
    mutating func go(to number: Int?) -> Entry? {
        show(at: number.flatMap { number in entries.firstIndex { $0.number == number } } ?? entries.count - 1)
    }

    private mutating func show(at wanted: Int) -> Entry? {
        guard entries.indices.contains(wanted), wanted != shown else { return nil }
        place = wanted == entries.count - 1 ? nil : wanted
        return entries[wanted]
    }

    /// The revision with this number, without one the one before that is looked at.
    func entry(_ number: Int?) -> Entry? {
        if let number { return entries.first { $0.number == number } }
        return entries.indices.contains(shown - 1) ? entries[shown - 1] : nil
    }
}

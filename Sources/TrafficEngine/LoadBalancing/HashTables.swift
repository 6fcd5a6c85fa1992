/// A ring or a Maglev table: finds a host by hash.
final class HashTable: Sendable {
    private let hashes: [UInt64]
    /// Places in the cluster's hosts.
    private let owners: [UInt32]

    private init(hashes: [UInt64], owners: [UInt32]) {
        self.hashes = hashes
        self.owners = owners
    }

    /// A ring (rule book, section 12).
    static func ring(
        _ hosts: [Int], weights: [Double], of cluster: CompiledCluster, minimum: UInt64, maximum: UInt64,
        usesMurmur: Bool
    ) -> HashTable {
        guard let least = weights.min(), least > 0 else { return HashTable(hashes: [], owners: []) }
        let scale = min((least * Double(minimum)).rounded(.up) / least, Double(maximum))
        var entries: [(hash: UInt64, owner: UInt32)] = []
        entries.reserveCapacity(Int(min(scale + 1, Double(maximum))))
        var current = 0.0
        var target = 0.0
        for (host, weight) in zip(hosts, weights) {
            target += scale * weight
            let prefix = cluster.hosts[host].hashKey + [UInt8(ascii: "_")]
            var count = 0
            while current < target {
                let text = prefix + Array(String(count).utf8)
                entries.append((usesMurmur ? MurmurHash2.hash(text) : XXHash64.hash(text), UInt32(host)))
                count += 1
                current += 1
            }
        }
        entries.sort { $0.hash < $1.hash }
        return HashTable(hashes: entries.map(\.hash), owners: entries.map(\.owner))
    }

    /// A Maglev table (rule book, section 13).
    static func maglev(_ hosts: [Int], weights: [Double], of cluster: CompiledCluster, size: UInt64) -> HashTable {
        guard !hosts.isEmpty, let most = weights.max(), most > 0 else { return HashTable(hashes: [], owners: []) }
        struct Row {
            let host: UInt32
            let weight: Double
            let offset: UInt64
            let skip: UInt64
            var target = 0.0
            var next: UInt64 = 0
        }
        var rows = zip(hosts, weights).map { host, weight -> (key: [UInt8], row: Row) in
            let key = cluster.hosts[host].hashKey
            let row = Row(
                host: UInt32(host), weight: weight, offset: XXHash64.hash(key) % size,
                skip: XXHash64.hash(key, seed: 1) % (size - 1) + 1)
            return (key, row)
        }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.row)
        var owners = [UInt32](repeating: .max, count: Int(size))
        var filled: UInt64 = 0
        var iteration = 1.0
        while filled < size {
            for index in rows.indices where filled < size {
                if iteration * rows[index].weight < rows[index].target { continue }
                rows[index].target += most
                var place = Int((rows[index].offset + rows[index].skip * rows[index].next) % size)
                // Ends, for the size is a prime: every row comes to every place.
                while owners[place] != .max {
                    rows[index].next += 1
                    place = Int((rows[index].offset + rows[index].skip * rows[index].next) % size)
                }
                owners[place] = rows[index].host
                rows[index].next += 1
                filled += 1
            }
            iteration += 1
        }
        return HashTable(hashes: [], owners: owners)
    }

    var isEmpty: Bool { owners.isEmpty }

    /// The host for a hash; `attempt` counts further picks for the same request.
    func host(for hash: UInt64, attempt: Int) -> Int {
        guard !owners.isEmpty else { return -1 }
        if hashes.isEmpty {
            let mixed = attempt > 0 ? hash ^ (0 &- UInt64(attempt)) : hash
            return Int(owners[Int(mixed % UInt64(owners.count))])
        }
        var lower = 0
        var upper = hashes.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if hashes[middle] < hash { lower = middle + 1 } else { upper = middle }
        }
        return Int(owners[(lower + attempt) % owners.count])
    }

    /// The part of all hashes that leads to each host.
    func shares() -> [(host: Int, share: Double)] {
        var sums: [UInt32: Double] = [:]
        if hashes.isEmpty {
            for owner in owners { sums[owner, default: 0] += 1 / Double(owners.count) }
        } else {
            let whole = 18_446_744_073_709_551_616.0
            for index in hashes.indices {
                let previous = index == 0 ? hashes[hashes.count - 1] : hashes[index - 1]
                let arc = hashes.count == 1 ? whole : Double(hashes[index] &- previous)
                sums[owners[index], default: 0] += arc / whole
            }
        }
        return sums.map { (Int($0.key), $0.value) }.sorted { $0.host < $1.host }
    }
}

/// The tables of a cluster that its workers share, by the hosts that are in them.
struct SharedTables: Sendable {
    struct Key: Hashable, Sendable {
        var hosts: [Int]
        var weights: [Double]
    }

    /// Enough for some priorities and subsets; further ones push the others out.
    private static let limit = 16
    private var tables: [(key: Key, table: HashTable)] = []

    mutating func table(for key: Key, _ make: () -> HashTable) -> HashTable {
        if let found = tables.first(where: { $0.key == key }) { return found.table }
        let table = make()
        if tables.count >= Self.limit { tables.removeFirst() }
        tables.append((key, table))
        return table
    }
}

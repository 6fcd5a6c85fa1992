package import Documents
package import EnvoyModel
package import TrafficEngine

/// Which endpoint each key gets, and which keys move when an endpoint leaves.
package struct HashInspection: Sendable {
    package struct Row: Hashable, Sendable {
        package let key: String
        package let endpoint: String
        /// By the endpoint that leaves: where the key goes then; only where it moves.
        package let moves: [String: String]
    }

    package let cluster: String
    /// What the key is taken from.
    package let what: String
    package private(set) var rows: [Row] = []
    package private(set) var shares: [(endpoint: String, share: Double)] = []

    /// `nil` where no hash of the request decides.
    package init?(_ request: SyntheticRequest, keys: [String], at proxy: String, in snapshot: XDSSnapshot) {
        let compiled = CompiledSnapshot(snapshot)
        guard let hop = simulate(request, with: compiled, proxy: proxy).hops.first, let cluster = hop.cluster,
            cluster.lbPolicy.isHashing, case .route(let action)? = hop.route?.action,
            let policy = action.hashPolicies.first
        else { return nil }
        self.cluster = cluster.name
        what = HashInput(policy, request).what
        let assignment = cluster.loadAssignment ?? snapshot.endpoints.first { $0.clusterName == cluster.endpointsName }
        let count = assignment?.localities.reduce(0) { $0 + $1.endpoints.count } ?? 0
        let keyed = keys.map { HashInput.request(request, keyed: $0, for: policy) }
        let now = Self.endpoints(keyed, proxy, compiled)
        var moves = [[String: String]](repeating: [:], count: keys.count)
        for place in 0..<min(count, Self.most) {
            guard let name = assignment?.address(at: place) else { continue }
            let without = CompiledSnapshot(snapshot.without(place, of: cluster))
            for (index, endpoint) in Self.endpoints(keyed, proxy, without).enumerated() where endpoint != now[index] {
                moves[index][name] = endpoint ?? "none"
            }
        }
        rows = keys.indices.map { Row(key: keys[$0], endpoint: now[$0] ?? "none", moves: moves[$0]) }
        shares = zip(
            (0..<count).compactMap { assignment?.address(at: $0) }, WorkerState.shares(of: cluster, assignment)
        ).map { (endpoint: $0, share: $1) }
    }

    /// So many endpoints are taken away, one by one.
    private static let most = 32

    private static func endpoints(
        _ requests: [SyntheticRequest?], _ proxy: String, _ snapshot: CompiledSnapshot
    ) -> [String?] {
        requests.map { request in
            request.flatMap { simulate($0, with: snapshot, proxy: proxy).hops.first?.host?.address }
        }
    }

    package var text: String {
        var lines = ["\(cluster): the key is \(what)"]
        var table = [["KEY", "ENDPOINT", "MOVES"]]
        for row in rows {
            // A key moves when its own endpoint leaves; when another one does, that is worth a word.
            let others = row.moves.filter { $0.key != row.endpoint }.count
            let next = row.moves[row.endpoint].map { "to \($0) when it leaves" } ?? "-"
            table.append([row.key, row.endpoint, next + (others > 0 ? ", and when \(others) others leave" : "")])
        }
        lines.append(TabWriter(padding: 3).text(table))
        lines += shares.map { entry in
            let tenths = Int((entry.share * 1000).rounded())
            return "\(tenths / 10).\(tenths % 10) % of all keys  \(entry.endpoint)"
        }
        return lines.map { TabWriter.printableLines($0) }.joined(separator: "\n") + "\n"
    }

    package var json: JSON {
        [
            "cluster": .string(cluster), "key": .string(what),
            "keys": .array(
                rows.map { row in
                    var moves = JSONObject()
                    for (endpoint, next) in row.moves.sorted(by: { $0.key < $1.key }) {
                        moves.add(endpoint, .string(next))
                    }
                    return ["key": .string(row.key), "endpoint": .string(row.endpoint), "moves": .object(moves)]
                }),
            "shares": .array(shares.map { ["endpoint": .string($0.endpoint), "share": .double($0.share)] }),
        ]
    }
}

extension ClusterLoadAssignment {
    /// The address of an endpoint, counted over all localities.
    fileprivate func address(at place: Int) -> String? {
        var rest = place
        for group in localities {
            if rest < group.endpoints.count {
                guard case .socket(let socket)? = group.endpoints[rest].address else { return nil }
                return socket.address.contains(":")
                    ? "[\(socket.address)]:\(socket.port)" : "\(socket.address):\(socket.port)"
            }
            rest -= group.endpoints.count
        }
        return nil
    }

    fileprivate func without(_ place: Int) -> ClusterLoadAssignment {
        var result = self
        var rest = place
        for index in result.localities.indices {
            if rest < result.localities[index].endpoints.count {
                result.localities[index].endpoints.remove(at: rest)
                return result
            }
            rest -= result.localities[index].endpoints.count
        }
        return result
    }
}

extension XDSSnapshot {
    /// The configuration after one endpoint of a cluster has left.
    fileprivate func without(_ place: Int, of cluster: Cluster) -> XDSSnapshot {
        var result = self
        if let index = result.clusters.firstIndex(where: { $0.name == cluster.name }), let own = cluster.loadAssignment
        {
            result.clusters[index].loadAssignment = own.without(place)
        } else if let index = result.endpoints.firstIndex(where: { $0.clusterName == cluster.endpointsName }) {
            result.endpoints[index] = result.endpoints[index].without(place)
        }
        return result
    }
}

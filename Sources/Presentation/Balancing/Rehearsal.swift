package import Documents
package import EnvoyModel
import TrafficEngine

/// Failover rehearsed: where a cluster's requests go when an endpoint, a zone, a region is gone.
package struct Rehearsal: Sendable {
    /// One thing that goes wrong.
    package struct Step: Sendable {
        /// `healthy`, `10.0.0.1:8080 is down`, `zone r/z is down`.
        package let title: String
        /// Which endpoints are gone, by their place.
        package let isDown: Set<Int>
        /// The chance of each endpoint.
        package let shares: [Double]
        /// What has to be there for it, and what limits it.
        package var notes: [String] = []

        /// Nobody is left: 503 UH.
        package var isEmpty: Bool { shares.allSatisfy { $0 == 0 } }
    }

    package struct Endpoint: Hashable, Sendable {
        package let address: String
        package let locality: String
        package let priority: UInt32
    }

    package let cluster: String
    /// The locality of the proxy that is asked.
    package let seenFrom: String
    package let endpoints: [Endpoint]
    package private(set) var steps: [Step] = []
    package private(set) var notes: [(text: String, source: SourceReference?)] = []

    /// `nil` for a cluster without endpoints of its own.
    package init?(_ cluster: Cluster, in snapshot: XDSSnapshot) {
        let assignment =
            cluster.loadAssignment ?? snapshot.endpoints.first { $0.clusterName == cluster.endpointsName }
        guard let assignment, assignment.localities.contains(where: { !$0.endpoints.isEmpty }) else { return nil }
        self.cluster = cluster.name
        seenFrom = Self.text(snapshot.node.locality)
        var endpoints: [Endpoint] = []
        var places: [(locality: Locality, index: Int)] = []
        for group in assignment.localities {
            for endpoint in group.endpoints {
                places.append((group.locality ?? Locality(), endpoints.count))
                let address = endpoint.address.flatMap { address -> String? in
                    if case .socket(let socket) = address { "\(socket.address):\(socket.port)" } else { nil }
                }
                endpoints.append(
                    Endpoint(
                        address: address ?? endpoint.hostname, locality: Self.text(group.locality ?? Locality()),
                        priority: group.priority))
            }
        }
        self.endpoints = endpoints
        play(cluster, assignment, places)
        advise(cluster)
    }

    private static func text(_ locality: Locality) -> String {
        [locality.region, locality.zone, locality.subZone].filter { !$0.isEmpty }.joined(separator: "/")
    }

    // MARK: The steps

    private mutating func play(
        _ cluster: Cluster, _ assignment: ClusterLoadAssignment, _ places: [(locality: Locality, index: Int)]
    ) {
        func step(_ title: String, _ down: Set<Int>) -> Step {
            Step(title: title, isDown: down, shares: WorkerState.shares(of: cluster, assignment, ejected: down))
        }
        let healthy = step("healthy", [])
        steps.append(healthy)
        guard let busiest = healthy.shares.indices.max(by: { healthy.shares[$0] < healthy.shares[$1] }) else { return }
        steps.append(step("\(endpoints[busiest].address) is down", [busiest]))
        // From the nearest outwards: what is used first goes first.
        let order = places.sorted { endpoints[$0.index].priority < endpoints[$1.index].priority }
        var zones: [Locality] = []
        for place in order where healthy.shares[place.index] > 0 && !zones.contains(place.locality) {
            zones.append(place.locality)
        }
        for zone in zones.prefix(3) where Set(places.map(\.locality)).count > 1 {
            let down = Set(places.filter { $0.locality == zone }.map(\.index))
            steps.append(step("\(Self.text(zone).isEmpty ? "what has no locality" : Self.text(zone)) is down", down))
        }
        let regions = zones.map(\.region).reduce(into: [String]()) {
            if !$0.contains($1), !$1.isEmpty { $0.append($1) }
        }
        for region in regions.prefix(2) where Set(places.map(\.locality.region)).count > 1 {
            let down = Set(places.filter { $0.locality.region == region }.map(\.index))
            if steps.contains(where: { $0.isDown == down }) { continue }
            steps.append(step("region \(region) is down", down))
        }
        steps.append(step("all are down", Set(endpoints.indices)))
        for index in steps.indices.dropFirst() { steps[index].notes = limits(cluster, steps[index]) }
    }

    /// What a proxy's own detection can leave out; what Kubernetes takes out of the Service does not need it.
    private func limits(_ cluster: Cluster, _ step: Step) -> [String] {
        guard let detection = cluster.outlierDetection else { return [] }
        let percent = Int(detection.maxEjectionPercent ?? 10)
        let most = endpoints.count * percent / 100
        guard step.isDown.count > most else { return [] }
        return [
            "outlierDetection leaves out at most \(most) of \(endpoints.count) (maxEjectionPercent \(percent)): "
                + "the rest of these keep their share until Kubernetes takes them out" + (most == 0 ? " [MT0121]" : "")
        ]
    }

    private mutating func advise(_ cluster: Cluster) {
        let rule = cluster.sources.first { $0.kind == "DestinationRule" }
        let name = rule.map { "DestinationRule \($0.namespace)/\($0.name)" } ?? "no DestinationRule"
        if cluster.outlierDetection == nil {
            let isLocal = Set(endpoints.map(\.locality)).count > 1 && cluster.common.locality != .localityWeighted
            notes.append(
                (
                    "\(name) has no outlierDetection: an endpoint that answers with errors keeps its share until Kubernetes "
                        + "takes it out (not ready)" + (isLocal ? ", and localities do not fail over [MT0120]" : ""),
                    rule
                ))
        }
        if seenFrom.isEmpty, Set(endpoints.map(\.locality)).count > 1 {
            notes.append(("the proxy's own locality is not known (labels of its Node): all localities are alike", nil))
        }
        if cluster.lbPolicy.isHashing {
            notes.append(
                ("shares are over all keys: each key has one endpoint, and moves only when that one is down", rule))
        }
    }

    // MARK: As text

    package var text: String {
        var lines = ["\(cluster)" + (seenFrom.isEmpty ? "" : ", seen from \(seenFrom)")]
        var rows = [["ENDPOINT", "LOCALITY", "P"] + steps.indices.map { "\($0 + 1)" }]
        for (index, endpoint) in endpoints.enumerated() {
            rows.append(
                [endpoint.address, endpoint.locality.isEmpty ? "-" : endpoint.locality, "\(endpoint.priority)"]
                    + steps.map { step in
                        step.isDown.contains(index)
                            ? "down" : Self.percent(step.shares.indices.contains(index) ? step.shares[index] : 0)
                    })
        }
        lines.append(TabWriter(padding: 3).text(rows))
        for (index, step) in steps.enumerated() {
            lines.append("\(index + 1)  \(step.title)" + (step.isEmpty ? ": 503 UH, nobody is left" : ""))
            lines += step.notes.map { "   \($0)" }
        }
        lines += notes.map { note in
            note.text + (note.source?.location.map { "  \($0.file):\($0.line)" } ?? "")
        }
        return lines.map { TabWriter.printableLines($0) }.joined(separator: "\n") + "\n"
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }

    package var json: JSON {
        [
            "cluster": .string(cluster), "seen_from": .string(seenFrom),
            "endpoints": .array(
                endpoints.map {
                    [
                        "address": .string($0.address), "locality": .string($0.locality),
                        "priority": .int(Int64($0.priority)),
                    ]
                }),
            "steps": .array(
                steps.map { step in
                    [
                        "title": .string(step.title), "down": .array(step.isDown.sorted().map { .int(Int64($0)) }),
                        "shares": .array(step.shares.map { .double($0) }),
                        "notes": .array(step.notes.map { .string($0) }),
                    ]
                }),
            "notes": .array(notes.map { .string($0.text) }),
        ]
    }
}

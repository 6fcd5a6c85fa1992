import Documents
import EnvoyModel
import MeshModel

/// Everything that the clusters of a service and their endpoints depend on, besides the proxy, the mesh's settings and its
/// PeerAuthentications.
struct OutboundInput: Equatable, Sendable {
    let service: Service
    let rule: EffectiveDestinationRule?
    let endpoints: [ServiceEndpoint]

    static func == (left: Self, right: Self) -> Bool {
        left.service === right.service && left.rule === right.rule && left.endpoints == right.endpoints
    }
}

/// Where the clusters of each service stand among a proxy's.
struct OutboundParts: Sendable {
    private(set) var inputs: [OutboundInput] = []
    /// Some cluster's name came twice, so that places do not tell whose a cluster is.
    private(set) var hasRepeated = false
    /// Where those of a service end.
    private var clusterEnds: [Int] = []
    private var assignmentEnds: [Int] = []

    init() {}

    /// The same places for changed inputs.
    init(_ parts: OutboundParts, inputs: [OutboundInput]) {
        self = parts
        self.inputs = inputs
    }

    var clusterCount: Int { clusterEnds.last ?? 0 }

    func clusters(at place: Int) -> Range<Int> { Self.range(place, clusterEnds) }
    func assignments(at place: Int) -> Range<Int> { Self.range(place, assignmentEnds) }

    private static func range(_ place: Int, _ ends: [Int]) -> Range<Int> {
        (place == 0 ? 0 : ends[place - 1])..<ends[place]
    }

    mutating func append(_ input: OutboundInput, clusterEnd: Int, assignmentEnd: Int) {
        inputs.append(input)
        clusterEnds.append(clusterEnd)
        assignmentEnds.append(assignmentEnd)
    }

    mutating func noteRepeated() { hasRepeated = true }
}

/// Clusters while they are put together, each name once; those of services that have not changed are taken over.
struct ClusterAssembly {
    private(set) var clusters: [Cluster] = []
    private(set) var assignments: [ClusterLoadAssignment] = []
    private(set) var parts = OutboundParts()
    private let previous: ConfigurationParts?
    private var next = 0
    private var places: [ObjectIdentifier: Int]?
    private var names = Set<String>()

    init(previous: ConfigurationParts?) {
        self.previous = previous.flatMap { $0.outbound.hasRepeated ? nil : $0 }
        let count = previous?.clusters.count ?? 0
        clusters.reserveCapacity(count)
        assignments.reserveCapacity(count)
        names.reserveCapacity(count)
    }

    mutating func add(_ input: OutboundInput, build: () -> [OutboundClusters.Built]) {
        if let previous, let place = place(of: input, in: previous.outbound.inputs) {
            next = place + 1
            let own = previous.clusters[previous.outbound.clusters(at: place)]
            if own.allSatisfy({ !names.contains($0.name) }) {
                for cluster in own { names.insert(cluster.name) }
                clusters += own
                assignments += previous.assignments[previous.outbound.assignments(at: place)]
            } else {
                for built in build() { add(built) }
            }
        } else {
            for built in build() { add(built) }
        }
        parts.append(input, clusterEnd: clusters.count, assignmentEnd: assignments.count)
    }

    mutating func add(_ built: OutboundClusters.Built) {
        guard names.insert(built.cluster.name).inserted else { return parts.noteRepeated() }
        clusters.append(built.cluster)
        if let assignment = built.assignment { assignments.append(assignment) }
    }

    /// Where the very same input stood before; mostly behind the one found last.
    private mutating func place(of input: OutboundInput, in inputs: [OutboundInput]) -> Int? {
        if next < inputs.count, inputs[next] == input { return next }
        let known =
            places
            ?? Dictionary(inputs.indices.map { (ObjectIdentifier(inputs[$0].service), $0) }) { first, _ in first }
        places = known
        guard let place = known[ObjectIdentifier(input.service)], inputs[place] == input else { return nil }
        return place
    }
}

extension ProxyContext {
    /// What was computed before, where clusters can be taken over from it.
    var previousForClusters: ConfigurationParts? {
        previous.flatMap {
            $0.index.snapshot.peerAuthentications == index.snapshot.peerAuthentications ? $0 : nil
        }
    }

    /// In the order of the services that the proxy can see.
    var outboundInputs: [OutboundInput] {
        let before = previous?.outbound.inputs ?? []
        let hasSameEndpoints = previous.map { $0.index.endpoints === index.endpoints } ?? false
        if hasSameEndpoints, changedHosts?.isEmpty == true, previous?.scope.services.isSame(as: scope.services) == true
        {
            return before
        }
        var next = 0
        return scope.services.map { service in
            let known = next < before.count && before[next].service === service ? before[next] : nil
            next += 1
            let rule = scope.destinationRule(for: service.hostname)
            if hasSameEndpoints, let known {
                return OutboundInput(service: service, rule: rule, endpoints: known.endpoints)
            }
            return OutboundInput(service: service, rule: rule, endpoints: index.endpoints[service.key] ?? [])
        }
    }
}

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

    /// `capacity`: about as many clusters as there will be.
    init(previous: ConfigurationParts?, capacity: Int) {
        self.previous = previous.flatMap { $0.outbound.hasRepeated ? nil : $0 }
        clusters.reserveCapacity(capacity)
        assignments.reserveCapacity(capacity)
        names.reserveCapacity(capacity)
    }

    /// The clusters of services; those that have to be built are built on all cores.
    mutating func add(_ inputs: [OutboundInput], build: @Sendable (OutboundInput) -> [OutboundClusters.Built]) {
        let known = inputs.map { place(of: $0) }
        var built = inputs.indices.filter { known[$0] == nil }.parallelMap { build(inputs[$0]) }.makeIterator()
        for (place, input) in inputs.enumerated() {
            if let before = known[place] {
                if !takeOver(before) { for cluster in build(input) { add(cluster) } }
            } else {
                for cluster in built.next() ?? [] { add(cluster) }
            }
            parts.append(input, clusterEnd: clusters.count, assignmentEnd: assignments.count)
        }
    }

    /// The clusters that stood at a place before; `false` where one of their names is taken by now.
    private mutating func takeOver(_ place: Int) -> Bool {
        guard let previous else { return false }
        let own = previous.clusters[previous.outbound.clusters(at: place)]
        guard own.allSatisfy({ !names.contains($0.name) }) else { return false }
        for cluster in own { names.insert(cluster.name) }
        clusters += own
        assignments += previous.assignments[previous.outbound.assignments(at: place)]
        return true
    }

    mutating func add(_ built: OutboundClusters.Built) {
        guard names.insert(built.cluster.name).inserted else { return parts.noteRepeated() }
        clusters.append(built.cluster)
        if let assignment = built.assignment { assignments.append(assignment) }
    }

    /// Behind all others, whatever their names.
    mutating func addLast(_ more: [Cluster]) { clusters += more }

    /// Where the very same input stood before; mostly behind the one found last.
    private mutating func place(of input: OutboundInput) -> Int? {
        guard let inputs = previous?.outbound.inputs else { return nil }
        if next < inputs.count, inputs[next] == input {
            next += 1
            return next - 1
        }
        let known =
            places
            ?? Dictionary(inputs.indices.map { (ObjectIdentifier(inputs[$0].service), $0) }) { first, _ in first }
        places = known
        guard let place = known[ObjectIdentifier(input.service)], inputs[place] == input else { return nil }
        next = place + 1
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
        let services = scope.services
        if hasSameEndpoints, changedHosts?.isEmpty == true, previous?.scope.services.isSame(as: services) == true,
            before.count == services.count
        {
            return before
        }
        return services.indices.parallelMap { place in
            let service = services[place]
            let rule = scope.destinationRule(for: service.hostname)
            if hasSameEndpoints, place < before.count, before[place].service === service {
                return OutboundInput(service: service, rule: rule, endpoints: before[place].endpoints)
            }
            return OutboundInput(service: service, rule: rule, endpoints: index.endpoints[service.key] ?? [])
        }
    }
}

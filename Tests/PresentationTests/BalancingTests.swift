import Documents
import EnvoyModel
import TestSupport
import Testing
import TrafficEngine

@testable import Presentation

/// Failover rehearsed, and hashes looked into (product research N14, N15; 6.4, rows 6 and 7; pains, 11).
struct BalancingTests {
    private static func cluster(_ groups: [(zone: String, priority: UInt32, hosts: Int)], hashing: Bool = false)
        -> (Cluster, ClusterLoadAssignment)
    {
        var cluster = Cluster(name: "c", type: .eds)
        if hashing { cluster.lbPolicy = .ringHash(Cluster.RingHash()) }
        let localities = groups.enumerated().map { index, group in
            let pieces = group.zone.split(separator: "/").map(String.init)
            return LocalityLbEndpoints(
                locality: Locality(region: pieces.first ?? "", zone: pieces.count > 1 ? pieces[1] : ""),
                endpoints: (0..<group.hosts).map {
                    LbEndpoint(address: .socket(SocketAddress("10.0.\(index).\($0 + 1)", 80)))
                },
                priority: group.priority)
        }
        return (cluster, ClusterLoadAssignment(clusterName: "c", localities: localities))
    }

    private static func rehearsal(
        _ groups: [(zone: String, priority: UInt32, hosts: Int)], _ change: (inout Cluster) -> Void = { _ in }
    ) -> Rehearsal? {
        var (cluster, assignment) = cluster(groups)
        change(&cluster)
        var snapshot = XDSSnapshot(clusters: [cluster], endpoints: [assignment])
        snapshot.node.locality = Locality(region: "r1", zone: "a")
        return Rehearsal(cluster, in: snapshot)
    }

    private static let groups: [(zone: String, priority: UInt32, hosts: Int)] = [
        ("r1/a", 0, 2), ("r1/b", 1, 1), ("r2/c", 2, 1),
    ]

    @Test("an endpoint, a zone, a region: what is left takes over by priority")
    func failover() throws {
        let rehearsal = try #require(
            Self.rehearsal(Self.groups) { cluster in
                cluster.outlierDetection = OutlierDetection()
                cluster.outlierDetection?.maxEjectionPercent = 100
                // As Istio sets it beside outlierDetection.
                cluster.common.healthyPanicThreshold = 0
            })
        #expect(rehearsal.seenFrom == "r1/a")
        #expect(
            rehearsal.steps.map(\.title) == [
                "healthy", "10.0.0.1:80 is down", "r1/a is down", "region r1 is down", "all are down",
            ] || rehearsal.steps.map(\.title)[1] == "10.0.0.2:80 is down")
        #expect(rehearsal.steps[0].shares == [0.5, 0.5, 0, 0])
        // 1 of 2 healthy: 70 % with the overprovisioning factor of 1.4, the rest spills over.
        let one = rehearsal.steps[1].shares
        #expect(abs(max(one[0], one[1]) - 0.7) < 1e-9 && abs(one[2] - 0.3) < 1e-9)
        #expect(rehearsal.steps[2].shares == [0, 0, 1, 0])
        #expect(rehearsal.steps[3].shares == [0, 0, 0, 1])
        #expect(rehearsal.steps.map(\.isEmpty) == [false, false, false, false, true])
        #expect(rehearsal.steps.allSatisfy { $0.notes.isEmpty })
        #expect(rehearsal.notes.isEmpty)
    }

    @Test("without outlierDetection localities do not fail over, and it says so")
    func missing() throws {
        let rehearsal = try #require(Self.rehearsal([("r1/a", 0, 1), ("r2/c", 0, 1)]))
        #expect(rehearsal.notes.first?.text.contains("localities do not fail over [MT0120]") == true)
        let single = try #require(Self.rehearsal([("r1/a", 0, 2)]))
        #expect(single.notes.first?.text.contains("MT0120") == false)
    }

    @Test("what maxEjectionPercent leaves out at most", arguments: [(UInt32?.none, 0), (50, 2), (100, 4)])
    func ejection(percent: UInt32?, most: Int) throws {
        let rehearsal = try #require(
            Self.rehearsal(Self.groups) { cluster in
                cluster.outlierDetection = OutlierDetection()
                cluster.outlierDetection?.maxEjectionPercent = percent
            })
        for step in rehearsal.steps.dropFirst() {
            #expect(step.notes.isEmpty == (step.isDown.count <= most), "\(step.title)")
            if most == 0 { #expect(step.notes.first?.hasSuffix("[MT0121]") == true) }
        }
    }

    @Test("what the proxy's own locality is has to be known")
    func locality() throws {
        let (cluster, assignment) = Self.cluster(Self.groups)
        let rehearsal = try #require(
            Rehearsal(cluster, in: XDSSnapshot(clusters: [cluster], endpoints: [assignment])))
        #expect(rehearsal.notes.contains { $0.text.contains("own locality is not known") })
        #expect(Rehearsal(cluster, in: XDSSnapshot(clusters: [cluster])) == nil)
    }

    // MARK: Hashes

    struct Input: Sendable {
        var kind: HashPolicy.Kind
        var headers: [[String]] = []
        var path = "/"
        var value: HashInput.Value
    }

    static let inputs: [Input] = [
        Input(kind: .header(name: "X-User", rewrite: nil), headers: [["x-user", "a"]], value: .given("a")),
        Input(kind: .header(name: "x-user", rewrite: nil), value: .missing),
        Input(kind: .header(name: ":authority", rewrite: nil), value: .given("h")),
        Input(
            kind: .cookie(name: "s", ttl: nil, path: "", attributes: []), headers: [["Cookie", "t=1; s=2"]],
            value: .given("2")),
        Input(kind: .cookie(name: "s", ttl: nil, path: "", attributes: []), value: .missing),
        Input(kind: .cookie(name: "s", ttl: .zero, path: "/", attributes: []), value: .made),
        Input(kind: .sourceIP, value: .given("203.0.113.77")),
        Input(kind: .queryParameter("q"), path: "/?a=1&q=7", value: .given("7")),
        Input(kind: .queryParameter("q"), path: "/q=7", value: .missing),
        Input(kind: .filterState("x"), value: .missing),
    ]

    @Test("what a hash policy takes from a request", arguments: inputs.indices)
    func input(_ index: Int) {
        let row = Self.inputs[index]
        var request = SyntheticRequest()
        request.authority = "h"
        request.path = row.path
        request.sourceIP = "203.0.113.77"
        request.headers = row.headers.map { SyntheticRequest.Header($0[0], $0[1]) }
        #expect(HashInput(HashPolicy(row.kind), request).value == row.value)
        // A request that is given a key has it.
        if let keyed = HashInput.request(request, keyed: "k", for: HashPolicy(row.kind)) {
            #expect(HashInput(HashPolicy(row.kind), keyed).value == .given("k"))
        }
    }
}

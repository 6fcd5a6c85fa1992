import Documents
import MeshModel
import Testing

@testable import Translation

@Suite("addresses that istiod allocates itself") struct AutoAllocationTests {
    private func services(_ entries: [String]) -> [Translation.Service] {
        let text = entries.enumerated().map { index, spec in
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: entry-\(index), namespace: default}
            spec: {\(spec), ports: [{number: \(80 + index), name: http, protocol: HTTP}]}
            """
        }.joined(separator: "\n---\n")
        let file = ManifestFile.read(
            path: "entries.yaml", documents: DocumentReader.read(text, file: "entries.yaml").documents)
        let snapshot = MeshSnapshot.build(files: [file]).0
        return AutoAllocation.applied(to: snapshot.serviceEntries.flatMap { Translation.Service.services(of: $0) })
    }

    @Test("the hash of namespace and host is the address; hosts that come twice share one")
    func shared() {
        // What istiod's own test of reused hosts expects.
        let twice = services(["hosts: [istio.io], resolution: DNS", "hosts: [istio.io], resolution: DNS"])
        #expect(twice.map(\.autoAllocatedIPv4) == ["240.240.91.120", "240.240.91.120"])
        #expect(twice.map(\.autoAllocatedIPv6) == ["2001:2::f0f0:5b78", "2001:2::f0f0:5b78"])
    }

    @Test(
        "only a host by name, without an address, that is resolved gets one",
        arguments: [
            ("hosts: ['*.istio.io'], resolution: DNS", false), ("hosts: [istio.io], resolution: NONE", false),
            ("hosts: [istio.io], addresses: [10.1.1.1], resolution: STATIC", false),
            ("hosts: [istio.io], resolution: STATIC", true),
        ])
    func eligible(spec: String, gets: Bool) {
        #expect(services([spec]).allSatisfy { $0.autoAllocatedIPv4.isEmpty != gets })
    }

    @Test("a thousand hosts have a thousand addresses, none of them a network's")
    func many() {
        let found = services((0..<1000).map { "hosts: [h\($0).io], resolution: DNS" }).map(\.autoAllocatedIPv4)
        #expect(Set(found).count == 1000)
        #expect(found.allSatisfy { $0.hasPrefix("240.240.") && !$0.hasSuffix(".0") })
    }
}

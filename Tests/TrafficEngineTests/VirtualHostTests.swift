import EnvoyModel
import TestSupport
import Testing

@testable import TrafficEngine

@Suite("Virtual host search") struct VirtualHostTests {
    /// Slow and obvious: every domain is tried.
    private func slow(_ domains: [[String]], _ host: String) -> Int {
        let host = host.lowercased()
        var best: (rank: Int, length: Int, place: Int)?
        for (place, list) in domains.enumerated() {
            for domain in list.map({ $0.lowercased() }) {
                var found: (rank: Int, length: Int)?
                if domain == "*" {
                    found = (0, 0)
                } else if domain.hasPrefix("*") {
                    let tail = domain.dropFirst()
                    if host.hasSuffix(tail), host.count > tail.count { found = (2, tail.count) }
                } else if domain.hasSuffix("*") {
                    let head = domain.dropLast()
                    if host.hasPrefix(head), host.count > head.count { found = (1, head.count) }
                } else if domain == host {
                    found = (3, 0)
                }
                guard let found else { continue }
                if let best, (best.rank, best.length) >= (found.rank, found.length) { continue }
                best = (found.rank, found.length, place)
            }
        }
        return best?.place ?? -1
    }

    private func text(_ random: inout SplitMix64, upTo count: Int) -> String {
        let length = Int.random(in: 0...count, using: &random)
        return String((0..<length).map { _ in "aAbB.-:8".randomElement(using: &random) ?? "a" })
    }

    @Test("the index agrees with trying every domain", arguments: 1...40 as ClosedRange<UInt64>)
    func twin(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var seen: Set<String> = []
        let domains = (0..<12).map { _ in
            (0..<3).compactMap { _ -> String? in
                let body = text(&random, upTo: 5)
                let domain =
                    switch Int.random(in: 0..<7, using: &random) {
                    case 0, 1: "*" + body
                    case 2, 3: body + "*"
                    default: body
                    }
                return domain.isEmpty || domain == "**" || !seen.insert(domain.lowercased()).inserted ? nil : domain
            }
        }
        let index = VirtualHostIndex(domains)
        for _ in 0..<300 {
            let host = text(&random, upTo: 7)
            var block = HeaderBlock()
            let range = block.store(host.utf8)
            let expected = host.isEmpty ? slow(domains.map { $0.filter { $0 == "*" } }, host) : slow(domains, host)
            #expect(index.find(block, host: range) == expected, "seed \(seed), host \(host), domains \(domains)")
        }
    }

    @Test(
        "ports, dots and wildcards",
        arguments: [
            ("a.com", "exact"), ("A.COM", "exact"), ("a.com:8080", "port"), ("a.com:80", nil), ("x.a.com", "suffix"),
            (".a.com", nil), ("x.y.a.com", "suffix"), ("x.b.a.com", "longer"), ("foo.com:9999", "prefix"),
            ("foo.", nil),
            ("a*c.io", "literal"), ("abc.io", nil),
        ] as [(String, String?)])
    func table(host: String, name: String?) throws {
        let hosts = [
            ("exact", "a.com"), ("port", "a.com:8080"), ("suffix", "*.a.com"), ("longer", "*.b.a.com"),
            ("prefix", "foo.*"),
            ("literal", "a*c.io"),
        ].map { #"{"name": "\#($0.0)", "domains": ["\#($0.1)"], "routes": []}"# }
        let bench = try Bench(routes: "\"virtual_hosts\": [\(hosts.joined(separator: ","))]")
        let trace = bench.trace("/", host: host)
        #expect(trace.hops.first?.virtualHost?.name == name)
        #expect(trace.response?.status == 404)
        #expect(trace.response?.flags == "NR")
        #expect(trace.error == (name == nil ? .noVirtualHost : .noRoute))
    }

    @Test("ignore_port_in_host_matching cuts at the last colon outside brackets")
    func ignorePort() throws {
        let bench = try Bench(
            routes:
                #""ignore_port_in_host_matching": true, "virtual_hosts": [{"name": "v", "domains": ["foo.com", "[::1]"]}]"#
        )
        for host in ["foo.com", "foo.com:80", "foo.com:", "foo.com:80a", "[::1]", "[::1]:80"] {
            #expect(bench.trace("/", host: host).hops.first?.virtualHost?.name == "v", "\(host)")
        }
    }
}

import EnvoyModel

/// Narrows filter chains down step by step, as Envoy does: at each step the best matching ones stay; where none matches, those that do
/// not restrict the value.
struct FilterChainSearch {
    private let all: [CompiledFilterChain]
    private let fallback: CompiledFilterChain?
    private var left: [CompiledFilterChain]
    /// The condition at which each chain was dropped, by place.
    private var dropped: [ObjectIdentifier: Evidence] = [:]

    init(_ chains: [CompiledFilterChain], _ fallback: CompiledFilterChain?) {
        all = chains
        left = chains
        self.fallback = fallback
    }

    var outcome: Result<CompiledFilterChain, ConnectionError> {
        if left.count > 1 { return .failure(.multipleFilterChains) }
        guard let chain = left.first ?? fallback else { return .failure(.noFilterChain) }
        return .success(chain)
    }

    mutating func narrow(by seen: InspectedConnection) {
        step(.destinationPort, actual: "\(seen.port)", expected: { $0.destinationPort.map { "\($0)" } ?? "" }) {
            match in
            match.destinationPort.map { $0 == seen.port ? 1 : nil } ?? 0
        }
        step(.address, actual: seen.address?.text, expected: { $0.prefixRanges.words }) { match in
            Self.longest(match.prefixRanges, seen.address)
        }
        step(.serverName, actual: seen.serverName, expected: { $0.serverNames.joined(separator: ", ") }) { match in
            Self.serverName(match.serverNames, seen.serverName)
        }
        step(.transportProtocol, actual: seen.transportProtocol, expected: \.transportProtocol) { match in
            match.transportProtocol.isEmpty ? 0 : match.transportProtocol == seen.transportProtocol ? 1 : nil
        }
        step(
            .applicationProtocol, actual: seen.applicationProtocols.joined(separator: ", "),
            expected: { $0.applicationProtocols.joined(separator: ", ") }
        ) { match in
            if match.applicationProtocols.isEmpty { return 0 }
            let place = seen.applicationProtocols.firstIndex { match.applicationProtocols.contains($0) }
            return place.map { 1000 - $0 }
        }
        step(.sourceAddress, actual: seen.source?.text, expected: { $0.directSourcePrefixRanges.words }) { match in
            Self.longest(match.directSourcePrefixRanges, seen.source)
        }
        step(.sourceAddress, actual: seen.source?.text, expected: \.sourceType.rawValue) { match in
            switch match.sourceType {
            case .any: 0
            case .sameIPOrLoopback: seen.isLocal ? 1 : nil
            case .external: seen.isLocal ? nil : 1
            }
        }
        step(.sourceAddress, actual: seen.source?.text, expected: { $0.sourcePrefixRanges.words }) { match in
            Self.longest(match.sourcePrefixRanges, seen.source)
        }
        step(
            .sourceAddress, actual: "\(seen.sourcePort)",
            expected: { $0.sourcePorts.map { "\($0)" }.joined(separator: ", ") }
        ) { match in
            match.sourcePorts.isEmpty ? 0 : match.sourcePorts.contains(seen.sourcePort) ? 1 : nil
        }
    }

    /// `rank`: 0 does not restrict, more is better, `nil` does not match.
    private mutating func step(
        _ condition: Evidence.Condition, actual: String?, expected: (FilterChainMatch) -> String,
        rank: (FilterChainMatch) -> Int?
    ) {
        guard !left.isEmpty else { return }
        let ranks = left.map { rank($0.value.match ?? FilterChainMatch()) }
        guard let best = ranks.compactMap({ $0 }).max() else {
            drop(left, condition, actual, expected)
            left = []
            return
        }
        drop(zip(left, ranks).filter { $0.1 != best }.map(\.0), condition, actual, expected)
        left = zip(left, ranks).filter { $0.1 == best }.map(\.0)
    }

    private mutating func drop(
        _ chains: [CompiledFilterChain], _ condition: Evidence.Condition, _ actual: String?,
        _ expected: (FilterChainMatch) -> String
    ) {
        for chain in chains where dropped[ObjectIdentifier(chain)] == nil {
            let words = expected(chain.value.match ?? FilterChainMatch())
            dropped[ObjectIdentifier(chain)] = Evidence(
                condition, isMet: false, expected: words.isEmpty ? "any" : words,
                actual: actual.flatMap { $0.isEmpty ? nil : $0 })
        }
    }

    private static func longest(_ ranges: [CIDRRange], _ address: IPAddress?) -> Int? {
        if ranges.isEmpty { return 0 }
        guard let address else { return nil }
        return ranges.compactMap { IPRange($0) }.filter { $0.contains(address) }.map { Int($0.length) + 1 }.max()
    }

    private static func serverName(_ names: [String], _ serverName: String) -> Int? {
        if names.isEmpty { return 0 }
        return names.compactMap { name -> Int? in
            let name = name.lowercased()
            if name == serverName, !serverName.isEmpty { return 100_000 }
            if name == "*" { return 1 }
            guard name.hasPrefix("*."), serverName.hasSuffix(name.dropFirst()), serverName.count >= name.count else {
                return nil
            }
            return name.count
        }.max()
    }

    /// A step for each chain, or, of a listener with very many, for the chosen and the first ones.
    func record(_ seen: InspectedConnection, _ trace: inout Explanation) {
        let chosen: CompiledFilterChain? = if case .success(let chain) = outcome { chain } else { nil }
        for (place, chain) in (all + (fallback.map { [$0] } ?? [])).enumerated()
        where place < 100 || chain === chosen {
            let name = chain.value.name.isEmpty ? "filter chain \(place)" : chain.value.name
            if chain === chosen {
                let reason =
                    chain === fallback
                    ? "no other filter chain fits: it is the default one"
                    : all.count == 1 ? "the only filter chain" : "it fits best"
                trace.record(
                    Step(
                        .filterChain, candidate: name, matched: true, reason: reason, source: chain.value.sources.first,
                        position: place))
            } else if let evidence = dropped[ObjectIdentifier(chain)] {
                let actual = evidence.actual.map { "\"\($0)\"" } ?? "is unknown and"
                trace.record(
                    Step(
                        .filterChain, candidate: name, matched: false,
                        reason:
                            "\(evidence.subject) \(actual) is not \(evidence.expected), or another chain fits better",
                        evidence: [evidence], source: chain.value.sources.first, position: place))
            } else {
                trace.record(
                    Step(
                        .filterChain, candidate: name, matched: false,
                        reason: chain === fallback
                            ? "another filter chain fits" : "several filter chains fit equally well",
                        source: chain.value.sources.first, position: place))
            }
        }
    }
}

extension [CIDRRange] {
    fileprivate var words: String { map { "\($0.addressPrefix)/\($0.prefixLength)" }.joined(separator: ", ") }
}

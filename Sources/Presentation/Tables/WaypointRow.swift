import Documents
package import EnvoyModel

/// One line of `proxy-config listeners --waypoint`: a filter chain with one way to it.
package struct WaypointRow: Hashable, Sendable {
    package var listener: String
    package var chain: String
    package var match: String
    package var destination: String

    /// `LISTENER CHAIN MATCH DESTINATION`.
    package static let table = Table<WaypointRow>(
        padding: 1,
        [
            Column("LISTENER") { $0.listener }, Column("CHAIN") { $0.chain }, Column("MATCH") { $0.match },
            Column("DESTINATION") { $0.destination },
        ])

    package static func rows(of listeners: [Listener]) -> [WaypointRow] {
        sorted(listeners).flatMap { listener in
            let chains = listener.allChains
            let matcher = listener.istioctlJSON["filterChainMatcher"]
            return chains.flatMap { chain in
                let name = "envoy://" + listener.name
                let isOnly = listener.isInternal && chains.count == 1 && chain.name == name
                let matches = matcher.map { matchTexts($0, chain: chain.name) } ?? [chain.matchText]
                return matches.map {
                    WaypointRow(
                        listener: isOnly ? "internal" : name, chain: chain.name, match: $0,
                        destination: chain.destinationText)
                }
            }
        }
    }

    /// Internal listeners by name among each other, everything else by port, address and type.
    private static func sorted(_ listeners: [Listener]) -> [Listener] {
        listeners.stablySorted { left, right in
            if left.isInternal && right.isInternal { return left.name.precedesBytewise(right.name) }
            let ports = (left.address?.port ?? 0, right.address?.port ?? 0)
            if ports.0 != ports.1 { return ports.0 < ports.1 }
            let addresses = (left.address?.listenerText ?? "", right.address?.listenerText ?? "")
            if addresses.0 != addresses.1 { return addresses.0.precedesBytewise(addresses.1) }
            return left.kind.rawValue.precedesBytewise(right.kind.rawValue)
        }
    }

    private static func matchTexts(_ matcher: JSON, chain: String) -> [String] {
        let fallback = matcher["onNoMatch"]
        if let action = fallback?["action"], action["name"]?.string == chain { return ["UNMATCHED"] }
        let found = texts(fallback?["matcher"] ?? matcher, chain: chain, depth: 0)
        return found.isEmpty ? ["NONE"] : found
    }

    private static func texts(_ matcher: JSON, chain: String, depth: Int) -> [String] {
        guard depth < 32 else { return [] }
        if let fallback = matcher["onNoMatch"] {
            if let action = fallback["action"], action["name"]?.string == chain { return ["ANY"] }
            if let inner = fallback["matcher"] {
                let found = texts(inner, chain: chain, depth: depth + 1)
                return found.isEmpty ? ["NONE"] : found
            }
        }
        guard let tree = matcher["matcherTree"] else { return [] }
        let input = tree["input"]?["name"]?.string ?? ""
        return entries(of: tree).stablySorted { $0.key.precedesBytewise($1.key) }.flatMap { key, target -> [String] in
            if let action = target["action"] { return action["name"]?.string == chain ? [input + key] : [] }
            guard let inner = target["matcher"] else { return [] }
            return texts(inner, chain: chain, depth: depth + 1).map { "\(input)\(key) -> \($0)" }
        }
    }

    /// The tree's entries, each with `=key` or `^key`.
    private static func entries(of tree: JSON) -> [(key: String, target: JSON)] {
        if let map = tree["exactMatchMap"]?["map"]?.object {
            return map.members.map { ("=" + $0.key, $0.value) }
        }
        if let map = tree["prefixMatchMap"]?["map"]?.object {
            return map.members.map { ("^" + $0.key, $0.value) }
        }
        return (tree["customMatch"]?["typedConfig"]?["rangeMatchers"]?.array ?? []).flatMap { range in
            (range["ranges"]?.array ?? []).map { ("=" + cidrText($0), range["onMatch"] ?? .null) }
        }
    }

    private static func cidrText(_ range: JSON) -> String {
        let address = range["addressPrefix"]?.string ?? ""
        var length: Int64 = 0
        if case .int(let number) = range["prefixLen"] { length = number }
        let isHost = length == (address.contains(":") ? 128 : 32)
        return isHost ? address : "\(address)/\(length)"
    }
}

extension Listener {
    /// The HTTP connection managers of all its chains.
    package var managers: [HTTPConnectionManager] {
        (filterChains + [defaultFilterChain].compactMap(\.self)).flatMap(\.filters).compactMap { filter in
            guard case .httpConnectionManager(let manager) = filter.config else { return nil }
            return manager
        }
    }

    /// What Envoy's statistics call it, behind `listener.`; `nil` without an address.
    package var statName: String? {
        statPrefix.isEmpty ? address?.adminText.replacing(":", with: "_") : statPrefix
    }
}

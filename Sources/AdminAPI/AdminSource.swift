package import EnvoyModel

/// What the admin server shows, and whom it tells what it was asked to do. Every page asks anew.
package struct AdminSource: Sendable {
    /// A listener that accepts connections.
    package struct BoundListener: Hashable, Sendable {
        package var name: String
        /// The address really bound.
        package var address: Address

        package init(name: String, address: Address) {
            self.name = name
            self.address = address
        }
    }

    /// What a POST asks of the process.
    package enum Command: Hashable, Sendable {
        case drainListeners(graceful: Bool, inboundOnly: Bool)
        case quit
        case reopenLogs
    }

    /// The statistics of one proxy by name, or of all together.
    package var stats: @Sendable (_ proxy: String?) async -> StatsSnapshot
    /// The configuration of one proxy by name; `nil` asks for the only or first one.
    package var snapshot: @Sendable (_ proxy: String?) async -> XDSSnapshot?
    /// When a proxy's configuration became what it is, RFC 3339; empty where nobody knows.
    package var lastUpdated: @Sendable (_ proxy: String?) async -> String
    package var listeners: @Sendable (_ proxy: String?) async -> [BoundListener]
    package var perform: @Sendable (Command) async -> Void
    /// `version` of `/server_info`.
    package var version: String
    package var concurrency: Int

    package init(
        version: String, concurrency: Int = 1,
        stats: @escaping @Sendable (_ proxy: String?) async -> StatsSnapshot,
        snapshot: @escaping @Sendable (_ proxy: String?) async -> XDSSnapshot?,
        lastUpdated: @escaping @Sendable (_ proxy: String?) async -> String = { _ in "" },
        listeners: @escaping @Sendable (_ proxy: String?) async -> [BoundListener] = { _ in [] },
        perform: @escaping @Sendable (Command) async -> Void = { _ in }
    ) {
        self.version = version
        self.concurrency = concurrency
        self.stats = stats
        self.snapshot = snapshot
        self.lastUpdated = lastUpdated
        self.listeners = listeners
        self.perform = perform
    }
}

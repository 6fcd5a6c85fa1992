package import EnvoyModel
package import ProxyCore

/// The embedded proxy: workers on event loops that serve the listeners of some proxies on loopback ports.
package actor ProxyServer {
    private let options: ServeOptions

    /// Where each listener is reached, in the order of the proxies and their listeners.
    package private(set) var bindings: [ListenerBinding] = []
    /// What the configurations ask for and the embedded proxy does not do, as lines for people.
    package private(set) var notServed: [String] = []

    package init(options: ServeOptions) { self.options = options }

    /// Opens every listener; returns when all accept.
    ///
    /// `workloads` says who answers for which address (an IP, or `ip:port` where an IP is shared).
    package func start(_ proxies: [ServedProxy], workloads: [String: WorkloadIdentity] = [:]) async throws {
        await publish(proxies, workloads: workloads)
    }

    /// Swaps the configurations: listeners that stay keep their socket, new ones open, removed ones drain, requests in
    /// flight finish with the configuration they began with.
    package func publish(_ proxies: [ServedProxy], workloads: [String: WorkloadIdentity] = [:]) async {}

    /// The statistics of one proxy (all of them summed with `nil`), under Envoy's names.
    package func stats(of proxy: String? = nil) async -> StatsSnapshot { StatsSnapshot() }

    /// The requests that finished since `cursor`, oldest first.
    package func tap(since cursor: TapCursor = TapCursor()) async -> TapBatch {
        TapBatch(records: [], cursor: cursor, lost: 0)
    }

    /// Accepts no more, lets requests in flight finish for at most `drain`, closes everything.
    package func stop(drain: Duration = .seconds(5)) async {}
}

import Documents
import EnvoyModel

/// The admin pages without the network: a request in, an answer out. Holds what POSTs change.
package actor AdminPages {
    let source: AdminSource
    private var loggers = LoggerLevels()
    private var failsHealthChecks = false
    private var isDraining = false
    /// What the counters stood at when they were last reset, by proxy.
    private var resetStats: [String: StatsSnapshot] = [:]

    package init(_ source: AdminSource) { self.source = source }

    /// A page: who answers it, and whether it changes something.
    private struct Page: Sendable {
        let path: String
        let isPost: Bool
        let answer: @Sendable (isolated AdminPages, AdminRequest) async -> AdminResponse

        init(
            _ path: String, post: Bool = false,
            _ answer: @escaping @Sendable (isolated AdminPages, AdminRequest) async -> AdminResponse
        ) {
            self.path = path
            isPost = post
            self.answer = answer
        }
    }

    private static let pages: [Page] = [
        Page("/") { _, _ in AdminResponse(body: helpText) },
        Page("/help") { _, _ in AdminResponse(body: helpText) },
        Page("/certs") { pages, request in await pages.certificates(request) },
        Page("/clusters") { pages, request in await pages.clusters(request) },
        Page("/config_dump") { pages, request in await pages.configDump(request) },
        Page("/drain_listeners", post: true) { pages, request in await pages.drainListeners(request) },
        Page("/healthcheck/fail", post: true) { pages, _ in pages.setHealth(fails: true) },
        Page("/healthcheck/ok", post: true) { pages, _ in pages.setHealth(fails: false) },
        Page("/hot_restart_version") { _, _ in AdminResponse(body: "disabled") },
        Page("/init_dump") { _, _ in .json([:]) },
        Page("/listeners") { pages, request in await pages.listeners(request) },
        Page("/logging", post: true) { pages, request in pages.logging(request) },
        Page("/memory") { _, _ in .json(MemoryPage.json) },
        Page("/quitquitquit", post: true) { pages, _ in
            await pages.source.perform(.quit)
            return .done
        },
        Page("/ready") { pages, _ in pages.ready() },
        Page("/reopen_logs", post: true) { pages, _ in
            await pages.source.perform(.reopenLogs)
            return .done
        },
        Page("/reset_counters", post: true) { pages, request in await pages.resetCounters(request) },
        Page("/runtime") { _, _ in .json(["entries": [:], "layers": []]) },
        Page("/server_info") { pages, request in await pages.serverInfo(request) },
        Page("/stats") { pages, request in await pages.stats(request, prometheus: false) },
        Page("/stats/prometheus") { pages, request in await pages.stats(request, prometheus: true) },
    ]
    private static let pagesByPath = Dictionary(pages.map { ($0.path, $0) }) { first, _ in first }

    package func respond(to request: AdminRequest) async -> AdminResponse {
        guard let page = Self.pagesByPath[request.path] else {
            return AdminResponse(status: 404, body: "invalid path. " + helpText)
        }
        if page.isPost && request.method != .post {
            return AdminResponse(
                status: 405, body: "Method \(request.method.rawValue) not allowed, POST required.")
        }
        return await page.answer(self, request)
    }

    // MARK: Pages with a state

    private var state: String { failsHealthChecks || isDraining ? "DRAINING" : "LIVE" }

    private func ready() -> AdminResponse { AdminResponse(status: state == "LIVE" ? 200 : 503, body: state + "\n") }

    private func setHealth(fails: Bool) -> AdminResponse {
        failsHealthChecks = fails
        return .done
    }

    private func drainListeners(_ request: AdminRequest) async -> AdminResponse {
        isDraining = true
        await source.perform(
            .drainListeners(
                graceful: request.parameter("graceful") != nil, inboundOnly: request.parameter("inboundonly") != nil))
        return .done
    }

    private func logging(_ request: AdminRequest) -> AdminResponse {
        do throws(AdminError) {
            try loggers.apply(request.query)
            return AdminResponse(body: loggers.text)
        } catch {
            return AdminResponse(status: 400, body: error.description + "\n")
        }
    }

    private func resetCounters(_ request: AdminRequest) async -> AdminResponse {
        let proxy = request.parameter("proxy")
        resetStats[proxy ?? ""] = await source.stats(proxy)
        return .done
    }

    /// The statistics since the last reset.
    func currentStats(_ request: AdminRequest) async -> StatsSnapshot {
        let proxy = request.parameter("proxy")
        var stats = await source.stats(proxy)
        guard let reset = resetStats[proxy ?? ""] else { return stats }
        for (name, value) in reset.counters {
            guard let now = stats.counters[name] else { continue }
            stats.counters[name] = now >= value ? now - value : now
        }
        return stats
    }

    private func serverInfo(_ request: AdminRequest) async -> AdminResponse {
        let uptime = await source.stats(nil).uptime
        let node = await source.snapshot(request.parameter("proxy"))?.node
        return .json(
            ServerInfoPage.json(
                version: source.version, state: state, uptime: uptime, concurrency: source.concurrency, node: node))
    }
}

extension AdminResponse {
    static let done = AdminResponse(body: "OK\n")

    static func json(_ value: JSON) -> AdminResponse {
        AdminResponse(contentType: "application/json", body: value.text(indent: 1) + "\n")
    }

    static func badRequest(_ text: String) -> AdminResponse { AdminResponse(status: 400, body: text) }
}

/// What an admin request, or a page, objects to.
package struct AdminError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

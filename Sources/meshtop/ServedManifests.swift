import Documents
import EnvoyModel
import ManifestStore
import MeshModel
import ProxyRuntime
import Translation

/// The proxies to serve, now and after each change of the manifests.
struct ServedManifests: Sendable {
    private let options: ConfigurationOptions
    private let store: ManifestStore?
    private let fixed: [ServedProxy]

    init(_ options: ConfigurationOptions, _ paths: [String]) async throws {
        self.options = options
        if options.configDump != nil || options.bootstrap != nil || options.admin != nil {
            let (_, proxy) = try await options.loadProxy(paths)
            fixed = [ServedProxy(name: proxy.name, snapshot: proxy.snapshot)]
            store = nil
            return
        }
        fixed = []
        let sources = try options.sources(paths)
        guard !sources.isEmpty || options.services != nil else {
            throw InputError(
                "nothing to serve", hint: "give manifests with -f PATH, a dump with --config-dump, or --bootstrap FILE")
        }
        store = ManifestStore(
            sources: sources, settings: try options.settings(), files: options.settingsFiles,
            extraction: options.extraction)
    }

    /// Reads and translates; complaints about documents go to standard error.
    func first() async throws -> [ServedProxy] {
        guard let store else { return fixed }
        let revision = await store.load()
        let errors = revision.diagnostics.filter { $0.severity == .error }
        if !errors.isEmpty { Console.error(errors.map(\.rendered).joined(separator: "\n")) }
        var before = Before()
        let proxies = try served(revision, after: &before)
        guard !proxies.isEmpty else {
            throw InputError("there is no gateway to serve", hint: "choose a proxy with --proxy")
        }
        return proxies
    }

    /// One element a revision whose proxies could be chosen.
    func changes() -> AsyncStream<[ServedProxy]> {
        guard let store else { return AsyncStream { _ in } }
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let watching = Task { await store.watch() }
            let reading = Task {
                var before = Before()
                for await revision in store.revisions {
                    guard let proxies = try? served(revision, after: &before) else { continue }
                    continuation.yield(proxies)
                }
            }
            continuation.onTermination = { _ in
                watching.cancel()
                reading.cancel()
            }
        }
    }

    /// What was made of the revision before.
    private struct Before {
        var translation: MeshTranslation?
        var proxies: [String: LoadedConfiguration.Proxy] = [:]
    }

    /// The chosen proxy, or every gateway. What has not changed since `before`, the revision before, is taken over.
    private func served(_ revision: Revision, after before: inout Before) throws -> [ServedProxy] {
        var loaded = LoadedConfiguration()
        loaded.mesh = revision.snapshot
        loaded.translation = MeshTranslation(revision.snapshot, previous: before.translation)
        before.translation = loaded.translation
        loaded.proxies = revision.snapshot.proxies
        let chosen: [ProxyNode]
        if let described = try options.described(revision) {
            chosen = [described]
        } else if let name = options.proxy {
            chosen = [try loaded.node(named: name)]
        } else {
            let gateways = loaded.proxies.filter { $0.type == .gateway }
            chosen = gateways.isEmpty && loaded.proxies.count == 1 ? loaded.proxies : gateways
        }
        return loaded.served(chosen, after: &before.proxies)
    }
}

import AdminAPI
import ArgumentParser
import Documents
import EnvoyModel
import Glibc
import ManifestStore
import MeshModel
import Translation
import Tutorial
import WhyNot

/// What the options name, read.
struct LoadedConfiguration: Sendable {
    /// The mesh of the manifests; `nil` when an Envoy's own configuration was given.
    var mesh: MeshSnapshot?
    var translation: MeshTranslation?
    /// The manifests, to try changes of them; `nil` when an Envoy's own configuration was given.
    var manifests: EditableMesh?
    /// Every proxy there is, the one of `--proxy-file` first.
    var proxies: [ProxyNode] = []
    /// An Envoy's own configuration: `--config-dump`, `--bootstrap`, `--admin`.
    var envoy: XDSSnapshot?
    var diagnostics: [Diagnostic] = []
    /// Configurations that are there already, by `key(of:)`.
    var known: [String: Proxy] = [:]

    /// The configuration of one proxy.
    struct Proxy: Sendable {
        /// `NAME.NAMESPACE`.
        var name: String
        var node: ProxyNode?
        /// What it has: what istiod sends and what its bootstrap has built in.
        var snapshot: XDSSnapshot
        var diagnostics: [Diagnostic]
        /// What it was translated to, for its next state to take over from.
        var translated: ProxyConfiguration?
    }

    /// `NAME.NAMESPACE`, with `@CLUSTER` behind it where several clusters have one of that name.
    func name(of node: ProxyNode) -> String {
        let isRepeated = proxies.contains { $0.id == node.id && $0.cluster != node.cluster }
        return isRepeated ? "\(node.id)@\(node.cluster)" : node.id
    }

    /// What tells a proxy from all others: those of the same name can be in several clusters.
    static func key(of node: ProxyNode) -> String { "\(node.cluster)/\(node.id)" }

    /// `previous`: the proxy in another state of the mesh.
    func configuration(for node: ProxyNode, previous: Proxy? = nil) -> Proxy {
        if let known = known[Self.key(of: node)] { return known }
        guard let translation else {
            return Proxy(name: node.id, node: node, snapshot: envoy ?? XDSSnapshot(), diagnostics: [])
        }
        let configuration = translation.configuration(for: node, previous: previous?.translated)
        return Proxy(
            name: name(of: node), node: node, snapshot: configuration.complete, diagnostics: configuration.diagnostics,
            translated: configuration)
    }

    /// The proxy that `name` means, or the only one, or the only gateway.
    func proxy(named name: String?) throws -> Proxy {
        if let envoy {
            return Proxy(
                name: Self.name(of: envoy), node: nil, snapshot: envoy, diagnostics: envoy.notesOnUnmodelled)
        }
        return configuration(for: try node(named: name))
    }

    private static func name(of envoy: XDSSnapshot) -> String {
        // istiod's node ids are type~ip~name.namespace~domain.
        let pieces = envoy.node.id.split(separator: "~", omittingEmptySubsequences: false)
        let name = pieces.count == 4 ? String(pieces[2]) : envoy.node.id
        return name.isEmpty ? "envoy" : name
    }

    func node(named name: String?) throws -> ProxyNode {
        guard let name else {
            if proxies.count == 1 { return proxies[0] }
            let gateways = proxies.filter { $0.type == .gateway }
            if gateways.count == 1 { return gateways[0] }
            throw InputError(
                proxies.isEmpty ? "there is no proxy in the store" : "there are \(proxies.count) proxies",
                hint: proxies.isEmpty
                    ? "give manifests with -f, or describe one with --proxy-file"
                    : "choose one with --proxy: " + Self.list(proxies))
        }
        let found = candidates(for: name)
        if let first = found.first,
            found.count == 1 || found.allSatisfy({ $0.labels == first.labels && $0.cluster == first.cluster })
        {
            let pod = name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
            if Self.isPod(pod, of: first.workload ?? first.name), first.pod?.name != pod, first.name != pod {
                Console.error("note: no manifest has Pod \(pod.quotedForMessage): taken for one of \(first.id)")
            }
            return first
        }
        throw InputError(
            found.isEmpty ? "no proxy is called \"\(name)\"" : "\(found.count) proxies are called \"\(name)\"",
            hint: proxies.isEmpty
                ? "there is no proxy in the store" : "there are " + Self.list(found.isEmpty ? proxies : found))
    }

    private static func list(_ proxies: [ProxyNode]) -> String {
        let isRepeated = Set(proxies.map(\.id)).count < proxies.count
        let names = proxies.prefix(8).map { isRepeated ? "\($0.id)@\($0.cluster)" : $0.id }.joined(separator: ", ")
        return proxies.count > 8 ? names + ", … (meshtop proxies lists all)" : names
    }

    /// The proxies that a name means: its own name, its Pod's, its workload's, or a Gateway API Gateway's.
    private func candidates(for name: String) -> [ProxyNode] {
        // NAME@CLUSTER: of that cluster alone.
        if let at = name.lastIndex(of: "@"), at > name.startIndex {
            let cluster = name[name.index(after: at)...]
            return candidates(for: String(name[..<at])).filter { $0.cluster == cluster }
        }
        let exact = proxies.filter { $0.id == name || $0.name == name }
        if !exact.isEmpty { return exact }
        let pieces = name.split(separator: ".", maxSplits: 1).map(String.init)
        let base = pieces.first ?? name
        let kindless = base.split(separator: "/").last.map(String.init) ?? base
        let inNamespace = proxies.filter { pieces.count < 2 || $0.namespace == pieces[1] }
        for rule in [
            { (node: ProxyNode) in node.name == kindless },
            { $0.labels["gateway.networking.k8s.io/gateway-name"] == kindless },
            { $0.name == kindless + "-istio" }, { $0.name.hasPrefix(kindless + "-") },
        ] {
            let found = inNamespace.filter(rule)
            if !found.isEmpty { return found }
        }
        return inNamespace.filter { Self.isPod(kindless, of: $0.workload ?? $0.name) }
    }

    /// Whether a name is what a Deployment calls its Pods: WORKLOAD-HASH-RANDOM.
    private static func isPod(_ name: String, of workload: String) -> Bool {
        let pieces = name.split(separator: "-")
        guard pieces.count > 2, let random = pieces.last, random.utf8.count == 5,
            pieces.dropLast(2).joined(separator: "-") == workload
        else { return false }
        return pieces.suffix(2).allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) } }
    }
}

extension ConfigurationOptions {
    /// What the store reads: `-f`, `--cluster` and the operands of the command.
    func sources(_ paths: [String] = []) throws -> [ManifestSource] {
        var sources = (filenames + paths).map { ManifestSource(path: $0) }
        for text in clusters {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw InputError("--cluster wants NAME=PATH, not \"\(text)\"")
            }
            sources.append(
                ManifestSource(path: String(text[text.index(after: equals)...]), cluster: String(text[..<equals])))
        }
        return sources
    }

    /// How the store reads tutorials' pages.
    var extraction: ManifestExtraction {
        let tab = tab.first
        return { PageManifests.bytes(of: $0, file: $1, tab: tab) }
    }

    /// The names of `--cluster NAME=PATH`.
    var clusterNames: [String] { clusters.map { String($0.prefix { $0 != "=" }) } }

    /// How the store reads them.
    func settings() throws -> MeshSnapshot.Settings {
        var settings = MeshSnapshot.Settings()
        settings.options.domain = domain
        settings.options.istioDomain = istioDomain
        settings.options.internalAnnotations = internalAnnotations
        for text in features {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw InputError("--feature wants NAME=VALUE, not \"\(text)\"")
            }
            settings.options.features[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        settings.meshConfig = try meshConfig.map { try FileInput.document($0).0 }
        settings.meshNetworks = try meshNetworks.map { try FileInput.document($0).0 }
        settings.services = try services.map { try FileInput.document($0).0 }
        return settings
    }

    /// The files among them, which the store watches.
    var settingsFiles: SettingsFiles {
        var files = SettingsFiles()
        files.meshConfig = meshConfig
        files.meshNetworks = meshNetworks
        files.services = services
        files.proxy = proxyFile
        return files
    }

    /// The proxy of `--proxy-file`: as the store has it, where it came from standard input as it was read.
    func described(_ revision: Revision) throws -> ProxyNode? {
        guard let proxyFile else { return nil }
        return try ProxyNode(described: revision.proxy ?? FileInput.document(proxyFile).0)
    }

    /// Reads everything that the options name. Complaints about documents go to standard error (with `--strict` they
    /// end the program), but for those that the caller says; unreadable sources throw.
    func load(
        _ paths: [String] = [], leavingOut isSaidElsewhere: (Diagnostic) -> Bool = { _ in false }
    ) async throws -> LoadedConfiguration {
        var loaded = LoadedConfiguration()
        if let path = configDump {
            loaded.envoy = await XDSSnapshot(configDump: try FileInput.document(path).0)
        } else if let path = bootstrap {
            loaded.envoy = XDSSnapshot(bootstrap: try FileInput.document(path).0)
        } else if let admin {
            loaded.envoy = try await fetch(admin)
        }
        if loaded.envoy != nil { return loaded }
        let sources = try sources(paths)
        guard !sources.isEmpty || services != nil || proxyFile != nil else {
            throw InputError(
                "nothing to look at",
                hint: "give manifests with -f PATH, a dump with --config-dump, or --bootstrap FILE")
        }
        for source in sources where source.path != "-" && access(source.path, R_OK) != 0 {
            throw InputError("\(source.path): cannot read: \(String(cString: strerror(errno)))", hint: "check the path")
        }
        let settings = try settings()
        let revision = await ManifestStore(sources: sources, settings: settings, extraction: extraction).load()
        loaded.mesh = revision.snapshot
        loaded.manifests = EditableMesh(
            files: revision.files.map(\.manifests), settings: settings, read: ManifestReader.read)
        loaded.diagnostics = revision.diagnostics
        try report(revision.diagnostics, leavingOut: isSaidElsewhere)
        loaded.translation = MeshTranslation(revision.snapshot)
        loaded.diagnostics += loaded.translation?.diagnostics ?? []
        loaded.proxies = revision.snapshot.proxies
        if let path = proxyFile {
            loaded.proxies.insert(try ProxyNode(described: try FileInput.document(path).0), at: 0)
        }
        return loaded
    }

    /// Loads and chooses: the one call of most sub-commands.
    func loadProxy(_ paths: [String] = [], named name: String? = nil) async throws -> (
        LoadedConfiguration, LoadedConfiguration.Proxy
    ) {
        let loaded = try await load(paths)
        if proxyFile != nil, name ?? proxy == nil, let first = loaded.proxies.first {
            return (loaded, loaded.configuration(for: first))
        }
        return (loaded, try loaded.proxy(named: name ?? proxy))
    }

    private func fetch(_ address: String) async throws -> XDSSnapshot {
        do throws(AdminError) {
            return try await LiveEnvoy(address).read().snapshot
        } catch {
            throw InputError("\(address): \(error)")
        }
    }

    /// Errors of documents go to standard error; they end the program only with `--strict`, or when a source is not there.
    private func report(_ diagnostics: [Diagnostic], leavingOut isSaidElsewhere: (Diagnostic) -> Bool) throws {
        let errors = diagnostics.filter { $0.severity == .error }
        guard !errors.isEmpty else { return }
        let text = errors.filter { !isSaidElsewhere($0) }.map(\.rendered).joined(separator: "\n")
        if !text.isEmpty { Console.error(text) }
        if strict { throw ExitCode(2) }
    }
}

package import Documents
package import EnvoyModel

/// All that the screens show of a mesh at one revision; made by the run loop, swapped whole.
package struct MeshView: Sendable {
    /// Short: the name of the folder or sample.
    package var title: String
    package var sources: [SourceItem]
    package var revision: Int
    /// The newest revision, where an older one is looked at.
    package var newest: Int?
    /// Which of two views is newer; they may arrive in another order.
    package var serial = 0
    /// When the revision was loaded, `HH:MM:SS`.
    package var loadedAt: String
    package var proxies: [ProxyItem]
    /// The `id` of the chosen proxy.
    package var proxy: String?
    /// What the chosen proxy gets.
    package var snapshot: XDSSnapshot
    package var objects: [ObjectItem]
    package var findings: [Finding]
    /// Not all findings are there yet.
    package var isAnalysing = false
    /// The embedded proxy, `nil` when none runs.
    package var embedded: EmbeddedProxy?
    /// The running proxy that all this was read from, `nil` for manifests and dumps.
    package var live: LiveSource?
    /// What the last change did, one line.
    package var lastChange: String

    package init(
        title: String = "", sources: [SourceItem] = [], revision: Int = 0, loadedAt: String = "",
        proxies: [ProxyItem] = [], proxy: String? = nil, snapshot: XDSSnapshot = XDSSnapshot(),
        objects: [ObjectItem] = [], findings: [Finding] = [], embedded: EmbeddedProxy? = nil,
        lastChange: String = ""
    ) {
        self.title = title
        self.sources = sources
        self.revision = revision
        self.loadedAt = loadedAt
        self.proxies = proxies
        self.proxy = proxy
        self.snapshot = snapshot
        self.objects = objects
        self.findings = findings
        self.embedded = embedded
        self.lastChange = lastChange
    }

    package var chosenProxy: ProxyItem? { proxies.first { $0.id == proxy } }

    package func count(_ severity: Diagnostic.Severity) -> Int { findings.count { $0.severity == severity } }
}

/// A file or folder that manifests are read from.
package struct SourceItem: Hashable, Sendable {
    package var path: String
    package var files: Int
    package var isWatched: Bool

    package init(path: String, files: Int, isWatched: Bool) {
        self.path = path
        self.files = files
        self.isWatched = isWatched
    }
}

/// A proxy that the store knows.
package struct ProxyItem: Hashable, Sendable, Identifiable {
    /// `NAME.NAMESPACE`.
    package var id: String
    /// `gateway` or `sidecar`.
    package var type: String
    /// `key=value` pairs.
    package var labels: String
    /// No manifest says that it exists.
    package var isStandIn: Bool

    package init(id: String, type: String, labels: String = "", isStandIn: Bool = false) {
        self.id = id
        self.type = type
        self.labels = labels
        self.isStandIn = isStandIn
    }
}

/// An object of the store.
package struct ObjectItem: Hashable, Sendable, Identifiable {
    package var kind: String
    package var apiVersion: String
    /// Empty for cluster-scoped objects.
    package var namespace: String
    package var name: String
    package var location: SourceLocation?
    package var isStandIn: Bool
    /// `key=value` pairs with commas between them.
    package var labels: String

    package init(
        kind: String, apiVersion: String, namespace: String, name: String, location: SourceLocation?,
        isStandIn: Bool = false, labels: String = ""
    ) {
        self.labels = labels
        self.kind = kind
        self.apiVersion = apiVersion
        self.namespace = namespace
        self.name = name
        self.location = location
        self.isStandIn = isStandIn
    }

    package var id: String { "\(apiVersion)/\(kind)/\(namespace)/\(name)/\(location?.description ?? "")" }
}

/// Something to know about the manifests.
package struct Finding: Hashable, Sendable, Identifiable {
    package var severity: Diagnostic.Severity
    package var code: String
    /// `Kind NAMESPACE/NAME`; empty for what concerns a file.
    package var object: String
    package var message: String
    package var hint: String
    package var location: SourceLocation?

    package init(
        severity: Diagnostic.Severity, code: String, object: String, message: String, hint: String,
        location: SourceLocation?
    ) {
        self.severity = severity
        self.code = code
        self.object = object
        self.message = message
        self.hint = hint
        self.location = location
    }

    package init(_ diagnostic: Diagnostic, object: String = "") {
        self.init(
            severity: diagnostic.severity, code: diagnostic.code ?? "", object: object, message: diagnostic.message,
            hint: diagnostic.hint ?? "", location: diagnostic.location)
    }

    package var id: String { "\(severity.rawValue)/\(code)/\(location?.description ?? "")/\(object)/\(message)" }

    /// `E`, `W` or `I`.
    package var letter: String {
        switch severity {
        case .error: "E"
        case .warning: "W"
        case .info: "I"
        }
    }
}

/// The proxy inside meshtop.
package struct EmbeddedProxy: Hashable, Sendable {
    package struct Binding: Hashable, Sendable {
        package var listener: String
        package var address: String
        package var bound: String

        package init(listener: String, address: String, bound: String) {
            self.listener = listener
            self.address = address
            self.bound = bound
        }

        /// Listeners of the bootstrap have no names: the port tells them apart.
        func isOf(_ name: String, port: Int) -> Bool {
            listener == name && (address.isEmpty || address.hasSuffix(":\(port)"))
        }
    }

    package var bindings: [Binding]
    package var admin: String
    /// Whether sample requests are being sent.
    package var hasTraffic: Bool
    /// What it was asked for and does not do.
    package var notServed: [String]

    package init(bindings: [Binding], admin: String = "", hasTraffic: Bool = false, notServed: [String] = []) {
        self.bindings = bindings
        self.admin = admin
        self.hasTraffic = hasTraffic
        self.notServed = notServed
    }
}

package import Documents
package import EnvoyModel

/// One proxy's configuration as `proxy-config` reads it: the answer to `/config_dump`, or what meshtop computed.
package struct ConfigDump: Sendable {
    /// The kinds of sections, by the message's name.
    package enum Section: String, Sendable {
        case bootstrap = "BootstrapConfigDump"
        case listeners = "ListenersConfigDump"
        case clusters = "ClustersConfigDump"
        case routes = "RoutesConfigDump"
        case endpoints = "EndpointsConfigDump"
        case secrets = "SecretsConfigDump"
        case ecds = "EcdsConfigDump"

        var typeURL: String { "type.googleapis.com/envoy.admin.v3." + rawValue }
    }

    /// The sections by their type, in the order of the dump.
    private let sections: [String: [Node]]
    private let snapshot: XDSSnapshot?
    /// The whole answer.
    private let root: Node?
    /// Whether meshtop computed it: then it may well be empty, while a dump with nothing in it is a mistake.
    package var isComputed: Bool { snapshot != nil }
    /// The answer as it came.
    package let text: [UInt8]

    /// Reads an answer; snake_case and lowerCamelCase are both understood.
    package init(_ bytes: [UInt8], file: String) throws(ProxyConfigError) {
        let root = try Self.document(bytes, file: file).root
        self.root = root
        var sections: [String: [Node]] = [:]
        for section in root.list("configs") {
            sections[section["@type"]?.string ?? "", default: []].append(section)
        }
        self.sections = sections
        snapshot = nil
        text = bytes
    }

    /// What meshtop computed for a proxy, or read from a bootstrap.
    package init(_ snapshot: XDSSnapshot) {
        sections = [:]
        root = nil
        text = []
        self.snapshot = snapshot
    }

    private static func document(_ bytes: [UInt8], file: String) throws(ProxyConfigError) -> Document {
        let parsed = JSONReader.read(bytes, file: file)
        guard let document = parsed.documents.first, document.root.isMapping, !parsed.isBroken else {
            throw .unreadable(parsed.diagnostics.first?.message ?? "unexpected end of JSON input")
        }
        return document
    }

    /// The last section of a type counts.
    private func section(_ section: Section) throws(ProxyConfigError) -> Node {
        guard let node = sections[section.typeURL]?.last else { throw .missing(section) }
        return node
    }

    // MARK: Messages

    /// The active dynamic listeners, then the static ones.
    package func listeners() throws(ProxyConfigError) -> [Listener] {
        if let snapshot { return snapshot.listeners }
        let section: Node
        do throws(ProxyConfigError) {
            section = try self.section(.listeners)
        } catch {
            throw ProxyConfigError("listener dump: " + error.message)
        }
        var ignored: [UnmodelledField] = []
        let nodes =
            section.list("dynamic_listeners").compactMap { $0.field("active_state")?["listener"] }
            + section.list("static_listeners").compactMap { $0["listener"] }
        return nodes.map { Listener($0, unmodelled: &ignored) }
    }

    /// The dynamic route configurations, then the static ones.
    package func routes() throws(ProxyConfigError) -> [RouteConfiguration] {
        if let snapshot { return snapshot.routes + snapshot.inlineRoutes }
        let section = try section(.routes)
        var ignored: [UnmodelledField] = []
        return (section.list("dynamic_route_configs") + section.list("static_route_configs"))
            .compactMap { $0.field("route_config") }.map { RouteConfiguration($0, unmodelled: &ignored) }
    }

    /// The active dynamic clusters, then the static ones.
    package func clusters() throws(ProxyConfigError) -> [Cluster] {
        if let snapshot { return snapshot.clusters }
        let section = try section(.clusters)
        var ignored: [UnmodelledField] = []
        return (section.list("dynamic_active_clusters") + section.list("static_clusters")).compactMap { $0["cluster"] }
            .map { Cluster($0, unmodelled: &ignored) }
    }

    /// The dynamic endpoint assignments, then the static ones; none without the section.
    package func endpoints() -> [ClusterLoadAssignment] {
        if let snapshot {
            let all = snapshot.liveAssignments
            return (all.filter { !$0.isStatic } + all.filter(\.isStatic)).map(\.assignment)
        }
        guard let section = try? section(.endpoints) else { return [] }
        var ignored: [UnmodelledField] = []
        return (section.list("dynamic_endpoint_configs") + section.list("static_endpoint_configs"))
            .compactMap { $0.field("endpoint_config") }.map { ClusterLoadAssignment($0, unmodelled: &ignored) }
    }

    // MARK: Sections as they are

    /// A whole section in istioctl's names, without its type.
    package func message(_ section: Section) throws(ProxyConfigError) -> JSONObject {
        guard let snapshot else { return Self.stripped(try self.section(section).json) }
        let dump = snapshot.configDump(includesEndpoints: true)
        let message = dump["configs"]?.array?.last { $0["@type"]?.string == section.typeURL }
        return message.map(Self.stripped) ?? JSONObject()
    }

    /// The filters of all sections of ECDS, in their order.
    package func extensionConfigs() throws(ProxyConfigError) -> [JSON] {
        if isComputed { return [] }
        guard let nodes = sections[Section.ecds.typeURL] else { throw .missing(.ecds) }
        return nodes.flatMap { $0.list("ecds_filters") }.map { ProtoNames.camelCased($0.json) }
    }

    /// The whole answer.
    package var json: JSON { root?.json ?? snapshot?.configDump(includesEndpoints: true) ?? .object(JSONObject()) }

    /// The version's and the update's times of dynamic routes, the newest.
    package var routesLastUpdated: String? {
        guard let section = try? section(.routes) else { return nil }
        return section.list("dynamic_route_configs").compactMap { $0.field("last_updated")?.string }.max()
    }

    /// The dynamic active resources of a section, sorted by name, without versions and times: what `proxy-status` compares.
    package func comparable(_ section: Section) throws(ProxyConfigError) -> JSON {
        let message = try message(section)
        switch section {
        case .listeners:
            let entries = (message["dynamicListeners"]?.array ?? []).compactMap { entry -> JSON? in
                entry["activeState"].map { ["activeState": Self.unversioned($0)] }
            }
            return Self.sorted(entries, "dynamicListeners") { $0["activeState"]?["listener"]?["name"] }
        case .routes:
            let entries = (message["dynamicRouteConfigs"]?.array ?? []).map { Self.hostsSorted(Self.unversioned($0)) }
            return Self.sorted(entries, "dynamicRouteConfigs") { $0["routeConfig"]?["name"] }
        default:
            let entries = (message["dynamicActiveClusters"]?.array ?? []).map(Self.unversioned)
            return Self.sorted(entries, "dynamicActiveClusters") { $0["cluster"]?["name"] }
        }
    }

    private static func unversioned(_ entry: JSON) -> JSON {
        .object((entry.object ?? JSONObject()).without("versionInfo").without("lastUpdated"))
    }

    private static func hostsSorted(_ entry: JSON) -> JSON {
        guard var object = entry.object, var routes = object["routeConfig"]?.object,
            let hosts = routes["virtualHosts"]?.array
        else { return entry }
        routes["virtualHosts"] = .array(
            hosts.stablySorted { ($0["name"]?.string ?? "").precedesBytewise($1["name"]?.string ?? "") })
        object["routeConfig"] = .object(routes)
        return .object(object)
    }

    private static func sorted(_ entries: [JSON], _ key: String, by name: (JSON) -> JSON?) -> JSON {
        guard !entries.isEmpty else { return .object(JSONObject()) }
        let sorted = entries.map { ($0, name($0)?.string ?? "") }.stablySorted { $0.1.precedesBytewise($1.1) }
        var object = JSONObject()
        object.add(key, .array(sorted.map(\.0)))
        return .object(object)
    }

    private static func stripped(_ message: JSON) -> JSONObject {
        (ProtoNames.camelCased(message).object ?? JSONObject()).without("@type")
    }
}

extension Node {
    /// A field by its name in snake_case, written so or in lowerCamelCase.
    fileprivate func field(_ name: String) -> Node? { self[name] ?? self[ProtoNames.camelCase(name)] }

    /// The elements of a repeated field; none where it is absent.
    fileprivate func list(_ name: String) -> [Node] { field(name).map { Array($0.elements) } ?? [] }
}

/// An error of `proxy-config`, in istioctl's words.
package struct ProxyConfigError: Error, Hashable, Sendable {
    package let message: String
    /// Wrong usage, or input that cannot be read; else the input was read and has not what was asked for.
    package var isUsage: Bool

    package init(_ message: String, isUsage: Bool = false) {
        self.message = message
        self.isUsage = isUsage
    }

    static func missing(_ section: ConfigDump.Section) -> ProxyConfigError {
        ProxyConfigError("config dump has no configuration type " + section.typeURL)
    }

    static func unreadable(_ reason: String) -> ProxyConfigError {
        ProxyConfigError("error unmarshalling config dump response from Envoy: " + reason, isUsage: true)
    }
}

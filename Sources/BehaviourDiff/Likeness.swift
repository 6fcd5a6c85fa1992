import Documents
import EnvoyModel
import TrafficEngine

/// Whether parts of two configurations behave alike by what they say, places in manifests and statistics aside: then nothing needs
/// to be asked.
extension CompiledVirtualHost {
    func isLike(_ other: CompiledVirtualHost) -> Bool {
        guard value.routes.count == other.value.routes.count else { return false }
        return value.plain == other.value.plain
            && zip(value.routes, other.value.routes).allSatisfy { $0.plain == $1.plain }
    }

    var looksAtAuthority: Bool {
        routes.contains { $0.value.match.headers.contains { [":authority", "host"].contains($0.name.lowercased()) } }
    }

    /// The clusters that its routes name.
    var clusterNames: Set<String> {
        var names: Set<String> = []
        for route in value.routes {
            guard case .route(let action) = route.action else { continue }
            switch action.cluster {
            case .cluster(let name): names.insert(name)
            case .weighted(let clusters): names.formUnion(clusters.clusters.map(\.name))
            case .header, .other: names.insert(Self.anyCluster)
            }
            names.formUnion(action.requestMirrorPolicies.map(\.cluster))
        }
        return names
    }

    /// Stands in the set of changed clusters as soon as any has changed.
    static let anyCluster = "*"
}

extension VirtualHost {
    /// Without its routes and what no request can tell.
    fileprivate var plain: VirtualHost {
        var copy = self
        copy.routes = []
        copy.name = ""
        copy.metadata = Metadata()
        copy.sources = []
        return copy
    }
}

extension Route {
    fileprivate var plain: Route {
        var copy = self
        copy.name = ""
        copy.metadata = Metadata()
        copy.decoratorOperation = ""
        copy.statPrefix = ""
        copy.sources = []
        return copy
    }
}

extension RouteMatch {
    /// All regular expressions of the conditions.
    var expressions: [String] {
        var result: [String] = []
        func add(_ matcher: StringMatcher) { if case .safeRegex(let text) = matcher.pattern { result.append(text) } }
        if case .safeRegex(let text) = path { result.append(text) }
        for header in headers { if case .string(let matcher) = header.test { add(matcher) } }
        for parameter in queryParameters { if case .string(let matcher) = parameter.test { add(matcher) } }
        return result
    }
}

extension CompiledConnectionManager {
    /// The same settings, and route configurations that differ in their virtual hosts at most.
    func isLike(_ other: CompiledConnectionManager) -> Bool {
        value.settingsJSON == other.value.settingsJSON && routes?.value.settingsJSON == other.routes?.value.settingsJSON
    }
}

extension RouteConfiguration {
    fileprivate var settingsJSON: JSON {
        var copy = self
        copy.virtualHosts = []
        copy.name = ""
        copy.metadata = Metadata()
        copy.raw = nil
        return copy.modelJSON
    }
}

extension HTTPConnectionManager {
    /// What it says besides its routes.
    var settingsJSON: JSON {
        var copy = self
        copy.routeSource = .none
        copy.statPrefix = ""
        copy.tracing = nil
        copy.accessLog = []
        copy.sources = []
        return copy.json
    }
}

/// The leaves in which two messages differ.
enum SettingsDifference {
    static func between(_ before: JSON?, _ after: JSON?) -> [(name: String, before: String?, after: String?)] {
        guard before != after else { return [] }
        let sides = [before, after].map { json in
            var leaves: [(String, String)] = []
            JSONLeaves.add(json, "", to: &leaves)
            return Dictionary(leaves) { first, _ in first }
        }
        return Set(sides[0].keys).union(sides[1].keys).sorted().compactMap { name in
            sides[0][name] == sides[1][name] ? nil : (name, sides[0][name], sides[1][name])
        }
    }
}

/// The clusters that are in one configuration only, or not the same in both.
struct ClusterComparison {
    /// All whose outcome may differ; `CompiledVirtualHost.anyCluster` is in it when it is not empty.
    private(set) var changed: Set<String> = []
    /// Those in both whose settings differ.
    private(set) var settings: [ProxyComparison.SettingsChange] = []

    init(_ old: XDSSnapshot, _ new: XDSSnapshot, _ options: ProxyComparison.Options) {
        let sides = [old, new].map { snapshot in
            Dictionary(snapshot.clusters.map { ($0.name, $0) }) { first, _ in first }
        }
        let endpoints = [old, new].map { snapshot in
            Dictionary(snapshot.endpoints.map { ($0.clusterName, $0) }) { first, _ in first }
        }
        for name in Set(sides[0].keys).union(sides[1].keys).sorted() {
            guard let before = sides[0][name], let after = sides[1][name] else {
                changed.insert(name)
                continue
            }
            if before.plain != after.plain {
                changed.insert(name)
                let values = SettingsDifference.between(before.plain.json, after.plain.json)
                if !values.isEmpty {
                    settings.append(ProxyComparison.SettingsChange(subject: "cluster \(name)", values: values))
                }
            }
            let assignments = [
                before.loadAssignment ?? endpoints[0][before.endpointsName],
                after.loadAssignment ?? endpoints[1][after.endpointsName],
            ]
            if assignments[0]?.localities != assignments[1]?.localities { changed.insert(name) }
        }
        if !changed.isEmpty { changed.insert(CompiledVirtualHost.anyCluster) }
    }
}

extension Cluster {
    /// Without endpoints and what no request can tell.
    fileprivate var plain: Cluster {
        var copy = self
        copy.loadAssignment = nil
        copy.metadata = Metadata()
        copy.altStatName = ""
        copy.sources = []
        copy.raw = nil
        return copy
    }
}

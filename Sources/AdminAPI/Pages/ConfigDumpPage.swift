import Documents
import EnvoyModel

extension AdminPages {
    /// `/config_dump` with `resource`, `mask`, `name_regex` and `include_eds`.
    func configDump(_ request: AdminRequest) async -> AdminResponse {
        guard let snapshot = await source.snapshot(request.parameter("proxy")) else { return .json(["configs": []]) }
        let asksEndpoints = request.parameter("include_eds") != nil
        let resource = request.parameter("resource") ?? ""
        var sections =
            snapshot.configDump(
                includesEndpoints: asksEndpoints || resource.hasSuffix("endpoint_configs"),
                timestamp: await source.lastUpdated(request.parameter("proxy")))["configs"]?.array ?? []
        do throws(AdminError) {
            if let pattern = request.parameter("name_regex"), !pattern.isEmpty {
                let filter = try NameFilter(pattern)
                sections = sections.compactMap { ConfigDumpSelection.named($0, filter) }
            }
            let mask = request.parameter("mask").map(FieldMask.init)
            if !resource.isEmpty {
                guard let elements = ConfigDumpSelection.elements(of: resource, in: sections) else {
                    return AdminResponse(status: 404, body: "\(resource) not found in config dump")
                }
                return .json(["configs": .array(elements.map { mask?.applied(to: $0) ?? $0 })])
            }
            guard let mask else { return .json(["configs": .array(sections)]) }
            let masked = sections.compactMap { section -> JSON? in
                guard mask.fits(section) else { return nil }
                return mask.applied(to: section)
            }
            if masked.isEmpty {
                return .badRequest("FieldMask \(mask.text) could not be successfully used.\n")
            }
            return .json(["configs": .array(masked)])
        } catch {
            return .badRequest(error.description)
        }
    }
}

/// What `resource` and `name_regex` pick out of a dump.
enum ConfigDumpSelection {
    /// The messages that the elements of a repeated field are, by field.
    private static let elementTypes = [
        "dynamic_listeners": "DynamicListener", "static_listeners": "StaticListener",
        "dynamic_active_clusters": "DynamicCluster", "dynamic_warming_clusters": "DynamicCluster",
        "static_clusters": "StaticCluster", "dynamic_route_configs": "DynamicRouteConfig",
        "static_route_configs": "StaticRouteConfig", "dynamic_endpoint_configs": "DynamicEndpointConfig",
        "static_endpoint_configs": "StaticEndpointConfig", "dynamic_active_secrets": "DynamicSecret",
        "dynamic_warming_secrets": "DynamicSecret", "static_secrets": "StaticSecret",
    ]

    /// The elements of a repeated field of any section, each with its type; `nil` when no section can have the field.
    static func elements(of resource: String, in sections: [JSON]) -> [JSON]? {
        guard let type = elementTypes[resource] else { return nil }
        for section in sections {
            guard let list = section[resource]?.array, let sectionType = section["@type"]?.string else { continue }
            return list.map { element in
                var typed = JSONObject()
                typed.add("@type", .string(sectionType + "." + type))
                for member in element.object?.members ?? [] { typed.add(member.key, member.value) }
                return .object(typed)
            }
        }
        return []
    }

    /// A section with only the resources whose names match; `nil` for one that holds none.
    static func named(_ section: JSON, _ filter: NameFilter) -> JSON? {
        guard case .object(let object) = section else { return nil }
        var kept = JSONObject()
        var isEmpty = true
        for member in object.members {
            guard elementTypes[member.key] != nil, let list = member.value.array else {
                if member.key == "@type" { kept.add(member.key, member.value) }
                continue
            }
            let elements = list.filter { filter.matches(name(of: $0)) }
            if elements.isEmpty { continue }
            kept.add(member.key, .array(elements))
            isEmpty = false
        }
        return isEmpty ? nil : .object(kept)
    }

    /// The name of what a dump's element wraps.
    private static func name(of element: JSON) -> String {
        if let name = element["name"]?.string { return name }
        for member in element.object?.members ?? [] {
            if let name = (member.value["name"] ?? member.value["cluster_name"])?.string { return name }
        }
        return ""
    }
}

/// `google.protobuf.FieldMask`: paths of field names, which go through repeated fields too.
struct FieldMask {
    let text: String
    private let paths: [[String]]

    init(_ text: String) {
        self.text = text
        paths = text.split(separator: ",").map { $0.split(separator: ".").map(String.init) }.filter { !$0.isEmpty }
    }

    /// Whether a section has one of the fields at the head of a path.
    func fits(_ section: JSON) -> Bool {
        paths.contains { path in path.first.map { section[$0] != nil } ?? false }
    }

    /// The fields named, and `@type`.
    func applied(to value: JSON) -> JSON { Self.applied(paths, to: value) }

    private static func applied(_ paths: [[String]], to value: JSON) -> JSON {
        switch value {
        case .array(let elements): return .array(elements.map { applied(paths, to: $0) })
        case .object(let object):
            var kept = JSONObject()
            for member in object.members {
                if member.key == "@type" {
                    kept.add(member.key, member.value)
                    continue
                }
                let below = paths.filter { $0.first == member.key }.map { Array($0.dropFirst()) }
                if below.isEmpty { continue }
                kept.add(member.key, below.contains([]) ? member.value : applied(below, to: member.value))
            }
            return .object(kept)
        case .null, .bool, .int, .double, .number, .string: return value
        }
    }
}

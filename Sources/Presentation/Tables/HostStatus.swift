package import Documents
package import EnvoyModel

/// The answer to `/clusters?format=json`.
package struct HostStatuses: Sendable {
    private let clusters: [JSON]

    package init(_ bytes: [UInt8], file: String) throws(ProxyConfigError) {
        let parsed = JSONReader.read(bytes, file: file)
        guard let document = parsed.documents.first, document.root.isMapping, !parsed.isBroken else {
            throw .unreadable(parsed.diagnostics.first?.message ?? "unexpected end of JSON input")
        }
        clusters = ProtoNames.camelCased(document.root.json)["clusterStatuses"]?.array ?? []
    }

    /// What a proxy with this configuration would answer.
    package init(_ snapshot: XDSSnapshot) {
        clusters = ClusterStatus.all(of: snapshot).map { ProtoNames.camelCased($0.json) }
    }

    /// A row per host that passes, sorted.
    package func rows(where query: EndpointQuery) -> [EndpointRow] {
        EndpointRow.sorted(clusters.flatMap { Self.rows(of: $0, where: query) })
    }

    /// The clusters with a host that passes, whole.
    package func messages(where query: EndpointQuery) -> [JSON] {
        clusters.filter { !Self.rows(of: $0, where: query).isEmpty }
    }

    private static func rows(of cluster: JSON, where query: EndpointQuery) -> [EndpointRow] {
        let name = cluster["name"]?.string ?? ""
        return (cluster["hostStatuses"]?.array ?? []).map { row(of: $0, in: name) }.filter(query.matches)
    }

    private static func row(of host: JSON, in cluster: String) -> EndpointRow {
        let (address, port) = location(host["address"])
        let health = host["healthStatus"]
        var locality: [String] = []
        for key in ["region", "zone", "subZone"] {
            guard let part = host["locality"]?[key]?.string, !part.isEmpty else { break }
            locality.append(part)
        }
        return EndpointRow(
            address: address, port: port, status: health?["edsHealthStatus"]?.string ?? "UNKNOWN",
            failedOutlierCheck: health?["failedOutlierCheck"] == true, cluster: cluster,
            locality: locality.joined(separator: "/"), priority: number(host["priority"]) ?? 0,
            weight: number(host["weight"]) ?? 1)
    }

    private static func location(_ address: JSON?) -> (String, UInt16) {
        if let socket = address?["socketAddress"] {
            return (socket["address"]?.string ?? "", number(socket["portValue"]) ?? 0)
        }
        if let pipe = address?["pipe"] { return ("unix://" + (pipe["path"]?.string ?? ""), 0) }
        if let inner = address?["envoyInternalAddress"] {
            let listener = inner["serverListenerName"]?.string ?? ""
            return ("envoy://\(listener)/\(inner["endpointId"]?.string ?? "")", 0)
        }
        return ("unknown", 0)
    }

    private static func number<Number: FixedWidthInteger>(_ value: JSON?) -> Number? {
        guard case .int(let number) = value else { return nil }
        return Number(exactly: number)
    }
}

package import Documents
import EnvoyModel
package import TrafficEngine

extension SyntheticRequest {
    /// Reads a request of the contract: all but `id` may be left out. `mode` is what the kind of proxy implies
    /// (`outbound` for a sidecar).
    package init(
        _ node: Node, mode: ConnectionAttempt.Mode = .gateway, diagnostics: inout [Diagnostic]
    ) {
        self.init()
        var reader = RequestReader(node: node)
        id = reader.text("id") ?? ""
        self.mode = reader.choice("mode") ?? mode
        application = reader.choice("protocol") ?? .http
        transport = reader.choice("tls") ?? .plaintext
        method = reader.text("method") ?? "GET"
        scheme = reader.text("scheme") ?? (transport == .plaintext ? "http" : "https")
        authority = reader.text("authority")
        path = reader.text("path") ?? "/"
        headers = reader.headers("headers", of: node)
        serverName = reader.text("sni") ?? ""
        alpn = reader.list("alpn")
        address = reader.text("address") ?? address
        if let number = node["port"]?.int {
            if let value = UInt16(exactly: number) { port = value } else { reader.fail("port", "a number up to 65535") }
        }
        // Left out, there is no Host header; `null` leaves it to the client, which names what it connects to.
        if node["authority"]?.isNull ?? false {
            authority = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        }
        if let source = node["source"] {
            sourceIP = source["ip"]?.string ?? sourceIP
            sourceNamespace = source["namespace"]?.string
            for entry in source["labels"]?.entriesOrNone ?? [] { sourceLabels[entry.0] = entry.1 }
        }
        if let value = node["count"] {
            if let number = value.int, (1...10_000_000).contains(number) {
                count = Int(number)
            } else {
                reader.fail("count", "a number from 1 to 10000000")
            }
        }
        body = reader.text("body")
        clientCertificate = reader.text("client_certificate")
        if clientCertificate != nil, node["tls"] == nil { transport = .mtls }
        if let response = node["upstream_response"], response.isMapping {
            if let status = response["status"]?.int { upstreamResponse.status = Int(status) }
            upstreamResponse.headers = reader.headers("upstream_response.headers", of: response)
        }
        diagnostics += reader.diagnostics
    }
}

extension Node {
    fileprivate var entriesOrNone: [(String, String)] { entries.map { ($0.key, $0.value.string ?? "") } }
}

private struct RequestReader {
    let node: Node
    var diagnostics: [Diagnostic] = []

    init(node: Node) {
        self.node = node
        if !node.isMapping { diagnostics.append(Diagnostic(.error, "a request is a JSON object", at: node.location)) }
    }

    mutating func fail(_ key: String, _ wanted: String) {
        diagnostics.append(Diagnostic(.error, "\"\(key)\" must be \(wanted)", at: node[key]?.location ?? node.location))
    }

    mutating func text(_ key: String) -> String? {
        guard let value = node[key], !value.isNull else { return nil }
        guard let text = value.string else {
            fail(key, "a string")
            return nil
        }
        return text
    }

    mutating func choice<Choice: RawRepresentable>(_ key: String) -> Choice? where Choice.RawValue == String {
        guard let text = text(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            diagnostics.append(
                Diagnostic(.error, "\(text.quotedForMessage) is not a \(key)", at: node[key]?.location ?? node.location)
            )
            return nil
        }
        return choice
    }

    /// A list, or one text with commas.
    mutating func list(_ key: String) -> [String] {
        guard let value = node[key], !value.isNull else { return [] }
        if value.isSequence { return value.elements.compactMap(\.string) }
        return (text(key) ?? "").split(separator: ",").map(String.init)
    }

    mutating func headers(_ name: String, of node: Node) -> [SyntheticRequest.Header] {
        guard let value = node["headers"], !value.isNull else { return [] }
        if value.isMapping {
            return value.entries.map { SyntheticRequest.Header($0.key, $0.value.string ?? "") }
        }
        return value.elements.compactMap { pair in
            guard let name = pair[0]?.string, pair.count == 2 else {
                diagnostics.append(Diagnostic(.error, "a header is [name, value]", at: pair.location))
                return nil
            }
            return SyntheticRequest.Header(name, pair[1]?.string ?? "")
        }
    }
}

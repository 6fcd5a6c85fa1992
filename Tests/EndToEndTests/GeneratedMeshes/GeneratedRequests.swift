import Documents
import TestSupport

/// A request to one proxy of a generated mesh.
struct GeneratedRequest: CustomStringConvertible {
    enum Way: String { case gateway, outbound, inbound }

    var way: Way
    var address: String
    var port: Int
    var host: String
    var method: String
    var path: String
    var headers: [(name: String, value: String)]
    /// Opens TLS with this server name instead, and closes.
    var serverName: String?

    static let clientAddress = "10.244.7.7"

    /// What stands for the redirected connection.
    func proxyLine(client: Int) -> String { "PROXY TCP4 \(Self.clientAddress) \(address) \(client) \(port)\r\n" }

    /// The request's head, which is all of it.
    var text: String {
        var lines = ["\(method) \(path) HTTP/1.1", "host: \(host)"]
        lines += headers.map { "\($0.name): \($0.value)" }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// As `meshtop simulate` takes it.
    func synthetic(id: Int) -> JSON {
        [
            "id": .string("\(id)"), "mode": .string(way.rawValue), "address": .string(address), "port": .number(port),
            "authority": .string(host), "method": .string(method), "path": .string(path),
            "headers": .array(headers.map { [.string($0.name), .string($0.value)] }),
            "source": ["ip": .string(Self.clientAddress)], "tls": serverName == nil ? "plaintext" : "tls",
            "sni": .string(serverName ?? ""),
        ]
    }

    var description: String {
        if let serverName { return "\(way) \(address):\(port) TLS \(serverName)" }
        let more = headers.map { " -H '\($0.name): \($0.value)'" }.joined()
        return "\(way) \(address):\(port) \(method) \(host)\(path)\(more)"
    }
}

/// Makes requests that meet the matches of a mesh, or just miss them.
struct RequestGenerator {
    let mesh: GeneratedMesh
    var random: SplitMix64

    init(_ mesh: GeneratedMesh) {
        self.mesh = mesh
        random = SplitMix64(seed: mesh.seed &+ 0x5EED)
    }

    /// `ports` are those that the gateway listens at.
    mutating func requests(gateway ports: [Int], count: Int) -> [GeneratedRequest] {
        (0..<count).map { _ in
            let host = pick(
                mesh.words.publicHosts + ["deep.www.shop.example.com", "nobody.test", "set.example.com", "com"])
            let port = ports.isEmpty || chance(0.03) ? 8081 : pick(ports)
            var made = request(.gateway, address: "10.244.0.2", port: port, host: host)
            if [443, 8443, 15443].contains(port), chance(0.9) {
                made.serverName = chance(0.2) ? serverNameOfSubset() : host
            }
            return made
        }
    }

    /// As sidecars name a cluster to an east-west gateway.
    private mutating func serverNameOfSubset() -> String {
        let host = mesh.words.meshHosts.isEmpty ? "x" : pick(mesh.words.meshHosts)
        return "outbound_.\(pick([80, 8000, 9090]))_.\(pick(["", "v1"]))_.\(host)"
    }

    /// To Services and beyond through the client's sidecar, and to the client through it.
    mutating func requests(sidecar count: Int) -> [GeneratedRequest] {
        (0..<count).map { _ in
            if chance(0.2) {
                return request(
                    .inbound, address: "10.244.0.3", port: pick([8080, 9090, 7777]), host: pick(["client.alpha", "x"]))
            }
            guard chance(0.85), !mesh.destinations.isEmpty else {
                return request(
                    .outbound, address: "198.51.100.7", port: pick([80, 8000, 443, 9000, 5432, 7070]),
                    host: pick(mesh.words.meshHosts + ["nobody.test"]))
            }
            let destination = pick(mesh.destinations)
            let host = chance(0.85) ? pick(destination.hosts) : pick(mesh.words.meshHosts + mesh.words.publicHosts)
            var made = request(.outbound, address: destination.address, port: destination.port, host: host)
            if destination.port == 443, chance(0.6) { made.serverName = host }
            return made
        }
    }

    private mutating func request(
        _ way: GeneratedRequest.Way, address: String, port: Int, host: String
    ) -> GeneratedRequest {
        var path = ""
        for _ in 0..<pick([0, 1, 1, 2, 2, 2, 3]) { path += "/" + pick(mesh.words.segments + ["", "c", "shopping"]) }
        if path.isEmpty || chance(0.1) { path += "/" }
        if chance(0.2) {
            path = pick(["/shop/a", "/api/v1/x", "/a", "/b/b", "/x/../a", "//a", "/SHOP", "/grpc/a", "/shop/"])
        }
        if chance(0.3) {
            path += "?" + list(upTo: 2) { "\($0.pick($0.mesh.words.queryNames))=\($0.pick(["ann", "1", "", "bob"]))" }
        }
        var headers: [(name: String, value: String)] = []
        for name in mesh.words.headerNames where chance(0.3) { headers.append((name, pick(mesh.words.values))) }
        var method = pick(["GET", "GET", "GET", "GET", "HEAD", "DELETE"])
        if chance(0.08) {
            (method, headers) = ("OPTIONS", headers + [("origin", pick(["https://a.test", "http://b.test"]))])
            if chance(0.7) { headers.append(("access-control-request-method", "GET")) }
        } else if chance(0.06) {
            headers.append(("origin", pick(["https://a.test", "http://b.test"])))
        }
        if chance(0.06) { headers.append(("content-type", "application/grpc")) }
        let spelled = chance(0.1) ? host.uppercased() : host
        return GeneratedRequest(
            way: way, address: address, port: port,
            host: spelled + (chance(0.2) ? ":\(pick([port, 80, 8080]))" : ""), method: method, path: path,
            headers: headers)
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }
    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &random)]
    }
    private mutating func list(upTo most: Int, _ element: (inout Self) -> String) -> String {
        (0..<Int.random(in: 1...most, using: &random)).map { _ in element(&self) }.joined(separator: "&")
    }
}

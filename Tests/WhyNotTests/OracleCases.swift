import Documents
import EnvoyModel
import MeshModel
import TestSupport
import TrafficEngine
import WhyNot

/// A request of the oracles that arrives at an endpoint, and the manifests by which it does.
struct WorkingCase: Sendable {
    let name: String
    let config: String
    let settings: MeshSnapshot.Settings
    let request: SyntheticRequest
    /// Described by hand; `nil`: the gateway's own workload, by name.
    let proxy: ProxyNode?
    let gateway: (name: String, namespace: String)
    /// Where it goes.
    var cluster = ""

    func mesh(_ config: String) -> TestMesh { TestMesh(["mesh.yaml": config], settings: settings) }

    /// The proxy that the request comes to.
    func node(in mesh: TestMesh) -> ProxyNode? {
        if let proxy { return proxy }
        return mesh.state.snapshot.proxies.first {
            $0.type == .gateway && $0.namespace == gateway.namespace
                && $0.labels["gateway.networking.k8s.io/gateway-name"] == gateway.name
        }
    }
}

enum OracleCases {
    /// The gateway cases of a folder of oracles that work.
    static func all(in folder: String) throws -> [WorkingCase] {
        try (istio(folder + "/istio-sim") + conformance(folder + "/gwapi/conformance") + samples).compactMap(working)
    }

    /// The case with its cluster, when an endpoint gets the request.
    private static func working(_ found: WorkingCase) -> WorkingCase? {
        let mesh = found.mesh(found.config)
        guard let proxy = found.node(in: mesh) else { return nil }
        let attempt = SyntheticRequester(found.request, at: proxy).attempt([], in: mesh.state)
        guard attempt.outcome == .arrived, let cluster = attempt.trace?.hops.first?.clusterReference,
            ClusterName(cluster) != nil
        else { return nil }
        var result = found
        result.cluster = cluster
        return result
    }

    private static func documents(below folder: String) throws -> [(String, Node)] {
        try names(in: folder).flatMap { name -> [(String, Node)] in
            let path = folder + "/" + name
            if name == "index.json" { return [] }
            if name.hasSuffix(".json") {
                return DocumentReader.read(try readBytes(path), file: path).documents.map { (name, $0.root) }
            }
            return name.hasSuffix(".md") ? [] : (try? documents(below: path)) ?? []
        }
    }

    // MARK: Istio's simulation

    private static func istio(_ folder: String) throws -> [WorkingCase] {
        try documents(below: folder).flatMap { _, root -> [WorkingCase] in
            guard let described = root["proxy"], described["type"]?.string == "gateway",
                let config = root["config"]?.string
            else { return [] }
            var proxy = ProxyNode(name: "proxy", type: .gateway, namespace: described["namespace"]?.string ?? "default")
            for entry in described["labels"].map({ Array($0.entries) }) ?? [] {
                proxy.labels[entry.key] = entry.value.text
            }
            proxy.ipAddresses = (described["ipAddresses"]?.elements).map { $0.map(\.text) } ?? []
            proxy.dnsDomain = described["dnsDomain"]?.string ?? ""
            if case .object(let metadata)? = described["metadata"]?.json {
                for member in metadata.members { proxy.metadata[member.key] = member.value }
            }
            proxy.istioVersion = described["istioVersion"]?.string ?? ""
            var settings = MeshSnapshot.Settings()
            settings.options.istioDomain = root["istioConfigDomain"]?.string
            settings.options.internalAnnotations = config.contains("internal.istio.io/")
            settings.meshConfig = root["meshConfig"].flatMap { $0.isNull ? nil : $0 }
            for entry in root["features"].map({ Array($0.entries) }) ?? [] {
                settings.options.features[entry.key] = entry.value.text
            }
            let complete = config + missingServices(config)
            return (root["calls"].map { Array($0.elements) } ?? []).compactMap { call in
                guard call[path: "expect", "error"]?.isNull ?? true, let sent = call["call"] else { return nil }
                return WorkingCase(
                    name: "\(root["id"]?.text ?? "") \(call["name"]?.text ?? "")", config: complete, settings: settings,
                    request: request(istio: sent), proxy: proxy, gateway: ("", ""))
            }
        }
    }

    private static func request(istio call: Node) -> SyntheticRequest {
        var request = SyntheticRequest()
        request.authority = call["host"]?.string
        request.path = call["path"]?.string ?? "/"
        request.application = ConnectionAttempt.ApplicationProtocol(rawValue: call["protocol"]?.text ?? "") ?? .http
        request.transport = ConnectionAttempt.Transport(rawValue: call["tls"]?.text ?? "") ?? .plaintext
        request.scheme = request.transport == .plaintext ? "http" : "https"
        request.serverName = call["sni"]?.string ?? ""
        request.alpn = call["alpn"]?.string.map { [$0] } ?? []
        request.address = call["address"]?.string ?? "1.3.3.7"
        request.port = UInt16(exactly: call["port"]?.int ?? 80) ?? 80
        for header in call["headers"].map({ Array($0.entries) }) ?? [] {
            for value in header.value.isSequence ? header.value.elements.map(\.text) : [header.value.text] {
                request.headers.append(SyntheticRequest.Header(header.key, value))
            }
        }
        return request
    }

    /// The oracle's routes lead to services that are not there: ServiceEntries for them.
    private static func missingServices(_ config: String) -> String {
        let mesh = TestMesh(config)
        var ports: [String: Set<Int>] = [:]
        for object in mesh.state.snapshot.virtualServices {
            let destinations =
                object.http.flatMap { $0.route.map(\.destination) } + object.tls.flatMap { $0.route.map(\.destination) }
                + object.tcp.flatMap { $0.route.map(\.destination) }
            for destination in destinations {
                let host = destination.host.contains(".") ? destination.host : "\(destination.host).\(object.namespace)"
                let isKnown =
                    mesh.state.snapshot.serviceEntries.contains { $0.hosts.contains(host) }
                    || mesh.state.snapshot.services.contains { host.hasPrefix("\($0.name).\($0.namespace)") }
                if !isKnown { ports[host, default: []].insert(destination.port ?? 80) }
            }
        }
        return ports.sorted { $0.key < $1.key }.enumerated().map { index, entry in
            let lines = entry.value.sorted().map { "  - {number: \($0), name: http-\($0), protocol: HTTP}\n" }.joined()
            return """

                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: \(entry.key.replacing(".", with: "-"))
                  namespace: default
                spec:
                  hosts:
                  - \(entry.key)
                  ports:
                \(lines)  resolution: STATIC
                  endpoints:
                  - address: 10.9.0.\(index + 1)

                """
        }.joined()
    }

    // MARK: Gateway API conformance

    private static func conformance(_ folder: String) throws -> [WorkingCase] {
        try documents(below: folder).flatMap { _, root -> [WorkingCase] in
            guard let config = root["config"]?.string else { return [] }
            return (root["cases"].map { Array($0.elements) } ?? []).compactMap { found in
                let place = found["gateway"] ?? root["gateway"]
                guard let place, let name = place["name"]?.string, place["mesh"] == nil, let sent = found["request"]
                else {
                    return nil
                }
                return WorkingCase(
                    name: "\(root["id"]?.text ?? "") \(found["name"]?.text ?? "")", config: config, settings: .init(),
                    request: request(conformance: sent), proxy: nil,
                    gateway: (name, place["namespace"]?.string ?? "default"))
            }
        }
    }

    private static func request(conformance sent: Node) -> SyntheticRequest {
        var request = SyntheticRequest()
        let name = sent["protocol"]?.text ?? "http1"
        request.application =
            ["tls", "tcp"].contains(name) ? .tcp : ["h2", "h2c", "grpc"].contains(name) ? .http2 : .http
        let isSecure = sent["scheme"]?.string == "https" || name == "tls"
        request.transport = isSecure ? .tls : .plaintext
        request.method = sent["method"]?.string ?? "GET"
        request.scheme = isSecure ? "https" : "http"
        if request.application != .tcp { request.authority = sent["host"]?.string ?? "192.0.2.10" }
        request.path = sent["path"]?.string ?? "/"
        request.port = UInt16(exactly: sent["port"]?.int ?? 80) ?? 80
        request.serverName = sent["sni"]?.string ?? ""
        if isSecure, name != "tls" { request.alpn = [["h2", "grpc"].contains(name) ? "h2" : "http/1.1"] }
        for entry in sent["headers"].map({ Array($0.entries) }) ?? [] {
            request.headers.append(SyntheticRequest.Header(entry.key, entry.value.text))
        }
        return request
    }

    // MARK: Our samples: subsets, several services, ordinary Istio

    private static var samples: [WorkingCase] {
        func one(_ sample: String, _ requests: [(String, String)]) -> [WorkingCase] {
            guard let mesh = try? TestMesh(sample: sample), let proxy = mesh.gateway else { return [] }
            let text = mesh.texts.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n---\n")
            return requests.map { host, path in
                WorkingCase(
                    name: "\(sample) \(host)\(path)", config: text, settings: .init(),
                    request: SyntheticRequest(host: host, path), proxy: proxy, gateway: ("", ""))
            }
        }
        return one("httpbin", [("httpbin.example.com", "/status/200"), ("httpbin.example.com", "/delay/1")])
            + one("bookinfo", [("bookinfo.example.com", "/productpage"), ("bookinfo.example.com", "/reviews/1")])
    }
}

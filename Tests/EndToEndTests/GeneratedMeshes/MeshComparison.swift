import Documents
import Glibc
import TestSupport

/// Compares prediction and reality for the proxies of one mesh.
final class MeshComparison {
    private let mesh: GeneratedMesh
    private let folder: TemporaryFolder
    private let manifests: String
    private let upstream: PlainUpstream
    private(set) var count = 0
    /// How many requests ended how.
    private(set) var tally: [String: Int] = [:]
    private(set) var differences: [String] = []

    init(_ mesh: GeneratedMesh) throws {
        self.mesh = mesh
        folder = try TemporaryFolder()
        manifests = try folder.write(mesh.manifests, to: "mesh.json")
        upstream = try PlainUpstream()
    }

    var report: String { differences.prefix(8).joined(separator: "\n") }

    /// Sends requests, made for the ports that the proxy listens at, through an Envoy with its exported configuration.
    func compare(_ proxy: String, _ make: (_ ports: [Int]) -> [GeneratedRequest]) throws {
        let exported = try Program.run(["export", "envoy", proxy, "-f", manifests])
        guard exported.status == 0, !exported.errors.contains("error:") else {
            return differ(proxy, "export: \(exported.errors)")
        }
        let path = try folder.write(exported.output, to: "\(proxy).json")
        // As it is, Envoy takes it.
        let validated = try spawn([envoyPath ?? "envoy", "--mode", "validate", "-l", "error", "-c", path], timeout: 60)
        guard validated.status == 0 else {
            // The reason is at the end, after the message that it concerns.
            let reason = validated.errors.split(separator: "\n").suffix(2).joined(separator: " ").suffix(400)
            return differ(proxy, "Envoy refuses the bootstrap: \(reason)")
        }
        let run = try EnvoyRun(bootstrap: exported.output, upstreams: [upstream.port])
        let requests = make(run.ownPorts)
        let predictions = try Prediction.simulated(requests, ["--proxy", proxy, "-f", manifests])
        // The exported configuration alone, without the mesh behind it.
        let alone = try Prediction.simulated(requests, ["--bootstrap", path])
        var answers: [Int?] = []
        for (index, request) in requests.enumerated() {
            answers.append(answer(to: request, client: Self.firstClient + index, run))
        }
        let records = Dictionary(
            grouping: try run.records(connections: requests.count { port(of: $0, run) != nil }), by: \.client)
        for (index, request) in requests.enumerated() {
            guard index < predictions.count, index < alone.count else {
                return differ(proxy, "the simulator says nothing of request \(index)")
            }
            count += 1
            let logged = records[Self.firstClient + index] ?? []
            let observation = Observation(answer: answers[index], records: logged)
            let single = alone[index]
            // What becomes of a request behind this proxy, Envoy with its upstream cannot know.
            tally[observation.ending, default: 0] += 1
            var problems = predictions[index].differences(
                from: observation, of: request, checkingAnswer: single.details != "via_upstream" && !single.isTCP)
            problems += single.differences(
                from: observation, of: request, checkingAnswer: request.serverName == nil
            ).map { "(alone) " + $0 }
            if !problems.isEmpty { differ(proxy, "\(request): \(problems.joined(separator: "; "))") }
        }
    }

    private static let firstClient = 20_000

    private func port(of request: GeneratedRequest, _ run: EnvoyRun) -> Int? {
        switch request.way {
        case .gateway: run.port(ownPort: request.port)
        case .outbound: run.port(of: "virtualOutbound")
        case .inbound: run.port(of: "virtualInbound")
        }
    }

    /// The status that the client gets; `nil` when the connection ends without one, or nobody listens.
    private func answer(to request: GeneratedRequest, client: Int, _ run: EnvoyRun) -> Int? {
        guard let port = port(of: request, run) else { return nil }
        let connection = HTTPConnection(port: port, preamble: request.proxyLine(client: client))
        if let name = request.serverName {
            connection.open(with: ClientHello.bytes(serverName: name))
            return nil
        }
        return (try? connection.send(request.text, isHead: request.method == "HEAD"))?.status
    }

    private func differ(_ proxy: String, _ what: String) {
        differences.append("\(proxy): \(what)")
        guard differences.count == 1, let kept = spawnEnvironment("MESHTOP_MESH_FOLDER") else { return }
        try? writeText(mesh.manifests, to: "\(kept)/mesh-\(mesh.seed).json")
    }
}

/// What Envoy did with a request.
struct Observation {
    var status: Int?
    var virtualHost = ""
    var route = ""
    var cluster = ""
    var flags = ""
    var details = ""
    var listener = ""
    /// Whether an HTTP connection manager took it.
    var isHTTP = false

    /// In a word or two: Envoy's response code details, or what became of a connection.
    var ending: String { isHTTP ? details : cluster.isEmpty ? "no connection" : "connection" }

    init(answer: Int?, records: [EnvoyRun.Record]) {
        status = answer
        guard let record = records.first(where: \.isHTTP) ?? records.first else { return }
        (virtualHost, route, cluster) = (record.virtualHost, record.route, record.cluster)
        (flags, details, listener, isHTTP) = (record.flags, record.details, record.listener, record.isHTTP)
    }
}

/// What the simulator says of a request.
struct Prediction {
    var listener: String
    var virtualHost: String
    var route: String
    var cluster: String
    /// Where it may land, with a chance above 0.
    var clusters: Set<String>
    /// The routes that chance may choose.
    var routes: Set<String>
    var status: Int?
    var flags: String
    var details: String
    var error: String
    /// Whether a TCP chain takes it.
    var isTCP: Bool
    /// Whether the client's own TLS goes on to an endpoint.
    var isPassthrough: Bool

    static func simulated(_ requests: [GeneratedRequest], _ options: [String]) throws -> [Prediction] {
        let lines = requests.enumerated().map { $1.synthetic(id: $0).text() + "\n" }.joined()
        let finished = try Program.run(["simulate", "--requests", "-"] + options, input: lines)
        guard finished.status == 0 else {
            throw EnvoyProblem(description: "simulate \(options): \(finished.errors.suffix(1000))")
        }
        return JSONReader.read(Array(finished.output.utf8), file: "traces").documents.map { Prediction($0.root.json) }
    }

    private init(_ trace: JSON) {
        let all = trace["hops"]?.array ?? []
        let hop = all.first
        func text(_ key: String) -> String { hop?[key]?.string ?? "" }
        (listener, virtualHost, route) = (text("listener"), text("virtual_host"), text("route"))
        (clusters, routes) = ([], [text("route")])
        for candidate in hop?["candidates"]?.array ?? []
        where candidate["share"] != .int(0) && candidate["share"] != .double(0) {
            if let cluster = candidate["cluster"]?.string { clusters.insert(cluster) }
            if let route = candidate["route"]?.string { routes.insert(route) }
        }
        cluster = text("cluster")
        if !cluster.isEmpty { clusters.insert(cluster) }
        let response = trace["response"]
        if case .int(let code)? = response?["status"] { status = Int(code) } else { status = nil }
        flags = response?["flags"]?.string ?? ""
        details = response?["details"]?.string ?? ""
        error = trace["error"]?.string ?? ""
        isTCP = hop?["route_config"]?.string == nil
        isPassthrough = isTCP && text("transport") != "tls" && hop?["cluster"]?.string != nil
    }

    /// In words, field by field; `checkingAnswer` also compares what the client got and the proxy logged of it.
    func differences(
        from observed: Observation, of request: GeneratedRequest, checkingAnswer: Bool
    ) -> [String] {
        var found: [String] = []
        func check(_ what: String, _ isSame: Bool, _ predicted: String, _ real: String) {
            if !isSame { found.append("\(what) predicted \(predicted), Envoy \(real)") }
        }
        func same(_ predicted: String, _ real: String) -> Bool { predicted == real || predicted.isEmpty && real == "-" }
        if request.serverName != nil, !isPassthrough {
            // Its keys are not exported: the chain that terminates TLS ends its connections.
            let isEnded = observed.cluster.isEmpty || observed.cluster == "BlackHoleCluster"
            check("cluster", isEnded, "a chain that terminates TLS", observed.cluster)
            return found
        }
        if observed.isHTTP {
            check("virtual host", same(virtualHost, observed.virtualHost), virtualHost, observed.virtualHost)
            check("route", routes.contains(observed.route), routes.sorted().joined(separator: "|"), observed.route)
        }
        // Envoy names no cluster where it answers by itself before it has chosen one, and none that does not exist.
        let isOwnAnswer =
            observed.cluster.isEmpty && (observed.isHTTP ? observed.details != "via_upstream" : observed.status == nil)
        // In plaintext to a chain that terminates TLS.
        let isRefused = !error.isEmpty && status == nil && observed.cluster == "BlackHoleCluster"
        let isCluster =
            clusters.isEmpty
            ? observed.cluster.isEmpty || isRefused : clusters.contains(observed.cluster) || isOwnAnswer
        check("cluster", isCluster, clusters.sorted().joined(separator: "|"), observed.cluster)
        // Of several clusters the likeliest is predicted; the others may answer otherwise.
        if !checkingAnswer || clusters.count > 1 && observed.cluster != cluster { return found }
        check("status", status == observed.status, "\(status ?? 0) \(error)", "\(observed.status ?? 0)")
        if observed.isHTTP {
            check("flags", same(flags, observed.flags), flags, observed.flags)
            check("details", same(details, observed.details), details, observed.details)
        }
        return found
    }
}

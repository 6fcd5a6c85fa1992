import Documents
import Glibc
import TestSupport

/// A real Envoy that runs an exported bootstrap, fit for a test: endpoints are upstreams on loopback in turn, every
/// listener is bound to a free port and told by a PROXY line where the client meant to go, and everything is logged.
///
/// The PROXY line stands in for what the kernel knows of a redirected connection. Envoy hands the connection to the
/// listener of that address, just as it does for a sidecar's.
final class EnvoyRun {
    /// What Envoy logged of one request, or of a connection that carried none.
    struct Record: Equatable {
        /// The client's port in the PROXY line, which tells the requests apart.
        var client: Int
        var listener: String
        var status: Int
        var virtualHost: String
        var route: String
        var cluster: String
        var flags: String
        var details: String
        /// Whether an HTTP connection manager logged it.
        var isHTTP: Bool
    }

    /// The port of the admin address.
    let adminPort: Int
    private let process: ChildProcess
    private let folder: TemporaryFolder
    private let bootstrap: BootstrapRewriter
    private let bound: [String: Int]

    init(bootstrap text: String, upstreams: [Int], concurrency: Int = 1) throws {
        guard let envoyPath else { throw FileProblem("find", "envoy") }
        folder = try TemporaryFolder()
        bootstrap = try BootstrapRewriter(text, log: folder.path("access.log"), upstreams: upstreams)
        let path = try folder.write(bootstrap.root.text(), to: "bootstrap.json")
        let addressPath = folder.path("admin")
        process = try ChildProcess([
            envoyPath, "-c", path, "--concurrency", "\(concurrency)", "--use-dynamic-base-id", "-l", "error",
            "--admin-address-path", addressPath, "--file-flush-interval-msec", "10",
        ])
        var found: Int?
        var listening: [String: Int] = [:]
        for _ in 0..<800 {
            usleep(10_000)
            guard let text = try? readText(addressPath), let port = text.split(separator: ":").last.flatMap({ Int($0) })
            else { continue }
            let connection = HTTPConnection(port: port)
            guard let ready = try? connection.send("GET /ready HTTP/1.1\r\nhost: admin\r\n\r\n"), ready.status == 200
            else { continue }
            listening = try Self.listeners(connection)
            found = port
            break
        }
        guard let found else {
            process.send(SIGTERM)
            throw EnvoyProblem(description: "Envoy does not start:\n\(process.finish(timeout: 5).errors.suffix(1500))")
        }
        (adminPort, bound) = (found, listening)
    }

    deinit { stop() }

    func stop() {
        process.send(SIGTERM)
        _ = process.finish(timeout: 10)
    }

    /// The loopback port of each listener that is bound.
    private static func listeners(_ admin: HTTPConnection) throws -> [String: Int] {
        let body = try admin.send("GET /listeners?format=json HTTP/1.1\r\nhost: admin\r\n\r\n").body
        let root = JSONReader.read(body, file: "listeners").documents.first?.root
        var ports: [String: Int] = [:]
        for status in root?["listener_statuses"]?.elements.map(\.self) ?? [] {
            guard let name = status["name"]?.string,
                case .int(let port)? = status["local_address"]?["socket_address"]?["port_value"]?.json
            else { continue }
            ports[name] = Int(port)
        }
        return ports
    }

    /// Where the listener of this name accepts connections.
    func port(of listener: String) -> Int? { bound[listener] }

    /// Where the listener whose own port this is accepts connections.
    func port(ownPort: Int) -> Int? { bootstrap.names[ownPort].flatMap { bound[$0] } }

    /// The own ports of the listeners that are bound, but for those of the proxy itself (15021, 15090).
    var ownPorts: [Int] { bootstrap.names.keys.filter { $0 != 15021 && $0 != 15090 }.sorted() }

    /// All that has been logged, in order, once so many requests and connections have been; both are waited for, for ten
    /// seconds: a request is logged after its answer, a connection after its end, and the file is written now and then.
    func records(requests: Int = 0, connections: Int = 0) throws -> [Record] {
        var records: [Record] = []
        for _ in 0..<400 {
            records = try logged()
            let finished = records.count { !$0.isHTTP }
            if finished >= connections, records.count - finished >= requests { break }
            usleep(25_000)
        }
        return records
    }

    private func logged() throws -> [Record] {
        let lines = try readText(folder.path("access.log")).split(separator: "\n", omittingEmptySubsequences: false)
        // The last one may be half written.
        return lines.dropLast().compactMap { line in
            let root = JSONReader.read(Array(line.utf8), file: "access log").documents.first?.root
            func text(_ key: String) -> String { root?[key]?.string ?? "" }
            guard case .int(let status)? = root?["status"]?.json else { return nil }
            return Record(
                client: text("client").split(separator: ":").last.flatMap { Int($0) } ?? 0, listener: text("listener"),
                status: Int(status), virtualHost: text("virtual_host"), route: text("route"), cluster: text("cluster"),
                flags: text("flags"), details: text("details"), isHTTP: text("kind") == "http")
        }
    }
}

struct EnvoyProblem: Error, CustomStringConvertible { let description: String }

/// Makes an exported bootstrap fit for a test, see `EnvoyRun`.
struct BootstrapRewriter {
    private(set) var root: JSON
    /// The name of the listener with this port of its own, for those that are bound.
    private(set) var names: [Int: String] = [:]
    private let log: String
    private let upstreams: [Int]
    private var endpoints = 0

    init(_ text: String, log: String, upstreams: [Int]) throws {
        guard let parsed = JSONReader.read(Array(text.utf8), file: "bootstrap").documents.first?.root.json else {
            throw EnvoyProblem(description: "the bootstrap is no JSON")
        }
        (root, self.log, self.upstreams) = (parsed, log, upstreams)
        let resources = parsed["static_resources"]
        var listeners: [JSON] = []
        for original in resources?["listeners"]?.array ?? [] { listeners.append(listener(original)) }
        var clusters: [JSON] = []
        for original in resources?["clusters"]?.array ?? [] { clusters.append(cluster(original)) }
        root["static_resources"] = ["listeners": .array(listeners), "clusters": .array(clusters)]
        root["admin"] = ["address": Self.address(0)]
    }

    private static func address(_ port: Int) -> JSON {
        ["socket_address": ["address": "127.0.0.1", "port_value": .int(Int64(port))]]
    }

    private mutating func listener(_ original: JSON) -> JSON {
        var listener = original
        let name = original["name"]?.string ?? ""
        listener["access_log"] = accessLog("connection", listener: name)
        listener["filter_chains"] = original["filter_chains"]?.array.map { .array($0.map { chain($0, name) }) }
        listener["default_filter_chain"] = original["default_filter_chain"].map { chain($0, name) }
        guard original["bind_to_port"] != .bool(false) else { return listener }
        if case .int(let port)? = original["address"]?["socket_address"]?["port_value"] { names[Int(port)] = name }
        listener["address"] = Self.address(0)
        listener["additional_addresses"] = nil
        let type = "type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol"
        let proxyLine: JSON = ["name": "proxy_line", "typed_config": ["@type": .string(type)]]
        listener["listener_filters"] = .array([proxyLine] + (original["listener_filters"]?.array ?? []))
        return listener
    }

    private func chain(_ original: JSON, _ listener: String) -> JSON {
        var chain = original
        chain["filters"] = original["filters"]?.array.map { filters in
            .array(
                filters.map { filter in
                    guard filter["typed_config"]?["@type"]?.string?.hasSuffix("HttpConnectionManager") == true else {
                        return filter
                    }
                    var filter = filter
                    filter["typed_config"]?["access_log"] = accessLog("http", listener: listener)
                    return filter
                })
        }
        return chain
    }

    private func accessLog(_ kind: String, listener: String) -> JSON {
        let format: JSON = [
            "kind": .string(kind), "listener": .string(listener), "client": "%DOWNSTREAM_REMOTE_ADDRESS%",
            "status": "%RESPONSE_CODE%", "virtual_host": "%CEL(xds.virtual_host_name)%", "route": "%ROUTE_NAME%",
            "cluster": "%UPSTREAM_CLUSTER_RAW%", "flags": "%RESPONSE_FLAGS%", "details": "%RESPONSE_CODE_DETAILS%",
        ]
        return [
            [
                "name": "envoy.access_loggers.file",
                "typed_config": [
                    "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
                    "path": .string(log), "log_format": ["json_format": format],
                ],
            ]
        ]
    }

    private mutating func nextUpstream() -> JSON {
        endpoints += 1
        return Self.address(upstreams[(endpoints - 1) % upstreams.count])
    }

    /// Endpoints become upstreams; what would be dialled at the address that the client meant becomes one as well.
    private mutating func cluster(_ original: JSON) -> JSON {
        var cluster = original
        cluster["upstream_bind_config"] = nil
        cluster["transport_socket"] = nil
        cluster["transport_socket_matches"] = nil
        // The upstream speaks HTTP/1.
        if cluster["typed_extension_protocol_options"]?.text().contains("http2_protocol_options") == true {
            cluster["typed_extension_protocol_options"] = nil
        }
        cluster["http2_protocol_options"] = nil
        if original["type"]?.string == "ORIGINAL_DST" {
            cluster["type"] = "STATIC"
            cluster["lb_policy"] = nil
            cluster["original_dst_lb_config"] = nil
            cluster["load_assignment"] = [
                "cluster_name": original["name"] ?? "",
                "endpoints": [["lb_endpoints": [["endpoint": ["address": nextUpstream()]]]]],
            ]
            return cluster
        }
        var groups = original["load_assignment"]?["endpoints"]?.array ?? []
        for group in groups.indices {
            var members = groups[group]["lb_endpoints"]?.array ?? []
            for member in members.indices { members[member]["endpoint"]?["address"] = nextUpstream() }
            groups[group]["lb_endpoints"] = .array(members)
        }
        cluster["load_assignment"]?["endpoints"] = .array(groups)
        return cluster
    }
}

extension JSON {
    /// A member of an object, to be changed in place; `nil` takes it away.
    fileprivate subscript(_ key: String) -> JSON? {
        get { object?[key] }
        set {
            guard case .object(var object) = self else { return }
            object[key] = newValue
            self = .object(object)
        }
    }
}

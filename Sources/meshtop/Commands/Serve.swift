import AdminAPI
import ArgumentParser
import Dispatch
import Documents
import EnvoyModel
import Glibc
import ManifestStore
import MeshModel
import ProxyCore
import ProxyRuntime
import Translation

/// `meshtop serve`: the embedded proxy and its admin API without the UI, until SIGTERM.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the configuration on loopback, with Envoy's admin API, until SIGTERM.")

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "Manifests, as -f gives them.")
    var paths: [String] = []

    @Option(help: ArgumentHelp("Written as soon as all listeners accept.", valueName: "file"))
    var readyFile: String?

    @Option(help: ArgumentHelp("Worker threads.", valueName: "n"))
    var concurrency = 1

    @Flag(help: "Every endpoint is a workload inside meshtop that answers with JSON about the request.")
    var echo = false

    @Flag(help: "As --echo, and on httpbin's paths what httpbin answers.")
    var httpbin = false

    @Option(help: ArgumentHelp("Where endpoints are really reached, a JSON object.", valueName: "file"))
    var endpointMap: String?

    @Option(help: ArgumentHelp("One JSON object a finished request; - is standard output.", valueName: "file"))
    var accessLog: String?

    @Option(help: ArgumentHelp("The admin API's port on 127.0.0.1; 0 takes any.", valueName: "port"))
    var adminPort = 0

    func validate() throws {
        guard (1...256).contains(concurrency) else { throw ValidationError("--concurrency wants 1 to 256") }
        guard (0...65535).contains(adminPort) else { throw ValidationError("--admin-port wants 0 to 65535") }
    }

    func run() async throws {
        let stopSignals = Signals([SIGTERM, SIGINT])
        let manifests = try await ServedManifests(source, paths)
        let server = ProxyServer(options: try serveOptions())
        let snapshots = PublishedSnapshots()
        let proxies = try await manifests.first()
        await snapshots.set(proxies)
        do {
            try await server.start(proxies)
        } catch let error as ServeError {
            throw InputError(error.description)
        }
        let admin = AdminServer(adminSource(server, snapshots, stopSignals))
        let adminAddress: String
        do {
            adminAddress = try await admin.start(port: adminPort)
        } catch {
            throw InputError("cannot listen on 127.0.0.1:\(adminPort) for the admin API: \(error)")
        }
        for line in await server.notServed { Console.error("not served: \(line)") }
        try await announce(server, adminAddress)
        let publishing = Task {
            for await proxies in manifests.changes() {
                await snapshots.set(proxies)
                await server.publish(proxies)
                if readyFile != nil { try? await announce(server, adminAddress) }
            }
        }
        await stopSignals.wait()
        publishing.cancel()
        await server.stop()
        await admin.stop()
    }

    private func serveOptions() throws -> ServeOptions {
        var options = ServeOptions()
        options.concurrency = concurrency
        options.accessLog = accessLog
        if httpbin {
            options.endpoints = .httpbin
        } else if echo {
            options.endpoints = .echo
        } else if let endpointMap {
            let (root, _) = try FileInput.document(endpointMap)
            var map: [String: String] = [:]
            for entry in root.entries { map[entry.key] = entry.value.string ?? "" }
            options.endpoints = .dial(map: map)
        }
        return options
    }

    private func adminSource(
        _ server: ProxyServer, _ snapshots: PublishedSnapshots, _ signals: Signals
    ) -> AdminSource {
        AdminSource(
            version: Meshtop.configuration.version, concurrency: concurrency,
            stats: { await server.stats(of: $0) },
            snapshot: { await snapshots.snapshot(named: $0) },
            lastUpdated: { await snapshots.lastUpdated(named: $0) },
            listeners: { name in
                await server.bindings.filter { name == nil || $0.proxy == name }.map {
                    AdminSource.BoundListener(name: $0.name, address: .socket(socketAddress($0.bound)))
                }
            },
            perform: { command in if command == .quit { signals.raise() } })
    }

    /// Writes where everything listens, whole or not at all.
    private func announce(_ server: ProxyServer, _ admin: String) async throws {
        guard let readyFile else { return }
        var object = JSONObject()
        object.add("admin", .string(admin))
        object.add(
            "listeners",
            .array(
                await server.bindings.map {
                    [
                        "proxy": .string($0.proxy), "name": .string($0.name), "address": .string($0.address),
                        "bound": .string($0.bound),
                    ]
                }))
        try WholeFile.write(JSON.object(object).text() + "\n", to: readyFile)
    }
}

private func socketAddress(_ text: String) -> SocketAddress {
    guard let colon = text.lastIndex(of: ":") else { return SocketAddress(text, 0) }
    return SocketAddress(
        text[..<colon].filter { $0 != "[" && $0 != "]" }, UInt16(text[text.index(after: colon)...]) ?? 0)
}

/// What is being served, for the admin API.
actor PublishedSnapshots {
    private var proxies: [ServedProxy] = []
    private var updates: [String: String] = [:]

    func set(_ proxies: [ServedProxy]) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var text = ByteQueue()
        Timestamp.append(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000, to: &text)
        let time = String(decoding: text.bytes, as: UTF8.self)
        for proxy in proxies {
            let old = self.proxies.first { $0.name == proxy.name }?.snapshot
            if old?.revision != proxy.snapshot.revision || updates[proxy.name] == nil { updates[proxy.name] = time }
        }
        self.proxies = proxies
    }

    /// When the configuration of a proxy became what it is.
    func lastUpdated(named name: String?) -> String { updates[name ?? proxies.first?.name ?? ""] ?? "" }

    func snapshot(named name: String?) -> XDSSnapshot? {
        guard let name else { return proxies.first?.snapshot }
        return proxies.first { $0.name == name }?.snapshot
    }
}

/// Files that appear whole.
enum WholeFile {
    static func write(_ text: String, to path: String) throws {
        let temporary = "\(path).\(getpid()).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw InputError("\(temporary): \(String(cString: strerror(errno)))") }
        let bytes = Array(text.utf8)
        let count = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard count == bytes.count, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw InputError("\(path): \(String(cString: strerror(errno)))")
        }
    }
}

/// Signals as something to wait for. Unchecked because the sources are kept and never touched.
final class Signals: @unchecked Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let sources: [any DispatchSourceSignal]

    init(_ numbers: [Int32]) {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let continuation = continuation
        sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    /// As if one had come.
    func raise() { continuation.yield() }

    func wait() async {
        for await _ in stream { return }
    }
}

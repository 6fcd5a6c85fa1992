import Documents
import MeshModel
import TestSupport
import TrafficEngine
import Translation

@testable import Paths

/// Meshes from texts or samples, and requests through them.
struct Tracing {
    let mesh: MeshSnapshot
    let translation: MeshTranslation
    let tracer: PathTracer

    init(_ yaml: String) { self.init(["Kubernetes": ["mesh.yaml": yaml]], order: ["Kubernetes"]) }

    /// By cluster, the files of each.
    init(_ clusters: [String: [String: String]], order: [String]) {
        var files: [ManifestFile] = []
        for cluster in order {
            for (name, text) in (clusters[cluster] ?? [:]).sorted(by: { $0.key < $1.key }) {
                let path = order.count > 1 ? "\(cluster)/\(name)" : name
                files.append(
                    ManifestFile.read(
                        path: path, cluster: cluster, documents: DocumentReader.read(text, file: path).documents))
            }
        }
        mesh = MeshSnapshot.build(files: files).0
        let translation = MeshTranslation(mesh)
        self.translation = translation
        tracer = PathTracer(mesh, proxies: mesh.proxies) { proxy, _ in
            CompiledSnapshot(translation.configuration(for: proxy).complete)
        }
    }

    /// Folders below `Samples`: one, or one for each cluster.
    init(samples: [String: String], order: [String]) throws {
        var clusters: [String: [String: String]] = [:]
        for (cluster, sample) in samples {
            let folder = packageRoot + "/Samples/" + sample
            for name in try names(in: folder) where name.hasSuffix(".yaml") {
                clusters[cluster, default: [:]][name] = try readText(folder + "/" + name)
            }
        }
        self.init(clusters, order: order)
    }

    init(sample: String) throws { try self.init(samples: ["Kubernetes": sample], order: ["Kubernetes"]) }

    static func request(
        _ url: String, host: String? = nil, headers: [(String, String)] = [], tls: ConnectionAttempt.Transport? = nil
    ) -> (request: SyntheticRequest, host: String, port: Int) {
        let isTLS = url.hasPrefix("https://")
        let rest = url.drop { $0 != "/" }.dropFirst(2)
        let authority = String(rest.prefix { $0 != "/" })
        let path = String(rest.dropFirst(authority.count))
        let pieces = authority.split(separator: ":").map(String.init)
        var request = SyntheticRequest()
        request.path = path.isEmpty ? "/" : path
        request.authority = host ?? authority
        request.transport = tls ?? (isTLS ? .tls : .plaintext)
        request.serverName = request.transport == .plaintext ? "" : (host ?? pieces[0])
        request.headers = headers.map { SyntheticRequest.Header($0.0, $0.1) }
        request.sourceIP = DestinationResolver.outsideAddress
        return (request, pieces[0], pieces.count > 1 ? Int(pieces[1]) ?? 0 : isTLS ? 443 : 80)
    }

    func path(
        _ url: String, host: String? = nil, headers: [(String, String)] = [], from caller: PathCaller = .outside
    ) throws -> RequestPath {
        let (request, address, port) = Self.request(url, host: host, headers: headers)
        return try tracer.trace(request, host: address, port: port, caller: caller, chosen: nil).0
    }

    func proxy(_ workload: String, cluster: String? = nil) -> ProxyNode? {
        mesh.proxies.first {
            ($0.workload == workload || $0.name == workload) && (cluster == nil || $0.cluster == cluster)
        }
    }
}

extension RequestPath {
    var status: Int? { trace.response?.status }
    var server: String? { trace.response?.headers.first { $0.name == "server" }?.value }
    var kinds: String { hops.map(\.kind.rawValue).joined(separator: " > ") }
    var codes: Set<String> { Set(problems.compactMap(\.code)) }

    func hop(_ kind: PathHop.Kind) -> PathHop? { hops.first { $0.kind == kind } }
}

/// The files of a sample.
enum SampleText {
    static func files(_ sample: String) throws -> [String: String] {
        let folder = packageRoot + "/Samples/" + sample
        var result: [String: String] = [:]
        for name in try names(in: folder) where name.hasSuffix(".yaml") {
            result[name] = try readText(folder + "/" + name)
        }
        return result
    }
}

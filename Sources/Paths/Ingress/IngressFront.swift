import Documents
import MeshModel
import TrafficEngine

/// An HTTP load balancer that Ingress objects describe and that is not Istio's: a cloud's, or a controller in the cluster.
protocol IngressFront: Sendable {
    /// What the ladder calls it.
    var name: String { get }
    var kind: PathHop.Kind { get }
    var cluster: String { get }
    var source: SourceReference { get }
    /// The hosts of its rules; an empty one stands for all.
    var hosts: [String] { get }

    /// What it does with a request that arrives on a port of it. `hop` takes what is worth saying.
    func decide(_ request: SyntheticRequest, port: Int, hop: inout PathHop) -> FrontDecision
    /// The request as it leaves, for a backend.
    func forwarded(_ request: SyntheticRequest, port: Int, to backend: FrontBackend) -> SyntheticRequest
    /// The answer to the client when the backend gave none.
    func answer(to failure: FrontFailure) -> TraceResponse
    /// The backend's answer as the client gets it.
    func returned(_ response: TraceResponse) -> TraceResponse
    /// What it does to the `server` header of a backend's answer.
    var server: ServerHeader { get }
    /// The health check that it makes of a backend; `nil` where it makes none.
    func healthCheck(of backend: FrontBackend, in index: FrontContext) -> HealthCheck?

    /// Where clients come in.
    var entrances: [FrontEntrance] { get }
    /// A request for each of its rules.
    var witnesses: [FrontWitness] { get }
    /// How it is told to dial Services of the mesh by their names; `nil` where it cannot be told.
    var serviceAdvice: String? { get }
}

extension IngressFront {
    var serviceAdvice: String? { nil }
}

/// A port that a front listens on.
struct FrontEntrance: Hashable, Sendable {
    var port: Int
    var isTLS: Bool

    /// HTTP, and HTTPS where there is a certificate.
    static func usual(withTLS: Bool) -> [FrontEntrance] {
        [FrontEntrance(port: 80, isTLS: false)] + (withTLS ? [FrontEntrance(port: 443, isTLS: true)] : [])
    }
}

extension Ingress {
    /// The hosts that it has rules for; an empty one stands for all.
    var hosts: [String] { rules.map(\.host) + (defaultBackend == nil ? [] : [""]) }
}

/// What becomes of a request at a front.
enum FrontDecision: Sendable {
    /// Nothing listens on that port.
    case refused(String)
    /// The TLS handshake comes to nothing.
    case reset(String)
    case answered(TraceResponse)
    case forward(FrontBackend)
}

/// Why no answer came from a backend.
enum FrontFailure: Sendable {
    /// The connection was refused.
    case refused
    /// The connection was closed before an answer.
    case reset
    /// There is nothing to send to.
    case noTargets
}

/// Where a front sends a request.
struct FrontBackend: Sendable {
    enum Target: Sendable {
        /// It dials Pods itself.
        case pods
        /// It dials a node port of any node.
        case nodePort
        /// It dials the Service's address and leaves the choice to whoever takes the connection.
        case service
    }

    var service: Service
    var port: Service.Port
    var target: Target
    var transport = ConnectionAttempt.Transport.plaintext
    var application = ConnectionAttempt.ApplicationProtocol.http
    /// Replaces the Host.
    var host: String?
    /// Replaces the path, its query aside.
    var path: String?
    var ingress: Ingress?
    /// The rule that chose it.
    var rule: SourceReference
}

/// What fronts look things up in.
struct FrontContext: Sendable {
    let mesh: MeshSnapshot
    let book: AddressBook
    let manifests: ManifestIndex

    /// The Service of an Ingress backend, and its port.
    func backend(_ backend: Ingress.Backend, of ingress: Ingress) -> (service: Service, port: Service.Port)? {
        guard
            let service = book.service(
                backend.serviceName, namespace: ingress.namespace, cluster: ingress.meta.cluster),
            service.namespace == ingress.namespace, let port = service.port(backend.servicePort)
        else { return nil }
        return (service, port)
    }
}

extension Service {
    /// A port by number or name; the only one where none is asked for.
    func port(_ reference: PortReference?) -> Port? {
        switch reference {
        case .number(let number): ports.first { $0.port == number }
        // Old manifests write numbers in quotes.
        case .name(let name): ports.first { $0.name == name } ?? ports.first { "\($0.port)" == name }
        case nil: ports.count == 1 ? ports.first : nil
        }
    }
}

extension TraceResponse {
    /// An answer that a load balancer writes by itself.
    static func written(
        _ status: Int, server: String?, body: String = "", contentType: String = "text/html", location: String? = nil
    ) -> TraceResponse {
        var response = TraceResponse()
        response.status = status
        if let server { response.headers.append(SyntheticRequest.Header("server", server)) }
        if let location { response.headers.append(SyntheticRequest.Header("location", location)) }
        response.headers.append(SyntheticRequest.Header("content-type", contentType))
        response.headers.append(SyntheticRequest.Header("content-length", "\(body.utf8.count)"))
        response.body = body
        return response
    }

    /// The `server` header as a hop leaves it.
    func passing(_ server: ServerHeader) -> TraceResponse {
        var response = self
        switch server {
        case .untouched: break
        case .removes: response.headers.removeAll { $0.name == "server" }
        case .overwrites(let name):
            if let index = response.headers.firstIndex(where: { $0.name == "server" }) {
                response.headers[index].value = name
            } else {
                response.headers.append(SyntheticRequest.Header("server", name))
            }
        }
        return response
    }
}

extension SyntheticRequest {
    /// The request to a backend, before a front's own headers: another connection, with the Host and path that are asked for.
    func redirected(to backend: FrontBackend) -> SyntheticRequest {
        var next = self
        next.reconnect(over: backend.transport)
        next.application = backend.application
        if let host = backend.host { next.authority = host }
        if let path = backend.path { next.path = path + (query.map { "?\($0)" } ?? "") }
        return next
    }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    mutating func set(_ name: String, _ value: String) {
        if let index = headers.firstIndex(where: { $0.name.lowercased() == name }) {
            headers[index].value = value
            headers.removeAll { $0.name.lowercased() == name && $0.value != value }
        } else {
            headers.append(Header(name, value))
        }
    }

    mutating func append(_ name: String, _ value: String) {
        set(name, header(name).map { $0.isEmpty ? value : "\($0), \(value)" } ?? value)
    }

    var isTLS: Bool { transport != .plaintext }

    /// The path without its query.
    var plainPath: String {
        String(path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? "/")
    }

    var query: String? {
        path.firstIndex(of: "?").map { String(path[path.index(after: $0)...]) }
    }

    /// The Host without its port, in lower case.
    var hostName: String {
        let host = (authority ?? "").lowercased()
        if host.hasPrefix("[") { return String(host.prefix { $0 != "]" }) + "]" }
        return String(host.prefix { $0 != ":" })
    }
}

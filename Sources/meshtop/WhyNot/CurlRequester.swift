import CurlCommand
import MeshModel
import Paths
import Presentation
import TrafficEngine
import WhyNot

/// Replays a curl line; a changed one is written out and read again, so that what is shown is what was tried.
final class CurlRequester: Requester {
    private let search: WhyNotSearch
    private let settings: ReplaySettings
    private let transfer: CurlTransfer
    private let caller: CurlInvocation.Caller?
    private var replays: [(MeshState, LineReplay)] = []
    /// What became of the line as it is: where it goes first, and as which request.
    private var first: Attempt?
    /// The proxy that it goes to, where that is known already.
    private let proxy: ProxyNode?

    init(
        _ search: WhyNotSearch, _ settings: ReplaySettings, _ transfer: CurlTransfer, caller: CurlInvocation.Caller?,
        proxy: ProxyNode? = nil
    ) {
        self.search = search
        self.settings = settings
        self.transfer = transfer
        self.caller = caller
        self.proxy = proxy
    }

    func attempt(_ changes: [RequestChange], in state: MeshState) -> Attempt {
        let replay = replay(in: state)
        let sent = changes.isEmpty ? transfer : again(changes)
        guard let sent, let results = try? replay.run(sent, caller: caller, id: "1"), let last = results.last else {
            return Attempt(problem: "the line cannot be replayed", source: nil)
        }
        guard let trace = last.answer.trace, let proxy = last.destination?.proxy else {
            if let attempt = behindFront(last, replay.loaded) { return attempt }
            return Attempt(
                problem: last.answer.problem?.message ?? "there is no answer", source: last.answer.problem?.source)
        }
        let attempt = Attempt(proxy: proxy, trace: trace)
        if first == nil { first = attempt }
        return attempt
    }

    /// What the first proxy makes of a request that a load balancer hands on.
    private func behindFront(_ result: LineReplay.Result, _ loaded: LoadedConfiguration) -> Attempt? {
        guard let trace = result.path?.firstTrace, let hop = trace.hops.first,
            let proxy = loaded.proxies.first(where: { $0.id == hop.proxy && $0.cluster == hop.clusterName })
        else { return nil }
        return Attempt(proxy: proxy, trace: trace)
    }

    func text(_ changes: [RequestChange]) -> String {
        CurlPrinter(style: .short).line(changes.isEmpty ? transfer : transfer.changed(by: changes, in: search.loaded))
    }

    /// The line with changes, read as the user would give it.
    private func again(_ changes: [RequestChange]) -> CurlTransfer? {
        let line = text(changes)
        guard let script = try? CurlScript.parse(line, context: LineReplay.context(search.loaded.mesh)) else {
            return nil
        }
        return script.transfers.first
    }

    private func replay(in state: MeshState) -> LineReplay {
        if let known = replays.first(where: { $0.0 === state }) { return known.1 }
        let seen = transfer.redirects.follows ? nil : first?.trace?.request
        let made = LineReplay(search.configuration(state, of: first?.proxy ?? proxy, seenBy: seen), settings)
        // The state that is asked about is asked often, those with changes once.
        if replays.count > 1 { replays.removeLast() }
        replays.append((state, made))
        return made
    }
}

extension CurlTransfer {
    /// The line with parts of its request changed.
    func changed(by changes: [RequestChange], in loaded: LoadedConfiguration) -> CurlTransfer {
        var result = self
        for change in changes { result.apply(change, loaded) }
        return result
    }

    private mutating func apply(_ change: RequestChange, _ loaded: LoadedConfiguration) {
        switch change {
        case .host(let host):
            // Of a TLS line the name is in the address: it is the SNI too.
            if request.isTLS { rename(host) } else { setHost(host) }
        case .serverName(let host): rename(host)
        case .path(let path):
            request.url.path = path
            request.target = request.url.target
        case .query(let name, let value):
            let kept = (request.url.query ?? "").split(separator: "&").filter {
                $0 != name && !$0.hasPrefix(name + "=")
            }
            request.url.query = (kept.map(String.init) + ["\(name)=\(value)"]).joined(separator: "&")
            request.target = request.url.target
        case .method(let method):
            output.isHeadOnly = method == "HEAD"
            redirects.customMethod = method != "GET" && method != "HEAD"
            request.method = method
        case .header(let name, let value):
            request.headers.removeAll { $0.name.lowercased() == name.lowercased() }
            request.headers.append(CurlRequest.Header(name, value))
        case .removeHeader(let name): request.headers.removeAll { $0.name.lowercased() == name.lowercased() }
        case .port(let port):
            let dialled = loaded.servicePort(ofTarget: port)
            request.url.explicitPort = dialled == (request.isTLS ? 443 : 80) ? nil : dialled
            request.connection.port = dialled
        case .transport(let transport):
            let port = request.connection.port
            request.url.scheme = transport == .plaintext ? "http" : "https"
            request.url.explicitPort = port == (request.isTLS ? 443 : 80) ? nil : port
            if transport == .plaintext {
                request.connection.sni = nil
                request.connection.alpn = []
            } else {
                rename(request.authority?.withoutPort ?? request.url.host)
            }
        case .certificate(let file): request.connection.clientCertificate = file
        case .application: break
        }
    }

    private mutating func setHost(_ host: String) {
        let index = request.headers.firstIndex { $0.name.lowercased() == "host" }
        let header = CurlRequest.Header("Host", host)
        if let index { request.headers[index] = header } else { request.headers.insert(header, at: 0) }
    }

    /// Asks for another name at the same address: `--resolve`.
    private mutating func rename(_ host: String) {
        let address = request.connection.addresses.first ?? request.connection.host
        request.url.host = host
        request.url.isIPv6 = false
        request.connection.host = host
        request.connection.addresses = [address]
        if request.isTLS {
            request.connection.sni = host
            if request.connection.alpn.isEmpty { request.connection.alpn = ["h2", "http/1.1"] }
        }
        setHost(request.url.hostHeader)
    }
}

extension LoadedConfiguration {
    /// The port that is dialled to get to a gateway's port: that of a Service in front of it.
    func servicePort(ofTarget port: Int) -> Int {
        guard let mesh else { return port }
        for proxy in proxies where proxy.type == .gateway {
            for service in mesh.services(inNamespace: proxy.namespace) {
                guard let selector = service.selector, !selector.isEmpty,
                    selector.allSatisfy({ proxy.labels[$0.key] == $0.value })
                else { continue }
                if let found = service.ports.first(where: { ($0.targetPort?.number ?? $0.port) == port }) {
                    return found.port
                }
            }
        }
        return port
    }
}

import CurlCommand
import Documents
import EnvoyModel
import MeshModel
import Presentation
import TrafficEngine
import WhyNot

/// Curl lines for rows of a proxy's tables: each was read again and replayed, and its row took it.
struct CurlWitness {
    let loaded: LoadedConfiguration
    let proxy: ProxyNode
    private let query: ReverseQuery

    init?(_ loaded: LoadedConfiguration, _ proxy: ProxyNode) {
        guard let mesh = loaded.mesh, let translation = loaded.translation else { return nil }
        self.loaded = loaded
        self.proxy = proxy
        query = ReverseQuery(proxy, in: MeshState(mesh, translation: translation))
    }

    /// What is known of one row.
    struct Found {
        let row: Row
        /// `nil`: no request takes the row.
        var line: String?
        /// Why there is no line.
        var problem: String?

        var source: SourceReference? { row.sources.first }
    }

    func rows(named name: String) -> [Row] { query.rows(named: name) }

    func row(table: String, host: String, position: Int) -> Row? {
        query.rows.first { $0.virtualHost?.name == host && $0.position == position && $0.isIn(table: table) }
    }

    func found(_ row: Row) -> Found {
        switch query.answer(for: row) {
        case .impossible(let why): return Found(row: row, problem: why)
        case .hidden(let other, _):
            let place = other.sources.first?.location.map { " at \($0.file):\($0.line)" } ?? ""
            return Found(row: row, problem: "cannot be hit: hidden by \(other.words)\(place)")
        case .request(let request):
            guard request.application != .tcp else {
                return Found(row: row, problem: "it forwards TCP: curl cannot show it")
            }
            let line = line(for: request)
            return isTaken(line, request)
                ? Found(row: row, line: line) : Found(row: row, problem: "curl cannot send such a request: \(line)")
        }
    }

    /// Sends what the line says, and compares it with the request that was meant.
    private func isTaken(_ line: String, _ request: SyntheticRequest) -> Bool {
        var settings = ReplaySettings()
        settings.proxy = proxy.id
        guard let script = try? CurlScript.parse(line, context: LineReplay.context(loaded.mesh)),
            let transfer = script.transfers.first,
            let result = try? LineReplay(loaded, settings).run(transfer, caller: nil, id: "1").first,
            let hop = result.answer.trace?.hops.first
        else { return false }
        let meant = simulate(request, with: query.compiled, proxy: proxy.id).hops.first
        return hop.virtualHost?.name == meant?.virtualHost?.name && hop.route == meant?.route
            && hop.listener?.name == meant?.listener?.name
    }

    private func line(for request: SyntheticRequest) -> String {
        var words = ["curl"]
        if request.method == "HEAD" {
            words.append("-I")
        } else if request.method != "GET" {
            words += ["-X", request.method]
        }
        let host = request.authority?.withoutPort ?? ""
        let (address, port) = entrance(Int(request.port), request)
        for header in request.headers { words += ["-H", ShellQuoting.always("\(header.name): \(header.value)")] }
        let isTLS = request.transport != .plaintext
        let shownPort = port == (isTLS ? 443 : 80) ? "" : ":\(port)"
        if isTLS {
            let name = request.serverName.isEmpty ? host : request.serverName
            words += ["-k", "--resolve", "\(name):\(port):\(address)"]
            if name != host { words += ["-H", ShellQuoting.always("Host: \(host)")] }
            words.append(ShellQuoting.always("https://\(name)\(shownPort)\(request.path)"))
        } else if proxy.type == .sidecar {
            words.append(ShellQuoting.always("http://\(host)\(shownPort)\(request.path)"))
        } else {
            words += ["-H", ShellQuoting.always("Host: \(host)")]
            words.append(ShellQuoting.always("http://\(address)\(shownPort)\(request.path)"))
        }
        return words.joined(separator: " ")
    }

    /// The address and port that are dialled to get to a gateway's port.
    private func entrance(_ port: Int, _ request: SyntheticRequest) -> (String, Int) {
        guard proxy.type == .gateway, let mesh = loaded.mesh else { return (request.address, port) }
        for service in mesh.services(inNamespace: proxy.namespace) {
            guard let selector = service.selector, !selector.isEmpty,
                selector.allSatisfy({ proxy.labels[$0.key] == $0.value }),
                let found = service.ports.first(where: { ($0.targetPort?.number ?? $0.port) == port })
            else { continue }
            let address =
                service.loadBalancerIngress.lazy.compactMap { $0.ip ?? $0.hostname }.first ?? service.externalIPs.first
            if let address { return (address, found.port) }
        }
        return (proxy.ipAddresses.first ?? "127.0.0.1", port)
    }
}

extension Row {
    /// Whether the row stands in a route configuration of that name.
    fileprivate func isIn(table: String) -> Bool {
        chain.filters.contains { filter in
            guard case .httpConnectionManager(let manager) = filter.config else { return false }
            switch manager.routeSource {
            case .rds(let name): return name == table
            case .inline(let configuration): return configuration.name == table
            case .scoped, .none: return false
            }
        }
    }
}

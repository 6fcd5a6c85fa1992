import Documents
import EnvoyModel
package import TrafficEngine

/// What changes in a proxy's behaviour between two configurations.
///
/// The search takes the literals of both configurations apart (`ConnectionSpace`, `RequestSpace`) and asks the engine about each
/// combination, so that every class of requests that a condition can tell apart is asked at least once. Regular expressions are told apart by
/// samples only: `notes` says so where two of them could differ in between.
package struct ProxyComparison: Sendable {
    /// A class of requests whose outcome changes, by one of them.
    package struct Change: Sendable {
        package var witness: SyntheticRequest
        package var before: Outcome
        package var after: Outcome

        /// The names of the values that differ, in a fixed order.
        package var changed: [String] {
            Set(before.values.keys).union(after.values.keys).filter { before.values[$0] != after.values[$0] }.sorted {
                (Self.rank($0), $0) < (Self.rank($1), $1)
            }
        }

        private static let order = [
            "error", "status", "flags", "details", "redirect", "clusters", "authority", "path", "method",
        ]
        private static func rank(_ name: String) -> Int { order.firstIndex(of: name) ?? order.count }
    }

    /// Settings of a listener's connection manager, or of a cluster, that differ: name → before and after.
    package struct SettingsChange: Sendable {
        package var subject: String
        package var values: [(name: String, before: String?, after: String?)]
    }

    package struct Options: Sendable {
        /// Whether other endpoints of the same cluster are another outcome.
        package var comparesEndpoints = false
        /// Combinations that are asked for one path.
        package var limit = 4096
        /// What stands for the proxy's own address.
        package var address = "127.0.0.1"

        package init() {}
    }

    package private(set) var changes: [Change] = []
    package private(set) var settings: [SettingsChange] = []
    package private(set) var notes: [String] = []

    private let old: CompiledSnapshot
    private let new: CompiledSnapshot
    private let options: Options
    private let changedClusters: Set<String>
    private var keys: [ChangeKey: Int] = [:]

    package init(
        old: CompiledSnapshot, new: CompiledSnapshot, modes: [ConnectionAttempt.Mode], options: Options = Options()
    ) {
        self.old = old
        self.new = new
        self.options = options
        let clusters = ClusterComparison(old.snapshot, new.snapshot, options)
        changedClusters = clusters.changed
        settings = clusters.settings
        for mode in modes { compare(mode) }
        changes.sort { ($0.witness.port, $0.witness.path.count) < ($1.witness.port, $1.witness.path.count) }
    }

    package var isEmpty: Bool { changes.isEmpty && settings.isEmpty }

    /// Whether a request's change, found by other means, is one of those that were found here.
    package func covers(_ request: SyntheticRequest, proxy: String = "") -> Bool {
        let (before, after) = run(request)
        return before.outcome == after.outcome || keys[ChangeKey(before, after)] != nil
    }

    // MARK: Connections

    private mutating func compare(_ mode: ConnectionAttempt.Mode) {
        var known: Set<ConnectionKey> = []
        for attempt in ConnectionSpace(old, new, mode: mode, address: options.address).attempts {
            var silent = Explanation()
            let before = old.connect(attempt, trace: &silent)
            let after = new.connect(attempt, trace: &silent)
            guard known.insert(ConnectionKey(attempt, before, after)).inserted else { continue }
            compare(attempt, before.error == nil ? before.chain : nil, after.error == nil ? after.chain : nil)
        }
    }

    private struct ConnectionKey: Hashable {
        let transport: ConnectionAttempt.Transport
        let certificate: ClientCertificate?
        let before, after: ObjectIdentifier?
        let errors: [ConnectionError?]
        let port: UInt16

        init(_ attempt: ConnectionAttempt, _ before: ConnectionChoice, _ after: ConnectionChoice) {
            transport = attempt.transport
            certificate = attempt.certificate
            port = attempt.port
            self.before = before.chain.map { ObjectIdentifier($0) }
            self.after = after.chain.map { ObjectIdentifier($0) }
            errors = [before.error, after.error]
        }
    }

    private mutating func compare(
        _ attempt: ConnectionAttempt, _ before: CompiledFilterChain?, _ after: CompiledFilterChain?
    ) {
        let base = SyntheticRequest(attempt)
        let (managerBefore, managerAfter) = (before?.manager, after?.manager)
        guard managerBefore != nil || managerAfter != nil else {
            ask(base)
            return
        }
        if let managerBefore, let managerAfter {
            compareSettings(managerBefore, managerAfter, listener: "port \(attempt.port)")
        }
        let isAlike = managerBefore.map { before in managerAfter.map { before.isLike($0) } ?? false } ?? false
        var known: Set<[ObjectIdentifier?]> = []
        for host in hosts(managerBefore, managerAfter) {
            let virtualHosts = [managerBefore?.virtualHost(of: host), managerAfter?.virtualHost(of: host)]
            let key = virtualHosts.map { $0.map { ObjectIdentifier($0) } }
            let looksAtHost = virtualHosts.contains { $0?.looksAtAuthority ?? false }
            guard known.insert(key).inserted || looksAtHost else { continue }
            if isAlike, let first = virtualHosts[0], let second = virtualHosts[1],
                first.isLike(second), first.clusterNames.isDisjoint(with: changedClusters)
            {
                continue
            }
            var request = base
            request.authority = host
            let space = RequestSpace(virtualHosts[0], virtualHosts[1], base: request, limit: options.limit)
            if space.isCut { note("virtual host of \(host): too many combinations of conditions, they were sampled") }
            noteExpressions(virtualHosts, host)
            for request in space.requests { ask(request) }
        }
    }

    /// A host for every domain, and one that is none.
    private func hosts(_ before: CompiledConnectionManager?, _ after: CompiledConnectionManager?) -> [String] {
        var result: [String] = []
        var known: Set<String> = []
        let domains = [before, after].compactMap { $0?.routes?.virtualHosts.flatMap(\.value.domains) }.joined()
        for domain in Array(domains) + ["unknown.invalid"] {
            let host =
                domain == "*"
                ? "unknown.invalid"
                : domain.hasPrefix("*")
                    ? "witness" + domain.dropFirst() : domain.hasSuffix("*") ? domain.dropLast() + "witness" : domain
            if known.insert(host).inserted { result.append(host) }
        }
        return result
    }

    private mutating func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    private mutating func noteExpressions(_ virtualHosts: [CompiledVirtualHost?], _ host: String) {
        let expressions = virtualHosts.map { Set($0?.routes.flatMap(\.value.match.expressions) ?? []) }
        if expressions[0] != expressions[1] {
            note("virtual host of \(host): regular expressions changed; they are compared on samples")
        }
    }

    // MARK: Requests

    private struct Asked {
        let outcome: Outcome
        let route: String
    }

    private func run(_ request: SyntheticRequest) -> (Asked, Asked) {
        let traces = [old, new].map { simulate(request, with: $0, proxy: "") }
        let asked = traces.map { trace in
            Asked(
                outcome: Outcome(trace, comparesEndpoints: options.comparesEndpoints),
                route: trace.hops.first.map { hop in
                    let place = hop.steps.last { $0.stage == .route && $0.matched }?.position
                    return "\(hop.virtualHost?.name ?? "") \(place ?? -1)"
                } ?? "")
        }
        return (asked[0], asked[1])
    }

    private mutating func ask(_ request: SyntheticRequest) {
        let (before, after) = run(request)
        guard before.outcome != after.outcome else { return }
        let key = ChangeKey(before, after)
        let change = Change(witness: request, before: before.outcome, after: after.outcome)
        if let place = keys[key] {
            if request.cost < changes[place].witness.cost { changes[place] = change }
        } else {
            keys[key] = changes.count
            changes.append(change)
        }
    }

    /// What makes two changes the same class: the routes before and after, and what differs. How a path or an address is rewritten depends on
    /// the request and is compared by name only.
    private struct ChangeKey: Hashable {
        private let routes: [String]
        private let values: [String]
        private static let relative: Set<String> = [
            "path", "redirect", "authority", "method", "request_headers", "response_headers", "body",
        ]

        init(_ before: Asked, _ after: Asked) {
            routes = [before.route, after.route]
            let names = Set(before.outcome.values.keys).union(after.outcome.values.keys).sorted()
            values = names.compactMap { name in
                let (left, right) = (before.outcome.values[name], after.outcome.values[name])
                if left == right { return nil }
                return Self.relative.contains(name) ? name : "\(name) \(left ?? "") > \(right ?? "")"
            }
        }
    }

    private mutating func compareSettings(
        _ before: CompiledConnectionManager, _ after: CompiledConnectionManager, listener: String
    ) {
        let values = SettingsDifference.between(before.value.settingsJSON, after.value.settingsJSON)
        guard !values.isEmpty, !settings.contains(where: { $0.subject == listener }) else { return }
        settings.append(SettingsChange(subject: listener, values: values))
    }
}

extension SyntheticRequest {
    /// A request on a connection.
    fileprivate init(_ attempt: ConnectionAttempt) {
        self.init()
        address = attempt.address
        port = attempt.port
        sourceIP = attempt.sourceAddress
        transport = attempt.transport
        clientCertificate = attempt.certificate.map { _ in "client.pem" }
        certificateTrust = attempt.certificate?.trustedBy
        scheme = attempt.transport == .plaintext ? "http" : "https"
        application = attempt.application
        mode = attempt.mode
        serverName = attempt.serverName
        alpn = attempt.applicationProtocols
        authority = attempt.serverName.isEmpty ? "unknown.invalid" : attempt.serverName
    }

    /// The simplest witness is shown.
    fileprivate var cost: Int { headers.count * 64 + path.utf8.count + (method == "GET" ? 0 : 32) }
}

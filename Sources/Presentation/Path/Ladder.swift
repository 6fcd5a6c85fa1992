package import Documents
package import Paths
package import TrafficEngine

/// The path of a request as a ladder: a rung for each hop, lines below it for what is worth saying.
package struct Ladder: Hashable, Sendable {
    /// One hop.
    package struct Rung: Hashable, Sendable {
        package var kind: String
        package var name: String
        package var cluster: String
        /// `0.0.0.0_8080`, `node port 31246 -> port 80 -> target port 8080`.
        package var ports: String
        package var address: String
        /// What arrives and what leaves: `TLS ends here`, `plaintext`.
        package var arrives: String
        package var sends: String
        package var source: SourceReference?
        /// The request as it arrives, name and value.
        package var request: [Field]
        /// Headers that it changes on the way in.
        package var changes: [Field]
        package var facts: [PathFact]
        /// Whether it wrote the answer.
        package var answers: Bool
        package var server: String

        package var verdict: PathFact.Verdict {
            if facts.contains(where: { $0.verdict == .bad }) { return .bad }
            return facts.contains { $0.verdict == .warning } ? .warning : .good
        }
    }

    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var mode: String
    package var rungs: [Rung]
    package var health: [HealthReport]
    /// `chained, 5 hops, 2 clusters`.
    package var summary: String

    package init(_ path: RequestPath) {
        mode = path.mode.rawValue
        let clusters = Set(path.hops.map(\.cluster).filter { !$0.isEmpty })
        rungs = path.hops.enumerated().map { index, hop in
            Rung(hop, answers: path.answeredBy == index, namesCluster: clusters.count > 1)
        }
        health = path.health
        var words = ["\(path.mode.rawValue)", Self.count(path.hops.count, "hop")]
        if clusters.count > 1 { words.append(Self.count(clusters.count, "cluster")) }
        let problems = path.problems.count { $0.verdict == .bad }
        if problems > 0 { words.append(Self.count(problems, "problem")) }
        let warnings = path.problems.count - problems
        if warnings > 0 { words.append(Self.count(warnings, "warning")) }
        summary = words.joined(separator: ", ")
    }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}

extension Ladder.Rung {
    init(_ hop: PathHop, answers: Bool, namesCluster: Bool) {
        kind = hop.kind.rawValue
        name = hop.name.sanitizedForTerminal
        cluster = namesCluster ? hop.cluster.sanitizedForTerminal : ""
        address = hop.address.sanitizedForTerminal
        ports = hop.ports.map { $0.words }.joined(separator: " -> ").sanitizedForTerminal
        arrives = hop.kind == .client ? "" : hop.tls.rawValue
        sends = hop.sends.map(\.rawValue) ?? ""
        source = hop.source
        request = hop.arrives.map(Self.fields) ?? []
        changes = hop.changes.map { change in
            let value = change.after ?? "(taken away)"
            return Ladder.Field(
                change.name,
                change.before.map { "\($0) -> \(value)" }?.sanitizedForTerminal ?? value.sanitizedForTerminal)
        }
        facts = hop.facts.map { fact in
            var fact = fact
            fact.text = fact.text.sanitizedForTerminal
            return fact
        }
        self.answers = answers
        server =
            switch hop.server {
            case .untouched: ""
            case .overwrites(let name): "writes server: \(name)"
            case .removes: "takes the server header away"
            }
    }

    /// What is told of a request that arrives, the rest of its headers aside.
    private static func fields(_ request: SyntheticRequest) -> [Ladder.Field] {
        var fields = [
            Ladder.Field("request", "\(request.method) \(request.path)"),
            Ladder.Field("host", request.authority ?? "(none)"),
        ]
        if !request.serverName.isEmpty { fields.append(Ladder.Field("sni", request.serverName)) }
        if request.transport != .plaintext, !request.alpn.isEmpty {
            fields.append(Ladder.Field("alpn", request.alpn.joined(separator: ", ")))
        }
        fields.append(Ladder.Field("source", request.sourceIP))
        let name: String =
            switch request.application {
            case .http: "HTTP/1.1"
            case .http2: "HTTP/2"
            case .tcp: "TCP"
            }
        fields.append(
            Ladder.Field("speaks", request.transport == .plaintext ? name : "\(name) in \(request.transport.words)"))
        for header in request.headers where header.name.lowercased().hasPrefix("x-forwarded-") {
            fields.append(Ladder.Field(header.name.lowercased(), header.value))
        }
        return fields.map { Ladder.Field($0.name, $0.value.sanitizedForTerminal) }
    }
}

extension ConnectionAttempt.Transport {
    package var words: String {
        switch self {
        case .plaintext: "plaintext"
        case .tls: "TLS"
        case .mtls: "mTLS"
        }
    }
}

extension PathPort {
    /// Listeners have names of their own, which hold the number.
    fileprivate var words: String { name.contains("_") || name == "virtualInbound" ? name : "\(name) \(number)" }
}

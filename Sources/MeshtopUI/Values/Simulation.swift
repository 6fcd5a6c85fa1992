package import Presentation
package import TrafficEngine

/// What became of a request that was tried: the request as it was understood, each step, the answer.
package struct Simulation: Hashable, Sendable {
    /// Where the request can end.
    package struct Share: Hashable, Sendable {
        package var cluster: String
        package var endpoint: String
        package var share: Double

        package init(cluster: String, endpoint: String, share: Double) {
            self.cluster = cluster
            self.endpoint = endpoint
            self.share = share
        }
    }

    /// The line as it was typed.
    package var line: String
    /// The request as it goes over the wire, head only.
    package var request: [String] = []
    /// The steps and what they came to, in `Presentation`'s words.
    package var explanation: [ExplanationLine] = []
    /// 0: none.
    package var status = 0
    package var flags = "-"
    package var details = ""
    /// Status line and headers as predicted.
    package var response: [String] = []
    /// The endpoint, where one is chosen.
    package var endpoint = ""
    package var shares: [Share] = []
    /// Where so many of them in a row went, by endpoint; empty for one.
    package var picks: [String: Int] = [:]
    /// Every hop of the way; `nil` where it leads nowhere.
    package var ladder: Ladder?
    /// Status line and headers that the embedded proxy really answered, when it was sent.
    package var observed: [String] = []
    /// Everything that would bring it where it was meant to go, and the patch of the smallest fix.
    package var proposals: [String] = []
    /// The smallest fix of the manifests, for `patch -p0`; empty without one.
    package var patch = ""
    /// Why the line could not be understood; everything else is empty then.
    package var error: String?
    package var occasion = Occasion.asked

    /// Why it was tried.
    package enum Occasion: Hashable, Sendable {
        /// The user wanted it.
        case asked
        /// Nobody has asked for anything yet: something to look at.
        case example
        /// What is on the screen, tried again since the manifests have changed.
        case refreshed
    }

    package init(line: String, error: String? = nil) {
        self.line = line
        self.error = error
    }

    /// What the simulator screen shows of a trace.
    package init(line: String, trace: TrafficTrace?, explanation: RequestExplanation) {
        self.line = line
        self.explanation = explanation.lines.filter { $0.kind != .request || $0.text != line }
        guard let trace else {
            details = explanation.summary
            return
        }
        let request = trace.request
        self.request = ["\(request.method) \(request.path) HTTP/1.1"]
        if let authority = request.authority { self.request.append("Host: \(authority)") }
        self.request += request.headers.map { "\($0.name): \($0.value)" }
        if let answer = trace.response {
            status = answer.status ?? 0
            flags = answer.flags
            details = answer.details
            response = answer.headers.map { "\($0.name): \($0.value)" }
        }
        if let error = trace.error, details.isEmpty { details = error.rawValue }
        let hop = trace.hops.last { !$0.candidates.isEmpty } ?? trace.hops.last
        endpoint = hop?.host?.address ?? ""
        shares = (hop?.candidates ?? []).map {
            Share(cluster: $0.cluster, endpoint: $0.host?.address ?? "", share: $0.share)
        }.sorted { $0.share > $1.share }
        for pick in trace.picks ?? [] { picks[pick, default: 0] += 1 }
    }

    /// Whether it did not arrive, or was not understood.
    package var isBad: Bool { error != nil || status >= 400 || status == 0 }

    /// `404 NR`, `200 10.1.0.4:8080`.
    package var result: String {
        if error != nil { return "not understood" }
        if status == 0 { return flags == "-" || flags.isEmpty ? details : flags }
        if flags != "-", !flags.isEmpty { return "\(status) \(flags)" }
        return endpoint.isEmpty ? "\(status)" : "\(status) \(endpoint)"
    }

    /// The lines that the cursor walks: steps with their details.
    var steps: [ExplanationLine] {
        explanation.filter { $0.kind == .step || $0.kind == .detail || $0.kind == .request }
    }

    /// What it came to, and what would help.
    var conclusion: [ExplanationLine] {
        let all = explanation.filter { $0.kind == .answer || $0.kind == .advice }
        // Where there is little room, what to do comes before what the words mean.
        let first = all.prefix(1)
        let proven = all.dropFirst().filter(Self.isProven)
        return first + proven + all.dropFirst().filter { !Self.isProven($0) }
    }

    private static func isProven(_ line: ExplanationLine) -> Bool {
        guard line.kind == .advice, let label = line.spans.first?.text.prefix(while: { $0 != " " }) else {
            return false
        }
        return ["because", "perhaps", "request", "fix", "and", "wanted"].contains(String(label))
    }
}

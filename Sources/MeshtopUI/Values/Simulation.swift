package import Documents

/// What became of a request that was tried: the request as it was understood, each step, the answer.
package struct Simulation: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package enum Outcome: Hashable, Sendable {
            case matched, missed, notReached
        }

        package var stage: String
        package var outcome: Outcome
        package var candidate: String
        package var reason: String
        package var source: SourceReference?

        package init(
            stage: String, outcome: Outcome, candidate: String, reason: String, source: SourceReference? = nil
        ) {
            self.stage = stage
            self.outcome = outcome
            self.candidate = candidate
            self.reason = reason
            self.source = source
        }
    }

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
    package var request: [String]
    /// Where it goes, and how that was found.
    package var destination: String
    package var steps: [Step]
    /// 0: none.
    package var status: Int
    package var flags: String
    package var details: String
    /// Status line and headers.
    package var response: [String]
    package var answeredBy: String
    package var shares: [Share]
    /// What is nearest to matching, and the smallest change, when nothing matched.
    package var advice: [String]
    /// Why the line could not be understood; everything else is empty then.
    package var error: String?

    package init(
        line: String, request: [String] = [], destination: String = "", steps: [Step] = [], status: Int = 0,
        flags: String = "-", details: String = "", response: [String] = [], answeredBy: String = "",
        shares: [Share] = [], advice: [String] = [], error: String? = nil
    ) {
        self.line = line
        self.request = request
        self.destination = destination
        self.steps = steps
        self.status = status
        self.flags = flags
        self.details = details
        self.response = response
        self.answeredBy = answeredBy
        self.shares = shares
        self.advice = advice
        self.error = error
    }

    /// `404 NR`, `200 10.1.0.4:8080`.
    package var result: String {
        if error != nil { return "not understood" }
        if status == 0 { return flags == "-" || flags.isEmpty ? details : flags }
        if flags != "-", !flags.isEmpty { return "\(status) \(flags)" }
        if shares.count == 1, let only = shares.first, !only.endpoint.isEmpty { return "\(status) \(only.endpoint)" }
        return "\(status)"
    }
}

package import Documents

/// What a decision tells about itself. `NoTrace` costs nothing; `Explanation` keeps everything.
package protocol Trace {
    /// Whether evidence is worth collecting. A constant for each type, so that the optimiser drops the code.
    static var isActive: Bool { get }
    mutating func record(_ step: @autoclosure () -> Step)
    /// The decision looked into which part of `0..<modulus` the request's random value falls: parts begin at `bounds`.
    mutating func split(modulus: UInt64, bounds: @autoclosure () -> [UInt64])
}

/// Keeps nothing.
package struct NoTrace: Trace {
    package static var isActive: Bool { false }

    package init() {}

    @inline(__always)
    package mutating func record(_ step: @autoclosure () -> Step) {}
    @inline(__always)
    package mutating func split(modulus: UInt64, bounds: @autoclosure () -> [UInt64]) {}
}

/// Keeps all steps.
package struct Explanation: Trace, Sendable {
    package static var isActive: Bool { true }

    package var steps: [Step] = []
    var splits: [(modulus: UInt64, bounds: [UInt64])] = []

    package init() {}

    package mutating func record(_ step: @autoclosure () -> Step) { steps.append(step()) }

    package mutating func split(modulus: UInt64, bounds: @autoclosure () -> [UInt64]) {
        splits.append((modulus, bounds()))
    }
}

/// One step of a decision: the contract's `steps` entry.
package struct Step: Hashable, Sendable {
    package enum Stage: String, Hashable, Sendable {
        case listener
        case filterChain = "filter_chain"
        case virtualHost = "virtual_host"
        case route, cluster, endpoint
    }

    package var stage: Stage
    /// The name of what was looked at.
    package var candidate: String
    package var matched: Bool
    /// A sentence's part that reads on its own: lower case, no full stop.
    package var reason: String
    /// The conditions of the candidate, those that failed included: for the nearest miss.
    package var evidence: [Evidence]
    package var source: SourceReference?
    /// Its place in the list that it is in (route 0 of the virtual host, …).
    package var position: Int?

    package init(
        _ stage: Stage, candidate: String, matched: Bool, reason: String, evidence: [Evidence] = [],
        source: SourceReference? = nil, position: Int? = nil
    ) {
        self.stage = stage
        self.candidate = candidate
        self.matched = matched
        self.reason = reason
        self.evidence = evidence
        self.source = source
        self.position = position
    }
}

/// How one condition of a candidate went.
package struct Evidence: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        case address, destinationPort, sourceAddress, serverName, transportProtocol, applicationProtocol
        /// A domain of a virtual host.
        case domain
        /// `prefix`, `path`, `safe_regex`, `path_separated_prefix`, `path_match_policy`, `connect`.
        case path(kind: String)
        case header(name: String)
        case queryParameter(name: String)
        case grpc, runtimeFraction, tls, dynamicMetadata
    }

    package var condition: Condition
    package var isMet: Bool
    /// What the configuration asks for, in words a user knows: `prefix "/status"`, `exact "v2"`, `present`.
    package var expected: String
    /// What the request has; `nil`: nothing.
    package var actual: String?
    /// Where the two texts begin to differ, in bytes, for prefix and exact tests that failed.
    package var difference: Int?

    package init(
        _ condition: Condition, isMet: Bool, expected: String, actual: String?, difference: Int? = nil
    ) {
        self.condition = condition
        self.isMet = isMet
        self.expected = expected
        self.actual = actual
        self.difference = difference
    }
}

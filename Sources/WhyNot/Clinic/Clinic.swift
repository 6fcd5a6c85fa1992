import Documents
import EnvoyModel
import MeshModel
import Presentation
import TrafficEngine

/// What the manifests say for and against each cause of a failure. A cause is one line in one of the lists of this folder.
struct Clinic {
    let context: RepairContext
    /// The flags that a running proxy logged, where that is what is asked about; else the request's own failure is.
    var observed: String?

    /// `nil` for an answer that is no failure.
    var diagnosis: Diagnosis? {
        guard let finding else { return nil }
        var causes = finding.causes
        if observed != nil, !isPredicted(finding.flag), let trace = context.attempt.trace {
            causes.append(
                .maybe(
                    "the proxy runs something else than these manifests",
                    "here the request is predicted to get \(RequestExplanation.summary(of: trace)); "
                        + "meshtop proxy-status \(context.proxy.id) compares"))
        }
        let ranked = causes.enumerated().sorted { left, right in
            (left.element.verdict.rank, left.offset) < (right.element.verdict.rank, right.offset)
        }.map(\.element)
        return Diagnosis(flag: finding.flag, meaning: finding.meaning, causes: ranked, next: finding.next)
    }

    private func isPredicted(_ flag: String) -> Bool {
        let response = context.attempt.trace?.response
        return response?.flags.split(separator: ",").contains { $0 == flag } ?? false
            || response?.status.map { "\($0)" } == flag
    }

    private typealias Finding = (flag: String, meaning: String, causes: [Diagnosis.Cause], next: String)

    private var finding: Finding? {
        if let flag = observed?.split(separator: ",").map(String.init).first(where: { $0 != "-" }) {
            return (
                flag.uppercased(), ResponseFlag.meaning(of: flag) ?? "", causes(of: flag.uppercased()),
                next(after: flag)
            )
        }
        switch context.outcome {
        case .refused(let error):
            return (
                error.rawValue, ConnectionErrorText.meaning(of: error), connectionCauses(error),
                "meshtop proxy-config listeners \(context.proxy.id)"
            )
        case .clusterNotFound:
            return ("NC", "the route names a cluster that does not exist", missingClusterCauses, next(after: "NC"))
        case .noHealthyHost:
            return (
                "UH", "the cluster exists and has no endpoint that may be used", emptyClusterCauses, next(after: "UH")
            )
        case .passThrough:
            return (
                "-", "no rule of the mesh applied: no weights, no retries, no mTLS", passThroughCauses,
                next(after: "NR")
            )
        case .blackHole:
            return ("-", "unknown hosts are refused (REGISTRY_ONLY)", passThroughCauses, next(after: "NC"))
        default:
            let flags = context.attempt.trace?.response?.flags.split(separator: ",").map(String.init) ?? []
            guard let flag = flags.first(where: { $0 != "-" }) else { return nil }
            return (flag, ResponseFlag.meaning(of: flag) ?? "", causes(of: flag), next(after: flag))
        }
    }

    /// All that a flag, or a status without one, can come from.
    private func causes(of flag: String) -> [Diagnosis.Cause] {
        switch flag {
        case "NR", "404": hostCauses + routeCauses + portCausesOfListeners
        case "NC": missingClusterCauses
        case "UH": emptyClusterCauses + ejectionCauses
        case "UF": tlsCauses + portCauses + [networkCause]
        case "UC": tlsCauses + protocolCauses + idleCauses
        case "UPE": protocolCauses + tlsCauses
        case "URX": retryCauses + tlsCauses + portCauses
        case "UO": limitCauses
        case "UT": timeoutCauses
        case "UR", "LR": resetCauses
        case "FI", "DI": faultCauses(flag)
        case "DC", "DT", "SI", "UMSDR": durationCauses(flag)
        case "DPE": clientCauses
        case "RL", "RLSE", "429": rateLimitCauses
        case "UAEX": externalAuthorizationCauses
        case "403": authorizationCauses
        case "301": redirectCauses + [routeRedirectCause]
        case "502": [registryCause] + (context.outcome == .blackHole ? passThroughCauses : [])
        case "DF": nameCauses
        default: []
        }
    }

    /// What to look at next.
    private func next(after flag: String) -> String {
        switch flag.uppercased() {
        case "NR", "404", "301": "meshtop proxy-config routes \(context.proxy.id)"
        case "NC", "502": "meshtop proxy-config clusters \(context.proxy.id)"
        case "UH", "UF", "UC", "UPE", "URX", "UO", "DF": "meshtop proxy-config endpoints \(context.proxy.id)"
        case "DPE": "meshtop proxy-config listeners \(context.proxy.id)"
        default: "meshtop analyze"
        }
    }
}

extension Diagnosis.Cause.Verdict {
    fileprivate var rank: Int {
        switch self {
        case .yes: 0
        case .maybe: 1
        case .no: 2
        }
    }
}

extension Diagnosis.Cause {
    /// A cause of which the manifests say plainly whether it is one.
    init(_ text: String, _ isIt: Bool, _ evidence: String, at source: SourceReference? = nil) {
        self.init(text: text, verdict: isIt ? .yes : .no, evidence: evidence, source: source)
    }

    /// A cause that the manifests cannot rule out.
    static func maybe(_ text: String, _ evidence: String, at source: SourceReference? = nil) -> Diagnosis.Cause {
        Diagnosis.Cause(text: text, verdict: .maybe, evidence: evidence, source: source)
    }
}

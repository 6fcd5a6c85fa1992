import Documents
import MeshModel
import Presentation
import TrafficEngine

/// What the manifests say for and against each cause of a failure. A cause is one line in one of the lists of this folder.
struct Clinic {
    let context: RepairContext

    /// `nil` for an answer that is no failure.
    var diagnosis: Diagnosis? {
        let trace = context.attempt.trace
        let flags = trace?.response?.flags.split(separator: ",").map(String.init) ?? []
        let (flag, meaning, causes, next): (String, String, [Diagnosis.Cause], String)
        switch context.outcome {
        case .refused(let error):
            (flag, meaning) = (error.rawValue, ConnectionErrorText.meaning(of: error))
            causes = connectionCauses(error)
            next = "meshtop proxy-config listeners \(context.proxy.id)"
        case .clusterNotFound:
            (flag, meaning, causes) = ("NC", "the route names a cluster that does not exist", missingClusterCauses)
            next = "meshtop proxy-config clusters \(context.proxy.id)"
        case .noHealthyHost:
            (flag, meaning, causes) = (
                "UH", "the cluster exists and has no endpoint that may be used", emptyClusterCauses
            )
            next = "meshtop proxy-config endpoints \(context.proxy.id)"
        case .passThrough:
            (flag, meaning, causes) = (
                "-", "no rule of the mesh applied: no weights, no retries, no mTLS", passThroughCauses
            )
            next = "meshtop proxy-config routes \(context.proxy.id)"
        case .blackHole:
            (flag, meaning, causes) = ("-", "unknown hosts are refused (REGISTRY_ONLY)", passThroughCauses)
            next = "meshtop proxy-config clusters \(context.proxy.id)"
        default:
            guard let first = flags.first(where: { $0 != "-" }) else { return nil }
            (flag, causes) = (first, runtimeCauses(first))
            meaning = ResponseFlagText.meaning(of: first) ?? ""
            next = "meshtop analyze"
        }
        let ranked = causes.enumerated().sorted { left, right in
            (left.element.verdict.rank, left.offset) < (right.element.verdict.rank, right.offset)
        }.map(\.element)
        return Diagnosis(flag: flag, meaning: meaning, causes: ranked, next: next)
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

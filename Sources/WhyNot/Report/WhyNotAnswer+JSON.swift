package import Documents
import TrafficEngine

extension WhyNotAnswer {
    /// What was found, as a further member of a trace.
    package var json: JSON {
        var object = JSONObject()
        object.add("goal", .string(goal.words))
        object.add("met", .bool(isMet))
        object.add("outcome", .string(attempt.outcome.name))
        object.add("reason", firstReason.map(\.json) ?? .null)
        object.add("routes", .array(attachments.map(\.json)))
        object.add("clinic", clinic.map(\.json) ?? .null)
        object.add("request_changes", .array(requestFixes.map(\.json)))
        object.add("fixes", .array(fixes.map(\.json)))
        object.add("tried", .int(Int64(tried)))
        object.add("cut", .bool(wasCut))
        return .object(object)
    }
}

extension Reason {
    fileprivate var json: JSON { ["text": .string(text), "objects": .array(objects.map(\.json))] }
}

extension Attachment {
    fileprivate var json: JSON {
        var object = JSONObject()
        object.add("object", self.object.json)
        switch state {
        case .attached(let count):
            object.add("attached", true)
            object.add("rows", .int(Int64(count)))
        case .detached(let reason):
            object.add("attached", false)
            object.add("reason", .string(reason))
        }
        object.add("others", .array(others.map(\.json)))
        return .object(object)
    }
}

extension Fix {
    fileprivate var json: JSON {
        [
            "reason": .string(proposals.map(\.reason).joined(separator: "; ")),
            "change": .string(proposals.map(\.summary).joined(separator: "; ")),
            "objects": .array(proposals.map(\.object.json)), "size": .int(Int64(cost)),
            "result": .string(attempt.summary), "patch": .string(patch),
        ]
    }
}

extension RequestFix {
    fileprivate var json: JSON {
        ["request": .string(text), "size": .int(Int64(cost)), "result": .string(attempt.summary)]
    }
}

extension Diagnosis {
    package var json: JSON {
        let causes = causes.map { cause -> JSON in
            [
                "cause": .string(cause.text), "verdict": .string(cause.verdict.rawValue),
                "evidence": .string(cause.evidence), "source": cause.source.map(\.json) ?? .null,
            ]
        }
        return ["flag": .string(flag), "meaning": .string(meaning), "causes": .array(causes), "next": .string(next)]
    }
}

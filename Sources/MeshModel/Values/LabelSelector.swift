/// Kubernetes' selector: all labels and all expressions must hold; an empty one selects everything.
package struct LabelSelector: Hashable, Sendable {
    package struct Requirement: Hashable, Sendable {
        package enum Operator: String, Hashable, Sendable, CaseIterable {
            case isIn = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
        }

        package var key: String
        package var `operator`: Operator
        package var values: [String]

        package init(key: String, operator: Operator, values: [String] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    package var matchLabels: [String: String]
    package var matchExpressions: [Requirement]

    package init(matchLabels: [String: String] = [:], matchExpressions: [Requirement] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    package var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    package func selects(_ labels: [String: String]) -> Bool {
        matchLabels.isContained(in: labels) && matchExpressions.allSatisfy { $0.holds(for: labels) }
    }
}

extension LabelSelector.Requirement {
    fileprivate func holds(for labels: [String: String]) -> Bool {
        let value = labels[key]
        return switch `operator` {
        case .isIn: value.map(values.contains) ?? false
        case .notIn: value.map { !values.contains($0) } ?? true
        case .exists: value != nil
        case .doesNotExist: value == nil
        }
    }
}

extension [String: String] {
    /// Whether every label here is there with the same value: how Istio's and a Service's selectors choose.
    package func isContained(in labels: [String: String]) -> Bool {
        count <= labels.count && allSatisfy { labels[$0.key] == $0.value }
    }
}

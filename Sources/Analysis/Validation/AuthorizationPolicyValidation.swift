import Documents
import MeshModel

extension KindValidation {
    static let authorizationPolicy = KindValidation(
        kind: "AuthorizationPolicy", group: "security.istio.io"
    ) { validation in
        validation.checkPolicyTargets()
        let spec = validation.spec
        let action = spec?.at("action")?.text ?? "ALLOW"
        let rules = spec?.at("rules")
        if rules == nil, action == "CUSTOM" || action == "DENY" {
            validation.reject(
                "\(action) action without `rules` is meaningless as it will never be triggered, add an empty rule `{}`"
                    + " if you want it be triggered for every request", at: spec?.at("action") ?? spec)
        }
        let provider = spec?.at("provider")
        if action == "CUSTOM", (provider?.at("name")?.text ?? "").isEmpty {
            validation.reject("`provider.name` must not be empty", at: provider ?? spec)
        } else if action != "CUSTOM", let provider {
            validation.reject("`provider` must not be with non CUSTOM action, found \(action)", at: provider)
        }
        for (number, rule) in (rules?.list ?? []).enumerated() {
            validation.check(rule: rule, number, action: action)
        }
    }
}

extension Validation {
    private static let sourceFields = [
        "principals", "requestPrincipals", "namespaces", "serviceAccounts", "ipBlocks", "remoteIpBlocks",
    ]
    private static let operationFields = ["ports", "methods", "paths", "hosts"]
    /// What a CUSTOM action's provider is not told.
    private static let identityFields = ["principals", "requestPrincipals", "namespaces", "serviceAccounts"]

    /// A field and its negation.
    private static func both(_ name: String) -> [String] {
        [name, "not" + name.prefix(1).uppercased() + name.dropFirst()]
    }

    fileprivate mutating func check(rule: Node, _ number: Int, action: String) {
        let sources = check(parts: rule, "from", "source", Self.sourceFields, number)
        let operations = check(parts: rule, "to", "operation", Self.operationFields, number)
        for source in sources {
            for field in ["ipBlocks", "remoteIpBlocks"].flatMap(Self.both) {
                for block in source.at(field)?.list ?? [] where !Names.isSubnet(block.text) {
                    reject("invalid IP or CIDR \"\(block.text)\"", at: block)
                }
            }
            guard action == "CUSTOM" else { continue }
            if let field = Self.identityFields.flatMap(Self.both).first(where: { source.at($0) != nil }) {
                reject("From.\(field) is currently not supported with CUSTOM action", at: source.at(field))
            }
        }
        for operation in operations {
            for port in Self.both("ports").flatMap({ operation.at($0)?.list ?? [] })
            where !(Int(port.text).map { (1...65535).contains($0) } ?? false) {
                reject("invalid port \(port.text)", at: port)
            }
        }
        for condition in rule.at("when")?.list ?? [] {
            guard let key = condition.at("key"), !key.text.isEmpty else {
                reject("`key` must not be empty", at: condition)
                continue
            }
            if (condition.at("values")?.list ?? []).isEmpty, (condition.at("notValues")?.list ?? []).isEmpty {
                reject("at least one of `values` or `notValues` must be set for key \(key.text)", at: condition)
            }
        }
        guard action == "DENY" else { return }
        // On a port that is no HTTP, rules about HTTP are left out, which makes the rest of a DENY rule take everything.
        let knowsSource = sources.contains { source in
            Self.sourceFields.filter { $0 != "requestPrincipals" }.flatMap(Self.both).contains { source.at($0) != nil }
        }
        let knowsPort = operations.contains { operation in
            Self.both("ports").contains { operation.at($0) != nil }
        }
        if operations.isEmpty ? !sources.isEmpty && !knowsSource : !knowsPort {
            warn(
                "configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of"
                    + " only HTTP attributes in a DENY rule; it is recommended to explicitly specify the port",
                at: rule,
                hint: "add to.operation.ports")
        }
    }

    /// `from[].source` or `to[].operation`: there, and with a field that says something.
    private mutating func check(
        parts rule: Node, _ list: String, _ part: String, _ fields: [String], _ number: Int
    ) -> [Node] {
        guard let elements = rule.at(list) else { return [] }
        if elements.list.isEmpty { reject("`\(list)` must not be empty, found at rule \(number)", at: elements) }
        return elements.list.compactMap { element in
            guard let found = element.at(part) else {
                reject("`\(list).\(part)` must not be nil, found at rule \(number)", at: element)
                return nil
            }
            if !fields.flatMap(Self.both).contains(where: { !(found.at($0)?.list ?? []).isEmpty }) {
                reject("`\(list).\(part)` must not be empty, found at rule \(number)", at: found)
            }
            for field in fields.flatMap(Self.both) {
                for value in found.at(field)?.list ?? [] where value.text.isEmpty {
                    reject("`\(field)` must not have an empty value, found at rule \(number)", at: value)
                }
            }
            return found
        }
    }
}

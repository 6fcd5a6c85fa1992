import Documents
import MeshModel

/// `loadBalancer` of a DestinationRule.
extension Validation {
    mutating func check(loadBalancer balancer: Node?, detection: Node?) {
        guard let balancer else { return }
        for field in ["warmupDurationSecs"] { check(duration: balancer.at(field)) }
        if let hash = balancer.at("consistentHash") { check(consistentHash: hash) }
        if let locality = balancer.at("localityLbSetting") { check(locality: locality, detection: detection) }
    }

    private mutating func check(consistentHash hash: Node) {
        if let cookie = hash.at("httpCookie"), (cookie.at("name")?.text ?? "").isEmpty {
            reject("name required for HttpCookie", at: cookie)
        }
        if let ring = hash.at("minimumRingSize") {
            warn(
                "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead",
                at: ring)
            if hash.at("ringHash") != nil || hash.at("maglev") != nil {
                reject("only one of MinimumRingSize or Maglev/Ringhash can be specified", at: ring)
            }
        }
        guard let maglev = hash.at("maglev") else { return }
        let size = maglev.at("tableSize")?.unsigned ?? 0
        let place = maglev.at("tableSize") ?? maglev
        if size == 0 {
            reject("tableSize must be set for maglev", at: place, hint: "65537 is Envoy's default")
        } else if size >= 5_000_011 {
            reject("tableSize must be less than 5000011 for maglev", at: place)
        } else if !Self.isPrime(size) {
            reject("tableSize must be a prime number for maglev", at: place)
        }
    }

    private static func isPrime(_ number: UInt64) -> Bool {
        guard number > 3 else { return number > 1 }
        guard number % 2 != 0 else { return false }
        var factor: UInt64 = 3
        while factor * factor <= number {
            if number % factor == 0 { return false }
            factor += 2
        }
        return true
    }

    // MARK: Localities

    private mutating func check(locality: Node, detection: Node?) {
        let distribute = locality.at("distribute")?.list ?? []
        let failover = locality.at("failover")?.list ?? []
        let priority = locality.at("failoverPriority")?.list ?? []
        if !distribute.isEmpty, !failover.isEmpty || !priority.isEmpty {
            reject(
                "can not simultaneously specify 'distribute' and '\(failover.isEmpty ? "failoverPriority" : "failover")'",
                at: locality.at("distribute"))
        }
        for rule in distribute {
            let weights = rule.at("to").map { Array($0.entries) } ?? []
            for weight in weights where !(1...100).contains(weight.value.int ?? 0) {
                reject("locality weight must be in range [1, 100]", at: weight.value)
            }
            let total = weights.reduce(0) { $0 + min(max($1.value.int ?? 0, 0), 1000) }
            if total != 100 { reject("total locality weight \(total) != 100", at: rule.at("to") ?? rule) }
            checkDisjoint(weights.map { ($0.key, $0.value) })
        }
        checkDisjoint(distribute.map { ($0.at("from")?.text ?? "", $0.at("from") ?? $0) })
        if !failover.isEmpty || !priority.isEmpty, detection == nil, locality.at("enabled")?.bool ?? true {
            warn(
                "outlier detection policy must be provided for failover",
                at: locality.at(failover.isEmpty ? "failoverPriority" : "failover"),
                hint: "add outlierDetection to the same trafficPolicy: without it localities get no priorities, and"
                    + " nothing ever fails over")
        }
        for rule in failover {
            let from = rule.at("from")?.text ?? ""
            let to = rule.at("to")?.text ?? ""
            if from == to { reject("locality lb failover settings must specify different regions", at: rule) }
            if from.contains("/") || to.contains("/") {
                reject("locality lb failover only specify region", at: rule)
            }
            if from.contains("*") || to.contains("*") {
                reject("locality lb failover region should not contain '*' wildcard", at: rule)
            }
        }
    }

    /// No two of the localities may be the same place, or one a part of the other.
    private mutating func checkDisjoint(_ localities: [(text: String, node: Node)]) {
        var earlier: [[Substring]] = []
        for (text, node) in localities {
            let stars = text.filter { $0 == "*" }.count
            if stars > 1 || (stars == 1 && !text.hasSuffix("*")) {
                reject("locality \(text) wildcard '*' number can not exceed 1 and must be in the end", at: node)
                continue
            }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            if parts.contains(where: \.isEmpty) {
                reject("locality \(text) must not contain empty region/zone/subzone info", at: node)
                continue
            }
            if earlier.contains(where: { Self.overlap($0, parts) }) {
                reject("locality \(text) overlap with previous specified ones", at: node)
            }
            earlier.append(parts)
        }
    }

    private static func overlap(_ left: [Substring], _ right: [Substring]) -> Bool {
        for (a, b) in zip(left, right) {
            if a == "*" || b == "*" { return true }
            if a != b { return false }
        }
        return true
    }
}

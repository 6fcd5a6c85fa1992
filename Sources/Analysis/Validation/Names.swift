import Documents
import MeshModel

/// Names as istiod's validation wants them; each gives what is wrong, `nil` for what is right.
enum Names {
    /// A DNS label: letters, digits and `-`, at most 63.
    static func isLabel(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// A host name, dots or none.
    static func problem(ofHost host: String) -> String? {
        guard (1...255).contains(host.utf8.count) else { return lengthProblem(host) }
        let labels = (host.hasSuffix(".") ? host.dropLast() : host[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard let bad = labels.first(where: { !isLabel($0) }) else {
            if labels.count > 1, let last = labels.last, last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                return "domain name \"\(host)\" is invalid (top level domain \"\(last)\" cannot be all-numeric)"
            }
            return nil
        }
        return "domain name \"\(host)\" is invalid (label \"\(bad)\" is invalid)"
    }

    /// A host name whose first label may be `*`, or begin with it.
    static func problem(ofWildcardHost host: String) -> String? {
        if host == "*" { return nil }
        guard host.hasPrefix("*") else { return problem(ofHost: host) }
        guard host.utf8.count <= 255 else { return lengthProblem(host) }
        if host.hasPrefix("*.") { return problem(ofHost: String(host.dropFirst(2))) }
        return problem(ofHost: String(host.dropFirst(host.hasPrefix("*-") ? 2 : 1)))
    }

    private static func lengthProblem(_ host: String) -> String {
        host.isEmpty ? "empty domain name not allowed" : "domain name \"\(host)\" too long (max 255)"
    }

    /// A `*` in front of a name is for whole labels.
    static func isPartialWildcard(_ host: String) -> Bool {
        host.contains("*") && host != "*" && !host.hasPrefix("*.")
    }

    /// `NAMESPACE/HOST` as Gateways and Sidecars write hosts; a Gateway may leave the namespace out.
    static func problem(ofScopedHost text: String, isGateway: Bool) -> String? {
        guard let slash = text.firstIndex(of: "/") else {
            return isGateway ? problem(ofPart: text, isGateway: true) : "host must be of form namespace/dnsName"
        }
        let namespace = text[..<slash]
        let host = String(text[text.index(after: slash)...])
        if namespace.isEmpty || host.isEmpty { return "config namespace and dnsName in host entry cannot be empty" }
        let isWord = namespace == "*" || namespace == "." || (namespace == "~" && !isGateway)
        if !isWord, !isLabel(namespace) {
            return "invalid namespace value \"\(namespace)\" in \(isGateway ? "gateway" : "sidecar")"
        }
        return problem(ofPart: host, isGateway: isGateway)
    }

    private static func problem(ofPart host: String, isGateway: Bool) -> String? {
        if host != "*", !host.contains("."), !(isGateway && isIPAddress(host)) {
            return "short names (non FQDN) are not allowed: \"\(host)\""
        }
        if isGateway, isIPAddress(host) { return nil }
        if isPartialWildcard(host) { return "partial wildcard \"\(host)\" not allowed" }
        return problem(ofWildcardHost: host)
    }

    static func isIPAddress(_ text: some StringProtocol) -> Bool { isIPv4(text) || isIPv6(text) }

    private static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { UInt8($0) != nil && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    private static func isIPv6(_ text: some StringProtocol) -> Bool {
        var groups = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        guard groups.count >= 3, let first = groups.first, let last = groups.last else { return false }
        var wanted = 8
        if last.contains(".") {
            guard isIPv4(last) else { return false }
            groups.removeLast()
            wanted = 6
        }
        // "::" is one empty group inside, or two at an end.
        if first.isEmpty { groups.removeFirst() }
        if last.isEmpty { groups.removeLast() }
        let gaps = groups.filter(\.isEmpty).count
        guard gaps <= 1, gaps == 1 ? groups.count <= wanted : groups.count == wanted else { return false }
        return groups.allSatisfy { $0.isEmpty || ($0.utf8.count <= 4 && UInt16($0, radix: 16) != nil) }
    }

    /// `IP`, or `IP/BITS`.
    static func isSubnet(_ text: String) -> Bool {
        guard let slash = text.firstIndex(of: "/") else { return isIPAddress(text) }
        let address = text[..<slash]
        guard isIPAddress(address), let bits = UInt8(text[text.index(after: slash)...]) else { return false }
        return bits <= (address.contains(":") ? 128 : 32)
    }

    /// The protocols that istiod knows by name.
    static func isProtocol(_ text: String) -> Bool { protocols.contains(text.lowercased()) }

    private static let protocols: Set<String> = [
        "tcp", "udp", "grpc", "grpc-web", "http", "http_proxy", "http2", "https", "tls", "mongo", "redis", "mysql",
        "hbone", "double-hbone",
    ]

    static func isHTTP(_ text: String) -> Bool {
        ["http", "http2", "grpc", "grpc-web", "http_proxy"].contains(text.lowercased())
    }

    static func isTLS(_ text: String) -> Bool { ["https", "tls"].contains(text.lowercased()) }
}

extension Validation {
    mutating func check(host node: Node?, _ problem: (String) -> String? = Names.problem(ofWildcardHost:)) {
        guard let node, let text = problem(node.text) else { return }
        reject(text, at: node)
    }

    /// `exportTo`: namespaces, `.`, `*`; `~` for ServiceEntries.
    mutating func checkExportTo(isServiceEntry: Bool = false, hasSelector: Bool = false) {
        let list = spec?.at("exportTo")?.list ?? []
        var seen: Set<String> = []
        for entry in list {
            let name = entry.text == "." ? resource.meta.namespace : entry.text
            if !seen.insert(name).inserted {
                reject(
                    name == entry.text
                        ? "duplicate entries in exportTo for entry \(name)"
                        : "duplicate entries in exportTo: . and current namespace \(name)", at: entry)
            } else if name == "~", !isServiceEntry {
                reject("exportTo ~ (invisible) is for service entries only", at: entry)
            } else if name != "*", name != "~", !Names.isLabel(name) {
                reject(
                    "only ., *, or a valid DNS 1123 label is allowed as exportTo entry, not \"\(name)\"", at: entry)
            }
        }
        if hasSelector, !seen.isEmpty, seen != [resource.meta.namespace] {
            reject(
                "destination rule with workload selector cannot have exportTo beyond current namespace",
                at: spec?.at("exportTo"))
        }
        guard list.count > 1 else { return }
        if seen.contains("*") {
            reject(
                "cannot have both public (*) and non-public exportTo values for a resource", at: spec?.at("exportTo"))
        }
        if seen.contains("~") {
            reject("cannot export service entry to no one (~) and someone", at: spec?.at("exportTo"))
        }
    }

    /// The labels of a workload selector: `spec.selector.matchLabels`, or `spec.workloadSelector.labels` with what its absence means.
    mutating func check(selector: Node?, labels key: String, withoutLabels meaning: String? = nil) {
        guard let selector else { return }
        let labels = selector.at(key)
        for entry in labels.map({ Array($0.entries) }) ?? [] {
            if entry.key.isEmpty {
                reject("empty key is not supported in selector: \"=\(entry.value.text)\"", at: entry.value)
            }
            if entry.key.contains("*") || entry.value.text.contains("*") {
                reject("wildcard is not supported in selector: \"\(entry.key)=\(entry.value.text)\"", at: entry.value)
            }
        }
        if labels?.entries.isEmpty ?? true {
            warn("\(meaning ?? "")workload selector specified without labels", at: selector)
        }
    }

    /// A policy chooses by labels or by reference, and refers to what can be referred to in its own namespace.
    mutating func checkPolicyTargets() {
        let selector = spec?.at("selector")
        check(selector: selector, labels: "matchLabels")
        let single = spec?.at("targetRef")
        let several = spec?.at("targetRefs")
        if [selector, single, several].compactMap({ $0 }).count > 1 {
            reject("only one of targetRefs or workloadSelector can be set", at: several ?? single)
        }
        let kinds: Set<String> = [
            "/Service", "core/Service", "networking.istio.io/ServiceEntry", "gateway.networking.k8s.io/Gateway",
            "gateway.networking.k8s.io/GatewayClass",
        ]
        for reference in [single].compactMap({ $0 }) + (several?.list ?? []) {
            if (reference.at("name")?.text ?? "").isEmpty { reject("targetRef name must be set", at: reference) }
            if let namespace = reference.at("namespace"), namespace.text != resource.meta.namespace {
                reject(
                    "targetRef namespace must not be set; cross namespace referencing is not supported", at: namespace)
            }
            let kind = "\(reference.at("group")?.text ?? "")/\(reference.at("kind")?.text ?? "")"
            if !kinds.contains(kind) {
                reject(
                    "targetRef must be to one of Service, ServiceEntry, Gateway, GatewayClass but was \(kind)",
                    at: reference)
            }
        }
    }

    /// The protocol of a port; left out, it is found out from the first bytes.
    mutating func check(protocol node: Node?) {
        guard let node, !node.text.isEmpty, !Names.isProtocol(node.text) else { return }
        reject("unsupported protocol: \(node.text)", at: node)
    }
}

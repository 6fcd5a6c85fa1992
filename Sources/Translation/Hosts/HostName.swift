/// Host names as istiod compares them: plain text, of which a leading `*` stands for any text.
///
/// Nothing looks at label boundaries: `*.com` matches `a.b.com`, and `*foo.com` is a host (istiod: `host.Name`).
package enum HostName {
    package static func isWildcard(_ host: some StringProtocol) -> Bool { host.utf8.first == UInt8(ascii: "*") }

    /// Whether both can mean the same host (istiod: `Name.Matches`); symmetric.
    package static func matches(_ left: String, _ right: String) -> Bool {
        switch (isWildcard(left), isWildcard(right)) {
        case (false, false): left == right
        case (true, false): ends(right, with: left.utf8.dropFirst())
        case (false, true): ends(left, with: right.utf8.dropFirst())
        case (true, true):
            left.utf8.count < right.utf8.count
                ? ends(right, with: left.utf8.dropFirst()) : ends(left, with: right.utf8.dropFirst())
        }
    }

    /// Whether `inner` is at least as narrow as `outer` (istiod: `Name.SubsetOf`).
    package static func isSubset(_ inner: String, of outer: String) -> Bool {
        switch (isWildcard(inner), isWildcard(outer)) {
        case (false, false): inner == outer
        case (true, false): false
        case (false, true): ends(inner, with: outer.utf8.dropFirst())
        case (true, true): inner.utf8.count >= outer.utf8.count && ends(inner, with: outer.utf8.dropFirst())
        }
    }

    /// The more specific name of every pair that overlaps, in the order found, each once (istiod: `Names.Intersection`).
    static func intersection(_ outer: [String], _ inner: [String]) -> [String] {
        var seen = Set<String>()
        var result: [String] = []
        for left in outer {
            for right in inner {
                if isSubset(left, of: right) {
                    if seen.insert(left).inserted { result.append(left) }
                } else if isSubset(right, of: left) {
                    if seen.insert(right).inserted { result.append(right) }
                }
            }
        }
        return result
    }

    /// Whether `left` comes first: plain before wildcard, longer before shorter, then by text (istiod: `MoreSpecific`).
    static func isMoreSpecific(_ left: String, than right: String) -> Bool {
        let wild = (isWildcard(left), isWildcard(right))
        if wild.0 != wild.1 { return wild.1 }
        if left.utf8.count != right.utf8.count { return left.utf8.count > right.utf8.count }
        return left < right
    }

    /// A short name of an object in `namespace`: `a` → `a.namespace.svc.domain`, or `a.namespace` where the domain is empty
    /// (istiod: `ResolveShortnameToFQDN`). Names with a dot, `*`, IP addresses and nothing stay.
    package static func expanded(_ host: String, namespace: String, domain: String) -> String {
        if host.isEmpty || host == "*" || host.utf8.contains(UInt8(ascii: ".")) || IPAddress.isValid(host) {
            return host
        }
        var result = host
        if !namespace.isEmpty { result += "." + namespace }
        if !domain.isEmpty { result += ".svc." + domain }
        return result
    }

    /// A gateway's name in a VirtualService as `namespace/name`; `mesh` stays (istiod: `resolveGatewayName`).
    package static func gatewayName(_ name: String, namespace: String) -> String {
        if name == "mesh" { return name }
        if let slash = name.firstIndex(of: "/") {
            return name[..<slash] == "." ? namespace + name[slash...] : name
        }
        let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 1 { return namespace + "/" + name }
        return parts[1] + "/" + parts[0]
    }

    private static func ends(_ text: String, with suffix: some BidirectionalCollection<UInt8>) -> Bool {
        text.utf8.count >= suffix.count && text.utf8.suffix(suffix.count).elementsEqual(suffix)
    }
}

extension String {
    /// Lower case by ASCII, as hosts are compared.
    var lowercasedHost: String {
        utf8.contains { $0 >= 0x41 && $0 <= 0x5A } ? lowercased() : self
    }
}

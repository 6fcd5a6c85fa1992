/// Values by host, with the look-up of the most specific one (istiod: `MostSpecificHostMatch`).
struct HostIndex<Value: Sendable>: Sendable {
    private var exact: [String: Value] = [:]
    /// By host with its star, and the lengths that occur, longest first.
    private var wildcards: [String: Value] = [:]
    private var wildcardLengths: [Int] = []

    var isEmpty: Bool { exact.isEmpty && wildcards.isEmpty }

    /// The value of exactly this host.
    subscript(host: String) -> Value? {
        get { HostName.isWildcard(host) ? wildcards[host] : exact[host] }
        set {
            guard HostName.isWildcard(host) else {
                exact[host] = newValue
                return
            }
            wildcards[host] = newValue
            let length = host.utf8.count
            if newValue != nil, !wildcardLengths.contains(length) {
                wildcardLengths.append(length)
                wildcardLengths.sort(by: >)
            }
        }
    }

    /// The entry that says most about the host: itself, else the longest wildcard that covers it.
    func mostSpecific(_ host: String) -> (host: String, value: Value)? {
        if let value = self[host] { return (host, value) }
        // A wildcard needle is covered by what is a suffix of its own tail.
        let tail = HostName.isWildcard(host) ? host.utf8.dropFirst() : host.utf8[...]
        for length in wildcardLengths where length - 1 <= tail.count {
            guard let suffix = String(tail.suffix(length - 1)) else { continue }
            let candidate = "*" + suffix
            if let value = wildcards[candidate] { return (candidate, value) }
        }
        return nil
    }
}

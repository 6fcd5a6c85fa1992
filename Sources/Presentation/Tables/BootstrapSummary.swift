package import Documents

/// The versions that `proxy-config bootstrap -o short` prints.
package struct BootstrapSummary: Hashable, Sendable {
    package var istioVersion: String
    package var proxyVersion: String
    package var envoyVersion: String

    /// Of a `BootstrapConfigDump` in istioctl's names.
    package init(_ section: JSONObject) {
        let node = section["bootstrap"]?["node"]
        let metadata = node?["metadata"]
        istioVersion = metadata?["ISTIO_VERSION"]?.string ?? ""
        let sha = metadata?["ISTIO_PROXY_SHA"]?.string ?? ""
        let parts = sha.split(separator: ":", omittingEmptySubsequences: false)
        proxyVersion = parts.count > 1 ? String(parts[1]) : sha

        let build = node?["userAgentBuildVersion"]
        envoyVersion = ["majorNumber", "minorNumber", "patch"].map { key in
            guard case .int(let number) = build?["version"]?[key] else { return "0" }
            return String(number)
        }.joined(separator: ".")
        for (key, separator) in [
            ("build.label", "-"), ("revision.status", "/"), ("build.type", "/"), ("ssl.version", "/"),
        ] {
            guard let value = build?["metadata"]?[key]?.string else { continue }
            envoyVersion += separator + value
        }
    }

    package var text: String {
        var lines = [["Envoy Version:", envoyVersion]]
        if !proxyVersion.isEmpty { lines.insert(["Istio Proxy Version:", proxyVersion], at: 0) }
        if !istioVersion.isEmpty { lines.insert(["Istio Version:", istioVersion], at: 0) }
        return TabWriter(padding: 1).text(lines)
    }
}

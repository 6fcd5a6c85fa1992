import Documents
import EnvoyModel

extension Service {
    /// Sticky sessions by cookie or header, asked for by the service's labels
    /// (istiod: `MaybeBuildStatefulSessionFilterConfig`).
    var statefulSession: ExtensionConfig? {
        let state: ExtensionConfig
        if let cookie = labels["istio.io/persistent-session"], !cookie.isEmpty {
            let parts = cookie.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let path = parts.count > 1 ? String(parts[1]) : "/"
            state = ExtensionConfig(
                name: "envoy.http.stateful_session.cookie",
                typeURL: Self.prefix + "stateful_session.cookie.v3.CookieBasedSessionState",
                config: ["cookie": ["path": .string(path), "name": .string(String(parts[0]))]])
        } else if let header = labels["istio.io/persistent-session-header"], !header.isEmpty {
            state = ExtensionConfig(
                name: "envoy.http.stateful_session.header",
                typeURL: Self.prefix + "stateful_session.header.v3.HeaderBasedSessionState",
                config: ["name": .string(header)])
        } else {
            return nil
        }
        var typed = JSONObject()
        typed.add("@type", .string(state.typeURL))
        for member in state.config?.object?.members ?? [] { typed.add(member.key, member.value) }
        let sessionState: JSON = ["name": .string(state.name), "typedConfig": .object(typed)]
        return ExtensionConfig(
            name: "envoy.filters.http.stateful_session",
            typeURL: "type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute",
            config: ["statefulSession": ["sessionState": sessionState]])
    }

    private static let prefix = "type.googleapis.com/envoy.extensions.http."
}

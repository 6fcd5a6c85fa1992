package import Documents

/// A `TypedExtensionConfig` or filter that meshtop carries but does not interpret: kept whole, so that it is shown and exported.
package struct ExtensionConfig: Hashable, Sendable {
    package var name: String
    /// With the `type.googleapis.com/` in front; empty where there is no typed config.
    package var typeURL: String
    /// The members of the `Any` without its `@type`; `nil` without typed config.
    package var config: JSON?

    package init(name: String, typeURL: String = "", config: JSON? = nil) {
        self.name = name
        self.typeURL = typeURL
        self.config = config
    }
}

/// Where in a proxy's configuration something is read but not modelled, so that the user is told.
package struct UnmodelledField: Hashable, Sendable {
    /// For instance `route_config "http.8080", virtual host "a:80", route "default"`.
    package var owner: String
    /// The field's path in Envoy's snake_case.
    package var field: String
    package var location: SourceLocation?

    package init(owner: String, field: String, location: SourceLocation?) {
        self.owner = owner
        self.field = field
        self.location = location
    }
}

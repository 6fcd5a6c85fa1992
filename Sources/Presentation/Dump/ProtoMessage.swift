package import Documents
package import EnvoyModel

/// A message of Envoy's configuration that can be printed as istioctl prints it.
package protocol ProtoMessage {
    var raw: RawMessage? { get }
    var json: JSON { get }
}

extension Listener: ProtoMessage {}
extension RouteConfiguration: ProtoMessage {}
extension Cluster: ProtoMessage {}
extension ClusterLoadAssignment: ProtoMessage {}

extension ProtoMessage {
    /// What was read, or what was computed, in lowerCamelCase and without the outer `@type`.
    package var istioctlJSON: JSON {
        let message = raw?.node.json ?? json
        guard case .object(let object) = message else { return message }
        return ProtoNames.camelCased(.object(object.without("@type")))
    }
}

/// `-o`.
package enum OutputFormat: String, CaseIterable, Sendable {
    case short, json, yaml

    package init(parsing text: String) throws(ProxyConfigError) {
        guard let format = OutputFormat(rawValue: text) else {
            throw ProxyConfigError("output format \"\(text)\" not supported", isUsage: true)
        }
        self = format
    }

    /// A value as JSON (four blanks of indent) or YAML, with what istioctl puts behind it.
    package func text(_ value: JSON) -> String {
        self == .yaml ? value.yaml + "\n" : value.text(indent: 4, escapesHTML: true) + "\n"
    }
}

package import Documents

/// A service described by hand (`--services FILE`): what no manifest can say.
package struct ServiceDescription: Hashable, Sendable {
    package enum Registry: String, Hashable, Sendable, CaseIterable {
        case kubernetes = "Kubernetes"
        case external = "External"
    }

    package enum Resolution: String, Hashable, Sendable, CaseIterable {
        case `static` = "STATIC"
        case dns = "DNS"
        /// Headless.
        case none = "NONE"
    }

    package struct Port: Hashable, Sendable {
        package var number = 0
        package var name = ""
        package var `protocol` = ""

        package init() {}
    }

    package struct Endpoint: Hashable, Sendable {
        package var address = ""
        /// Port number by the service port's name.
        package var ports: [String: Int] = [:]
        package var labels: [String: String] = [:]

        package init() {}
    }

    package var hostname = ""
    package var namespace = ""
    package var ports: [Port] = []
    package var name: String?
    package var registry: Registry = .external
    package var exportTo: [String] = []
    package var address: String?
    /// Addresses by cluster.
    package var addresses: [String: [String]] = [:]
    package var externalAddresses: [String] = []
    package var resolution: Resolution = .static
    package var isExternal = false
    package var aliases: [String] = []
    package var labels: [String: String] = [:]
    package var endpoints: [Endpoint] = []
    package var location: SourceLocation?

    package init() {}
}

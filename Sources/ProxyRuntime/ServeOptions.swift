package import EnvoyModel

/// One proxy to serve: its name as the contract writes it (`NAME.NAMESPACE`) and its configuration.
package struct ServedProxy: Sendable {
    package var name: String
    package var snapshot: XDSSnapshot
    /// Addresses that lead to its listeners (`ip:port` of a load balancer, …), with the listener's name: other served proxies that
    /// have such an address as an endpoint go there.
    package var addresses: [String: String]

    package init(name: String, snapshot: XDSSnapshot, addresses: [String: String] = [:]) {
        self.name = name
        self.snapshot = snapshot
        self.addresses = addresses
    }
}

/// How the embedded proxy reaches its endpoints.
package enum EndpointMode: Sendable {
    /// Endpoints are dialled; an address in the map goes to the one on the right.
    case dial(map: [String: String])
    /// Every endpoint is a workload inside meshtop that answers with JSON about the request.
    case echo
    /// As `echo`, and on httpbin's paths what httpbin answers.
    case httpbin
}

package struct ServeOptions: Sendable {
    /// Worker threads.
    package var concurrency = 1
    package var endpoints = EndpointMode.dial(map: [:])
    /// Path of the access log, `-` for standard output.
    package var accessLog: String?
    /// Finished requests that each worker remembers.
    package var tapCapacity = 1024

    package init() {}
}

/// Where a listener of a proxy can be reached.
package struct ListenerBinding: Hashable, Sendable {
    /// `NAME.NAMESPACE`.
    package var proxy: String
    package var name: String
    /// The address of the configuration, `0.0.0.0:80`.
    package var address: String
    /// The loopback address that really listens.
    package var bound: String

    package init(proxy: String, name: String, address: String, bound: String) {
        self.proxy = proxy
        self.name = name
        self.address = address
        self.bound = bound
    }
}

/// Why the embedded proxy could not start.
package struct ServeError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

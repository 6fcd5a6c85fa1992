/// Istio's MeshNetworks: which endpoints are on which network, and its gateways.
package struct MeshNetworks: Hashable, Sendable {
    package struct Network: Hashable, Sendable {
        /// CIDRs of endpoints.
        package var fromCIDRs: [String] = []
        /// Clusters whose endpoints are here.
        package var fromRegistries: [String] = []
        package var gateways: [Gateway] = []

        package init() {}
    }

    package struct Gateway: Hashable, Sendable {
        package var address = ""
        package var registryServiceName = ""
        package var port = 0
        package var locality = ""

        package init() {}
    }

    package var networks: [String: Network] = [:]

    package init() {}
}

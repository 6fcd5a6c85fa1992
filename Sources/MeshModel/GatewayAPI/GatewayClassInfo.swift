/// What Istio does with the Gateways of a class: by the class's controller (istiod: `ClassInfos`).
package struct GatewayClassInfo: Hashable, Sendable {
    package enum Controller: String, Hashable, Sendable, CaseIterable {
        case gateway = "istio.io/gateway-controller"
        /// A gateway elsewhere: nothing is deployed or configured for it.
        case unmanaged = "istio.io/unmanaged-gateway"
        /// A waypoint: routes apply to it through the services that use it, not through listeners.
        case mesh = "istio.io/mesh-controller"
        /// A waypoint between networks, whose other listeners are those of an ordinary gateway.
        case eastWest = "istio.io/eastwest-controller"
    }

    package let controller: Controller

    /// The port of the HBONE listener, which no route attaches to.
    private static let tunnelPort = 15008

    /// Whether names of Deployments and Services end in the class's name.
    package var hasNameSuffix: Bool { controller == .gateway }
    package var takesListenerSets: Bool { controller == .gateway }
    /// Whether listeners may have the protocol HBONE.
    package var takesTunnels: Bool { controller == .mesh || controller == .eastWest }
    /// The type of the addresses in a status where there is none from outside; `nil`: IP addresses and host names.
    package var addressType: String? { takesTunnels ? nil : "Hostname" }

    /// Whether a listener becomes an Istio Gateway that routes attach to.
    package func isConverted(port: Int) -> Bool {
        switch controller {
        case .gateway: true
        case .eastWest: port != Self.tunnelPort
        case .mesh, .unmanaged: false
        }
    }
}

extension MeshSnapshot {
    /// The class of Gateways with this `gatewayClassName`; `nil` when it is not Istio's, or is of a part of Istio that is
    /// not turned on. Built-in names are known without an object (18.1.1).
    package func gatewayClassInfo(_ name: String) -> GatewayClassInfo? {
        let controller: GatewayClassInfo.Controller?
        if let found = gatewayClasses.first(where: { $0.name == name }) {
            controller = GatewayClassInfo.Controller(rawValue: found.controllerName)
        } else {
            let builtIn: [String: GatewayClassInfo.Controller] = [
                "istio": .gateway, "istio-remote": .unmanaged, "istio-waypoint": .mesh, "istio-east-west": .eastWest,
            ]
            controller = builtIn[name]
        }
        guard let controller, isKnown(controller) else { return nil }
        return GatewayClassInfo(controller: controller)
    }

    /// Ambient's controllers are there with ambient mode only, unless a variable of their own says otherwise.
    private func isKnown(_ controller: GatewayClassInfo.Controller) -> Bool {
        let isAmbient = options.isEnabled("PILOT_ENABLE_AMBIENT", default: false)
        return switch controller {
        case .gateway: true
        case .unmanaged: options.isEnabled("PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API", default: true)
        case .mesh: options.isEnabled("PILOT_ENABLE_AMBIENT_WAYPOINTS", default: isAmbient)
        case .eastWest: options.isEnabled("AMBIENT_ENABLE_MULTI_NETWORK", default: isAmbient)
        }
    }

    /// Whether Istio makes the gateway's Deployment and Service (18.1.2), or would if it may.
    package func isManaged(_ gateway: KubernetesGateway) -> Bool {
        if !options.isEnabled("ENABLE_GATEWAY_API_MANUAL_DEPLOYMENT", default: true) { return true }
        let addresses = gateway.addresses
        return addresses.isEmpty || addresses.count == 1 && [nil, "IPAddress"].contains(addresses[0].type)
    }

    /// Whether the Services of managed gateways are there without being loaded: Istio's controller makes them, and no
    /// description of Kubernetes' services says which there are.
    package var assumesManagedServices: Bool {
        guard options.isEnabled("PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER", default: true) else { return false }
        let suffix = ".svc.\(options.domain)"
        return !serviceDescriptions.contains { $0.registry == .kubernetes || $0.hostname.hasSuffix(suffix) }
    }
}

extension KubernetesGateway {
    /// The name of the Deployment and Service that Istio makes.
    package func managedName(_ info: GatewayClassInfo) -> String {
        let standard = info.hasNameSuffix ? "\(name)-\(gatewayClassName)" : name
        return meta.annotations["gateway.istio.io/name-override"] ?? standard
    }
}

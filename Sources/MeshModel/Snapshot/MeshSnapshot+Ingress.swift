extension MeshSnapshot {
    /// Whether Istio is the controller of an Ingress (19.1).
    package func isProcessed(_ ingress: Ingress) -> Bool {
        let mode = meshConfig.ingressControllerMode
        if let name = ingress.meta.annotations["kubernetes.io/ingress.class"] {
            return mode != .off && name == meshConfig.ingressClass
        }
        if let name = ingress.ingressClassName, let found = ingressClasses.first(where: { $0.name == name }) {
            return found.controller == "istio.io/ingress-controller"
        }
        return mode == .default
    }
}

extension MeshConfig {
    /// The labels of the gateway that serves Ingresses (19.2).
    package var ingressGatewaySelector: [String: String] {
        if !ingressSelector.isEmpty { return ["istio": ingressSelector] }
        let isDefault = ingressService.isEmpty || ingressService == "istio-ingressgateway"
        return ["istio": isDefault ? "ingressgateway" : ingressService]
    }
}

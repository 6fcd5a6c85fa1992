package import Documents
package import MeshModel

/// The Istio objects that Istio makes of Gateway API and Ingress objects (rule book 18, 19).
package struct ConvertedObjects: Sendable {
    package var gateways: [IstioGateway] = []
    package var virtualServices: [VirtualService] = []
    package var destinationRules: [DestinationRule] = []
    package var diagnostics: [Diagnostic] = []

    package init() {}
}

/// The objects made of a snapshot's Gateway API and Ingress objects. The snapshot's own Istio objects are not repeated;
/// annotations (`internal.istio.io/gateway-service`, …) are as Istio sets them.
package func istioObjects(from snapshot: MeshSnapshot) -> ConvertedObjects {
    ConvertedObjects()
}

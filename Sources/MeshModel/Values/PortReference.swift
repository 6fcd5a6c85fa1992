/// A port by number or by name: `targetPort`, an Ingress backend, a probe.
package enum PortReference: Hashable, Sendable {
    case number(Int)
    case name(String)

    package var number: Int? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    package var name: String? {
        guard case .name(let value) = self else { return nil }
        return value
    }
}

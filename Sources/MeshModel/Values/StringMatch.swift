/// How a text is compared in a VirtualService (Istio: `StringMatch`).
package enum StringMatch: Hashable, Sendable {
    case exact(String)
    case prefix(String)
    case regex(String)
    /// `{}`: for headers "is present", else without effect.
    case empty
}

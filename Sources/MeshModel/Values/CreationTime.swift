/// When an object was made, in the order in which Istio takes objects of one kind.
package enum CreationTime: Hashable, Sendable, Comparable {
    /// Objects that Istio makes of Ingresses: before all others.
    case none
    /// Seconds since 1970 (UTC), as `metadata.creationTimestamp` says.
    case at(seconds: Int64)
    /// A manifest without the field: applied after everything that has one.
    case unspecified
}

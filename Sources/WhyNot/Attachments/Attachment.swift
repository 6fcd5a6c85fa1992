package import Documents

/// A route object that names the host which is asked for, and whether the proxy has its routes.
package struct Attachment: Sendable {
    package enum State: Hashable, Sendable {
        /// So many of its routes are in the proxy's tables.
        case attached(routes: Int)
        /// It is not used here, and why: the first check that failed.
        case detached(String)
    }

    package let object: SourceReference
    package let state: State
    /// The other side of the mismatch.
    package let others: [SourceReference]
}

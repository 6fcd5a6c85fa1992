/// `security.istio.io` PeerAuthentication.
package struct PeerAuthentication: MeshObject, Hashable {
    package static let kindName = "PeerAuthentication"
    package static var list: WritableKeyPath<MeshSnapshot, [PeerAuthentication]> { \.peerAuthentications }

    package enum Mode: String, Hashable, Sendable, CaseIterable {
        case unset = "UNSET"
        case disable = "DISABLE"
        case permissive = "PERMISSIVE"
        case strict = "STRICT"
    }

    package var meta: ObjectMeta
    /// `selector.matchLabels`; `nil` when there is no selector.
    package var selector: [String: String]?
    package var mtls: Mode?
    /// By container port.
    package var portLevelMtls: [Int: Mode] = [:]

    package init(meta: ObjectMeta) { self.meta = meta }
}

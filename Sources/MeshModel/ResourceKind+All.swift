extension ResourceKind {
    /// Every kind that meshtop reads.
    package static let all: [ResourceKind] = []
}

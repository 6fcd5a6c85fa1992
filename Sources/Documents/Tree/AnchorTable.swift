/// The anchors of one document, and how far aliases may blow it up ("billion laughs"): an alias costs no memory here,
/// but whoever walks the tree visits what it stands for once more each time.
struct AnchorTable {
    enum Failure: Error { case unknown, cyclic, tooLarge }

    /// So many bytes of text weigh as much as a node.
    static let bytesPerUnit = 16
    /// A document may always grow by this much.
    private static let allowance = 20_000
    /// Beyond the allowance, by this much of its own size.
    private static let factor = 16

    private struct Anchor {
        let node: UInt32
        var isOpen: Bool
        /// While open: what had been spent when it began; then the size of what it stands for.
        var size: Int
    }

    private var names: [String: Int] = [:]
    private var anchors: [Anchor] = []
    /// What aliases have added to the size of the tree.
    private var expansion = 0

    mutating func reset() {
        guard !anchors.isEmpty else { return }
        names.removeAll(keepingCapacity: false)
        anchors.removeAll(keepingCapacity: false)
        expansion = 0
    }

    /// Begins an anchor at a node; `size` is the size of the tree before it.
    mutating func open(_ name: String, node: UInt32, size: Int) -> Int {
        anchors.append(Anchor(node: node, isOpen: true, size: size + expansion))
        names[name] = anchors.count - 1
        return anchors.count - 1
    }

    mutating func close(_ slot: Int, size: Int) {
        anchors[slot].isOpen = false
        anchors[slot].size = size + expansion - anchors[slot].size
    }

    mutating func use(_ name: String, size: Int) -> Result<UInt32, Failure> {
        guard let slot = names[name] else { return .failure(.unknown) }
        guard !anchors[slot].isOpen else { return .failure(.cyclic) }
        guard spend(anchors[slot].size, size: size) else { return .failure(.tooLarge) }
        return .success(anchors[slot].node)
    }

    /// Grows the tree; `false` when that is too much.
    mutating func spend(_ amount: Int, size: Int) -> Bool {
        let (sum, overflow) = expansion.addingReportingOverflow(max(amount, 1))
        guard !overflow, sum <= Self.allowance + Self.factor * size else { return false }
        expansion = sum
        return true
    }
}

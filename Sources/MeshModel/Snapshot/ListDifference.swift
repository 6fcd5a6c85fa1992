/// How two lists differ in which objects they have, by identity.
package struct ListDifference<Object: AnyObject> {
    /// Those of the first alone, in its order.
    package let gone: [Object]
    /// Those of the second alone, in its order.
    package let come: [Object]
    /// Whether those of both are in another order.
    package let isReordered: Bool

    package init(_ old: [Object], _ new: [Object]) {
        if old.isSameStorage(as: new) {
            (gone, come, isReordered) = ([], [], false)
            return
        }
        let start = zip(old, new).prefix { $0.0 === $0.1 }.count
        let shorter = min(old.count, new.count) - start
        let end = zip(old.reversed(), new.reversed()).prefix(shorter).prefix { $0.0 === $0.1 }.count
        let (before, after) = (old[start..<old.count - end], new[start..<new.count - end])
        let known = Set(before.map { ObjectIdentifier($0) })
        let kept = Set(after.map { ObjectIdentifier($0) })
        gone = before.filter { !kept.contains(ObjectIdentifier($0)) }
        come = after.filter { !known.contains(ObjectIdentifier($0)) }
        isReordered = !before.filter { kept.contains(ObjectIdentifier($0)) }
            .elementsEqual(after.filter { known.contains(ObjectIdentifier($0)) }) { $0 === $1 }
    }

    package var isEmpty: Bool { gone.isEmpty && come.isEmpty && !isReordered }
}

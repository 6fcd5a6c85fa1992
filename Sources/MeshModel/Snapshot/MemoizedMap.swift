/// The results of a function for the values of a list, kept so that the next list computes only what is new in it.
///
/// The function must depend on the value alone, and on nothing that has changed since the map was made: whoever has other
/// settings begins with an empty map. A result counts for values that are equal to the one that it was computed for.
package struct MemoizedMap<Input: Equatable & Sendable, Output: Sendable>: Sendable {
    @usableFromInline package internal(set) var inputs: [Input] = []
    /// As many as inputs, in their order.
    @usableFromInline package internal(set) var outputs: [Output] = []
    /// Whether the last list had the inputs of the one before.
    @usableFromInline package internal(set) var isUnchanged = true

    package init() {}

    /// Gives the outputs of another list. `key` tells what an input is about, so that it is found where it has moved.
    // Inlinable, so that lists of large values are compared in place.
    @inlinable package mutating func update<Key: Hashable>(
        to new: [Input], key: (Input) -> Key, _ make: (Input) -> Output
    ) {
        let (start, end) = Self.sameEnds(inputs, new)
        isUnchanged = start == inputs.count && start == new.count
        if isUnchanged { return }
        let old = start..<inputs.count - end
        var places: [Key: Int] = Dictionary(minimumCapacity: old.count)
        for place in old { places[key(inputs[place])] = place }
        var made: [Output] = []
        made.reserveCapacity(new.count - end - start)
        for input in new[start..<new.count - end] {
            let place = places[key(input)].flatMap { inputs[$0] == input ? $0 : nil }
            made.append(place.map { outputs[$0] } ?? make(input))
        }
        outputs.replaceSubrange(old, with: made)
        inputs = new
    }

    /// How many values are equal at the beginning and at the end of both.
    @inlinable static func sameEnds(_ old: [Input], _ new: [Input]) -> (start: Int, end: Int) {
        if new.isSameStorage(as: old) { return (new.count, 0) }
        return old.withUnsafeBufferPointer { old in
            new.withUnsafeBufferPointer { new in
                let shorter = min(old.count, new.count)
                var (start, end) = (0, 0)
                while start < shorter, old[start] == new[start] { start += 1 }
                while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
                return (start, end)
            }
        }
    }
}

extension Array {
    /// Whether both are the same array, not only equal ones.
    @inlinable package func isSameStorage(as other: [Element]) -> Bool {
        count == other.count
            && withUnsafeBufferPointer { own in other.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress } }
    }
}

/// The results of a function for the values of a list, kept so that the next list computes only what is new in it.
///
/// The function must depend on the value alone, and on nothing that has changed since the map was made: whoever has other
/// settings begins with an empty map. A result counts for values that are equal to the one that it was computed for.
package struct MemoizedMap<Input: Equatable & Sendable, Output: Sendable>: Sendable {
    package private(set) var inputs: [Input] = []
    /// As many as inputs, in their order.
    package private(set) var outputs: [Output] = []
    /// How the outputs differ from those of before.
    package private(set) var difference = Difference.none

    package enum Difference: Equatable, Sendable {
        case none
        /// Some were computed anew; all others are where they were.
        case replaced([Int])
        case other
    }

    package init() {}

    /// Gives the outputs of another list. `key` tells what an input is about, so that it is found where it has moved.
    package mutating func update<Key: Hashable>(to new: [Input], key: (Input) -> Key, _ make: (Input) -> Output) {
        difference = .none
        if new.isSameStorage(as: inputs) { return }
        var made: [Output] = []
        made.reserveCapacity(new.count)
        var replaced: [Int] = []
        var isInPlace = new.count == inputs.count
        var next = 0
        var places: [Key: Int]?
        for input in new {
            if next < inputs.count, inputs[next] == input {
                made.append(outputs[next])
                next += 1
                continue
            }
            let wanted = key(input)
            if next < inputs.count, key(inputs[next]) == wanted {
                if isInPlace { replaced.append(made.count) }
                made.append(make(input))
                next += 1
                continue
            }
            isInPlace = false
            let known = places ?? Dictionary(inputs.indices.map { (key(inputs[$0]), $0) }) { first, _ in first }
            places = known
            if let place = known[wanted] {
                made.append(inputs[place] == input ? outputs[place] : make(input))
                next = place + 1
            } else {
                made.append(make(input))
            }
        }
        (inputs, outputs) = (new, made)
        difference = !isInPlace ? .other : replaced.isEmpty ? .none : .replaced(replaced)
    }
}

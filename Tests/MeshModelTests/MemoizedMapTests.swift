import MeshModel
import TestSupport
import Testing

@Suite struct MemoizedMapTests {
    @Test("outputs are those of the inputs, and only new inputs are computed", arguments: 1...20 as ClosedRange<UInt64>)
    func random(seed: UInt64) {
        struct Value: Equatable {
            var key: Int
            var state: Int
        }
        var random = SplitMix64(seed: seed)
        var map = MemoizedMap<Value, String>()
        var values: [Value] = []
        for step in 0..<100 {
            let before = values
            let key = Int.random(in: 0..<40, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: values.removeAll { $0.key == key }
            case 1: values.shuffle(using: &random)
            case 2: break
            default:
                if let place = values.firstIndex(where: { $0.key == key }) {
                    values[place].state += 1
                } else {
                    values.insert(
                        Value(key: key, state: step), at: Int.random(in: 0...values.count, using: &random))
                }
            }
            var computed: [Value] = []
            map.update(to: values, key: \.key) { value in
                computed.append(value)
                return "\(value.key)/\(value.state)"
            }
            #expect(map.inputs == values && map.outputs == values.map { "\($0.key)/\($0.state)" }, "seed \(seed)")
            #expect(computed == values.filter { !before.contains($0) }, "seed \(seed), step \(step)")
            #expect(map.isUnchanged == (before == values), "seed \(seed), step \(step)")
        }
    }

    @Test("a difference of lists names what came and went, and says when others have changed places")
    func difference() {
        final class Item {}
        let items = (0..<6).map { _ in Item() }
        func list(_ places: [Int]) -> [Item] { places.map { items[$0] } }
        let change = ListDifference(list([0, 1, 2, 3]), list([0, 4, 2, 3, 5]))
        #expect(change.gone.map(ObjectIdentifier.init) == [ObjectIdentifier(items[1])])
        #expect(change.come.map(ObjectIdentifier.init) == list([4, 5]).map(ObjectIdentifier.init))
        #expect(!change.isReordered)
        #expect(ListDifference(list([0, 1, 2]), list([0, 2, 1])).isReordered)
        #expect(ListDifference(list([0, 1]), list([0, 1])).isEmpty)
        #expect(ListDifference(list([]), list([3])).come.count == 1)
    }
}

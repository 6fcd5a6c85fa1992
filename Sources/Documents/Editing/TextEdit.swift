/// A piece of text that takes the place of some bytes.
package struct TextEdit: Hashable, Sendable {
    package var range: Range<Int>
    package var text: String

    package init(_ range: Range<Int>, _ text: String) {
        self.range = range
        self.text = text
    }
}

extension [TextEdit] {
    /// The bytes with all edits made; `nil` when two of them are in each other's way.
    package func applied(to bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var position = 0
        for edit in sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }) {
            guard edit.range.lowerBound >= position, edit.range.upperBound <= bytes.count else { return nil }
            result += bytes[position..<edit.range.lowerBound]
            result += [UInt8](edit.text.utf8)
            position = edit.range.upperBound
        }
        return result + bytes[position...]
    }
}

/// A change of one value of a document.
package enum ValueEdit: Hashable, Sendable {
    /// The value at a path becomes this one; a key that is not there is added to its mapping.
    case set([PathStep], JSON)
    /// An element is put into a sequence, at its end or in front of an element.
    case insert([PathStep], JSON, before: Int? = nil)
    /// The value at a path goes, with its key or dash.
    case remove([PathStep])
    /// An element of a sequence moves to the place in front of another one.
    case move([PathStep], from: Int, to: Int)

    package var path: [PathStep] {
        switch self {
        case .set(let path, _), .insert(let path, _, _), .remove(let path), .move(let path, _, _): path
        }
    }
}

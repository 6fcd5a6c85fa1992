/// A JSON value to be written, or kept from a document: objects keep the order of their members.
///
/// For reading documents use `Node`, which knows places and does not copy; `Node.json` makes one of these.
package indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// Signed 64 bits; protobuf's 64-bit fields are written as strings by the caller.
    case int(Int64)
    case double(Double)
    /// A number as it was written, for what neither of the two holds exactly.
    case number(String)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

/// The members of a JSON object in their order; a key is there once.
package struct JSONObject: Hashable, Sendable {
    package private(set) var members: [Member]

    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: JSON
    }

    package init() { members = [] }

    package subscript(_ key: String) -> JSON? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Adds a member that is known not to be there yet; does nothing for `nil`.
    package mutating func add(_ key: String, _ value: JSON?) {
        guard let value else { return }
        members.append(Member(key: key, value: value))
    }

    /// Makes room for so many members.
    package mutating func reserve(_ count: Int) { members.reserveCapacity(count) }

    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        object.reserve(elements.count)
        for (key, value) in elements { object.add(key, value) }
        self = .object(object)
    }
}

extension JSON {
    package subscript(_ key: String) -> JSON? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var array: [JSON]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    package var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }
}

/// One line of a screen's key table: dispatch, footer, help and the clash test all read it here.
package struct KeyBinding<Effect: Sendable>: Sendable {
    /// Where the help overlay lists it.
    package enum Group: String, Hashable, Sendable, CaseIterable {
        case move = "Move"
        case look = "Look"
        case act = "Do"
        case view = "View"
    }

    /// As `Key` reads them; the first is the one that hints show.
    package let keys: [String]
    /// A word or two, for the footer.
    package let hint: String
    /// One line, for the help overlay.
    package let help: String
    package let group: Group
    /// Whether the footer shows it; those in front survive a narrow terminal.
    package let isHinted: Bool
    package let effect: Effect

    package init(
        _ keys: [String], _ hint: String, help: String? = nil, _ group: Group, hinted: Bool = true, _ effect: Effect
    ) {
        self.keys = keys
        self.hint = hint
        self.help = help ?? hint
        self.group = group
        isHinted = hinted
        self.effect = effect
    }

    /// Whether the key is one of this binding's.
    package func matches(_ key: Key) -> Bool { keys.contains { Key($0) == key } }
}

/// A key that two bindings of one table claim.
package struct KeyClash: Hashable, Sendable {
    package let key: String
    package let first: String
    package let second: String
}

/// The keys that are claimed more than once, and names that are no keys (with `second` empty).
package func clashes<Effect>(in bindings: [KeyBinding<Effect>]) -> [KeyClash] {
    var owners: [Key: String] = [:]
    var result: [KeyClash] = []
    for binding in bindings {
        for name in binding.keys {
            guard let key = Key(name) else {
                result.append(KeyClash(key: name, first: binding.hint, second: ""))
                continue
            }
            if let owner = owners[key] {
                result.append(KeyClash(key: name, first: owner, second: binding.hint))
            } else {
                owners[key] = binding.hint
            }
        }
    }
    return result
}

import Documents

extension JSON {
    /// A copy in which a member of nested objects has another value, or is gone; objects on the way are made.
    func setting(_ path: [String], to value: JSON?) -> JSON {
        guard let first = path.first else { return value ?? .null }
        var object = self.object ?? JSONObject()
        if path.count == 1 {
            object[first] = value
        } else {
            guard value != nil || object[first] != nil else { return self }
            object[first] = (object[first] ?? .object(JSONObject())).setting(Array(path.dropFirst()), to: value)
        }
        return .object(object)
    }

    /// RFC 7386; lists whose elements are objects with one of `listKeys` are merged by it, as Kubernetes' strategic merge
    /// does for ports and containers.
    func merging(_ patch: JSON, listKeys: [String]) -> JSON {
        if let elements = patch.array, let own = array,
            let key = listKeys.first(where: { key in (elements + own).allSatisfy { $0[key] != nil } }),
            !elements.isEmpty
        {
            var merged = own
            for element in elements {
                if let index = merged.firstIndex(where: { $0[key] == element[key] }) {
                    merged[index] = merged[index].merging(element, listKeys: listKeys)
                } else {
                    merged.append(element)
                }
            }
            return .array(merged)
        }
        guard let changes = patch.object else { return patch }
        var object = self.object ?? JSONObject()
        for member in changes.members {
            if member.value == .null {
                object[member.key] = nil
            } else {
                object[member.key] = (object[member.key] ?? .null).merging(member.value, listKeys: listKeys)
            }
        }
        return .object(object)
    }

    /// RFC 6902, its `add`, `replace`, `remove`; others are passed over.
    func applying(operations: JSON) -> JSON {
        var result = self
        for operation in operations.array ?? [] {
            guard let path = operation["path"]?.string, let verb = operation["op"]?.string else { continue }
            let steps = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
                String($0).replacing("~1", with: "/").replacing("~0", with: "~")
            }
            guard ["add", "replace", "remove"].contains(verb) else { continue }
            result = result.changed(at: steps[...], verb: verb, value: operation["value"])
        }
        return result
    }

    private func changed(at path: ArraySlice<String>, verb: String, value: JSON?) -> JSON {
        guard let step = path.first else { return value ?? self }
        let rest = path.dropFirst()
        if var elements = array {
            if step == "-", rest.isEmpty, let value { return .array(elements + [value]) }
            guard let index = Int(step), index >= 0, index <= elements.count else { return self }
            if rest.isEmpty {
                switch verb {
                case "add": if let value { elements.insert(value, at: index) }
                case "remove": if index < elements.count { elements.remove(at: index) }
                default: if index < elements.count, let value { elements[index] = value }
                }
            } else if index < elements.count {
                elements[index] = elements[index].changed(at: rest, verb: verb, value: value)
            }
            return .array(elements)
        }
        guard var object else { return self }
        if rest.isEmpty {
            object[step] = verb == "remove" ? nil : value
        } else if let member = object[step] {
            object[step] = member.changed(at: rest, verb: verb, value: value)
        }
        return .object(object)
    }

    /// A workload in which a container has another image.
    func settingImage(_ image: String, of container: String) -> JSON {
        guard let pod = self["spec"]?["template"]?["spec"] ?? self["spec"], let containers = pod["containers"]?.array
        else { return self }
        let changed = containers.map { element in
            guard element["name"]?.string == container || container == "*" else { return element }
            return element.setting(["image"], to: .string(image))
        }
        let path =
            self["spec"]?["template"] == nil ? ["spec", "containers"] : ["spec", "template", "spec", "containers"]
        return setting(path, to: .array(changed))
    }
}

/// Taking over a change of some files.
extension CollectedObjects {
    /// Takes over what differs between these files and those of before; `false` when everything has to be collected anew,
    /// which is then left half done.
    ///
    /// The outcome is that of collecting all files: an object's place in its list depends on nothing but its own creation
    /// time, name and namespace as long as no other object has the same three, and Endpoints are not mirrored.
    mutating func update(to new: [ManifestFile], options: MeshSnapshot.Options) -> Bool {
        guard options == snapshot.options, !hasRepeated else { return false }
        let start = zip(files, new).prefix { $0.0.isSame(as: $0.1) }.count
        let rest = min(files.count, new.count) - start
        let end = zip(files.reversed(), new.reversed()).prefix(rest).prefix { $0.0.isSame(as: $0.1) }.count
        let (old, changed) = (files[start..<files.count - end], new[start..<new.count - end])
        let (oldCount, offset) = (count(old), count(files[..<start]))
        guard replace(old.flatMap(\.resources), with: changed.flatMap(\.resources)) else { return false }
        snapshot.resources.replaceSubrange(offset..<offset + oldCount, with: changed.flatMap(\.resources))
        files = new
        return true
    }

    private func count(_ files: ArraySlice<ManifestFile>) -> Int { files.reduce(0) { $0 + $1.resources.count } }

    private mutating func replace(_ old: [Resource], with new: [Resource]) -> Bool {
        var gone: [Key: Resource] = [:]
        for resource in old { gone[Key(resource)] = resource }
        var pairs: [(old: Resource?, new: Resource?)] = []
        for resource in new {
            let key = Key(resource)
            if let before = gone.removeValue(forKey: key) {
                if !before.hasSameObject(as: resource) { pairs.append((before, resource)) }
            } else {
                guard keys.insert(key).inserted else { return false }
                pairs.append((nil, resource))
            }
        }
        for (key, resource) in gone {
            keys.remove(key)
            pairs.append((resource, nil))
        }
        return pairs.allSatisfy { replace($0.old?.object, with: $0.new?.object) }
    }

    private mutating func replace(_ old: (any MeshObject)?, with new: (any MeshObject)?) -> Bool {
        if let old, let new, AgeKey(old.meta) == AgeKey(new.meta) { return replace(old, inPlaceWith: new) }
        if let old, !remove(old) { return false }
        if let new, !insert(new) { return false }
        return true
    }

    private mutating func replace<Object: MeshObject>(_ old: Object, inPlaceWith new: any MeshObject) -> Bool {
        let places = places(of: old)
        guard !isMirrored(Object.self), places.count == 1, let place = places.first, let new = new as? Object else {
            return false
        }
        snapshot[keyPath: Object.list][place] = effective(new)
        if !old.isFound(like: new) { snapshot.index(Object.self) }
        return true
    }

    private mutating func remove<Object: MeshObject>(_ object: Object) -> Bool {
        let places = places(of: object)
        guard !isMirrored(Object.self), places.count == 1, let place = places.first else { return false }
        snapshot[keyPath: Object.list].remove(at: place)
        snapshot.index(Object.self)
        return true
    }

    private mutating func insert<Object: MeshObject>(_ object: Object) -> Bool {
        let places = places(of: object)
        guard !isMirrored(Object.self), places.isEmpty else { return false }
        snapshot[keyPath: Object.list].insert(effective(object), at: places.lowerBound)
        snapshot.index(Object.self)
        return true
    }

    /// Whether the list has objects that were made of others.
    private func isMirrored<Object: MeshObject>(_ kind: Object.Type) -> Bool {
        kind == Endpoints.self || kind == EndpointSlice.self && !snapshot.endpoints.isEmpty
    }

    /// Where objects with the object's creation time, name and namespace stand in their list, or would.
    private func places<Object: MeshObject>(of object: Object) -> Range<Int> {
        let key = AgeKey(object.meta)
        let list = snapshot[keyPath: Object.list]
        func first(_ isBehind: (AgeKey) -> Bool) -> Int {
            var (low, high) = (0, list.count)
            while low < high {
                let middle = (low + high) / 2
                if isBehind(AgeKey(list[middle].meta)) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        return first { $0 >= key }..<first { $0 > key }
    }
}

extension ManifestFile {
    /// The same reading of the same file.
    fileprivate func isSame(as other: ManifestFile) -> Bool {
        path == other.path && cluster == other.cluster && resources.isSameStorage(as: other.resources)
    }
}

extension Resource {
    /// Whether both stand for equal typed objects, or for none.
    package func hasSameObject(as other: Resource) -> Bool {
        guard let object, let otherObject = other.object else { return object == nil && other.object == nil }
        return object.isSame(as: otherObject)
    }
}

extension MeshObject {
    fileprivate func isSame(as other: any MeshObject) -> Bool { (other as? Self).map { $0 == self } ?? false }

    /// Whether look-ups find the other, of the same name, wherever they find this one.
    fileprivate func isFound(like other: Self) -> Bool {
        switch (self, other) {
        case (is Pod, _): false
        case (let own as EndpointSlice, let other as EndpointSlice): own.serviceName == other.serviceName
        default: true
        }
    }
}

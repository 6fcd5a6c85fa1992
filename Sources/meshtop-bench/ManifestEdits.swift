/// Edits of a file of a generated mesh, each of one object. They leave the file as long as it was unless they say otherwise.
struct ManifestEdit: Sendable {
    let name: String
    /// The edited file; `nil` where it has nothing to edit. The number makes each edit another one.
    let apply: @Sendable (ManifestText, Int) -> ManifestText?

    static let all: [ManifestEdit] = [
        number("a VirtualService edited", of: "VirtualService", in: "timeout:"),
        number("a DestinationRule edited", of: "DestinationRule", in: "http1MaxPendingRequests:"),
        number("an EndpointSlice edited", of: "EndpointSlice", in: "nodeName:"),
        number("a Service edited", of: "Service", in: "targetPort:"),
        ManifestEdit(name: "a VirtualService longer by a line") { text, number in
            guard var object = text.middle("VirtualService") else { return nil }
            object.lines.insert("# \(number)", at: 0)
            return text.replacing(object)
        },
        ManifestEdit(name: "a VirtualService added") { text, number in
            guard let object = text.middle("VirtualService") else { return nil }
            return text.adding(
                object.lines.map { $0.hasPrefix("  name: ") || $0.hasSuffix(".example.com") ? $0 + "x\(number)" : $0 })
        },
        ManifestEdit(name: "a VirtualService deleted") { text, number in
            guard var object = text.middle("VirtualService", number) else { return nil }
            object.lines = []
            return text.replacing(object)
        },
        ManifestEdit(name: "a Service deleted") { text, number in
            guard var object = text.middle("Service", number) else { return nil }
            object.lines = []
            return text.replacing(object)
        },
    ]

    /// Writes a number behind the first line of an object that begins so.
    private static func number(_ name: String, of kind: String, in field: String) -> ManifestEdit {
        ManifestEdit(name: name) { text, number in
            guard var object = text.middle(kind),
                let line = object.lines.firstIndex(where: { $0.drop { $0 == " " }.hasPrefix(field) })
            else { return nil }
            let indent = object.lines[line].prefix { $0 == " " }
            let unit = field == "timeout:" ? "s" : ""
            object.lines[line] = "\(indent)\(field) \(field == "nodeName:" ? "node-" : "")\(number + 1)\(unit)"
            return text.replacing(object)
        }
    }
}

/// A file of manifests as objects of lines.
struct ManifestText: Sendable {
    struct Object: Sendable {
        fileprivate let place: Int
        var lines: [String]
    }

    private var objects: [[String]]

    init(_ text: String) {
        objects = text.split(separator: "\n", omittingEmptySubsequences: false)
            .split(separator: "---", omittingEmptySubsequences: false).map { $0.map(String.init) }
    }

    var text: String { objects.map { $0.joined(separator: "\n") }.joined(separator: "\n---\n") }

    /// An object of a kind, from the middle of the file on, so that there are others before and behind it.
    func middle(_ kind: String, _ offset: Int = 0) -> Object? {
        let places = objects.indices.filter { objects[$0].contains("kind: \(kind)") }
        guard !places.isEmpty else { return nil }
        let place = places[(places.count / 2 + offset) % places.count]
        return Object(place: place, lines: objects[place])
    }

    /// With an object's lines exchanged; without the object when there are none.
    func replacing(_ object: Object) -> ManifestText {
        var result = self
        if object.lines.isEmpty {
            result.objects.remove(at: object.place)
        } else {
            result.objects[object.place] = object.lines
        }
        return result
    }

    func adding(_ lines: [String]) -> ManifestText {
        var result = self
        if result.objects.last?.allSatisfy(\.isEmpty) == true { result.objects.removeLast() }
        result.objects.append(lines + [""])
        return result
    }
}

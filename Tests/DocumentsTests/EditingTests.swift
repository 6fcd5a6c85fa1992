import Documents
import Glibc
import TestSupport
import Testing

@Suite struct EditingTests {
    /// What an edit means for the value itself: the slow and obvious way.
    static func apply(_ edit: ValueEdit, to value: JSON) -> JSON? {
        func change(_ value: JSON?, _ path: ArraySlice<PathStep>, _ body: (JSON?) -> JSON??) -> JSON?? {
            guard let step = path.first else { return body(value) }
            switch (step, value) {
            case (.key(let name), .object(var object)?):
                guard let new = change(object[name], path.dropFirst(), body) else { return .none }
                object[name] = new
                return .some(.object(object))
            case (.key(let name), nil), (.key(let name), .null?):
                guard let new = change(nil, path.dropFirst(), body), let new else { return .none }
                return .some([name: new] as JSON)
            case (.index(let index), .array(var elements)?) where elements.indices.contains(index):
                guard let new = change(elements[index], path.dropFirst(), body) else { return .none }
                if let new { elements[index] = new } else { elements.remove(at: index) }
                return .some(.array(elements))
            default: return .none
            }
        }
        switch edit {
        case .set(let path, let new): return change(value, path[...]) { _ in .some(new) } ?? nil
        case .insert(let path, let new, let position):
            return change(value, path[...]) { old in
                var elements = old?.array ?? []
                elements.insert(new, at: position ?? elements.count)
                return .some(.array(elements))
            } ?? nil
        case .remove(let path): return change(value, path[...]) { _ in .some(nil) } ?? nil
        case .move(let path, let from, let to):
            return change(value, path[...]) { old in
                guard var elements = old?.array else { return .none }
                elements.insert(elements.remove(at: from), at: to)
                return .some(.array(elements))
            } ?? nil
        }
    }

    static func edited(_ text: String, _ edit: ValueEdit) throws -> String {
        let tree = try #require(SourceTree(Array(text.utf8)))
        let edits = try #require(tree.textEdits(edit, below: tree.rootAnchor))
        return String(decoding: try #require(edits.applied(to: Array(text.utf8))), as: UTF8.self)
    }

    @Test(
        "an edit changes its value and nothing else",
        arguments: [
            ("a: x # why\nb: 1\n", ValueEdit.set(["a"], "z"), "a: z # why\nb: 1\n"),
            ("a: \"x\"\n", .set(["a"], "no"), "a: \"no\"\n"), ("a: 'x'\n", .set(["a"], "it's"), "a: 'it''s'\n"),
            ("a: x\n", .set(["a"], "yes"), "a: \"yes\"\n"), ("a: x\n", .set(["a"], 8080), "a: 8080\n"),
            ("a:\n", .set(["a"], "x"), "a: x\n"), ("a:\nb: 1\n", .insert(["a"], "x"), "a:\n  - x\nb: 1\n"),
            ("h:\n- a\n- b # last\n", .insert(["h"], "c"), "h:\n- a\n- b # last\n- c\n"),
            ("h:\n- a\n- b", .insert(["h"], "c"), "h:\n- a\n- b\n- c"),
            ("h: [a, b]\n", .insert(["h"], "c"), "h: [a, b, \"c\"]\n"), ("h: []\n", .insert(["h"], "c"), "h:\n  - c\n"),
            ("h:\n  - a\n  - b\n", .insert(["h"], "c", before: 0), "h:\n  - c\n  - a\n  - b\n"),
            ("h:\n  - a\n  - b\n", .remove(["h", 0]), "h:\n  - b\n"), ("h: [a, b]\n", .remove(["h", 0]), "h: [b]\n"),
            ("h: [a, b]\n", .remove(["h", 1]), "h: [a]\n"), ("g: 1\nh: [a]\n", .remove(["h", 0]), "g: 1\n"),
            ("m:\n- port: 8\n  uri: x\n", .remove(["m", 0, "port"]), "m:\n- uri: x\n"),
            ("m:\n- uri: x\n  port: 8\nn: 1\n", .remove(["m", 0, "port"]), "m:\n- uri: x\nn: 1\n"),
            ("s:\n  x: 1\n", .set(["s", "w", "z"], "q"), "s:\n  x: 1\n  w:\n    z: q\n"),
            ("s: {x: 1}\n", .set(["s", "y"], "q"), "s: {x: 1, \"y\":\"q\"}\n"),
            ("{\"a\": {\"b\": \"c\"}}", .set(["a", "b"], "d"), "{\"a\": {\"b\": \"d\"}}"),
            (
                "r:\n  - n: 1\n    x: a\n  - n: 2\nq: 1\n", .move(["r"], from: 1, to: 0),
                "r:\n  - n: 2\n  - n: 1\n    x: a\nq: 1\n"
            ),
            ("a: x\r\nb:\r\n- c\r\n", .insert(["b"], "d"), "a: x\r\nb:\r\n- c\r\n- d\r\n"),
            ("u:\n  exact: /a\n", .set(["u"], ["prefix": "/a"]), "u:\n  prefix: /a\n"),
            ("a: |\n  text\n  more\nb: 1\n", .set(["a"], "x"), "a: x\nb: 1\n"),
        ])
    func table(text: String, edit: ValueEdit, expected: String) throws {
        #expect(try Self.edited(text, edit) == expected)
    }

    @Test("in every manifest of the samples, random edits mean what they say", arguments: [UInt64(1), 2, 3, 4])
    func samples(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var tried = 0
        for path in try Self.manifests(in: packageRoot + "/Samples") {
            let bytes = try readBytes(path)
            for document in DocumentReader.read(bytes, file: path).documents {
                let text = Array(bytes[document.byteRange])
                let tree = try #require(SourceTree(text), "\(path)")
                for _ in 0..<3 {
                    let edit = Self.randomEdit(of: document.root.json, using: &random)
                    guard let expected = Self.apply(edit, to: document.root.json),
                        let edits = tree.textEdits(edit, below: tree.rootAnchor),
                        let new = edits.applied(to: text)
                    else { continue }
                    tried += 1
                    let again = DocumentReader.read(new, file: path)
                    let found = again.documents.first?.root.json
                    #expect(
                        found == expected && again.documents.count == 1,
                        "seed \(seed) \(path) \(edit)\n\(String(decoding: new, as: UTF8.self))")
                }
            }
        }
        #expect(tried > 200)
    }

    static func manifests(in folder: String) throws -> [String] {
        try names(in: folder).flatMap { name in
            let path = folder + "/" + name
            if name.hasSuffix(".yaml") || name.hasSuffix(".json") { return [path] }
            return (try? manifests(in: path)) ?? []
        }
    }

    static func randomEdit(of value: JSON, using random: inout SplitMix64) -> ValueEdit {
        var path: [PathStep] = []
        var now = value
        var siblings = 1
        while Int.random(in: 0..<6, using: &random) > 0 || path.isEmpty {
            if let object = now.object, let member = object.members.randomElement(using: &random) {
                path.append(.key(member.key))
                siblings = object.members.count
                now = member.value
            } else if let array = now.array, let index = array.indices.randomElement(using: &random) {
                path.append(.index(index))
                siblings = array.count
                now = array[index]
            } else {
                break
            }
        }
        let new: JSON =
            [
                "word", "true", "1.5", "a: b", "- x", "*.example.com", .int(8080), ["k": "v", "list": ["a", "b"]],
                ["x"], "",
            ].randomElement(using: &random) ?? "x"
        switch (Int.random(in: 0..<4, using: &random), now) {
        case (0, .array(let elements)):
            return .insert(path, new, before: Bool.random(using: &random) && !elements.isEmpty ? 0 : nil)
        case (1, .array(let elements)) where elements.count > 1: return .move(path, from: elements.count - 1, to: 0)
        case (2, _) where siblings > 1: return .remove(path)
        case (3, .object): return .set(path + [.key("added")], new)
        default: return .set(path, new)
        }
    }

    @Test("a patch names the lines, and says where a line end is missing")
    func patch() {
        let old = (1...20).map { "line \($0)" }.joined(separator: "\n")
        let new = old.replacing("line 2\n", with: "line two\nmore\n").replacing("line 20", with: "line twenty")
        #expect(
            UnifiedPatch.text(file: "a/b.yaml", old: Array(old.utf8), new: Array(new.utf8)) == """
                --- a/b.yaml
                +++ a/b.yaml
                @@ -1,5 +1,6 @@
                 line 1
                -line 2
                +line two
                +more
                 line 3
                 line 4
                 line 5
                @@ -17,4 +18,4 @@
                 line 17
                 line 18
                 line 19
                -line 20
                \\ No newline at end of file
                +line twenty
                \\ No newline at end of file

                """)
        #expect(UnifiedPatch.text(file: "x", old: [1], new: [1]) == "")
    }

    @Test(
        "the patch program makes the new file of the old one",
        .enabled(if: access("/usr/bin/patch", X_OK) == 0, "there is no patch program"), arguments: [UInt64(5), 6, 7])
    func patched(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let old = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                "l\(Int.random(in: 0..<9, using: &random))"
            }
            var new = old
            for _ in 0..<Int.random(in: 1..<5, using: &random) {
                let place = Int.random(in: 0...new.count, using: &random)
                if Bool.random(using: &random), place < new.count {
                    new.remove(at: place)
                } else {
                    new.insert("new", at: place)
                }
            }
            let texts = [old, new].map {
                $0.joined(separator: "\n") + ($0.isEmpty || Bool.random(using: &random) ? "" : "\n")
            }
            guard texts[0] != texts[1], !texts[0].isEmpty else { continue }
            let folder = try TemporaryFolder()
            let patch = UnifiedPatch.text(file: "f", old: Array(texts[0].utf8), new: Array(texts[1].utf8))
            try folder.write(texts[0], to: "f")
            try folder.write(patch, to: "p")
            let result = try spawn(["patch", "-p0", "-s", "-i", "p"], folder: folder.path)
            #expect(result.status == 0, "seed \(seed)\n\(patch)")
            #expect(try readText(folder.path("f")) == texts[1], "seed \(seed)\n\(patch)")
        }
    }
}

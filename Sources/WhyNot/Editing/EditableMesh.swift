import Documents
package import MeshModel

/// Manifests that can be changed in thought: the texts of changed documents lie over the files, which stay as they are.
package struct EditableMesh: Sendable {
    /// Some bytes of a file, fewer where it ends; `nil` where it cannot be read again.
    package typealias Reader = @Sendable (_ path: String, _ range: Range<Int>) -> [UInt8]?

    private var files: [ManifestFile]
    private let settings: MeshSnapshot.Settings
    private let read: Reader
    private var series = SnapshotSeries()
    private var drafts: [DraftKey: Draft] = [:]
    /// The drafts by the documents that were read from them.
    private var keys: [ObjectIdentifier: DraftKey] = [:]

    /// A document larger than this is not edited: reading it again for each try would take too long.
    private static let largestDocument = 4 << 20

    private struct DraftKey: Hashable {
        let file: Int
        let start: Int
    }

    /// The text of a document as it is now.
    private struct Draft {
        let path: String
        let range: Range<Int>
        let firstLine: Int
        let original: [UInt8]
        var text: [UInt8]
        /// What was read from the text: keeps the identity in `keys` alive.
        var document: Document
    }

    package init(files: [ManifestFile], settings: MeshSnapshot.Settings, read: @escaping Reader) {
        self.files = files
        self.settings = settings
        self.read = read
    }

    /// The manifests as a state; `previous`: one from before the changes, of which what has not changed is taken over.
    package mutating func state(after previous: MeshState? = nil) -> MeshState {
        MeshState(series.next(files: files, settings: settings).0, after: previous)
    }

    package var isEdited: Bool { !drafts.isEmpty }

    // MARK: Editing

    /// The manifests with changes made; `nil` when one of them cannot be made, or leaves no readable document.
    package func applying(_ edits: [ObjectEdit]) -> EditableMesh? {
        var result = self
        var grouped: [ObjectIdentifier: [ObjectEdit]] = [:]
        var order: [ObjectIdentifier] = []
        for edit in edits {
            let document = ObjectIdentifier(edit.resource.node.document)
            if grouped[document] == nil { order.append(document) }
            grouped[document, default: []].append(edit)
        }
        for document in order {
            guard result.apply(grouped[document] ?? []) else { return nil }
        }
        return result
    }

    /// Makes changes of one document.
    private mutating func apply(_ edits: [ObjectEdit]) -> Bool {
        guard let document = edits.first?.resource.node.document, let key = key(of: document),
            let text = text(of: document, key: key), let tree = SourceTree(text)
        else { return false }
        var textEdits: [TextEdit] = []
        for edit in edits {
            switch edit.change {
            case .value(let change):
                // A document that was read from a draft counts its lines from the draft's beginning.
                let place = edit.resource.node.location
                let anchor = tree.anchor(line: place.line - firstLine(document, key, tree), column: place.column)
                guard let anchor, let made = tree.textEdits(change, below: anchor) else { return false }
                textEdits += made
            case .create(let object):
                let separator = text.last == 0x0A || text.isEmpty ? "---\n" : "\n---\n"
                textEdits.append(TextEdit(text.count..<text.count, separator + object.yaml))
            }
        }
        guard let new = textEdits.applied(to: text) else { return false }
        return replace(document, key, original: text, with: new, tree)
    }

    private mutating func replace(
        _ document: Document, _ key: DraftKey, original: [UInt8], with new: [UInt8], _ tree: SourceTree
    ) -> Bool {
        let file = files[key.file]
        let parsed = DocumentReader.read(new, file: file.path.hasSuffix(".json") ? file.path : file.path + " (edited)")
        guard !parsed.isBroken, let first = parsed.documents.first else { return false }
        let typed = ManifestFile.read(path: file.path, cluster: file.cluster, documents: parsed.documents)
        guard !typed.diagnostics.contains(where: { $0.severity == .error }) else { return false }
        var resources = file.resources
        let positions = resources.indices.filter { isOf(document, resources[$0], key) }
        guard let lower = positions.first, let upper = positions.last else { return false }
        resources.replaceSubrange(lower...upper, with: typed.resources)
        files[key.file] = ManifestFile(
            path: file.path, cluster: file.cluster, resources: resources, diagnostics: file.diagnostics)
        if drafts[key] == nil {
            drafts[key] = Draft(
                path: file.path, range: document.byteRange, firstLine: firstLine(document, key, tree),
                original: original, text: new, document: first)
        } else {
            drafts[key]?.text = new
            drafts[key]?.document = first
        }
        for document in parsed.documents { keys[ObjectIdentifier(document)] = key }
        return true
    }

    private func isOf(_ document: Document, _ resource: Resource, _ key: DraftKey) -> Bool {
        resource.node.document === document
            || !keys.isEmpty && keys[ObjectIdentifier(resource.node.document)] == key
    }

    /// How many lines of the file are in front of the text that places of `document` count in; 0 for drafts.
    private func firstLine(_ document: Document, _ key: DraftKey, _ tree: SourceTree) -> Int {
        if keys[ObjectIdentifier(document)] != nil { return 0 }
        return max(0, document.root.location.line - 1 - tree.rootLine)
    }

    private func key(of document: Document) -> DraftKey? {
        if let key = keys[ObjectIdentifier(document)] { return key }
        let file = files.indices.first { index in
            files[index].path == document.file && files[index].resources.contains { $0.node.document === document }
        }
        return file.map { DraftKey(file: $0, start: document.byteRange.lowerBound) }
    }

    private func text(of document: Document, key: DraftKey) -> [UInt8]? {
        if let draft = drafts[key] { return draft.text }
        guard document.byteRange.count <= Self.largestDocument else { return nil }
        let text = read(document.file, document.byteRange)
        return text?.count == document.byteRange.count ? text : nil
    }

    // MARK: The difference

    /// The changes as a patch of the files.
    package var patch: String {
        let byFile = Dictionary(grouping: drafts.values, by: \.path)
        return byFile.sorted { $0.key < $1.key }.map { path, drafts in
            let drafts = drafts.sorted { $0.range.lowerBound < $1.range.lowerBound }
            var shift = 0
            var text = ""
            for draft in drafts {
                let (before, after) = surroundings(of: draft)
                let lines = before.count { $0 == 0x0A }
                let part = UnifiedPatch.text(
                    file: path, old: before + draft.original + after, new: before + draft.text + after,
                    firstLine: draft.firstLine - lines, shift: shift)
                shift += draft.text.count { $0 == 0x0A } - draft.original.count { $0 == 0x0A }
                // One heading for all of a file's parts.
                text += text.isEmpty ? part : part.withoutHeading
            }
            return text
        }.joined()
    }

    /// Up to three lines in front of and behind a document.
    private func surroundings(of draft: Draft) -> ([UInt8], [UInt8]) {
        let reach = 4096
        let front =
            draft.range.lowerBound > 0
            ? read(draft.path, max(0, draft.range.lowerBound - reach)..<draft.range.lowerBound) ?? [] : []
        var start = front.count
        var lines = 0
        while start > 0, lines <= 3 {
            start -= 1
            if front[start] == 0x0A { lines += 1 }
        }
        let isFileStart = draft.range.lowerBound <= reach && lines <= 3
        let before = Array(front[(lines > 3 ? start + 1 : isFileStart ? 0 : front.count)...])
        let behind = read(draft.path, draft.range.upperBound..<draft.range.upperBound + reach) ?? []
        var end = 0
        lines = 0
        while end < behind.count, lines < 3 {
            if behind[end] == 0x0A { lines += 1 }
            end += 1
        }
        return (before, Array(behind[..<end]))
    }
}

extension String {
    fileprivate var withoutHeading: String {
        split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).last.map(String.init) ?? ""
    }
}

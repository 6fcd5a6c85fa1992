import Documents
import MeshModel

/// A value as lines, without what is empty; places as line and column.
func describe(_ value: Any, indent: String = "") -> String {
    switch value {
    case let place as SourceLocation: return "@\(place.line):\(place.column)"
    case let text as String: return text.isEmpty ? "" : "\"\(text)\""
    case let number as any BinaryInteger: return "\(number)"
    case let number as Double: return "\(number)"
    case let flag as Bool: return flag ? "true" : ""
    case let duration as Duration: return duration.protobufText
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.map { describe($0.value, indent: indent) } ?? ""
    case .dictionary:
        let entries = mirror.children.map { child -> String in
            let pair = Mirror(reflecting: child.value).children.map(\.value)
            let text = describe(pair[1], indent: indent + "  ")
            return "\(indent)  \(pair[0]): \(text.isEmpty ? "-" : text)"
        }
        return entries.isEmpty ? "" : "\n" + entries.sorted().joined(separator: "\n")
    case .collection, .set:
        let elements = mirror.children.map { child -> String in
            let text = describe(child.value, indent: indent + "  ")
            return "\(indent)  - \(text.isEmpty ? "()" : text)"
        }
        return elements.isEmpty ? "" : "\n" + elements.joined(separator: "\n")
    case .enum:
        guard let payload = mirror.children.first else { return "\(value)" }
        return "\(payload.label ?? "") \(describe(payload.value, indent: indent))"
    case .tuple, .struct:
        let fields = mirror.children.compactMap { child -> String? in
            let text = describe(child.value, indent: indent + "  ")
            return text.isEmpty ? nil : "\(indent)  \(child.label.map(fieldName) ?? "_"): \(text)"
        }
        return fields.isEmpty ? "" : "\n" + fields.joined(separator: "\n")
    default: return "\(value)"
    }
}

/// The field's own name, where a wrapper keeps its value.
private func fieldName(_ label: String) -> String { String(label.drop { $0 == "_" }) }

/// A manifest file of a text.
func manifest(_ text: String, file: String = "test.yaml") -> ManifestFile {
    let parsed = DocumentReader.read(text, file: file)
    let typed = ManifestFile.read(path: file, documents: parsed.documents)
    return ManifestFile(
        path: file, resources: typed.resources, diagnostics: parsed.diagnostics + typed.diagnostics)
}

/// A snapshot of texts, files named `0.yaml`, `1.yaml`, ….
func snapshot(_ texts: String..., settings: MeshSnapshot.Settings = .init()) -> MeshSnapshot {
    let files = texts.enumerated().map { manifest($1, file: "\($0).yaml") }
    return MeshSnapshot.build(files: files, settings: settings).0
}

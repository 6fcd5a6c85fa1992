import Glibc
package import Testing

/// Compares a text with `Goldens/<name>` beside the test file; `UPDATE_GOLDENS=1` writes it instead.
package func expectGolden(
    _ text: String, _ name: String, testFile: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) {
    let folder = testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let path = folder + "/Goldens/" + name
    if getenv("UPDATE_GOLDENS") != nil {
        do {
            try makeFolders(above: path)
            try writeText(text, to: path)
        } catch {
            Issue.record("\(error)", sourceLocation: sourceLocation)
        }
        return
    }
    guard let golden = try? readText(path) else {
        Issue.record("no golden \(path); UPDATE_GOLDENS=1 swift test writes it", sourceLocation: sourceLocation)
        return
    }
    if golden == text { return }
    let (found, expected) = (lines(of: text), lines(of: golden))
    let different = (0..<max(found.count, expected.count)).filter { line in
        line >= found.count || line >= expected.count || found[line] != expected[line]
    }
    let report = different.prefix(12).map { line in
        "line \(line + 1):\n  golden: \(line < expected.count ? expected[line] : "(none)")\n"
            + "  found:  \(line < found.count ? found[line] : "(none)")"
    }
    Issue.record(
        "\(name) differs in \(different.count) lines (UPDATE_GOLDENS=1 rewrites it)\n\(report.joined(separator: "\n"))",
        sourceLocation: sourceLocation)
}

private func lines(of text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

private func makeFolders(above path: String) throws {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
        folder += "/" + part
        if mkdir(folder, 0o755) != 0, errno != EEXIST { throw FileProblem("make", folder) }
    }
}

/// A unified diff of two texts, as go-difflib writes it.
package enum UnifiedDiff {
    /// Empty for equal texts.
    package static func text(
        from old: String, named oldName: String, to new: String, named newName: String, context: Int = 7
    ) -> String {
        let oldLines = lines(of: old)
        let newLines = lines(of: new)
        let groups = SequenceMatcher(oldLines, newLines).groupedOpCodes(context: context)
        if groups.isEmpty { return "" }
        var text = "--- \(oldName)\n+++ \(newName)\n"
        for group in groups {
            guard let first = group.first, let last = group.last else { continue }
            let oldRange = range(first.a.lowerBound, last.a.upperBound)
            text += "@@ -\(oldRange) +\(range(first.b.lowerBound, last.b.upperBound)) @@\n"
            for code in group {
                if code.tag == .equal {
                    for line in oldLines[code.a] { text += " " + line }
                    continue
                }
                for line in oldLines[code.a] { text += "-" + line }
                for line in newLines[code.b] { text += "+" + line }
            }
        }
        return text
    }

    /// With their line feeds; go-difflib gives the last line one too.
    private static func lines(of text: String) -> [Substring] {
        (text + "\n").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { $0 + "\n" }
    }

    private static func range(_ start: Int, _ end: Int) -> String {
        switch end - start {
        case 1: "\(start + 1)"
        case 0: "\(start),0"
        case let count: "\(start + 1),\(count)"
        }
    }
}

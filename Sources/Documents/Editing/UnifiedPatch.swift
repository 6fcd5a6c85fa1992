/// A change of a file as `patch -p0` and `git apply -p0` take it.
package struct UnifiedPatch: Sendable {
    private struct Hunk {
        /// Lines of the old text, from 0.
        var old: Range<Int>
        var new: Range<Int>
    }

    private static let context = 3

    /// The patch of one file; empty when nothing differs. `old` and `new` may be a part of the file that begins at line
    /// `firstLine` (from 0), three lines around the changes included; `shift` lines were added in front of it.
    package static func text(
        file: String, old: [UInt8], new: [UInt8], firstLine: Int = 0, shift: Int = 0
    ) -> String {
        let (oldLines, newLines) = (lines(old), lines(new))
        let hunks = hunks(oldLines, newLines)
        if hunks.isEmpty { return "" }
        var text = "--- \(file)\n+++ \(file)\n"
        for hunk in joined(hunks, count: oldLines.count) {
            guard let first = hunk.first, let last = hunk.last else { continue }
            let before = max(0, first.old.lowerBound - context)
            let after = min(oldLines.count, last.old.upperBound + context)
            let newBefore = first.new.lowerBound - (first.old.lowerBound - before)
            let newAfter = last.new.upperBound + (after - last.old.upperBound)
            text += "@@ -\(range(before..<after, firstLine)) +\(range(newBefore..<newAfter, firstLine + shift)) @@\n"
            var position = before
            for change in hunk {
                for index in position..<change.old.lowerBound { text += line(" ", oldLines[index]) }
                for index in change.old { text += line("-", oldLines[index]) }
                for index in change.new { text += line("+", newLines[index]) }
                position = change.old.upperBound
            }
            for index in position..<after { text += line(" ", oldLines[index]) }
        }
        return text
    }

    private static func line(_ mark: String, _ line: ArraySlice<UInt8>) -> String {
        let text = mark + String(decoding: line, as: UTF8.self)
        return line.last == 0x0A ? text : text + "\n\\ No newline at end of file\n"
    }

    private static func range(_ range: Range<Int>, _ firstLine: Int) -> String {
        switch range.count {
        case 1: "\(range.lowerBound + firstLine + 1)"
        case 0: "\(range.lowerBound + firstLine),0"
        default: "\(range.lowerBound + firstLine + 1),\(range.count)"
        }
    }

    /// With their line ends.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A {
            lines.append(bytes[start...index])
            start = index + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    /// The changed lines: what is left between the equal beginnings and ends, with the longest common runs taken out.
    private static func hunks(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Hunk] {
        var open = [(old.indices, new.indices)]
        var hunks: [Hunk] = []
        while var (left, right) = open.popLast() {
            while let a = left.first, let b = right.first, old[a] == new[b] {
                left = left.dropFirst()
                right = right.dropFirst()
            }
            while let a = left.last, let b = right.last, old[a] == new[b] {
                left = left.dropLast()
                right = right.dropLast()
            }
            if left.isEmpty, right.isEmpty { continue }
            if left.count < 400, right.count < 400, let run = longestRun(old, left, new, right) {
                open.append((left.lowerBound..<run.old, right.lowerBound..<run.new))
                open.append((run.old + run.count..<left.upperBound, run.new + run.count..<right.upperBound))
            } else {
                hunks.append(Hunk(old: left, new: right))
            }
        }
        return hunks.sorted { ($0.old.lowerBound, $0.new.lowerBound) < ($1.old.lowerBound, $1.new.lowerBound) }
    }

    private static func longestRun(
        _ old: [ArraySlice<UInt8>], _ left: Range<Int>, _ new: [ArraySlice<UInt8>], _ right: Range<Int>
    ) -> (old: Int, new: Int, count: Int)? {
        var best = (old: 0, new: 0, count: 0)
        var lengths = [Int](repeating: 0, count: right.count + 1)
        for a in left {
            var previous = 0
            for (offset, b) in right.enumerated() {
                let length = old[a] == new[b] ? previous + 1 : 0
                previous = lengths[offset + 1]
                lengths[offset + 1] = length
                if length > best.count { best = (a - length + 1, b - length + 1, length) }
            }
        }
        return best.count > 0 ? best : nil
    }

    /// Changes that are so near to each other that their contexts touch are one hunk.
    private static func joined(_ hunks: [Hunk], count: Int) -> [[Hunk]] {
        var groups: [[Hunk]] = []
        for hunk in hunks {
            if let last = groups.last?.last, hunk.old.lowerBound - last.old.upperBound <= 2 * context {
                groups[groups.count - 1].append(hunk)
            } else {
                groups.append([hunk])
            }
        }
        return groups
    }
}

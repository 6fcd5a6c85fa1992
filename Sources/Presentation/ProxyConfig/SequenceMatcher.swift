/// Which lines of two texts belong together: Ratcliff and Obershelp's rule as Python's `difflib` has it, which istioctl uses
/// through go-difflib, popular lines included.
struct SequenceMatcher {
    struct Block {
        var a: Int
        var b: Int
        var size: Int
    }

    enum Tag { case equal, replace, delete, insert }

    struct OpCode {
        var tag: Tag
        var a: Range<Int>
        var b: Range<Int>
    }

    private let a: [Int]
    private let b: [Int]
    /// Where each line of `b` stands.
    private var places: [Int: [Int]] = [:]

    init(_ a: [Substring], _ b: [Substring]) {
        var numbers: [Substring: Int] = [:]
        func number(_ line: Substring) -> Int {
            if let number = numbers[line] { return number }
            numbers[line] = numbers.count
            return numbers.count - 1
        }
        self.a = a.map(number)
        self.b = b.map(number)
        for (index, line) in self.b.enumerated() { places[line, default: []].append(index) }
        if b.count >= 200 {
            let limit = b.count / 100 + 1
            places = places.filter { $0.value.count <= limit }
        }
    }

    private func longestMatch(_ a: Range<Int>, _ b: Range<Int>) -> Block {
        var best = Block(a: a.lowerBound, b: b.lowerBound, size: 0)
        var lengths: [Int: Int] = [:]
        for i in a {
            var next: [Int: Int] = [:]
            for j in places[self.a[i]] ?? [] where j >= b.lowerBound {
                if j >= b.upperBound { break }
                let size = (lengths[j - 1] ?? 0) + 1
                next[j] = size
                if size > best.size { best = Block(a: i - size + 1, b: j - size + 1, size: size) }
            }
            lengths = next
        }
        // Popular lines do not start a match but extend one.
        while best.a > a.lowerBound, best.b > b.lowerBound, self.a[best.a - 1] == self.b[best.b - 1] {
            best = Block(a: best.a - 1, b: best.b - 1, size: best.size + 1)
        }
        while best.a + best.size < a.upperBound, best.b + best.size < b.upperBound,
            self.a[best.a + best.size] == self.b[best.b + best.size]
        {
            best.size += 1
        }
        return best
    }

    private var matchingBlocks: [Block] {
        var found: [Block] = []
        var pending = [(a: 0..<a.count, b: 0..<b.count)]
        while let (a, b) = pending.popLast() {
            let match = longestMatch(a, b)
            guard match.size > 0 else { continue }
            found.append(match)
            if a.lowerBound < match.a, b.lowerBound < match.b {
                pending.append((a.lowerBound..<match.a, b.lowerBound..<match.b))
            }
            if match.a + match.size < a.upperBound, match.b + match.size < b.upperBound {
                pending.append(((match.a + match.size)..<a.upperBound, (match.b + match.size)..<b.upperBound))
            }
        }
        found.sort { ($0.a, $0.b) < ($1.a, $1.b) }
        var merged: [Block] = []
        for block in found {
            if let last = merged.last, last.a + last.size == block.a, last.b + last.size == block.b {
                merged[merged.count - 1].size += block.size
            } else {
                merged.append(block)
            }
        }
        return merged + [Block(a: a.count, b: b.count, size: 0)]
    }

    var opCodes: [OpCode] {
        var codes: [OpCode] = []
        var i = 0
        var j = 0
        for block in matchingBlocks {
            switch (i < block.a, j < block.b) {
            case (true, true): codes.append(OpCode(tag: .replace, a: i..<block.a, b: j..<block.b))
            case (true, false): codes.append(OpCode(tag: .delete, a: i..<block.a, b: j..<block.b))
            case (false, true): codes.append(OpCode(tag: .insert, a: i..<block.a, b: j..<block.b))
            case (false, false): break
            }
            i = block.a + block.size
            j = block.b + block.size
            if block.size > 0 { codes.append(OpCode(tag: .equal, a: block.a..<i, b: block.b..<j)) }
        }
        return codes
    }

    /// The changes in groups with so many lines of context around each.
    func groupedOpCodes(context: Int) -> [[OpCode]] {
        var codes = opCodes
        if codes.isEmpty { codes = [OpCode(tag: .equal, a: 0..<1, b: 0..<1)] }
        if let first = codes.first, first.tag == .equal {
            codes[0].a = max(first.a.lowerBound, first.a.upperBound - context)..<first.a.upperBound
            codes[0].b = max(first.b.lowerBound, first.b.upperBound - context)..<first.b.upperBound
        }
        if let last = codes.last, last.tag == .equal {
            codes[codes.count - 1].a = last.a.lowerBound..<min(last.a.upperBound, last.a.lowerBound + context)
            codes[codes.count - 1].b = last.b.lowerBound..<min(last.b.upperBound, last.b.lowerBound + context)
        }
        var groups: [[OpCode]] = []
        var group: [OpCode] = []
        for code in codes {
            var code = code
            if code.tag == .equal, code.a.count > 2 * context {
                group.append(
                    OpCode(
                        tag: .equal, a: code.a.lowerBound..<min(code.a.upperBound, code.a.lowerBound + context),
                        b: code.b.lowerBound..<min(code.b.upperBound, code.b.lowerBound + context)))
                groups.append(group)
                group = []
                code.a = max(code.a.lowerBound, code.a.upperBound - context)..<code.a.upperBound
                code.b = max(code.b.lowerBound, code.b.upperBound - context)..<code.b.upperBound
            }
            group.append(code)
        }
        if !group.isEmpty, !(group.count == 1 && group[0].tag == .equal) { groups.append(group) }
        return groups
    }
}

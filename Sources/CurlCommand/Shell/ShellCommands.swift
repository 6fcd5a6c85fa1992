/// The few commands whose output can be worked out without running them.
extension ShellEvaluator {
    static func output(of words: [String], context: ReplayContext) -> String? {
        guard let name = words.first else { return nil }
        let arguments = Array(words.dropFirst())
        switch name {
        case "echo":
            let bare = arguments.first == "-n"
            return (bare ? arguments.dropFirst() : arguments[...]).joined(separator: " ") + (bare ? "" : "\n")
        case "printf":
            guard let format = arguments.first else { return nil }
            return printf(format, Array(arguments.dropFirst()))
        case "seq": return sequence(arguments)
        case "cat":
            guard let path = arguments.first, arguments.count == 1 else { return nil }
            return context.file(path).map { String(decoding: $0, as: UTF8.self) }
        default: return context.output(words)
        }
    }

    private static func printf(_ format: String, _ arguments: [String]) -> String? {
        var result = ""
        var arguments = arguments[...]
        var rest = format[...]
        while let character = rest.popFirst() {
            switch character {
            case "%":
                guard let kind = rest.popFirst() else { return nil }
                switch kind {
                case "%": result += "%"
                case "s", "d": result += arguments.popFirst() ?? ""
                default: return nil
                }
            case "\\":
                guard let escape = rest.popFirst() else { return result + "\\" }
                switch escape {
                case "n": result += "\n"
                case "t": result += "\t"
                case "r": result += "\r"
                case "\\": result += "\\"
                default: result += "\\\(escape)"
                }
            default: result.append(character)
            }
        }
        return result
    }

    private static func sequence(_ arguments: [String]) -> String? {
        let numbers = arguments.compactMap { Int($0) }
        guard numbers.count == arguments.count, (1...3).contains(numbers.count) else { return nil }
        let first = numbers.count == 1 ? 1 : numbers[0]
        let step = numbers.count == 3 ? numbers[1] : 1
        let last = numbers[numbers.count - 1]
        guard step != 0, abs(first) < 1 << 40, abs(last) < 1 << 40, abs(step) < 1 << 40,
            (last - first) / step < 8 * ReplayContext.mostRequests
        else { return nil }
        return stride(from: first, through: last, by: step).map { "\($0)\n" }.joined()
    }

    /// Filters that scripts put behind a command substitution.
    static func filter(_ words: [String], input: String?) -> String? {
        guard let input, let name = words.first else { return nil }
        switch name {
        case "head":
            let count = words.dropFirst().joined().filter(\.isNumber)
            let lines = input.split(separator: "\n", omittingEmptySubsequences: false)
            return lines.prefix(max(1, Int(count) ?? 10)).joined(separator: "\n") + "\n"
        case "tr":
            guard words.count == 3, words[1] == "-d" else { return nil }
            let removed = words[2].replacing("\\n", with: "\n").replacing("\\r", with: "\r")
            return input.filter { !removed.contains($0) }
        case "xargs" where words.count == 1:
            return input.split { $0 == " " || $0 == "\n" || $0 == "\t" }.joined(separator: " ") + "\n"
        case "cat" where words.count == 1: return input
        // Adds containers to Pods; what is routed stays.
        case "istioctl" where words.dropFirst().first == "kube-inject": return input
        default: return nil
        }
    }

    /// `xargs curl …` with the arguments that it would add: those of its first run stand for all.
    static func xargs(_ words: [ShellRun.Word], input: String?) -> [ShellRun.Word] {
        var rest = words.dropFirst()
        var marker: String?
        var each: Int?
        while let first = rest.first, first.text.hasPrefix("-") {
            rest = rest.dropFirst()
            switch first.text {
            case "-I", "-n", "-P", "-L", "--max-args", "--max-procs", "--replace":
                let value = rest.popFirst()?.text
                if first.text == "-I" { marker = value }
                if first.text == "-n" || first.text == "--max-args" { each = value.flatMap { Int($0) } }
            case let text where text.hasPrefix("-I"): marker = String(text.dropFirst(2))
            case let text where text.hasPrefix("-n"): each = Int(text.dropFirst(2))
            default: break
            }
        }
        let values = (input ?? "").split { $0 == " " || $0 == "\n" || $0 == "\t" }.map(String.init)
        let place = words.first?.place ?? TextPlace()
        if let marker, let value = values.first {
            return rest.map { ShellRun.Word(text: $0.text.replacing(marker, with: value), place: $0.place) }
        }
        return rest + values.prefix(each ?? values.count).map { ShellRun.Word(text: $0, place: place) }
    }
}

/// A pattern of the shell: `*`, `?`, `[…]` are not needed beyond the first two.
struct ShellPattern {
    private let scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    func matches(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        // The usual two pointers with the place of the last star: linear but for the star.
        var position = text.startIndex
        var at = 0
        var star: (at: Int, position: Int)?
        while position < text.endIndex {
            if at < scalars.count, scalars[at] == "*" {
                star = (at, position)
                at += 1
            } else if at < scalars.count, scalars[at] == "?" || scalars[at] == text[position] {
                at += 1
                position += 1
            } else if let last = star {
                at = last.at + 1
                position = last.position + 1
                star = (last.at, last.position + 1)
            } else {
                return false
            }
        }
        while at < scalars.count, scalars[at] == "*" { at += 1 }
        return at == scalars.count
    }

    func removingSuffix(from text: String, longest: Bool) -> String {
        let all = Array(text.unicodeScalars)
        let order = longest ? Array(0...all.count) : Array(0...all.count).reversed()
        for start in order where matches(all[start...]) { return Self.string(all[..<start]) }
        return text
    }

    func removingPrefix(from text: String, longest: Bool) -> String {
        let all = Array(text.unicodeScalars)
        let order = longest ? Array(0...all.count).reversed() : Array(0...all.count)
        for end in order where matches(all[..<end]) { return Self.string(all[end...]) }
        return text
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

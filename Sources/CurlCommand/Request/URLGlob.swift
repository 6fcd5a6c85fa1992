/// curl's own patterns in addresses: `{a,b}`, `[1-3]`, `[001-100:5]`, `[a-z]`; a backslash takes their meaning away.
enum URLGlob {
    struct Expansion: Equatable {
        var text: String
        /// What the patterns stood for, in order: `#1` in `-o` is the first.
        var pieces: [String]
    }

    static func expand(_ text: String, at place: TextPlace) throws(CurlError) -> [Expansion] {
        var results = [Expansion(text: "", pieces: [])]
        let scalars = Array(text.unicodeScalars)
        var index = 0
        func fail(_ message: String) -> CurlError {
            CurlError(
                message, at: place, hint: "-g takes the meaning of {} and [] away", exitCode: 3)
        }
        while index < scalars.count {
            let scalar = scalars[index]
            var choices: [String]?
            if scalar == "\\", index + 1 < scalars.count, "{}[]".unicodeScalars.contains(scalars[index + 1]) {
                index += 1
            } else if scalar == "{" {
                guard let end = scalars[index...].firstIndex(of: "}") else { throw fail("\"{\" is not closed") }
                let inner = string(scalars[(index + 1)..<end])
                guard !inner.contains("{") else { throw fail("patterns do not nest") }
                choices = inner.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                if inner.isEmpty { throw fail("{} is empty") }
                index = end
            } else if scalar == "}" {
                throw fail("\"}\" without \"{\"")
            } else if scalar == "[" {
                guard let end = scalars[index...].firstIndex(of: "]") else { throw fail("\"[\" is not closed") }
                let inner = string(scalars[(index + 1)..<end])
                if inner.contains(":"), inner.filter({ $0 == ":" }).count > 1 || !inner.contains("-") {
                    choices = ["[\(inner)]"]
                    for position in results.indices { results[position].text += "[\(inner)]" }
                    index = end + 1
                    continue
                }
                guard let range = range(inner) else { throw fail("[\(inner)] is not a range") }
                choices = range
                index = end
            } else if scalar == "]" {
                throw fail("\"]\" without \"[\"")
            }
            if let choices {
                guard results.count * choices.count <= ReplayContext.mostRequests else {
                    throw fail("the pattern gives more than \(ReplayContext.mostRequests) addresses")
                }
                results = results.flatMap { head in
                    choices.map { Expansion(text: head.text + $0, pieces: head.pieces + [$0]) }
                }
            } else {
                for position in results.indices { results[position].text.unicodeScalars.append(scalars[index]) }
            }
            index += 1
        }
        return results
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func range(_ text: String) -> [String]? {
        var text = text[...]
        var step = 1
        if let colon = text.lastIndex(of: ":") {
            guard let value = Int(text[text.index(after: colon)...]), value > 0 else { return nil }
            step = value
            text = text[..<colon]
        }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        if let first = Int(ends[0]), let last = Int(ends[1]), first >= 0, last >= first,
            (last - first) / step < ReplayContext.mostRequests
        {
            let width = ends[0].hasPrefix("0") ? ends[0].count : 0
            return stride(from: first, through: last, by: step).map { value in
                let number = "\(value)"
                return String(repeating: "0", count: max(0, width - number.count)) + number
            }
        }
        guard ends[0].unicodeScalars.count == 1, ends[1].unicodeScalars.count == 1,
            let first = ends[0].unicodeScalars.first, let last = ends[1].unicodeScalars.first, first.isASCII,
            last.isASCII, first.properties.isAlphabetic, last.properties.isAlphabetic, first <= last
        else { return nil }
        return stride(from: first.value, through: last.value, by: step).compactMap {
            Unicode.Scalar($0).map { String(Character($0)) }
        }
    }
}

/// An IPv6 literal in brackets is no pattern; an expansion that holds one keeps it whole.
extension URLGlob.Expansion: CustomStringConvertible {
    var description: String { text }
}

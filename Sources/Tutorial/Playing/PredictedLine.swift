/// A line of predicted output, in words of which some cannot be known.
package struct PredictedLine: Hashable, Sendable {
    package enum Word: Hashable, Sendable {
        case exact(String)
        /// What a cluster makes up: an address, an age. `why` says what it is.
        case generated(String, why: String)
        /// A list of Service ports: the node ports in it are made up.
        case ports(String)
        /// Everything to the end of the line.
        case rest(String, why: String)

        package var text: String {
            switch self {
            case .exact(let text), .generated(let text, _), .ports(let text), .rest(let text, _): text
            }
        }
    }

    package var words: [Word]
    /// As it is shown.
    package var text: String

    package init(_ words: [Word], text: String? = nil) {
        self.words = words
        self.text = text ?? words.map(\.text).joined(separator: " ")
    }

    /// A line that is known whole.
    package init(_ text: String) {
        self.text = text
        words = text.split(whereSeparator: \.isWhitespace).map { .exact(String($0)) }
        // curl's words for a failure are those of its version and TLS library; the code is not.
        if text.hasPrefix("curl: ("), words.count > 2 { words = words.prefix(2) + [.rest("", why: "curl's words")] }
    }

    /// A line of an HTTP head; dates and ids in it cannot be known.
    package init(header line: String) {
        guard let colon = line.firstIndex(of: ":") else {
            self.init(line)
            return
        }
        // curl -v puts a mark in front.
        let name = line[..<colon].drop { $0 == "<" || $0 == " " }.lowercased()
        let value = line[line.index(after: colon)...].trimmed
        guard let why = Self.generatedHeaders[name] ?? (value == "*" ? "generated" : nil) else {
            self.init(line)
            return
        }
        let words = line[...colon].split(separator: " ").map { Word.exact(String($0)) }
        self.init(words + [.rest(value, why: why)], text: line)
    }

    /// A line of known text in which addresses are those that play has given: no cluster has the same ones.
    package init(text line: String, givenAddresses prefixes: [String]) {
        self.init(line)
        words = words.map { word in
            prefixes.contains(where: word.text.contains) ? .generated(word.text, why: "addresses") : word
        }
    }

    private static let generatedHeaders = [
        "date": "date", "x-request-id": "request id", "x-envoy-upstream-service-time": "time", "age": "age",
        "last-modified": "date", "expires": "date", "etag": "generated", "set-cookie": "generated",
    ]

    package var isBlank: Bool { words.isEmpty }
}

extension Diagnostic {
    /// `file:line:column: error: message [CODE]`, and the hint on a line of its own, indented by two blanks.
    package var rendered: String {
        var text = ""
        if let location { text += "\(location.description.sanitizedForTerminal): " }
        text += "\(severity.rawValue): \(message.sanitizedForTerminal)"
        if let code { text += " [\(code.sanitizedForTerminal)]" }
        if let hint { text += "\n  hint: \(hint.sanitizedForTerminal)" }
        return text
    }
}

extension [Diagnostic] {
    /// The first of too many, and behind them how many more there are: a hostile file does not fill memory with messages.
    package func bounded(to limit: Int) -> [Diagnostic] {
        guard count > limit else { return self }
        let more = self[limit...]
        let worst = more.map(\.severity).max() ?? .info
        return prefix(limit) + [Diagnostic(worst, "\(more.count) more in this file", at: more.first?.location)]
    }
}

extension String {
    /// The text with every control character written out (`\n`, `\u{1B}`), so that it can neither steer a terminal nor
    /// pass for another text: C0, DEL, C1, line and paragraph separators, and what turns the direction of writing.
    package var sanitizedForTerminal: String {
        guard unicodeScalars.contains(where: \.steersTerminals) else { return self }
        var clean = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": clean += "\\n"
            case "\r": clean += "\\r"
            case "\t": clean += "\\t"
            case _ where scalar.steersTerminals: clean += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }

    /// The text in double quotes as messages quote the user's words: control characters written out, cut when very long.
    package var quotedForMessage: String {
        let limit = 120
        let text = unicodeScalars.count > limit ? String(unicodeScalars.prefix(limit)) + "…" : self
        return "\"\(text.sanitizedForTerminal)\""
    }
}

extension Unicode.Scalar {
    /// C0, DEL, C1, line and paragraph separators, bidirectional controls, byte order mark.
    package var steersTerminals: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}

/// `http METHOD URL Name:value key=value`: the basic forms of httpie as a curl line.
enum HTTPieLine {
    static func curlWords(_ words: ArraySlice<ShellRun.Word>) -> ArraySlice<ShellRun.Word> {
        var result: [ShellRun.Word] = []
        var members: [String] = []
        var fields: [String] = []
        var isForm = false
        var method: String?
        var hasAddress = false
        let isTLS = words.first?.text.hasSuffix("https") == true
        for word in words.dropFirst() {
            func add(_ texts: String...) { result += texts.map { ShellRun.Word(text: $0, place: word.place) } }
            let text = word.text
            if text == "--form" || text == "-f" {
                isForm = true
            } else if text.hasPrefix("-") {
                continue
            } else if !hasAddress, method == nil, !text.isEmpty, text.allSatisfy({ $0.isUppercase && $0.isASCII }) {
                method = text
                add("-X", text)
            } else if !hasAddress {
                hasAddress = true
                add(address(text, isTLS: isTLS))
            } else if let mark = text.firstIndex(where: { ":=".contains($0) }) {
                let name = String(text[..<mark])
                let rest = text[mark...]
                if rest.hasPrefix("==") {
                    add("--url-query", name + "=" + rest.dropFirst(2))
                } else if rest.hasPrefix(":=") {
                    members.append("\"\(name)\": \(rest.dropFirst(2))")
                } else if rest.hasPrefix("=") {
                    let value = rest.dropFirst().replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                    members.append("\"\(name)\": \"\(value)\"")
                    fields.append(name + "=" + rest.dropFirst())
                } else {
                    add("-H", name + ": " + rest.dropFirst())
                }
            }
        }
        let place = words.first?.place ?? TextPlace()
        if isForm {
            for field in fields { result += ["--data-urlencode", field].map { ShellRun.Word(text: $0, place: place) } }
        } else if !members.isEmpty {
            let body = "{" + members.joined(separator: ", ") + "}"
            result += ["--json", body].map { ShellRun.Word(text: $0, place: place) }
        }
        return result[...]
    }

    /// `:8000/x` is this machine.
    private static func address(_ text: String, isTLS: Bool) -> String {
        if text.contains("://") { return text }
        let bare =
            text.hasPrefix(":/") ? "localhost" + text.dropFirst() : text.hasPrefix(":") ? "localhost" + text : text
        return (isTLS ? "https://" : "http://") + bare
    }
}

/// `wget` with headers, method and data as a curl line.
enum WgetLine {
    static func curlWords(_ words: ArraySlice<ShellRun.Word>) -> ArraySlice<ShellRun.Word> {
        var result: [ShellRun.Word] = []
        for word in words.dropFirst() {
            func add(_ texts: String...) { result += texts.map { ShellRun.Word(text: $0, place: word.place) } }
            let text = word.text
            func value(_ option: String) -> String? {
                text.hasPrefix(option + "=") ? String(text.dropFirst(option.count + 1)) : nil
            }
            if let header = value("--header") {
                add("-H", header)
            } else if let data = value("--post-data") ?? value("--body-data") {
                add("--data-raw", data)
            } else if let method = value("--method") {
                add("-X", method)
            } else if let agent = value("--user-agent") ?? value("-U") {
                add("-A", agent)
            } else if text == "-S" || text == "--server-response" {
                add("-i")
            } else if text == "--no-check-certificate" {
                add("-k")
            } else if text == "--spider" {
                add("-I")
            } else if !text.hasPrefix("-") {
                add(text)
            }
        }
        return result[...]
    }
}

/// "Copy as cURL (cmd)" of the browsers: `^"…^"` quoting and `^` at the end of lines.
enum WindowsPrompt {
    static func unwrapped(_ text: String) -> String? {
        guard text.contains("^\""), text.contains("curl") else { return nil }
        var arguments: [String] = []
        var current: String?
        var inQuotes = false
        let scalars = Array(text.unicodeScalars)
        var index = 0
        func append(_ scalar: Unicode.Scalar) {
            current = (current ?? "")
            current?.unicodeScalars.append(scalar)
        }
        while index < scalars.count {
            let scalar = scalars[index]
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            if scalar == "^", next == "\r" || next == "\n" {
                // Inside quotes a line break is written as ^ and two line ends, outside it only continues the line.
                index += next == "\r" ? 3 : 2
                if inQuotes {
                    while index < scalars.count, scalars[index] == "\r" || scalars[index] == "\n" { index += 1 }
                    append("\n")
                }
                continue
            } else if scalar == "^", let next {
                index += 1
                if next == "\"" {
                    toggle()
                } else if next == "\\", index + 2 < scalars.count, scalars[index + 1] == "^",
                    scalars[index + 2] == "\""
                {
                    append("\"")
                    index += 2
                } else {
                    append(next)
                }
            } else if scalar == "\\", let next, next == "\"" || next == "\\", inQuotes {
                append(next)
                index += 1
            } else if scalar == "\\", next == "^", index + 2 < scalars.count, scalars[index + 2] == "\"", inQuotes {
                append("\"")
                index += 2
            } else if scalar == "\"" {
                toggle()
            } else if !inQuotes, scalar == " " || scalar == "\n" || scalar == "\r" || scalar == "\t" {
                if let argument = current { arguments.append(argument) }
                current = nil
            } else if !inQuotes, scalar == "&" {
                if let argument = current { arguments.append(argument) }
                current = nil
                arguments.append("\u{0}")
            } else {
                append(scalar)
            }
            index += 1
        }
        if let argument = current { arguments.append(argument) }
        func toggle() {
            inQuotes.toggle()
            current = current ?? ""
        }
        return arguments.map { $0 == "\u{0}" ? "\n" : ShellQuoting.quoted($0) }.joined(separator: " ")
    }
}

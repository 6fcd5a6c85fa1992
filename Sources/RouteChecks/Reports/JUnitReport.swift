import Documents

extension RouteCheckReport {
    /// JUnit's XML: a suite a file, a case a test.
    package var junit: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(results.count)\" failures=\"\(failedCount)\">\n"
        var files: [String] = []
        for result in results where !files.contains(result.check.location.file) {
            files.append(result.check.location.file)
        }
        for file in files {
            let own = results.filter { $0.check.location.file == file }
            let failed = own.filter { !$0.hasPassed }.count
            text += "  <testsuite name=\"\(file.xmlEscaped)\" tests=\"\(own.count)\" failures=\"\(failed)\">\n"
            for result in own { text += testCase(result) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private func testCase(_ result: RouteCheckResult) -> String {
        let place = result.check.location
        var text = "    <testcase classname=\"\(place.file.xmlEscaped)\" name=\"\(result.check.name.xmlEscaped)\""
        text += " file=\"\(place.file.xmlEscaped)\" line=\"\(place.line)\""
        guard !result.hasPassed else { return text + "/>\n" }
        let lines = result.failures.map { "\($0.subject): expected \($0.expected), got \($0.actual ?? "none")" }
        text += ">\n      <failure message=\"\((lines.first ?? "failed").xmlEscaped)\">"
        text += lines.joined(separator: "\n").xmlEscaped + "</failure>\n    </testcase>\n"
        return text
    }
}

extension String {
    /// For text and attributes alike; characters that XML 1.0 cannot hold become U+FFFD.
    fileprivate var xmlEscaped: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

import Documents

extension ProseCheck {
    /// Ports of Istio's in the text with one digit wrong.
    static let ports = ProseCheck(codes: ["MT0220"]) { prose in
        var findings: [Diagnostic] = []
        var seen: Set<String> = []
        for line in prose.lines {
            let numbers = line.text.split { !$0.isASCII || !($0.isNumber || $0.isLetter || ".:/-_".contains($0)) }
            for word in numbers {
                // Addresses, versions and names have digits too: only a number by itself counts.
                let number = String(word).trimmingPunctuation
                guard number.count == 5, number.allSatisfy(\.isNumber), !istioPorts.contains(number),
                    !prose.code.contains(number), seen.insert(number).inserted,
                    let meant = nearestPort(to: number, in: prose)
                else { continue }
                findings.append(
                    Diagnostic(
                        .warning, "\(number) is no port of Istio's and stands nowhere in the page's code",
                        at: prose.page.location(line: line.number), hint: "did you mean \(meant)?", code: "MT0220"))
            }
        }
        return findings
    }

    private static let istioPorts: [String] = [
        "15000", "15001", "15004", "15006", "15008", "15009", "15010", "15012", "15014", "15017", "15020", "15021",
        "15053", "15090", "15443", "31400",
    ]

    /// The port that differs in one digit, those that the page knows first.
    private static func nearestPort(to number: String, in prose: PageProse) -> String? {
        let near = istioPorts.filter { port in zip(port, number).count { $0 != $1 } == 1 }
        return near.first { prose.mentions($0) } ?? near.first
    }
}

extension String {
    fileprivate var trimmingPunctuation: String {
        var slice = self[...]
        while let last = slice.last, ".:/-_".contains(last) { slice = slice.dropLast() }
        while let first = slice.first, ".:/-_".contains(first) { slice = slice.dropFirst() }
        return String(slice)
    }
}

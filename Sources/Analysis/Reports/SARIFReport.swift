package import Documents

/// Findings as SARIF 2.1.0, which code-scanning services show beside the changed lines.
package struct SARIFReport: Sendable {
    private let findings: [Finding]
    private let version: String

    package init(_ findings: [Finding], version: String) {
        self.findings = findings
        self.version = version
    }

    package var json: JSON {
        let codes = Set(findings.map(Self.code)).sorted()
        let places = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($0.element, $0.offset) })
        let rules = codes.map { code -> JSON in
            var rule = JSONObject()
            rule.add("id", .string(code))
            if let explanation = CodeExplanation.of(code) {
                rule.add("name", .string(explanation.title))
                rule.add("shortDescription", ["text": .string(explanation.meaning)])
                rule.add("help", ["text": .string(explanation.remedy)])
                if let page = explanation.page { rule.add("helpUri", .string(page)) }
            } else {
                rule.add("shortDescription", ["text": .string(code)])
            }
            return .object(rule)
        }
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [
                [
                    "tool": ["driver": ["name": "meshtop", "version": .string(version), "rules": .array(rules)]],
                    "columnKind": "unicodeCodePoints",
                    "results": .array(findings.map { Self.result($0, rule: places[Self.code($0)] ?? 0) }),
                ]
            ],
        ]
    }

    private static func code(_ finding: Finding) -> String { finding.diagnostic.code ?? "meshtop" }

    private static func result(_ finding: Finding, rule: Int) -> JSON {
        let diagnostic = finding.diagnostic
        let level =
            switch diagnostic.severity {
            case .error: "error"
            case .warning: "warning"
            case .info: "note"
            }
        let text = diagnostic.message + (diagnostic.hint.map { " (\($0))" } ?? "")
        var location = JSONObject()
        if let place = diagnostic.location {
            location.add(
                "physicalLocation",
                [
                    "artifactLocation": ["uri": .string(uri(place.file))],
                    "region": ["startLine": .int(Int64(place.line)), "startColumn": .int(Int64(place.column))],
                ])
        }
        location.add("logicalLocations", [["fullyQualifiedName": .string(finding.object), "kind": "resource"]])
        return [
            "ruleId": .string(code(finding)), "ruleIndex": .int(Int64(rule)), "level": .string(level),
            "message": ["text": .string(text)], "locations": [.object(location)],
        ]
    }

    /// A path as a URI reference: relative as it was given, absolute with its scheme.
    private static func uri(_ path: String) -> String {
        var result = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~/".utf8.contains(byte)
            if isPlain {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}

import Documents

extension ProseCheck {
    /// Annotations that are named in the text: spelled as nobody reads them, on the wrong object, or not enough by themselves.
    static let annotations = ProseCheck(codes: ["MT0221", "MT0222", "MT0331"]) { prose in
        var findings: [Diagnostic] = []
        var seen: Set<String> = []
        func report(
            _ severity: Diagnostic.Severity, _ code: String, _ line: PageProse.Line, _ text: String, _ hint: String
        ) {
            findings.append(
                Diagnostic(severity, text, at: prose.page.location(line: line.number), hint: hint, code: code))
        }
        for line in prose.lines {
            for name in PageProse.annotations(in: line.text) where seen.insert(name).inserted {
                let pieces = name.split(separator: "/")
                if pieces.count > 2, pieces[0] == pieces[1] {
                    let short = pieces.dropFirst().joined(separator: "/")
                    report(
                        .warning, "MT0222", line,
                        "no controller reads the annotation \"\(name)\": its prefix is there twice",
                        "did you mean \"\(short)\"?")
                } else if name.hasPrefix("alb.ingress.kubernetes.io/healthcheck-"), line.text.mentionsIngress {
                    report(
                        .info, "MT0221", line,
                        "\"\(name)\" on an Ingress is for all its Services at once: one Service's health check is not found there",
                        "put it on the Service whose Pods are checked")
                }
            }
        }
        let upstream = "nginx.ingress.kubernetes.io/service-upstream"
        if prose.mentions(upstream), !prose.mentions("upstream-vhost"),
            let place = prose.page.lines.firstIndex(where: { $0.contains(upstream) })
        {
            findings.append(
                Diagnostic(
                    .warning,
                    "service-upstream alone keeps the client's Host: a sidecar of the ingress knows no such host and passes the "
                        + "request through as plaintext",
                    at: prose.page.location(line: place + 1),
                    hint: "set nginx.ingress.kubernetes.io/upstream-vhost to the Service's name too", code: "MT0331"))
        }
        return findings
    }

    /// A page that has lost its markup: annotations and commands are glued into sentences.
    static let lostMarkup = ProseCheck(codes: ["MT0502"]) { prose in
        guard prose.page.blocks.isEmpty else { return [] }
        let loose = prose.lines.first { line in
            let annotations = PageProse.annotations(in: line.text)
            return annotations.count == 1 && line.text.trimmed.hasPrefix(annotations[0] + ":")
        }
        return [
            Diagnostic(
                .info,
                "no block of code and no manifest is to be found here"
                    + (loose == nil ? "" : ": the page has lost its markup, this line is an annotation"),
                at: prose.page.location(line: loose?.number ?? 1),
                hint: "play the page's own source, with its fences or shortcodes", code: "MT0502")
        ]
    }
}

extension String {
    /// Whether a sentence is about an Ingress object; translated pages have their own word for it.
    fileprivate var mentionsIngress: Bool { contains("Ingress") || contains("ingress") || contains("入口") }
}

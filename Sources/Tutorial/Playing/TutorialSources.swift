/// Where the files come from that a page names and does not print.
package struct TutorialSources: Sendable {
    /// The text of a file, by its path as the page writes it; `nil` where there is none.
    package var file: @Sendable (String) -> String?

    package init(file: @escaping @Sendable (String) -> String? = { _ in nil }) { self.file = file }
}

/// How a page is played.
package struct PlaySettings: Sendable {
    package var sources = TutorialSources()
    /// The objects that are there before the first command.
    package var start = PlayedCluster()
    /// Whether Istio is installed at the start: not where manifests of the user's say what is there.
    package var installsIstio = true
    /// Whether tables and installation are those of Istio 1.9.
    package var isIstio1_9 = false

    package init() {}
}

extension TutorialPage {
    /// Whether what the page prints was printed by an Istio as old as 1.9.
    package var printsIstio1_9: Bool {
        blocks.contains { block in
            block.lines.contains { line in
                let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                return words == "NOTE: This output only contains routes loaded via RDS."
                    || words == "ADDRESS PORT MATCH DESTINATION"
            }
        }
    }
}

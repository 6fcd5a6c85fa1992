import ArgumentParser
import Documents
import Glibc
import MeshModel
import Presentation
import Tutorial

/// `meshtop play`: a tutorial's blocks, played against objects in memory.
struct Play: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a tutorial: what its commands would print, beside what it prints",
        discussion: """
            meshtop play Samples/docs/canary.md
            meshtop play page.md --tab "Gateway API"
            meshtop play old-post.md --compat istio-1.9
            meshtop play page.md -f mesh/ -o json

            Reads Markdown, Hugo's shortcodes and plain text. kubectl, istioctl and curl are worked out against objects in memory, which
            begin with an Istio of the default profile, or with what -f loads; nothing is run and nothing is written. Every tab is a way
            of its own from the same start. The exit code is 1 when a prediction differs from what the page prints.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: ArgumentHelp("The tutorial, Markdown or text; - is standard input.", valueName: "file"))
    var file: String

    @OptionGroup var source: ConfigurationOptions

    @Option(help: "The layout of the tables; without it, that of the page's own.")
    var compat: ProxyConfigReport.Compatibility?

    @Option(name: .shortAndLong, help: "text or json.")
    var output: Output = .text

    func run() async throws {
        try await reporting {
            let text = String(decoding: try FileInput.bytes(file), as: UTF8.self)
            let page = PageReader.read(text, file: file)
            var settings = PlaySettings()
            let isOld = page.printsIstio1_9
            let compatibility = compat ?? (isOld ? .istio1_9 : .current)
            settings.isIstio1_9 = compatibility == .istio1_9
            settings.start = PlayedCluster(settings: try source.settings())
            if !(try source.sources()).isEmpty {
                let loaded = try await source.load()
                if let mesh = loaded.mesh {
                    settings.start = PlayedCluster(mesh, settings: try source.settings())
                    settings.installsIstio = !mesh.proxies.contains { $0.type == .gateway }
                }
            }
            settings.sources = TutorialSources { [file] path in Self.text(of: path, beside: file) }
            var report = PlayReport(file: file)
            report.findings = page.notes + page.proseFindings
            let oracle = PlayOracle(compatibility: compatibility)
            for tab in try tabs(of: page) {
                report.runs.append(TutorialPlayer.play(page, tab: tab, settings: settings, oracle: oracle))
            }
            if compat == nil, isOld {
                report.remarks.append(
                    "tables in the layout of Istio 1.9, as the page prints them (--compat current for today's)")
            }
            switch output {
            case .text: Console.write(report.text())
            case .json: Console.write(report.json.text(indent: 4) + "\n")
            }
            if report.differs { throw ExitCode(1) }
        }
    }

    /// The ways through the page: each tab, or those that were asked for.
    private func tabs(of page: TutorialPage) throws -> [String?] {
        guard !source.tab.isEmpty else { return page.tabs.isEmpty ? [nil] : page.tabs }
        let known = Set(page.blocks.flatMap(\.tabsBeside))
        for name in source.tab where !known.contains(name) {
            throw InputError(
                "the page has no tab \"\(name)\"",
                hint: known.isEmpty
                    ? "it has no tabs" : "it has " + known.sorted().map { "\"\($0)\"" }.joined(separator: ", "))
        }
        return source.tab
    }

    /// A file that the page names: beside it first, then from here. Never above what a path without `..` can reach.
    private static func text(of path: String, beside page: String) -> String? {
        guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { return nil }
        let folder = page.lastIndex(of: "/").map { String(page[...$0]) } ?? ""
        for candidate in [folder + path, path] {
            var status = stat()
            guard stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= 16 << 20 else {
                continue
            }
            if let bytes = try? FileInput.bytes(candidate) { return String(decoding: bytes, as: UTF8.self) }
        }
        return nil
    }
}

import ArgumentParser
import MeshtopUI
import ProxyRuntime
import TerminalUI

/// `meshtop render`: one screen as text, for reports and pipelines.
struct Render: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One screen of the terminal UI as text.")

    @Argument(help: ArgumentHelp("Manifests, as with -f; none: the bundled sample.", valueName: "path"))
    var paths: [String] = []

    @Option(
        help: ArgumentHelp(
            "overview, listeners, routes, clusters, endpoints, lb, simulator, path, tap, problems, store.",
            valueName: "name")
    )
    var screen: String

    @Option(help: ArgumentHelp("Columns and rows.", valueName: "WxH"))
    var size = "120x36"

    @Option(help: ArgumentHelp("A curl line for the simulator.", valueName: "line"))
    var curl: String?

    @Option(help: ArgumentHelp("Where that line is meant to go.", valueName: "cluster|service|status"))
    var want: String?

    @OptionGroup var source: ConfigurationOptions
    @OptionGroup var look: UIOptions

    func run() async throws {
        guard let screen = ScreenID(name: screen) else {
            throw InputError(
                "there is no screen \"\(screen)\"", hint: ScreenID.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let numbers = size.split(separator: "x").compactMap { Int($0) }
        guard numbers.count == 2, (1...500).contains(numbers[0]), (1...500).contains(numbers[1]) else {
            throw InputError("--size wants WxH, as in 120x36, not \"\(size)\"")
        }
        let settings = UISettings(look, color: source.color)
        let isSample =
            paths.isEmpty && source.filenames.isEmpty && source.clusters.isEmpty && source.configDump == nil
            && source.bootstrap == nil && source.admin == nil && source.services == nil
        let paths = isSample ? [try SampleFiles.folder()] : paths
        let title = isSample ? "sample" : Top.title(paths + source.filenames + source.clusterNames)
        let session = try MeshSession(source, paths: paths, title: title, isSample: isSample, endpoints: .httpbin)
        let glyphs: Glyphs = look.ascii ? .ascii : look.unicode || settings.glyphs.isASCII == false ? .unicode : .ascii
        var model = AppModel(
            size: Size(numbers[0], numbers[1]), glyphs: glyphs, theme: settings.themeName,
            themes: settings.catalog.names)
        _ = model.update(.tick(Tick(clock: "", time: 0)))
        var effects = model.update(.mesh(try await session.load()))
        if source.admin != nil { effects += model.update(.tick(await session.tick())) }
        effects += model.open(screen)
        if let curl {
            effects += model.update(.simulated(await session.simulate(curl, send: false, want: want ?? "")))
        }
        while !effects.isEmpty {
            switch effects.removeFirst() {
            case .loadFile(let path): effects += model.update(.file(path, await session.lines(of: path)))
            case .example(let lines):
                if let simulation = await session.example(lines) { effects += model.update(.simulated(simulation)) }
            default: break
            }
        }
        var surface = Surface(model.size, glyphs: glyphs)
        model.draw(on: &surface)
        let isColored = source.color == .always || (source.color == .auto && Console.isTerminal(1))
        Console.write((isColored ? ANSI.text(surface, settings.theme) : surface.plainText) + "\n")
    }
}

/// A surface as text with escape sequences.
enum ANSI {
    static func text(_ surface: Surface, _ theme: Theme) -> String {
        let depth = ColorDepth.detected(choice: nil, environment: { Environment[$0] }, terminfoColors: 256)
        return (0..<surface.size.height).map { y in
            var line = ""
            var last: Style?
            for x in 0..<surface.size.width {
                guard let cell = surface.cell(x, y), cell.width > 0 else { continue }
                let style = theme.style(of: cell.ink, depth: depth)
                if style != last { line += sequence(style) }
                last = style
                line.append(cell.character)
            }
            return line + "\u{1B}[0m"
        }.joined(separator: "\n")
    }

    private static func sequence(_ style: Style) -> String {
        var codes = ["0"]
        if style.attributes.contains(.bold) { codes.append("1") }
        if style.attributes.contains(.dim) { codes.append("2") }
        if style.attributes.contains(.underline) { codes.append("4") }
        if style.attributes.contains(.reverse) { codes.append("7") }
        codes += color(style.foreground, "38") + color(style.background, "48")
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    private static func color(_ color: Color, _ kind: String) -> [String] {
        switch color {
        case .terminal: []
        case .indexed(let index): [kind, "5", String(index)]
        case .rgb(let value): [kind, "2", String(value.red), String(value.green), String(value.blue)]
        }
    }
}

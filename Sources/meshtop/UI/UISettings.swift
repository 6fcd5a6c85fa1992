import ArgumentParser
import TerminalUI

/// How the screens look: flags, environment and the user's settings file.
struct UIOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A theme by name or file; `meshtop themes` lists them.", valueName: "name"))
    var theme: String?

    @Flag(help: "Nothing but ASCII on the screen.")
    var ascii = false

    @Flag(help: "Box lines and braille, whatever the locale says.")
    var unicode = false

    @Flag(help: "Leave the mouse to the terminal.")
    var noMouse = false
}

/// What the options, the environment and the settings file come to.
struct UISettings {
    var themeName: String
    var theme: Theme
    var warnings: [String]
    var catalog: ThemeCatalog
    var glyphs: Glyphs
    var hasMouse: Bool
    var color: String?
    var startView: String?

    init(_ options: UIOptions, color: ColorChoice) {
        let file = UISettings.file
        catalog = ThemeFiles.catalog()
        themeName = options.theme ?? Environment["MESHTOP_THEME"] ?? file?["theme"]?.scalar ?? UISettings.defaultTheme
        let reading = ThemeFiles.theme(themeName, in: catalog)
        theme = reading.theme
        warnings = reading.warnings
        let locale = Environment["LC_ALL"] ?? Environment["LC_CTYPE"] ?? Environment["LANG"]
        let isASCII = options.ascii || (!options.unicode && file?["ascii"]?.scalar == "true")
        glyphs =
            isASCII ? .ascii : options.unicode ? .unicode : .detected(term: Environment["TERM"] ?? "", locale: locale)
        hasMouse = !options.noMouse && file?["mouse"]?.scalar != "false"
        self.color = color == .auto ? nil : color.rawValue
        startView = file?["startView"]?.scalar
    }

    private static var file: SettingsTree? {
        let home = Environment["HOME"] ?? ""
        let folder = Environment["XDG_CONFIG_HOME"] ?? home + "/.config"
        let path = Environment["MESHTOP_CONFIG"] ?? folder + "/meshtop/config.yaml"
        return TextFile.read(path, limit: 1 << 20).flatMap { SettingsTree(yaml: $0) }
    }

    /// Light terminals that say so get the light theme.
    private static var defaultTheme: String {
        let last = Environment["COLORFGBG"]?.split(separator: ";").last.flatMap { Int($0) }
        return last == 15 || last == 7 ? ThemeCatalog.defaultLightName : ThemeCatalog.defaultName
    }
}
